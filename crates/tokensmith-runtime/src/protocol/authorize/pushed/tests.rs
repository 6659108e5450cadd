use std::collections::HashMap;

use super::PushedAuthorizationRequest;
use crate::protocol::{Settings, authorize};
use crate::testing::{ID, Played, SECRET, form, now, play, response, settings};
use crate::{
    Any, Authorization, BaseUrl, ClientAuth, Description, Endpoint, EndpointKind, ErrorCode,
    ErrorKind, Location, Method, Operation, Parameter, Provider, PushedRequests, TokenRequest,
};

static CODE: Operation<'static> = Operation::grant("code").with_parameters(&[
    Parameter::new("redirect_uri").required(),
    Parameter::new("scope"),
]);
static AUTHORIZE: Endpoint<'static> =
    Endpoint::new(EndpointKind::Authorization, &["/authorize?tenant=1"])
        .with_method(Method::Get)
        .with_grant_type("response_type", Location::Query);

const GOOD: &str =
    r#"{"request_uri": "urn:example:bwc4JK-ESC0w8acc191e-Y1LTC2", "expires_in": 60}"#;

fn request() -> TokenRequest<'static> {
    TokenRequest::new(&AUTHORIZE, &CODE)
        .scope("openid")
        .scope("read")
        .parameter("redirect_uri", "https://app.example/cb?x=1")
        .parameter("resource", "https://a.example")
        .parameter("resource", "https://b.example")
}

/// Settings for a server whose metadata name the endpoint.
fn pushing() -> Settings {
    let mut settings = settings();
    settings.set_client_auth(ClientAuth::Basic);
    settings.set_issuer("https://issuer.example");
    settings.authorization_rules.pushed_url = Some("https://auth.example.com/par".to_owned());
    settings
}

fn pushed(settings: &Settings) -> PushedAuthorizationRequest<'static, Any> {
    let pushed = PushedAuthorizationRequest::new(settings, &request());
    pushed.unwrap().expect("an endpoint")
}

fn send(settings: &Settings, body: &str) -> (Authorization, HashMap<String, String>) {
    let pushed = pushed(settings);
    let played = play(settings, &pushed, [response(201, body)]);
    let sent = form(&played.sent[0]).into_iter().collect();
    let authorization = pushed.into_authorization(&played.outcome.unwrap());
    (authorization.unwrap(), sent)
}

#[test]
fn the_parameters_are_sent_and_the_url_refers_to_them() {
    let settings = pushing();
    let (authorization, sent) = send(&settings, GOOD);
    assert_eq!(
        authorization.url,
        "https://auth.example.com/authorize?tenant=1&client_id=client\
         &request_uri=urn%3Aexample%3Abwc4JK-ESC0w8acc191e-Y1LTC2"
    );
    let pending = &authorization.pending;
    assert_eq!(sent["response_type"], "code");
    assert_eq!(sent["client_id"], ID);
    assert_eq!(sent["redirect_uri"], "https://app.example/cb?x=1");
    assert_eq!(sent["scope"], "openid read");
    assert_eq!(sent["state"], pending.state().expose());
    assert_eq!(sent["nonce"], pending.nonce().unwrap().expose());
    assert_eq!(sent["code_challenge"].len(), 43);
    assert_eq!(sent["code_challenge_method"], "S256");
    assert!(pending.code_verifier().is_some());
    assert_eq!(pending.redirect_uri(), Some("https://app.example/cb?x=1"));
    assert_eq!(pending.authorization_host(), Some("auth.example.com"));
    let shown = format!("{authorization:?} {:?}", pushed(&settings));
    for secret in [&sent["state"], &sent["nonce"], "bwc4JK"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// RFC 9126 section 2: as at the token endpoint, and `client_id` in the body all the same.
#[test]
fn the_client_authenticates_as_it_does_elsewhere() {
    let sent_by = |auth| {
        let mut settings = pushing();
        settings.set_client_auth(auth);
        let pushed = pushed(&settings);
        let Played { mut sent, .. } = play(&settings, &pushed, [response(201, GOOD)]);
        sent.remove(0)
    };
    let basic = sent_by(ClientAuth::Basic);
    assert_eq!(basic.uri(), "https://auth.example.com/par");
    assert!(basic.headers().contains_key("authorization"));
    let secrets = |request: &http::Request<Vec<u8>>| {
        let pairs = form(request);
        let count = |wanted: &str| pairs.iter().filter(|(name, _)| name == wanted).count();
        (
            count("client_id"),
            count("client_secret"),
            count("resource"),
        )
    };
    assert_eq!(secrets(&basic), (1, 0, 2));
    let body = sent_by(ClientAuth::Body);
    assert!(!body.headers().contains_key("authorization"));
    assert_eq!(secrets(&body), (1, 1, 2));
    assert_eq!(secrets(&sent_by(ClientAuth::None)), (1, 0, 2));
}

#[cfg(feature = "jwt")]
#[test]
fn an_assertion_is_for_the_issuer() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let mut settings = pushing();
    settings.set_client_auth(ClientAuth::ClientSecretJwt);
    let pushed = pushed(&settings);
    let played = play(&settings, &pushed, [response(201, GOOD)]);
    let pairs = form(&played.sent[0]);
    let (_, assertion) = pairs
        .iter()
        .find(|(name, _)| name == "client_assertion")
        .unwrap();
    let claims = assertion.split('.').nth(1).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], "https://issuer.example");
}

/// RFC 9449 section 10.1, and section 8 for the nonce.
#[cfg(feature = "dpop")]
#[test]
fn the_key_of_the_tokens_is_proved_and_named() {
    use crate::DpopKey;
    use crate::testing::with_headers;

    let key = DpopKey::generate().unwrap();
    let mut settings = pushing();
    settings.set_dpop(key.clone());
    let pushed = pushed(&settings);
    let refusal = r#"{"error": "use_dpop_nonce"}"#;
    let responses = [
        with_headers(400, &[("DPoP-Nonce", "n1")], refusal),
        response(201, GOOD),
    ];
    let played = play(&settings, &pushed, responses);
    assert_eq!(played.sent.len(), 2);
    for sent in &played.sent {
        assert!(sent.headers().contains_key("dpop"));
        let jkt = ("dpop_jkt".to_owned(), key.thumbprint());
        assert!(form(sent).contains(&jkt));
    }
    // A code can be bound to the key without pushing, too.
    let mut settings = self::settings();
    settings.set_dpop(key.clone());
    let url = authorize(&settings, &request()).unwrap().url;
    assert!(url.contains(&format!("dpop_jkt={}", key.thumbprint())));
    let given = request().parameter("dpop_jkt", "x");
    let error = authorize(&settings, &given).unwrap_err().to_string();
    assert!(error.contains("`dpop_jkt` cannot be given"), "{error}");
    assert!(authorize(&self::settings(), &given).is_ok());
}

#[test]
fn a_url_with_parameters_is_refused_where_they_have_to_be_pushed() {
    let mut settings = pushing();
    assert!(authorize(&settings, &request()).is_ok());
    settings.authorization_rules.requires_pushed = true;
    let error = authorize(&settings, &request()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let text = error.to_string();
    assert!(
        text.contains("`require_pushed_authorization_requests`"),
        "{text}"
    );
    assert!(pushed(&settings).into_authorization(&good()).is_ok());
    // Without an endpoint there is no other way.
    settings.authorization_rules.pushed_url = None;
    let pushed = PushedAuthorizationRequest::<Any>::new(&settings, &request());
    let error = pushed.unwrap_err().to_string();
    assert!(
        error.contains("as `pushed_authorization_request_endpoint`"),
        "{error}"
    );
    settings.authorization_rules.requires_pushed = false;
    let none = PushedAuthorizationRequest::<Any>::new(&settings, &request());
    assert!(none.unwrap().is_none());
}

fn good() -> crate::PushedAuthorization {
    let settings = pushing();
    let played = play(&settings, &pushed(&settings), [response(201, GOOD)]);
    played.outcome.unwrap()
}

/// The responses are those of oauth4webapi's tests of PAR (`par.test.ts`), told again; 200 beside
/// 201, and a lifetime that is missing, are taken here.
#[test]
fn responses_are_read_as_the_rfc_has_them() {
    let settings = pushing();
    let read = |status, body| play(&settings, &pushed(&settings), [response(status, body)]).outcome;
    for (status, body, lifetime) in [
        (201, GOOD, Some(60)),
        (200, GOOD, Some(60)),
        (
            201,
            r#"{"request_uri": "urn:x", "expires_in": "90"}"#,
            Some(90),
        ),
        (201, r#"{"request_uri": "urn:x"}"#, None),
        (201, r#"{"request_uri": "urn:x", "expires_in": null}"#, None),
    ] {
        let pushed = read(status, body).unwrap();
        let lifetime = lifetime.map(|seconds| now() + std::time::Duration::from_secs(seconds));
        assert_eq!(pushed.expires_at(), lifetime, "{body}");
    }
    for (status, body, kind) in [
        (404, "", ErrorKind::Provider),
        (201, "{\"", ErrorKind::Malformed),
        (201, "null", ErrorKind::Malformed),
        (201, "[]", ErrorKind::Malformed),
        (
            201,
            r#"{"request_uri": null, "expires_in": 60}"#,
            ErrorKind::Malformed,
        ),
        (
            201,
            r#"{"request_uri": "", "expires_in": 60}"#,
            ErrorKind::Malformed,
        ),
        (201, r#"{"expires_in": 60}"#, ErrorKind::Malformed),
        (401, r#"{"error": "invalid_client"}"#, ErrorKind::Provider),
        (200, r#"{"error": "invalid_request"}"#, ErrorKind::Provider),
    ] {
        let responses = read(status, body).unwrap_err();
        assert_eq!(responses.kind(), kind, "{body}");
    }
}

#[test]
fn a_refusal_shows_no_secret_that_it_repeats() {
    let settings = pushing();
    let pushed = pushed(&settings);
    let state = pushed
        .prepared
        .parameters
        .iter()
        .find(|it| it.name == "state")
        .unwrap();
    let state = state.values[0].expose();
    let body =
        format!(r#"{{"error": "invalid_request", "error_description": "odd: {state} {SECRET}"}}"#);
    let error = play(&settings, &pushed, [response(400, &body)])
        .outcome
        .unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InvalidRequest));
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(state) && !shown.contains(SECRET), "{shown}");
    assert!(shown.contains("odd"), "{shown}");
}

static ACME_PUSHED: Endpoint<'static> =
    Endpoint::new(EndpointKind::PushedAuthorization, &["/oauth/par"])
        .with_client_auth(ClientAuth::Body);

static ACME: Description<'static> =
    Description::new("acme", "Acme").with_endpoints(&[&AUTHORIZE, &ACME_PUSHED]);

enum Acme {}

impl Provider for Acme {
    type Server = BaseUrl;
    const DESCRIPTION: &'static Description<'static> = &ACME;
}

struct AcmeAuthorize(TokenRequest<'static>);

impl crate::AuthorizationRequest for AcmeAuthorize {
    type Provider = Acme;

    fn endpoint(&self) -> &Endpoint<'_> {
        crate::AuthorizationRequest::endpoint(&self.0)
    }

    fn operation(&self) -> &Operation<'_> {
        &CODE
    }

    fn parameters<'p>(&'p self, parameters: &mut crate::Parameters<'p>) {
        crate::AuthorizationRequest::parameters(&self.0, parameters);
    }
}

static PUSHED_ONLY: Endpoint<'static> = AUTHORIZE.with_pushed_requests(PushedRequests::Required);

/// A plain request would be refused in the browser, in front of the user.
#[test]
fn a_document_may_require_pushed_requests() {
    let settings = settings();
    let request =
        TokenRequest::new(&PUSHED_ONLY, &CODE).parameter("redirect_uri", "https://app.example/cb");
    let error = authorize(&settings, &request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let reason = "as the provider's document says: use `Client::authorize`";
    assert!(error.to_string().contains(reason), "{error}");
    // `Any` has no document, and so no endpoint.
    let error = PushedAuthorizationRequest::<Any>::new(&settings, &request).unwrap_err();
    assert!(
        error.to_string().contains("no endpoint for them"),
        "{error}"
    );
    let pushed = PushedAuthorizationRequest::<Any>::new(&pushing(), &request);
    assert!(pushed.unwrap().is_some());
}

/// A provider would refuse them for most of its tenants.
#[test]
fn requests_that_somebody_has_to_switch_on_are_pushed_for_those_who_say_so() {
    static IF_ENABLED: Endpoint<'static> =
        AUTHORIZE.with_pushed_requests(PushedRequests::IfEnabled);
    let request = || {
        let request = TokenRequest::new(&IF_ENABLED, &CODE);
        AcmeAuthorize(request.parameter("redirect_uri", "https://app.example/cb"))
    };
    let is_pushed = |settings: &Settings| {
        let pushed = PushedAuthorizationRequest::<Acme>::new(settings, &request());
        pushed.unwrap().is_some()
    };
    let mut settings = settings();
    assert!(!is_pushed(&settings) && authorize(&settings, &request()).is_ok());
    assert!(is_pushed(&pushing()), "the metadata name the endpoint");
    settings.require_pushed_authorization();
    assert!(is_pushed(&settings));
    let error = authorize(&settings, &request()).unwrap_err();
    assert!(error.to_string().contains("of the client says"), "{error}");
}

#[test]
fn a_document_may_have_the_endpoint() {
    let settings = settings();
    let pushed = PushedAuthorizationRequest::<Acme>::new(&settings, &AcmeAuthorize(request()));
    let pushed = pushed.unwrap().expect("an endpoint");
    let played = play(&settings, &pushed, [response(400, "{}")]);
    assert_eq!(played.sent[0].uri(), "https://auth.example.com/oauth/par");
    assert!(
        form(&played.sent[0])
            .iter()
            .any(|(name, _)| name == "client_secret")
    );
    assert_eq!(played.outcome.unwrap_err().provider(), Some("acme"));
}

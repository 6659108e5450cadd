//! Authorization requests that are pushed (RFC 9126), and responses that are signed (JARM).

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use pollster::block_on;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokensmith_runtime::{
    AuthorizationRequest, BaseUrl, Client, Credentials, Description, Endpoint, EndpointKind,
    Location, Method, MockTransport, Operation, Parameter, Parameters, Provider, TokenRequest,
};

use super::world::{Browser, ISSUER, REDIRECT_URI, SECRET, World, client};
use crate::{Callback, ErrorKind, SignIn};

const JSON: &str = "application/json";
const REFERENCE: &str = r#"{"request_uri": "urn:example:1", "expires_in": 60}"#;
const TOKEN: &str = r#"{"access_token": "a token"}"#;

/// A provider that takes pushed requests.
fn pushing(server: MockTransport) -> World {
    let mut world = World::new();
    let endpoint = "https://op.example/par".to_owned();
    world.metadata.pushed_authorization_request_endpoint = Some(endpoint);
    world.client = client(&server).server(&world.metadata);
    world.server = server;
    world
}

/// What was pushed under a name.
fn sent(world: &World, name: &str) -> String {
    let pushed = world.server.requests().into_iter().next();
    let pushed = pushed.expect("a request");
    assert_eq!(pushed.url(), "https://op.example/par");
    let prefix = format!("{name}=");
    let pairs = pushed.form();
    let pair = pairs.iter().find_map(|pair| pair.strip_prefix(&prefix));
    pair.expect("a parameter").to_owned()
}

#[test]
fn the_browser_carries_a_reference() {
    let server = MockTransport::new().respond(201, JSON, REFERENCE);
    let world = pushing(server.respond(200, JSON, TOKEN));
    let mut browser = Browser::default();
    let begun = world.begun(&mut browser, "/account").expect("begun");
    assert_eq!(
        begun.url,
        "https://op.example/auth?client_id=client&request_uri=urn%3Aexample%3A1"
    );
    assert_eq!(sent(&world, "redirect_uri"), REDIRECT_URI);
    let state = sent(&world, "state");
    let signed_in = world.finish(&mut browser, &state).expect("signed in");
    assert_eq!(signed_in.return_to, "/account");
}

#[test]
fn a_provider_that_does_not_take_the_request_is_named() {
    let refusal = r#"{"error": "invalid_request", "error_description": "no"}"#;
    let world = pushing(MockTransport::new().respond(400, JSON, refusal));
    let error = world.begun(&mut Browser::default(), "/");
    let error = error.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Pushed);
    assert_eq!(error.kind().status(), 502);
    let provider = error.provider_error().expect("an error of the provider");
    assert_eq!(provider.status(), Some(400));
}

/// Anybody can make the application send it, and the provider limits how often.
#[test]
fn nothing_is_pushed_for_a_sign_in_that_cannot_be() {
    for parameter in [
        ("response_mode", "form_post"),
        ("redirect_uri", "https://app.example/other"),
    ] {
        let mut world = pushing(MockTransport::new());
        world.parameters.retain(|(name, _)| *name != parameter.0);
        world.parameters.push(parameter);
        let begun = world.begun(&mut Browser::default(), "/");
        assert_eq!(begun.expect_err("refused").kind(), ErrorKind::Config);
        assert!(world.server.requests().is_empty());
    }
}

static AUTHORIZE: Endpoint<'static> = Endpoint::new(EndpointKind::Authorization, &["/auth"])
    .with_method(Method::Get)
    .with_grant_type("response_type", Location::Query);
static CODE: Operation<'static> = Operation::grant("code")
    .with_parameters(&[Parameter::new("redirect_uri"), Parameter::new("scope")]);
static PUSH: Endpoint<'static> = Endpoint::new(EndpointKind::PushedAuthorization, &["/par"]);
static ACME: Description<'static> =
    Description::new("acme", "Acme").with_endpoints(&[&AUTHORIZE, &PUSH]);

/// A provider whose document has no issuer.
enum Acme {}

impl Provider for Acme {
    type Server = BaseUrl;
    const DESCRIPTION: &'static Description<'static> = &ACME;
}

struct AcmeCode(TokenRequest<'static>);

impl AuthorizationRequest for AcmeCode {
    type Provider = Acme;

    fn endpoint(&self) -> &Endpoint<'_> {
        &AUTHORIZE
    }

    fn operation(&self) -> &Operation<'_> {
        &CODE
    }

    fn parameters<'p>(&'p self, parameters: &mut Parameters<'p>) {
        AuthorizationRequest::parameters(&self.0, parameters);
    }
}

/// Its ID token could not be checked.
#[test]
fn nothing_is_pushed_for_an_id_token_of_an_unknown_issuer() {
    let begin = |scope: &str, issuer: Option<&str>| {
        let server = MockTransport::new().respond(201, JSON, REFERENCE);
        let credentials = Credentials::new("client", SECRET);
        let client = Client::<Acme, _>::with_transport(server, ISSUER, credentials);
        let client = client.expect("a client");
        let client = match issuer {
            Some(issuer) => client.issuer(issuer),
            None => client,
        };
        let request = TokenRequest::new(&AUTHORIZE, &CODE).scope(scope);
        let request = AcmeCode(request.parameter("redirect_uri", REDIRECT_URI));
        let sign_in = SignIn::new(REDIRECT_URI, super::keyring(1)).expect("a sign-in");
        let headers = HeaderMap::new();
        let begun = block_on(sign_in.begin(&client, &request, "/", &headers));
        let kind = begun.err().map(|error| error.kind());
        (kind, client.transport().requests().len())
    };
    assert_eq!(begin("openid", None), (Some(ErrorKind::Config), 0));
    assert_eq!(begin("openid", Some(ISSUER)), (None, 1));
    assert_eq!(begin("read", None), (None, 1));
}

/// A provider that signs its responses.
struct Signer(Ed25519KeyPair);

impl Signer {
    fn new() -> Self {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        Self(Ed25519KeyPair::from_pkcs8(der.as_ref()).expect("a key"))
    }

    fn keys(&self) -> String {
        let x = URL_SAFE_NO_PAD.encode(self.0.public_key());
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]}).to_string()
    }

    fn response(&self, state: &str, said: Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let expires = now.expect("after 1970").as_secs() + 60;
        let mut claims = json!({
            "iss": ISSUER, "aud": "client", "exp": expires, "code": "c0de", "state": state,
        });
        let claims = claims.as_object_mut().expect("an object");
        claims.extend(said.as_object().expect("an object").clone());
        let claims = Value::Object(claims.clone()).to_string();
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signed = format!("{}.{}", encode(r#"{"alg":"EdDSA"}"#), encode(&claims));
        let signature = self.0.sign(signed.as_bytes());
        format!("response={signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn signing(signer: &Signer) -> World {
    let mut world = World::new();
    let server = MockTransport::new().respond(200, JSON, signer.keys());
    let algorithms = vec!["EdDSA".to_owned()];
    world.metadata.authorization_signing_alg_values_supported = Some(algorithms);
    world.client = client(&server.clone().respond(200, JSON, TOKEN)).server(&world.metadata);
    world.server = server;
    world.parameters.push(("response_mode", "form_post.jwt"));
    world.sign_in = world.sign_in.form_post();
    world
}

#[test]
fn a_signed_response_is_checked() {
    let signer = Signer::new();
    let world = signing(&signer);
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/account");
    let receive = |body: &str| world.receive(&Callback::form(body, &browser.headers()));
    let returned = receive(&signer.response(&state, json!({}))).expect("a code");
    assert_eq!(returned.redirect.code.expose(), "c0de");
    assert_eq!(returned.return_to, "/account");

    let forged = Signer::new().response(&state, json!({}));
    let plain = world.response(&state);
    for (body, kind) in [
        (forged, ErrorKind::Unverified),
        (plain, ErrorKind::Unverified),
        (
            signer.response(&state, json!({"aud": "other"})),
            ErrorKind::Unverified,
        ),
        (
            signer.response(&state, json!({"iss": "https://evil.example"})),
            ErrorKind::Issuer,
        ),
        (signer.response("other", json!({})), ErrorKind::NoSignIn),
        ("response=a.b.c".to_owned(), ErrorKind::NoState),
        (
            format!("{}&state={state}", signer.response(&state, json!({}))),
            ErrorKind::Repeated,
        ),
    ] {
        let error = receive(&body).expect_err("not to be believed");
        assert_eq!(error.kind(), kind, "{error}");
    }
    let denied = signer.response(&state, json!({"code": null, "error": "access_denied"}));
    assert_eq!(
        receive(&denied).expect_err("denied").kind(),
        ErrorKind::Denied
    );
}

/// The response may be good all the same.
#[test]
fn an_outage_of_the_keys_is_no_forged_response() {
    let signer = Signer::new();
    let mut world = signing(&signer);
    let down = MockTransport::new();
    let down = (0..9).fold(down, |down, _| down.respond(503, JSON, "{}"));
    world.client = client(&down).server(&world.metadata);
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let callback = Callback::form(&signer.response(&state, json!({})), &browser.headers());
    let error = world.receive(&callback).expect_err("no keys");
    assert_eq!(error.kind(), ErrorKind::Keys, "{error}");
    assert_eq!(error.kind().status(), 502);
    // Nobody knows where they are.
    world.metadata.jwks_uri = None;
    world.client = client(&down).server(&world.metadata);
    let error = world.receive(&callback).expect_err("no place of keys");
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
}

#[test]
fn a_response_mode_in_the_url_of_the_provider_counts() {
    let mut world = World::new();
    let url = "https://op.example/auth?response_mode=form_post".to_owned();
    world.metadata.authorization_endpoint = Some(url);
    let begun = world.begun(&mut Browser::default(), "/");
    assert_eq!(begun.expect_err("a form").kind(), ErrorKind::Config);
    world.sign_in = world.sign_in.form_post();
    assert!(world.begun(&mut Browser::default(), "/").is_ok());
}

#[test]
fn the_response_mode_is_that_of_the_sign_in() {
    let signer = Signer::new();
    let mut world = signing(&signer);
    world.parameters = vec![
        ("redirect_uri", REDIRECT_URI),
        ("response_mode", "query.jwt"),
    ];
    let begun = world.begun(&mut Browser::default(), "/");
    assert_eq!(begun.expect_err("another mode").kind(), ErrorKind::Config);
    world.sign_in = SignIn::new(REDIRECT_URI, super::keyring(1)).expect("a sign-in");
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let callback = browser.callback(&signer.response(&state, json!({})));
    let returned = block_on(world.sign_in.receive(&world.client, &callback));
    assert!(returned.is_ok());
}

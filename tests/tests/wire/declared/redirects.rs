//! `server-in-redirect`, `state` and `random`: the server that a redirect names, the state that stands in its URI, and values that each
//! request has anew.

use std::collections::BTreeSet;

use tokensmith_codegen::emit;
use tokensmith_description::Shelves;
use tokensmith_runtime::protocol::{Settings, authorize};
use tokensmith_runtime::{
    Credentials, Description, EndpointKind, Environment, Error, ErrorKind, PendingAuthorization,
    PlainHttpHosts, Redirect, RedirectProblem, ServerChoice, Token, TokenRequest,
};
use tokensmith_tests::strict_server::ServerResponse;

use super::{World, find, model};

const FIXTURE: &str = "redirect-server";

fn settings(description: &Description<'_>) -> Result<Settings, Error> {
    let environment = Environment::new(description, &ServerChoice::named("Production"))?;
    let credentials = Credentials::new("app", "secret");
    Settings::for_environment(environment, credentials, PlainHttpHosts::default())
}

/// Where an authorization URL of these settings leads, and what a user comes back with that has these parameters too.
fn back(
    description: &Description<'_>,
    settings: &Settings,
    more: &str,
) -> Result<(String, Redirect), Error> {
    let (endpoint, operation) = find(description, EndpointKind::Authorization, None);
    let request =
        TokenRequest::new(endpoint, operation).parameter("redirect_uri", "https://app.example");
    let authorization = authorize(settings, &request)?;
    let state = authorization.pending.state().expose().to_owned();
    let redirect = authorization
        .pending
        .redirect(&format!("/callback?code=c&state={state}&location=eu{more}"))?;
    Ok((authorization.url, redirect))
}

#[test]
fn a_redirect_names_the_server_of_the_code() -> Result<(), Error> {
    let (document, shelves) = (model(FIXTURE), Shelves::default());
    let description = document.describe(&shelves);
    let before = settings(&description)?;
    let more = "&accounts-server=https%3A%2F%2Faccounts.example.eu";
    let (url, redirect) = back(&description, &before, more)?;
    assert!(
        url.starts_with("https://accounts.example.com/oauth/v2/auth?"),
        "{url}"
    );
    assert_eq!(redirect.server_value("region"), Some("eu"));
    let after = before.at_redirect(&description, &redirect)?;
    let (url, redirect) = back(&description, &after, "")?;
    assert!(
        url.starts_with("https://accounts.example.eu/oauth/v2/auth?"),
        "{url}"
    );
    // One that names no server leaves it as it is.
    assert_eq!(redirect.server_value("region"), None);
    let same = after.at_redirect(&description, &redirect)?;
    let (url, _) = back(&description, &same, "")?;
    assert!(
        url.starts_with("https://accounts.example.eu/oauth/v2/auth?"),
        "{url}"
    );
    Ok(())
}

#[test]
fn a_redirect_names_no_other_host() -> Result<(), Error> {
    let (document, shelves) = (model(FIXTURE), Shelves::default());
    let description = document.describe(&shelves);
    let settings = settings(&description)?;
    for server in [
        "https://evil.example",
        "https://accounts.example.",
        "http://accounts.example.eu",
    ] {
        let found = back(
            &description,
            &settings,
            &format!("&accounts-server={server}"),
        );
        let kind = found.err().map(|error| error.kind());
        assert_eq!(kind, Some(ErrorKind::Malformed), "{server}");
    }
    for region in ["evil", "eu/x", "eu@evil.example", "com.evil.example"] {
        let more = format!("&accounts-server=https://accounts.example.{region}");
        let (_, redirect) = back(&description, &settings, &more)?;
        let error = settings.at_redirect(&description, &redirect).err();
        assert_eq!(
            error.map(|error| error.kind()),
            Some(ErrorKind::Config),
            "{region}"
        );
    }
    Ok(())
}

#[test]
fn a_base_url_of_the_callers_own_stays() -> Result<(), Error> {
    let (document, shelves) = (model(FIXTURE), Shelves::default());
    let description = document.describe(&shelves);
    let mut own = settings(&description)?;
    own.set_base_url("http://127.0.0.1:1/base")?;
    let more = "&accounts-server=https://accounts.example.eu";
    let (_, redirect) = back(&description, &own, more)?;
    let after = own.at_redirect(&description, &redirect)?;
    let (url, _) = back(&description, &after, "")?;
    assert!(
        url.starts_with("http://127.0.0.1:1/base/oauth/v2/auth?"),
        "{url}"
    );
    Ok(())
}

/// Two redirects that `hush` signed: the first is Shopify's published example, and the second, with
/// characters that are encoded, was signed by OpenSSL.
const SIGNED: [(&str, &str, &str); 2] = [
    (
        "0.6784241404160823",
        "code=0907a61c0c8d55e99db179b68161bc00&shop=some-shop.myshopify.com&state=0.6784241404160823&timestamp=1337178173",
        "700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf",
    ),
    (
        "s1",
        "timestamp=1337178173&host=YWRtaW4%3D&code=a+b%26c%3D%C3%BC&state=s1",
        "eb50ddb371fadce5f270ce8ead25090ebec67f42b7679d9ab25afd5e7c8230fe",
    ),
];

#[test]
fn a_redirect_is_signed_with_the_client_secret() {
    let (document, shelves) = (model("redirect-signature"), Shelves::default());
    let description = document.describe(&shelves);
    let (endpoint, _) = find(&description, EndpointKind::Authorization, None);
    for (state, query, signature) in SIGNED {
        let pending = PendingAuthorization::new(state).with_endpoint(endpoint);
        let refused = |secret: &str, query: &str| {
            let pending = pending.clone().with_client_secret(secret);
            let error = pending.redirect(query).expect_err(query);
            let shown = format!("{error} {error:?} {pending:?}");
            assert!(!shown.contains(secret), "{shown}");
            error.redirect_problem()
        };
        let signed = format!("?{query}&hmac={signature}");
        for signed in [
            signed.clone(),
            format!("?hmac={}&{query}", signature.to_uppercase()),
        ] {
            let pending = pending.clone().with_client_secret("hush");
            assert!(pending.redirect(&signed).is_ok(), "{signed}");
        }
        let last = signed.len() - 1;
        for other in [
            signed[..last].to_owned(),
            format!("{}z", &signed[..last]),
            format!("{signed}00"),
            format!("{signed}&added=1"),
            signed.replace("timestamp=1", "timestamp=2"),
        ] {
            let problem = refused("hush", &other);
            assert_eq!(problem, Some(RedirectProblem::OtherSignature), "{other}");
        }
        let other_secret = refused("tush", &signed);
        assert_eq!(other_secret, Some(RedirectProblem::OtherSignature));
        let unsigned = refused("hush", &format!("?{query}"));
        assert_eq!(unsigned, Some(RedirectProblem::NoSignature));
        // What was stored has no secret.
        let error = pending.redirect(&signed).expect_err("has no secret");
        assert_eq!(error.kind(), ErrorKind::Config);
    }
}

#[test]
fn a_client_knows_what_its_redirects_are_signed_with() -> Result<(), Error> {
    let (document, shelves) = (model("redirect-signature"), Shelves::default());
    let description = document.describe(&shelves);
    let (endpoint, operation) = find(&description, EndpointKind::Authorization, None);
    let request =
        || TokenRequest::new(endpoint, operation).parameter("redirect_uri", "https://app.example");
    let settings = |credentials| Settings::new("https://shop.example", credentials);
    let confidential = settings(Credentials::new("app", "hush"))?;
    let pending = authorize(&confidential, &request())?.pending;
    let query = format!("?code=c&state={}&hmac=00", pending.state().expose());
    let problem = |pending: &PendingAuthorization| {
        let error = pending
            .redirect(&query)
            .expect_err("the signature is wrong");
        error.redirect_problem()
    };
    assert_eq!(problem(&pending), Some(RedirectProblem::OtherSignature));
    let stored = serde_json::to_string(&pending.expose()).expect("is JSON");
    assert!(!stored.contains("hush"), "{stored}");
    let again: PendingAuthorization = serde_json::from_str(&stored).expect("was written so");
    assert_eq!(problem(&again), None, "it has no secret");
    let again = confidential.resume(again);
    assert_eq!(problem(&again), Some(RedirectProblem::OtherSignature));
    let public = settings(Credentials::public("app"))?;
    let error = authorize(&public, &request()).expect_err("nothing could be checked");
    assert_eq!(error.kind(), ErrorKind::Config);
    Ok(())
}

#[test]
fn the_state_comes_back_within_the_redirect_uri() -> Result<(), Error> {
    let (document, shelves) = (model("redirect-state"), Shelves::default());
    let description = document.describe(&shelves);
    let settings = settings(&description)?;
    let (endpoint, operation) = find(&description, EndpointKind::Authorization, None);
    for (callback, joint) in [
        ("https://app.example/back", '?'),
        ("https://app.example/back?a=b", '&'),
    ] {
        let request = TokenRequest::new(endpoint, operation).parameter("redirect_uri", callback);
        let authorization = authorize(&settings, &request)?;
        let pending = &authorization.pending;
        let state = pending.state().expose();
        let uri = format!("{callback}{joint}state={state}");
        assert_eq!(pending.redirect_uri(), Some(uri.as_str()));
        let (_, query) = authorization.url.split_once('?').expect("a query");
        let sent: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let values = |name: &str| -> Vec<&str> {
            let found = sent.iter().filter(|(other, _)| other == name);
            found.map(|(_, value)| value.as_str()).collect()
        };
        assert_eq!(
            (values("redirect_uri"), values("state")),
            (vec![uri.as_str()], vec![])
        );
        // The provider appends the code to what it got.
        let redirect = pending.redirect(&format!("{uri}&code=c"))?;
        assert_eq!(redirect.code.expose(), "c");
        let stranger = pending.redirect(&format!("{callback}{joint}code=c"));
        assert_eq!(
            stranger.err().map(|error| error.kind()),
            Some(ErrorKind::Malformed)
        );
    }
    // Without a URI the state would be nowhere.
    let refused = authorize(&settings, &TokenRequest::new(endpoint, operation));
    assert_eq!(
        refused.err().map(|error| error.kind()),
        Some(ErrorKind::Request)
    );
    Ok(())
}

#[test]
fn each_try_has_a_fresh_value() {
    // A crate turns on what makes them.
    assert!(emit::runtime_features(&model(FIXTURE)).contains(&"random"));
    let good = || ServerResponse::json(200, r#"{"access_token":"t"}"#);
    let grant = (EndpointKind::Token, Some("client_credentials"));
    let header = "wm_qos.correlation_id";
    let world = World::new(FIXTURE, [ServerResponse::new(503), good(), good()]);
    for _ in 0..2 {
        let sent = world.send::<Token>(&world.settings(), grant, |request| request);
        sent.outcome.expect("a token");
    }
    let requests = world.requests();
    let values: BTreeSet<&str> = requests
        .iter()
        .filter_map(|request| request.header(header))
        .collect();
    assert_eq!((requests.len(), values.len()), (3, 3), "{values:?}");
    assert!(values.iter().all(|value| value.len() == 36), "{values:?}");
    // The caller's own value counts.
    let world = World::new(FIXTURE, [good()]);
    let sent = world.send::<Token>(&world.settings(), grant, |request| {
        request.parameter("WM_QOS.CORRELATION_ID", "mine")
    });
    sent.outcome.expect("a token");
    assert_eq!(world.requests()[0].header(header), Some("mine"));
}

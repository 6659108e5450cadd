//! `server-in-redirect`, `state` and `random`: the server that a redirect names, the state that stands in its URI, and values that each
//! request has anew.

use std::collections::BTreeSet;

use tokensmith_codegen::emit;
use tokensmith_description::Shelves;
use tokensmith_runtime::protocol::{Settings, authorize};
use tokensmith_runtime::{
    Credentials, Description, EndpointKind, Environment, Error, ErrorKind, PlainHttpHosts,
    Redirect, ServerChoice, Token, TokenRequest,
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

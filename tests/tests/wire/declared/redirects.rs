//! `server-in-redirect` and `random`: the server that a redirect names, and values that each request has anew.

use std::collections::BTreeSet;

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
fn each_try_has_a_fresh_value() {
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

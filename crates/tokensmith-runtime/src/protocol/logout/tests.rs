use std::collections::HashMap;

use super::logout;
use crate::testing::{play, settings};
use crate::{
    Any, Endpoint, EndpointKind, ErrorKind, GenericRequest, Location, LogoutRequest, Method,
    Operation, Parameter, PendingLogout, RedirectProblem,
};

const ENDPOINT: &str = "https://op.example/logout?tenant=1";

fn query(url: &str) -> HashMap<String, String> {
    let (_, query) = url.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

#[test]
fn the_url_has_what_was_set() {
    let request = LogoutRequest::new(ENDPOINT)
        .with_id_token_hint("canary.id.token")
        .with_post_logout_redirect_uri("https://app.example/signed-out?x=1")
        .with_logout_hint("alice@example.com")
        .with_ui_locales(["fr-CA", "fr"]);
    let made = logout::<Any, _>(&settings(), &request).unwrap();
    assert!(made.url.starts_with("https://op.example/logout?tenant=1&"));
    let state = made.pending.state().expose();
    assert_eq!(
        query(&made.url),
        HashMap::from(
            [
                ("tenant", "1"),
                ("client_id", "client"),
                ("id_token_hint", "canary.id.token"),
                ("logout_hint", "alice@example.com"),
                (
                    "post_logout_redirect_uri",
                    "https://app.example/signed-out?x=1"
                ),
                ("state", state),
                ("ui_locales", "fr-CA fr"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        )
    );
    assert!(state.len() >= 22);
    let shown = format!("{made:?} {request:?}");
    assert!(
        !shown.contains("canary") && !shown.contains(state),
        "{shown}"
    );
}

#[test]
fn without_a_place_to_come_back_to_there_is_no_state() {
    let made = logout::<Any, _>(&settings(), &LogoutRequest::new(ENDPOINT)).unwrap();
    assert!(!made.comes_back());
    assert_eq!(
        made.url,
        "https://op.example/logout?tenant=1&client_id=client"
    );
}

static END_SESSION: Endpoint<'static> =
    Endpoint::new(EndpointKind::EndSession, &["/{client_id}/logout"])
        .with_method(Method::Get)
        .with_copies(&[("client_id", Location::Path)]);
static DECLARED: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("id_token_hint").required().secret(),
    Parameter::new("federated").with_default("true"),
    Parameter::new("post_logout_redirect_uri").with_max_length(30),
]);

fn declared() -> GenericRequest<'static, ()> {
    GenericRequest::new(&END_SESSION, &DECLARED)
}

#[test]
fn a_document_says_what_the_url_has() {
    let request = declared()
        .secret_parameter("id_token_hint", "canary")
        .parameter("post_logout_redirect_uri", "https://app.example/out");
    let made = logout(&settings(), &request).unwrap();
    assert!(
        made.comes_back()
            && made
                .url
                .starts_with("https://auth.example.com/client/logout?")
    );
    let sent = query(&made.url);
    assert_eq!(sent["federated"], "true");
    assert_eq!(sent["state"], made.pending.state().expose());
    assert_eq!(sent["client_id"], "client");
    for (request, problem) in [
        (declared(), "`id_token_hint` is required"),
        (
            declared().parameter("id_token_hint", "x").parameter(
                "post_logout_redirect_uri",
                "https://app.example/a/long/path/out",
            ),
            "`post_logout_redirect_uri` is longer than 30",
        ),
        (
            declared()
                .parameter("id_token_hint", "x")
                .parameter("state", "mine"),
            "`state` cannot be given",
        ),
    ] {
        let error = logout(&settings(), &request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains(problem), "{error}");
    }
}

/// No request with the client's credentials goes to where browsers are sent.
#[test]
fn a_client_sends_nothing_there() {
    let request = declared().parameter("id_token_hint", "x");
    let error = play(&settings(), &request, []).outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        error.to_string().contains("an end session endpoint"),
        "{error}"
    );
}

#[test]
fn an_id_token_goes_to_no_host_in_the_clear() {
    for endpoint in [
        "http://op.example/logout",
        "javascript:alert(1)",
        "//op.example",
    ] {
        let request = LogoutRequest::new(endpoint).with_id_token_hint("canary");
        let outcome = logout::<Any, _>(&settings(), &request);
        // What has no scheme is a path of the client's own server.
        match outcome {
            Ok(made) => assert!(
                made.url.starts_with("https://auth.example.com/"),
                "{made:?}"
            ),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Config),
        }
    }
    let long = "a".repeat(70_000);
    let request = LogoutRequest::new(ENDPOINT).with_id_token_hint(long);
    let error = logout::<Any, _>(&settings(), &request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[test]
fn only_the_own_return_is_taken() {
    let pending = PendingLogout::new("s1");
    for good in [
        "https://app.example/signed-out?state=s1",
        "?state=s1&x=1",
        "state=s1",
    ] {
        assert!(pending.check(good).is_ok(), "{good}");
    }
    use RedirectProblem::{OtherState, Repeated};
    for (bad, problem) in [
        ("https://app.example/signed-out", OtherState),
        ("?state=s2", OtherState),
        ("?state=s1&state=s1", OtherState),
        ("?state=", OtherState),
        ("?state=s1&x=1&x=2", Repeated),
    ] {
        let error = pending.check(bad).unwrap_err();
        assert_eq!(error.redirect_problem(), Some(problem), "{bad}");
    }
    assert!(PendingLogout::new("").check("?state=").is_err());
}

//! `required-scopes`, `fragment` and `grant-type-parameter`: what is asked for in any case, and the URL that asks.

use tokensmith_description::Shelves;
use tokensmith_runtime::protocol::authorize;
use tokensmith_runtime::{EndpointKind, Token, TokenRequest};
use tokensmith_tests::strict_server::ServerResponse;

use super::{World, find, model};

fn sent(grant: &str, give: impl FnOnce(TokenRequest<'_>) -> TokenRequest<'_>) -> String {
    let world = World::new(
        "scopes-required",
        [ServerResponse::json(200, r#"{"access_token":"t"}"#)],
    );
    let grant = (EndpointKind::Token, Some(grant));
    let sent = world.send::<Token>(&world.settings(), grant, give);
    sent.outcome.expect("a token");
    world.requests()[0].text().to_owned()
}

#[test]
fn required_scopes_are_asked_for_in_any_case() {
    let grant = "grant_type=client_credentials";
    for (own, scope) in [
        (vec![], "offline_access+api"),
        (vec!["read"], "read+offline_access+api"),
        (vec!["api", "read"], "api+read+offline_access"),
    ] {
        let body = sent("client_credentials", |request| {
            own.iter()
                .fold(request, |request, scope| request.scope(*scope))
        });
        assert_eq!(body, format!("{grant}&scope={scope}"));
    }
}

#[test]
fn what_was_granted_is_not_asked_for_again() {
    let body = sent("refresh_token", |request| {
        request.secret_parameter("refresh_token", "r")
    });
    assert_eq!(body, "grant_type=refresh_token&refresh_token=r");
    let body = sent("authorization_code", |request| {
        request
            .secret_parameter("code", "c")
            .parameter("redirect_uri", "https://app.example")
    });
    assert!(!body.contains("scope"), "{body}");
}

#[test]
fn an_authorization_url_has_its_fragment_scopes_and_response_type() {
    let shelves = Shelves::default();
    let document = model("scopes-required");
    let description = document.describe(&shelves);
    let (endpoint, operation) = find(&description, EndpointKind::Authorization, None);
    let world = World::new("scopes-required", []);
    let url = |scopes: &[&str]| {
        let request =
            TokenRequest::new(endpoint, operation).parameter("redirect_uri", "https://app.example");
        let request = scopes
            .iter()
            .fold(request, |request, scope| request.scope(*scope));
        authorize(&world.settings(), &request).expect("a URL").url
    };
    let plain = url(&["read"]);
    assert!(plain.ends_with("#wechat_redirect"), "{plain}");
    assert!(plain.contains("?type=web_server&"), "{plain}");
    assert!(plain.contains("scope=read%2Coffline_access"), "{plain}");
    assert!(!plain.contains("nonce="), "{plain}");
    // The separator is a comma: `openid` is found all the same.
    let openid = url(&["openid", "read"]);
    assert!(openid.contains("&nonce="), "{openid}");
}

#[test]
fn scopes_are_separated_each_in_the_way_of_requests_and_of_responses() {
    let response = r#"{"access_token":"t","scope":"a:read b,c"}"#;
    let world = World::new("scopes-granted", [ServerResponse::json(200, response)]);
    let grant = (EndpointKind::Token, Some("client_credentials"));
    let sent = world.send::<Token>(&world.settings(), grant, |request| {
        request.scope("a:read").scope("b")
    });
    let token = sent.outcome.expect("a token");
    let body = world.requests()[0].text().to_owned();
    assert_eq!(body, "grant_type=client_credentials&scope=a%3Aread%2Cb");
    let granted = token.scopes().expect("scopes were granted");
    assert_eq!(granted, ["a:read", "b,c"]);
}

//! Tokens are issued, refreshed, rotated, revoked and introspected.

use std::time::Duration;

use tokensmith_mock::{Options, Provider};

use tokensmith_runtime::SampleResponse;

use super::acme::{ACME, acme, basic, json, member, post, redeem, refusal, signed_in, value};

const TOKEN: &str = "/oauth/token";

fn refresh(provider: &Provider, token: &str) -> http::Response<Vec<u8>> {
    let form = format!("grant_type=refresh_token&refresh_token={token}");
    basic(provider, TOKEN, &form)
}

/// Signs in, and returns the first tokens: access and refresh token.
fn tokens(provider: &Provider) -> (String, String) {
    let back = signed_in(provider, "&scope=a+b");
    let response = basic(provider, TOKEN, &redeem(value(&back, "code")));
    (
        member(&response, "/access_token"),
        member(&response, "/refresh_token"),
    )
}

#[test]
fn a_token_expires_when_the_clock_is_moved() {
    let acme = acme(Options::new().lifetime(Duration::from_secs(90)));
    let response = basic(&acme, TOKEN, "grant_type=client_credentials");
    assert_eq!(json(&response)["expires_in"], 90);
    let token = member(&response, "/access_token");
    acme.advance(Duration::from_secs(80));
    assert!(acme.is_active(&token));
    acme.advance(Duration::from_secs(20));
    assert!(!acme.is_active(&token));
}

#[test]
fn a_refresh_token_is_replaced_and_its_reuse_revokes_the_family() {
    let acme = acme(Options::new());
    let (access, first) = tokens(&acme);
    let second = refresh(&acme, &first);
    let (second_access, second) = (
        member(&second, "/access_token"),
        member(&second, "/refresh_token"),
    );
    assert!(first != second && acme.is_active(&access) && acme.is_active(&second_access));
    let (other, _) = tokens(&acme);

    let reused = refresh(&acme, &first);
    assert_eq!(member(&reused, "/error"), "invalid_grant");
    assert!(refusal(&reused).contains("all tokens of this sign-in are revoked"));
    assert!(!acme.is_active(&access) && !acme.is_active(&second_access));
    assert!(refusal(&refresh(&acme, &second)).contains("is revoked"));
    assert!(acme.is_active(&other));
}

#[test]
fn in_the_grace_period_a_refresh_token_can_be_used_again() {
    let acme = acme(Options::new().grace(Duration::from_secs(30)));
    let (access, first) = tokens(&acme);
    assert_eq!(refresh(&acme, &first).status(), 200);
    acme.advance(Duration::from_secs(20));
    assert_eq!(refresh(&acme, &first).status(), 200);
    // The period begins with the first use.
    acme.advance(Duration::from_secs(20));
    assert_eq!(refresh(&acme, &first).status(), 400);
    assert!(!acme.is_active(&access));
}

#[test]
fn a_refresh_token_that_is_not_replaced_stays_valid() {
    let acme = acme(Options::new().rotate(false));
    let (_, first) = tokens(&acme);
    for _ in 0..3 {
        assert_eq!(member(&refresh(&acme, &first), "/refresh_token"), first);
    }
}

#[test]
fn a_refresh_stays_within_the_scopes_and_the_client() {
    let acme = acme(Options::new());
    let (_, first) = tokens(&acme);
    let form = format!("grant_type=refresh_token&refresh_token={first}");
    let wider = basic(&acme, TOKEN, &format!("{form}&scope=a+c"));
    assert_eq!(member(&wider, "/error"), "invalid_scope");
    let other = post(
        &acme,
        TOKEN,
        &format!("{form}&client_id=other&client_secret=s"),
    );
    assert!(refusal(&other).contains("the refresh token was issued to another client"));
    assert_eq!(
        basic(&acme, TOKEN, &format!("{form}&scope=a")).status(),
        200
    );
    assert!(refusal(&refresh(&acme, "made-up")).contains("was never issued"));
}

#[test]
fn a_narrow_refresh_leaves_the_next_refresh_token_as_wide() {
    let acme = acme(Options::new());
    let (_, first) = tokens(&acme);
    let scope = |token: &str| {
        let form = format!("token={token}");
        member(&basic(&acme, "/oauth/introspect", &form), "/scope")
    };
    let form = format!("grant_type=refresh_token&refresh_token={first}&scope=a");
    let narrow = basic(&acme, TOKEN, &form);
    assert_eq!(scope(&member(&narrow, "/access_token")), "a");
    let second = member(&narrow, "/refresh_token");
    assert_eq!(scope(&second), "a b");
    let wide = refresh(&acme, &second);
    assert_eq!(scope(&member(&wide, "/access_token")), "a b");
}

#[test]
fn revoking_a_refresh_token_revokes_the_family() {
    let acme = acme(Options::new());
    let (access, first) = tokens(&acme);
    let (other_access, other) = tokens(&acme);
    assert_eq!(
        basic(&acme, "/oauth/revoke", &format!("token={other_access}")).status(),
        200
    );
    assert!(!acme.is_active(&other_access));
    assert_eq!(refresh(&acme, &other).status(), 200);
    let foreign = format!("token={first}&client_id=other&client_secret=s");
    let refused = post(&acme, "/oauth/revoke", &foreign);
    assert_eq!(member(&refused, "/error"), "invalid_grant");
    assert!(refusal(&refused).contains("the token was issued to another client"));
    assert!(acme.is_active(&access));
    assert_eq!(
        basic(&acme, "/oauth/revoke", &format!("token={first}")).status(),
        200
    );
    assert!(!acme.is_active(&access));
    assert_eq!(basic(&acme, "/oauth/revoke", "token=unknown").status(), 200);
}

#[test]
fn introspection_says_what_a_token_stands_for() {
    let acme = acme(Options::new());
    let (access, first) = tokens(&acme);
    let introspect = |token: &str| {
        json(&basic(
            &acme,
            "/oauth/introspect",
            &format!("token={token}"),
        ))
    };
    let body = introspect(&access);
    assert_eq!(
        (&body["active"], &body["client_id"], &body["scope"]),
        (&true.into(), &"id".into(), &"a b".into())
    );
    let lifetime = body["exp"].as_i64().unwrap() - body["iat"].as_i64().unwrap();
    assert_eq!(lifetime, 3_600);
    assert_eq!(introspect(&first)["active"], true);
    acme.advance(Duration::from_secs(3_601));
    assert_eq!(introspect(&access), serde_json::json!({"active": false}));
}

#[test]
fn introspection_does_not_repeat_old_values_of_an_example() {
    let example = r#"{"active":true,"sub":"u","exp":1451606400,"nbf":1451602800,"scopes":["old"]}"#;
    let sample = SampleResponse::new(&[2], 200).with_body("application/json", example);
    let acme = Provider::new(ACME, &[sample], Options::new());
    let (access, first) = tokens(&acme);
    let introspect = |token: &str| {
        let form = format!("token={token}");
        json(&basic(&acme, "/oauth/introspect", &form))
    };
    let known = serde_json::json!({"active": true, "sub": "u", "scopes": ["a", "b"]});
    assert_eq!(introspect(&first), known);
    let mut of_access = introspect(&access);
    let members = of_access.as_object_mut().unwrap();
    let mut time = |name: &str| members.remove(name).unwrap().as_i64().unwrap();
    assert_eq!(time("exp") - time("nbf"), 3_600);
    assert_eq!(of_access, known);
    acme.accept_refresh_token("of a test");
    let bare = introspect("of%20a%20test");
    assert_eq!(bare, serde_json::json!({"active": true, "sub": "u"}));
}

#[test]
fn a_device_polls_until_its_user_decides() {
    let acme = acme(Options::new());
    let begin = || json(&post(&acme, "/oauth/device", "client_id=tv&scope=a"));
    let poll = |device: &serde_json::Value| {
        let code = device["device_code"].as_str().unwrap();
        let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";
        let response = post(
            &acme,
            TOKEN,
            &format!("{grant}&client_id=tv&device_code={code}"),
        );
        let body = json(&response);
        body["error"].as_str().unwrap_or("token").to_owned()
    };
    let device = begin();
    let user_code = device["user_code"].as_str().unwrap();
    assert_eq!(poll(&device), "authorization_pending");
    assert_eq!(poll(&device), "slow_down");
    acme.advance(Duration::from_secs(11));
    assert_eq!(poll(&device), "authorization_pending");
    assert!(acme.decide_device(&user_code.to_lowercase().replace('-', ""), true));
    assert_eq!(poll(&device), "token");
    assert_eq!(poll(&device), "invalid_grant");

    let refused = begin();
    assert!(acme.decide_device(refused["user_code"].as_str().unwrap(), false));
    assert_eq!(poll(&refused), "access_denied");
    let late = begin();
    acme.advance(Duration::from_secs(601));
    assert_eq!(poll(&late), "expired_token");
    assert!(!acme.decide_device("NONE-SUCH", true));
}

#[test]
fn two_mocks_with_one_seed_are_alike() {
    let token = |seed| {
        let acme = acme(Options::new().seed(seed));
        member(
            &basic(&acme, TOKEN, "grant_type=client_credentials"),
            "/access_token",
        )
    };
    assert_eq!(token(1), token(1));
    assert_ne!(token(1), token(2));
}

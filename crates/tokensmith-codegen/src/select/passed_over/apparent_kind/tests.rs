use serde_json::json;

use super::*;
use crate::diagnostic::budget::Counter;
use crate::select::anchor::Anchors;
use crate::select::documents::Documents;
use crate::source::external::Files;

#[test]
fn words_of_a_logout_say_that_it_revokes() {
    let look = |description: &str| {
        let operation = json!({"description": description});
        looks_like_of(&operation, "/v1/logout", "post")
    };
    let revokes = "Will revoke the token of the caller.";
    assert_eq!(look(revokes), Some("a logout that revokes tokens"));
    assert_eq!(look("Ends the session of the user."), None);
    let of = |name: &str| json!({"content": {"application/json": {"schema": {"properties": {name: {}}}}}});
    let refreshes = json!({
        "description": "Creates a new access token. The access token provided will be invalidated.",
        "requestBody": of("refreshToken"),
        "responses": {"200": of("tokenId")},
    });
    let expected = Some("a token endpoint that refreshes");
    assert_eq!(looks_like_of(&refreshes, "/auth/refresh", "post"), expected);
}

#[test]
fn userinfo_and_tokens_within_objects_are_named() {
    let userinfo = look("get", "/tenants/{id}/oauth2/userinfo", &[], &["sub"]);
    assert!(userinfo.is_some_and(|found| found.contains("UserInfo")));
    assert_eq!(look("get", "/userinfo/{id}", &[], &["sub"]), userinfo);
    assert_eq!(look("get", "/users", &[], &["userinfo"]), None);
    assert_eq!(look("get", "/v1/userinfo", &[], &["name"]), None);
    assert_eq!(look("put", "/oauth2/userinfo", &["sub"], &["sub"]), None);
    let token = json!({"properties": {"access_token": {"type": "string"}}});
    let success = json!({"properties": {"user": {}, "tokenResponse": token}});
    let content = json!({"application/json": {"schema": success}});
    let operation = json!({"responses": {"200": {"content": content}}});
    let finish = |path| looks_like_of(&operation, path, "post");
    let found = finish("/oauth2/webauthn/finish");
    assert!(found.is_some_and(|found| found.contains("token in an object")));
    assert_eq!(finish("/orders"), None);
}

#[test]
fn words_say_that_a_token_is_checked() {
    let look = |operation: Value| looks_like_of(&operation, "/oauth2/token", "get");
    let gives = json!({"200": {"content": {"application/json": {"schema": {"properties": {"access_token": {}, "expires_in": {}}}}}}});
    let summary = "Verify access token";
    let check = json!({"summary": summary, "responses": gives});
    assert_eq!(look(check.clone()), Some("a check of a token"));
    // It may verify what a token is given for.
    let mut exchange = check;
    exchange["parameters"] = json!([{"name": "code", "in": "query"}]);
    assert_eq!(look(exchange), Some("a token endpoint"));
    assert_eq!(look(json!({"responses": gives})), Some("a token endpoint"));
}

/// What an operation with these parameters and success members looks like.
fn look(method: &str, path: &str, takes: &[&str], gives: &[&str]) -> Option<&'static str> {
    let properties = |names: &[&str]| {
        let pairs = names
            .iter()
            .map(|name| ((*name).to_owned(), json!({"type": "string"})));
        let properties: serde_json::Map<String, Value> = pairs.collect();
        json!({"content": {"application/json": {"schema": {"properties": properties}}}})
    };
    let operation = json!({
        "requestBody": properties(takes),
        "responses": {"200": properties(gives)},
    });
    looks_like_of(&operation, path, method)
}

fn looks_like_of(operation: &Value, path: &str, method: &str) -> Option<&'static str> {
    found_of(operation, path, method).map(|(looks_like, _)| looks_like)
}

/// The kind that such an operation can be given.
fn kind_of(operation: &Value, path: &str, method: &str) -> Option<&'static str> {
    found_of(operation, path, method).and_then(|(_, kind)| kind)
}

fn found_of(
    operation: &Value,
    path: &str,
    method: &str,
) -> Option<(&'static str, Option<&'static str>)> {
    let root = json!({});
    let files = Files::new(None, "a.yaml", false);
    let anchors = Anchors::of(&root, &files);
    let names = Counter::default();
    let documents = Documents::new(&root, &files, &anchors, &names);
    let item = json!({});
    let view = OperationView::new(documents, &item, operation);
    looks_like(&view, path, method)
}

#[test]
fn operations_look_like_what_they_are_called_and_take() {
    for (method, path, takes, gives, expected) in [
        (
            "post",
            "/oauth/par",
            &["client_id", "response_type", "redirect_uri"][..],
            &[][..],
            "pushed authorization",
        ),
        (
            "post",
            "/oauth/bc-authorize",
            &[],
            &["auth_req_id"],
            "backchannel",
        ),
        ("get", "/oauth/tokeninfo", &[], &["active"], "introspection"),
        ("delete", "/oauth/token", &["token"], &[], "revocation"),
        (
            "post",
            "/auth/refresh",
            &["refresh_token"],
            &["access_token"],
            "refreshes",
        ),
        ("get", "/oauth/token/verify", &[], &[], "check of a token"),
        ("post", "/auth/logout", &["refresh_token"], &[], "logout"),
        (
            "post",
            "/oauth/register",
            &["redirect_uris"],
            &[],
            "registration",
        ),
    ] {
        let found = look(method, path, takes, gives);
        assert!(
            found.is_some_and(|found| found.contains(expected)),
            "{path}: {found:?}"
        );
    }
}

#[test]
fn operations_of_kinds_without_a_role_are_named() {
    for (method, path, takes, gives, expected) in [
        (
            "post",
            "/connect/register",
            &["ClientId", "ClientSecret"][..],
            &[][..],
            "registration",
        ),
        (
            "post",
            "/oauth/authorize",
            &["response_type", "client_id", "redirect_uri"],
            &[],
            "authorization",
        ),
        (
            "post",
            "/api/login",
            &["responseType", "clientId", "code_challenge"],
            &[],
            "authorization",
        ),
        (
            "get",
            "/oauth2/logout",
            &["client_id", "refresh_token"],
            &[],
            "logout",
        ),
        (
            "get",
            "/oauth/v1/access-tokens/{token}",
            &[],
            &["scopes"],
            "check",
        ),
        (
            "get",
            "/.well-known/openid-configuration",
            &[],
            &[],
            "metadata",
        ),
    ] {
        let found = look(method, path, takes, gives);
        assert!(
            found.is_some_and(|found| found.contains(expected)),
            "{path}: {found:?}"
        );
    }
}

#[test]
fn what_has_other_names_is_told() {
    for (method, path, takes, gives, expected) in [
        (
            "get",
            "/authorize",
            &["clientId", "redirectUri"][..],
            &[][..],
            AUTHORIZATION,
        ),
        (
            "get",
            "/v1/oauth/consent",
            &["client_id", "redirect_uri"],
            &[],
            AUTHORIZATION,
        ),
        (
            "post",
            "/oauth/check_token",
            &["token"],
            &["active"],
            "an introspection endpoint",
        ),
        (
            "post",
            "/oauth/token/info",
            &["token"],
            &["active"],
            "an introspection endpoint",
        ),
        ("get", "/jwks", &[], &["keys"], "a set of keys (RFC 7517)"),
        (
            "get",
            "/oauth2/v1/certs",
            &[],
            &["keys"],
            "a set of keys (RFC 7517)",
        ),
        (
            "get",
            "/logout",
            &["id_token_hint"],
            &[],
            "the end of a session (OpenID Connect RP-Initiated Logout 1.0)",
        ),
    ] {
        assert_eq!(look(method, path, takes, gives), Some(expected), "{path}");
    }
    let body = |name: &str| json!({"content": {"application/json": {"schema": {"properties": {name: {}}}}}});
    let end =
        json!({"summary": "Invalidate a refresh token", "requestBody": body("refresh_token")});
    let revokes = Some("a logout that revokes tokens");
    assert_eq!(looks_like_of(&end, "/session/end", "post"), revokes);
    let logout = json!({"summary": "Revokes the access token"});
    assert_eq!(looks_like_of(&logout, "/oauth/logout", "get"), revokes);
    let page =
        json!({"description": "https://a.example/oauth/authorize-app?client_id={client_id}"});
    let found = looks_like_of(&page, "/oauth/authorize-app", "get");
    assert_eq!(found, Some(AUTHORIZATION));
    let introspects = json!({"summary": "Introspect a database schema", "requestBody": body("token"), "responses": {"200": body("tables")}});
    assert_eq!(looks_like_of(&introspects, "/v1/introspect", "post"), None);
    let status = |name: &str| {
        let operation = json!({"responses": {"200": body(name)}});
        kind_of(&operation, "/oauth2/token_status", "post")
    };
    assert_eq!(status("active"), Some("introspection"));
    assert_eq!(status("scopes"), None);
    let revokes = json!({"summary": "Revoke a personal API token", "requestBody": body("token")});
    assert_eq!(looks_like_of(&revokes, "/api_tokens/revoke", "post"), None);
}

#[test]
fn tokens_that_are_given_or_told_of_without_a_client_are_named() {
    let own = Some(other_token::LOOKS);
    let widget = json!({"summary": "Generate a widget token"});
    assert_eq!(looks_like_of(&widget, "/widgets/token", "post"), own);
    let device = json!({"summary": "Generate a token of a device"});
    assert_eq!(looks_like_of(&device, "/devices/token", "post"), None);
    assert_eq!(looks_like_of(&widget, "/widgets", "post"), None);
    let told = ["client_id", "expires_in", "scopes", "username"];
    let check = Some("a check of a token");
    assert_eq!(look("get", "/v2/user/access_token", &[], &told), check);
}

#[test]
fn a_browser_that_is_sent_away_to_sign_out_ends_a_session() {
    let end = Some(END_OF_SESSION);
    let words = json!({"summary": "OpenID Connect Front-Channel Logout", "responses": {"302": {"description": ""}}});
    assert_eq!(looks_like_of(&words, "/logout", "get"), end);
    assert_eq!(look("get", "/oauth2/sessions/logout", &[], &[]), end);
    assert_eq!(look("get", "/sessions/signout", &["return_to"], &[]), end);
    assert_eq!(look("post", "/logout", &["id_token_hint"], &[]), end);
    let (takes, gives) = (["client_id", "redirect_uri"], ["scopes"]);
    let consent = look("get", "/v1/oauth/consent", &takes, &gives);
    assert!(consent.is_some_and(|found| found.contains("programs")));
    let management = Some(MANAGEMENT);
    for method in ["delete", "get", "put"] {
        assert_eq!(look(method, "/oauth2/register/{id}", &[], &[]), management);
    }
    assert_eq!(look("get", "/users/register/{id}", &[], &[]), None);
    // It is called by programs, and tells them something.
    let requests = "/admin/oauth2/requests/logout";
    assert_eq!(look("get", requests, &["challenge"], &["subject"]), None);
}

#[test]
fn other_operations_of_the_same_words_do_not() {
    for (method, path, takes) in [
        ("post", "/users/logout", &[][..]),
        ("delete", "/oauth/session", &["id"]),
        ("get", "/emails/verify", &[]),
        ("get", "/addresses/validate", &[]),
        ("post", "/newsletter/register", &["email"]),
        ("get", "/invites/revoke", &["token"]),
        ("patch", "/oauth/token", &["token"]),
        ("post", "/api/login", &["clientId", "redirectUri"]),
        ("post", "/questions", &["responseType", "clientId"]),
        ("post", "/customers/register", &["clientId"]),
        ("get", "/oauth/tokens/{id}", &[]),
        ("get", "/api/keys", &[]),
        ("get", "/authorizations", &["client_id"]),
        ("get", "/logout", &[]),
        ("post", "/session/end", &["session_id"]),
    ] {
        assert_eq!(look(method, path, takes, &[]), None, "{method} {path}");
    }
}

#[test]
fn what_is_revoked_is_a_token() {
    let look = |id: &str, path: &str| {
        let operation =
            json!({"operationId": id, "description": "Also revokes its OAuth 2.0 tokens."});
        looks_like_of(&operation, path, "delete")
    };
    let revocation = Some("a revocation endpoint");
    for (id, path) in [
        ("revokeConsents", "/oauth2/auth/consents"),
        ("revokeOAuth2LoginSessions", "/oauth2/auth/sessions/login"),
    ] {
        assert_eq!(look(id, path), None, "{path}");
    }
    for (id, path) in [
        ("revokeTokens", "/oauth2/clients/{id}"),
        ("", "/oauth2/revoke"),
        ("", "/oauth2/tokens"),
    ] {
        assert_eq!(look(id, path), revocation, "{path}");
    }
}

#[test]
fn a_code_and_the_credentials_of_a_client_are_exchanged_for_a_token() {
    let all = ["client_id", "client_secret", "code"];
    let look = |takes: &[&str]| look("get", "/oauth.v2.access", takes, &["ok"]);
    assert_eq!(look(&all), Some("a token endpoint"));
    assert_eq!(look(&all[..2]), None);
}

#[test]
fn words_say_what_an_authorization_endpoint_is() {
    let look = |summary: &str, path: &str| looks_like_of(&json!({"summary": summary}), path, "get");
    let summary = "The OAuth 2.0 authorize endpoint";
    assert_eq!(look(summary, "/access/oauth2/auth"), Some(AUTHORIZATION));
    assert_eq!(look(summary, "/access/oauth2/users"), None);
    assert_eq!(look("Users of OAuth 2.0", "/access/oauth2/auth"), None);
}

#[test]
fn a_registration_is_known_by_words_and_by_what_it_gives() {
    let registration = Some(CLIENT_REGISTRATION);
    let gives = ["clientId", "clientSecret"];
    assert_eq!(
        look("post", "/client/register", &["clientName"], &gives),
        registration
    );
    assert_eq!(look("post", "/users/register", &["name"], &["id"]), None);
    let of = |summary: &str| {
        let body = json!({"properties": {"redirect_uris": {}, "grant_types": {}}});
        let content = json!({"content": {"application/json": {"schema": body}}});
        looks_like_of(
            &json!({"summary": summary, "requestBody": content}),
            "/client",
            "post",
        )
    };
    assert_eq!(of("Register a client"), registration);
    assert_eq!(of("Find a client"), None);
    for method in ["delete", "get", "put"] {
        assert_eq!(
            look(method, "/register", &["client_id"], &[]),
            Some(MANAGEMENT)
        );
        assert_eq!(look(method, "/register", &["user_id"], &[]), None);
    }
}

#[test]
fn an_operation_that_declares_no_request_can_be_an_introspection() {
    let kind = |takes: &[&str]| {
        let parameters: Vec<Value> = takes
            .iter()
            .map(|name| json!({"name": name, "in": "query"}))
            .collect();
        kind_of(
            &json!({"parameters": parameters}),
            "/oauth2/introspect",
            "post",
        )
    };
    assert_eq!(kind(&[]), Some("introspection"));
    assert_eq!(kind(&["token"]), Some("introspection"));
    assert_eq!(kind(&["session"]), None);
}

#[test]
fn a_hint_of_whose_session_it_is_ends_none_by_itself() {
    let hint = ["id_token_hint"];
    assert_eq!(look("post", "/bc-deviceRegistration", &hint, &[]), None);
    assert!(look("get", "/connect/endsession", &hint, &[]).is_some());
}

#[test]
fn what_redirects_from_authorize_is_an_authorization() {
    let responses = json!({"302": {"description": "Found"}});
    let operation =
        json!({"responses": responses, "parameters": [{"name": "parameters", "in": "query"}]});
    let look = |path| looks_like_of(&operation, path, "post");
    assert_eq!(look("/oauth2/authorize"), Some(AUTHORIZATION));
    assert_eq!(look("/oauth2/authorizations"), None);
}

#[test]
fn what_gives_a_token_introspects_none() {
    let made = look("post", "/oauth/tokens", &["token"], &["active", "token"]);
    assert_ne!(made, Some("an introspection endpoint"));
}

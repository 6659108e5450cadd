//! Browsers that sign their users out (OpenID Connect RP-Initiated Logout 1.0).

use tokensmith_mock::{MockClient, Options, Provider};

use super::acme::{get, refusal};

const BACK: &str = "post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fout&state=s";

fn place(server: &Provider, query: &str) -> String {
    let response = get(server, &format!("/end_session?{query}"));
    assert_eq!(response.status(), 302, "{}", refusal(&response));
    response.headers()["location"].to_str().unwrap().to_owned()
}

#[test]
fn a_browser_comes_back_with_its_state() {
    let server = Provider::standard(Options::new());
    let back = place(&server, &format!("client_id=id&id_token_hint=x&{BACK}"));
    assert_eq!(back, "https://app.example/out?state=s");
    // Nothing names a client, and nothing has to (section 2).
    assert_eq!(place(&server, BACK), back);
    let stays = get(&server, "/end_session?client_id=id&state=s");
    let page = String::from_utf8(stays.body().clone()).unwrap();
    assert!(stays.status() == 200 && page.contains("You are signed out"));
}

#[test]
fn a_browser_is_sent_only_where_its_client_is() {
    let client = MockClient::public("app").post_logout_redirect_uri("https://app.example/out");
    let server = Provider::standard(Options::new().client(client));
    place(&server, &format!("client_id=app&{BACK}"));
    for (query, reason) in [
        (format!("client_id=other&{BACK}"), "not registered"),
        (
            "client_id=app&post_logout_redirect_uri=https%3A%2F%2Fevil.example".to_owned(),
            "not registered",
        ),
        (
            "post_logout_redirect_uri=javascript:alert(1)".to_owned(),
            "not an absolute URI",
        ),
        (format!("{BACK}&state=t"), "repeated"),
    ] {
        let response = get(&server, &format!("/end_session?{query}"));
        assert_eq!(response.status(), 400, "{query}");
        let found = refusal(&response);
        assert!(found.contains(reason), "{query}: {found}");
    }
}

//! Signing out at the provider.

use tokensmith_runtime::LogoutRequest;

use super::world::{Browser, World, state};
use crate::{Callback, ErrorKind, sign_out, signed_out};

fn begin(browser: &mut Browser, return_uri: &str) -> String {
    let request = LogoutRequest::new("https://op.example/logout")
        .with_post_logout_redirect_uri(return_uri)
        .with_id_token_hint("canary");
    let begun = sign_out(&World::new().client, &request).expect("begun");
    let response = begun.response::<String>();
    assert_eq!(response.status(), 303);
    assert!(!format!("{begun:?} {request:?}").contains("canary"));
    browser.keep(response.headers());
    begun.url
}

#[test]
fn a_browser_comes_back_once() {
    let mut browser = Browser::default();
    let url = begin(&mut browser, "https://app.example/signed-out");
    assert!(url.starts_with("https://op.example/logout?client_id=client&id_token_hint=canary&"));
    let callback = browser.callback(&format!("state={}", state(&url)));
    let delete = signed_out(&callback).expect("its own sign-out");
    browser.keep(&[(http::header::SET_COOKIE, delete)].into_iter().collect());
    assert!(browser.cookies().is_empty());
    let again = browser.callback(&format!("state={}", state(&url)));
    let error = signed_out(&again).expect_err("it has ended");
    assert_eq!(error.kind(), ErrorKind::SignOut);
}

#[test]
fn each_tab_comes_back_from_its_own() {
    let mut browser = Browser::default();
    let urls = [(); 2].map(|()| begin(&mut browser, "https://app.example/signed-out"));
    for url in &urls {
        let callback = browser.callback(&format!("state={}", state(url)));
        let delete = signed_out(&callback).expect("its own sign-out");
        browser.keep(&[(http::header::SET_COOKIE, delete)].into_iter().collect());
    }
    assert!(browser.cookies().is_empty());
}

#[test]
fn a_browser_that_does_not_come_back_gets_no_cookie() {
    let request = LogoutRequest::new("https://op.example/logout");
    let begun = sign_out(&World::new().client, &request).expect("begun");
    assert!(begun.cookies.is_empty());
}

#[test]
fn a_sign_out_of_another_browser_is_refused() {
    let (mut own, mut other) = (Browser::default(), Browser::default());
    let own_url = begin(&mut own, "https://app.example/");
    let url = begin(&mut other, "https://app.example/");
    let own_state = state(&own_url);
    let (start, _) = own_state.split_at(16);
    for query in [
        format!("state={}", state(&url)),
        format!("state={own_state}&state={own_state}"),
        format!("state={start}"),
        format!("state={start}{}", &state(&url)[16..]),
        String::new(),
        "state=".to_owned(),
        "state=session; a=0123456789".to_owned(),
    ] {
        let callback: Callback = own.callback(&query);
        let error = signed_out(&callback).expect_err("not its own");
        assert_eq!(error.kind(), ErrorKind::SignOut, "{query}");
    }
    let callback = own.callback(&format!("state={own_state}"));
    assert!(signed_out(&callback).is_ok());
}

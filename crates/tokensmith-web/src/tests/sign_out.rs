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
fn a_sign_out_of_another_browser_is_refused() {
    let (mut own, mut other) = (Browser::default(), Browser::default());
    begin(&mut own, "https://app.example/");
    let url = begin(&mut other, "https://app.example/");
    let twice = format!("state={0}&state={0}", state(&url));
    for query in [format!("state={}", state(&url)), twice, String::new()] {
        let callback: Callback = own.callback(&query);
        let error = signed_out(&callback).expect_err("not its own");
        assert_eq!(error.kind(), ErrorKind::SignOut);
        assert!(error.set_cookie().is_some());
    }
}

//! Signing out at oidc-provider (OpenID Connect RP-Initiated Logout 1.0).

use tokensmith_runtime::{ClientAuth, ErrorCode, RedirectProblem, Secret, TokenRequest};
use tokensmith_tests::browser::Browser;
use tokensmith_tests::oidc_provider::OidcProvider;

use crate::code::{AUTHORIZE, CODE, exchange};
use crate::{CALLBACK, PROVIDER, SIGNED_OUT, client};

/// Signs somebody in, who gets an ID token.
fn sign_in(browser: &mut Browser) -> Secret {
    let client = client("web", ClientAuth::Basic).issuer(PROVIDER.issuer());
    let request = TokenRequest::new(&AUTHORIZE, &CODE)
        .parameter("redirect_uri", CALLBACK)
        .scope("openid");
    let authorization = client.authorization_url(&request).expect("a URL");
    let back = OidcProvider::sign_in_with(browser, &authorization.url, "alice");
    let redirect = authorization.pending.redirect(&back).expect("a code");
    let token = client.send(exchange(&authorization, &redirect));
    token.expect("a token").id_token.expect("an ID token")
}

/// What the provider says to an application that asks who is there, without a page.
fn ask_silently(browser: &mut Browser) -> Result<(), String> {
    let client = client("web", ClientAuth::Basic);
    let request = TokenRequest::new(&AUTHORIZE, &CODE)
        .parameter("redirect_uri", CALLBACK)
        .parameter("prompt", "none")
        .scope("openid");
    let authorization = client.authorization_url(&request).expect("a URL");
    let back = OidcProvider::sign_in_with(browser, &authorization.url, "nobody");
    let redirect = authorization.pending.redirect(&back);
    redirect.map(drop).map_err(|error| {
        let code = error.code().map(ErrorCode::as_str);
        code.expect("a refusal").to_owned()
    })
}

#[test]
fn somebody_signs_out_there_and_comes_back() {
    let mut browser = PROVIDER.browser();
    let id_token = sign_in(&mut browser);
    assert_eq!(ask_silently(&mut browser), Ok(()));

    let client = client("web", ClientAuth::Basic);
    let metadata = client.discover(PROVIDER.issuer()).expect("metadata");
    let request = metadata.logout_request().expect("an endpoint");
    let request = request
        .with_id_token_hint(&id_token)
        .with_logout_hint("alice")
        .with_ui_locales(["de", "en"])
        .with_post_logout_redirect_uri(SIGNED_OUT);
    let logout = client.logout_url(&request).expect("a URL");
    let other = client.logout_url(&request).expect("a URL");
    let back = PROVIDER.sign_out_with(&mut browser, &logout.url);
    assert!(back.starts_with(SIGNED_OUT), "{back}");
    assert!(logout.pending.check(&back).is_ok());
    let error = other.pending.check(&back).expect_err("another logout");
    assert_eq!(error.redirect_problem(), Some(RedirectProblem::OtherState));
    assert_eq!(ask_silently(&mut browser), Err("login_required".to_owned()));
}

#[test]
fn the_client_is_named_where_there_is_no_id_token() {
    let mut browser = PROVIDER.browser();
    sign_in(&mut browser);
    let client = client("web", ClientAuth::Basic);
    let metadata = client.discover(PROVIDER.issuer()).expect("metadata");
    let request = metadata.logout_request().expect("an endpoint");
    let request = request.with_post_logout_redirect_uri(SIGNED_OUT);
    let logout = client.logout_url(&request).expect("a URL");
    let back = PROVIDER.sign_out_with(&mut browser, &logout.url);
    assert!(logout.pending.check(&back).is_ok(), "{back}");
}

use super::PendingAuthorization;
use crate::{ErrorCode, ErrorKind};

fn pending() -> PendingAuthorization {
    PendingAuthorization::new("s1")
}

#[test]
fn a_redirect_holds_the_code_and_what_the_provider_adds() {
    for url in [
        "https://app.example/cb?code=c+1&state=s1&api_domain=https%3A%2F%2Feu.example",
        "https://app.example/cb?state=s1&api_domain=https://eu.example&code=c%201#fragment",
        "code=c+1&state=s1&api_domain=https%3A%2F%2Feu.example",
    ] {
        let redirect = pending().redirect(url).unwrap();
        assert_eq!(redirect.code.expose(), "c 1");
        assert_eq!(
            redirect.extra.get("api_domain").unwrap(),
            "https://eu.example"
        );
        assert_eq!(redirect.extra.len(), 1);
    }
    let amazon = pending().with_code_name("spapi_oauth_code");
    let redirect = amazon.redirect("?spapi_oauth_code=c&state=s1").unwrap();
    assert_eq!(redirect.code.expose(), "c");
}

#[test]
fn what_is_not_the_answer_to_this_authorization_is_refused() {
    for url in [
        "https://app.example/cb?code=c",
        "https://app.example/cb?code=c&state=s2",
        "https://app.example/cb?code=c&state=s1&state=s1",
        "https://app.example/cb?code=a&code=b&state=s1",
        "https://app.example/cb?code=&state=s1",
        "https://app.example/cb?state=s1",
        "https://app.example/cb",
        "",
    ] {
        let error = pending().redirect(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{url}");
    }
    // An error of somebody else's is no answer either.
    let error = pending()
        .redirect("?error=access_denied&state=s2")
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[test]
fn a_refusal_has_code_and_description() {
    let error = pending()
        .redirect("?error=access_denied&error_description=not+now&state=s1")
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
    assert_eq!(error.description(), Some("not now"));
    assert!(!error.is_retryable());
}

#[test]
fn the_issuer_is_checked() {
    let honest = "https://honest.example";
    let answer = |issuer: &str| format!("?code=c&state=s1{issuer}");
    let named = answer("&iss=https%3A%2F%2Fhonest.example");
    let other = answer("&iss=https%3A%2F%2Fattacker.example");
    let unnamed = answer("");
    let optional = pending().with_issuer(honest, false);
    assert!(optional.redirect(&named).is_ok());
    assert!(optional.redirect(&unnamed).is_ok());
    assert!(optional.redirect(&other).is_err());
    let required = pending().with_issuer(honest, true);
    assert!(required.redirect(&named).is_ok());
    assert!(required.redirect(&unnamed).is_err());
    assert!(required.redirect(&other).is_err());
}

#[test]
fn debug_shows_no_secret() {
    let pending = pending().with_code_verifier("verifier").with_nonce("n0nce");
    let shown = format!("{pending:?}");
    assert!(!shown.contains("s1") && !shown.contains("verifier") && !shown.contains("n0nce"));
}

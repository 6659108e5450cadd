//! Signed authorization responses (JARM), by every algorithm that oidc-provider signs by.

use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{Any, Authorization, ClientAuth, ErrorCode, RedirectProblem};

use crate::{CALLBACK, PROVIDER, client};

/// Somebody is sent away by a client of this name; where the browser comes back to.
fn back(id: &str, mode: &str, prompt: &str) -> (Client<Any>, Authorization, String) {
    let client = client(id, ClientAuth::Basic);
    let metadata = client.discover(PROVIDER.issuer()).expect("metadata");
    let client = client.server(&metadata);
    let request = metadata.authorization_request().expect("an endpoint");
    let request = request
        .parameter("redirect_uri", CALLBACK)
        .parameter("response_mode", mode)
        .parameter("prompt", prompt)
        .scope("openid");
    let authorization = client.authorize(&request).expect("a URL");
    let back = PROVIDER.sign_in(&authorization.url, "alice");
    (client, authorization, back)
}

#[test]
fn the_signature_is_checked() {
    for (algorithm, mode) in [
        ("RS256", "jwt"),
        ("PS256", "query.jwt"),
        ("ES256", "jwt"),
        ("EdDSA", "query.jwt"),
    ] {
        let id = format!("responses-{algorithm}");
        let (client, authorization, back) = back(&id, mode, "consent");
        assert!(back.starts_with(&format!("{CALLBACK}?response=")), "{back}");
        let pending = &authorization.pending;
        let redirect = client.redirect(pending, &back);
        let redirect = redirect.unwrap_or_else(|error| panic!("{algorithm}: {error}"));
        let metadata = client.discover(PROVIDER.issuer()).expect("metadata");
        let request = metadata.code_request(&redirect.code, CALLBACK, pending.code_verifier());
        let token = client.send(request.expect("an endpoint")).expect("a token");
        assert!(client.id_token(&token, pending).is_ok());
        // Of the signature, one letter is another one.
        let (signed, signature) = back.rsplit_once('.').expect("a signature");
        let letter = if signature.starts_with('A') { 'B' } else { 'A' };
        let rest = signature.get(1..).expect("ASCII");
        let error = client.redirect(pending, &format!("{signed}.{letter}{rest}"));
        let problem = error.expect_err("forged").redirect_problem();
        assert_eq!(problem, Some(RedirectProblem::Unverified));
    }
}

#[test]
fn a_refusal_is_signed_too() {
    let (client, authorization, back) = back("responses-ES256", "jwt", "none");
    let error = client.redirect(&authorization.pending, &back);
    let error = error.expect_err("nobody has signed in");
    assert_eq!(error.code(), Some(&ErrorCode::from("login_required")));
}

#[test]
fn one_signed_by_the_secret_is_refused() {
    let (client, authorization, back) = back("responses-HS256", "jwt", "consent");
    let error = client.redirect(&authorization.pending, &back);
    let error = error.expect_err("a shared secret").to_string();
    assert!(
        error.contains("`authorization_signed_response_alg`"),
        "{error}"
    );
}

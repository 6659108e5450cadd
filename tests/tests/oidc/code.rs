//! The authorization code grant with PKCE, by a browser that is none, and refresh tokens that rotate.

use tokensmith_runtime::{Any, blocking::Client};
use tokensmith_runtime::{
    Authorization, ClientAuth, CodeVerifier, Credentials, Endpoint, EndpointKind, ErrorCode,
    ErrorKind, Location, Method, Operation, Parameter, Redirect, Token, TokenRequest,
};

use crate::{CALLBACK, PROVIDER, REFRESH_TOKEN, TOKEN, at, client};

pub(crate) static AUTHORIZE: Endpoint<'static> =
    Endpoint::new(EndpointKind::Authorization, &["/auth"])
        .with_method(Method::Get)
        .with_grant_type("response_type", Location::Query);
pub(crate) static CODE: Operation<'static> = Operation::grant("code").with_parameters(&[
    Parameter::new("redirect_uri").required(),
    Parameter::new("scope"),
]);
static AUTHORIZATION_CODE: Operation<'static> = Operation::grant("authorization_code")
    .one_time()
    .with_parameters(&[
        Parameter::new("code").required().secret(),
        Parameter::new("redirect_uri"),
        Parameter::new("code_verifier").secret(),
    ]);

fn authorize(client: &Client<Any>) -> (Authorization, Redirect) {
    let request = TokenRequest::new(&AUTHORIZE, &CODE)
        .parameter("redirect_uri", CALLBACK)
        .parameter("prompt", "consent")
        .scope("openid")
        .scope("offline_access");
    let authorization = client.authorization_url(&request).expect("a URL");
    let back = PROVIDER.sign_in(&authorization.url, "alice");
    assert!(back.starts_with(CALLBACK), "{back}");
    let redirect = authorization.pending.redirect(&back).expect("a code");
    (authorization, redirect)
}

pub(crate) fn exchange<'a>(authorization: &Authorization, redirect: &Redirect) -> TokenRequest<'a> {
    let verifier = authorization.pending.code_verifier().expect("a verifier");
    TokenRequest::new(&TOKEN, &AUTHORIZATION_CODE)
        .secret_parameter("code", &redirect.code)
        .secret_parameter("code_verifier", verifier)
        .parameter("redirect_uri", CALLBACK)
}

pub(crate) fn refresh<'a>(token: &Token) -> TokenRequest<'a> {
    let refresh_token = token.refresh_token.as_ref().expect("a refresh token");
    TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", refresh_token)
}

#[test]
fn a_confidential_client_and_its_rotating_refresh_tokens() {
    let client = client("web", ClientAuth::Basic).issuer(PROVIDER.issuer());
    let (authorization, redirect) = authorize(&client);
    let first = client
        .send(exchange(&authorization, &redirect))
        .expect("a token");
    assert!(first.id_token.is_some());
    let second = client.send(refresh(&first)).expect("another token");
    assert_ne!(second.access_token, first.access_token);
    assert_ne!(second.refresh_token, first.refresh_token);
    // The old one is spent; using it again ends them all.
    let error = client.send(refresh(&first)).expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidGrant));
    assert!(client.send(refresh(&second)).is_err());
}

#[test]
fn a_public_client_proves_itself_by_the_verifier() {
    let client = at(PROVIDER.issuer(), Credentials::public("app"));
    let (authorization, redirect) = authorize(&client);
    let token = client
        .send(exchange(&authorization, &redirect))
        .expect("a token");
    assert!(token.refresh_token.is_some());
    // A code is good once.
    let error = client
        .send(exchange(&authorization, &redirect))
        .expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidGrant));
    assert!(!error.is_retryable());
}

#[test]
fn another_verifier_is_refused() {
    let client = at(PROVIDER.issuer(), Credentials::public("app"));
    let (_, redirect) = authorize(&client);
    let other = CodeVerifier::random().expect("random bytes");
    let request = TokenRequest::new(&TOKEN, &AUTHORIZATION_CODE)
        .secret_parameter("code", &redirect.code)
        .secret_parameter("code_verifier", other.as_secret())
        .parameter("redirect_uri", CALLBACK);
    let error = client.send(request).expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidGrant));
}

#[test]
fn the_redirect_names_its_issuer() {
    let client = client("web", ClientAuth::Basic).issuer("https://attacker.example");
    let request = TokenRequest::new(&AUTHORIZE, &CODE)
        .parameter("redirect_uri", CALLBACK)
        .scope("openid");
    let authorization = client.authorization_url(&request).expect("a URL");
    let back = PROVIDER.sign_in(&authorization.url, "alice");
    let error = authorization
        .pending
        .redirect(&back)
        .expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.to_string().contains("another issuer"));
}

#[test]
fn a_refusal_comes_back_with_its_code() {
    let client = client("web", ClientAuth::Basic);
    let request = TokenRequest::new(&AUTHORIZE, &CODE)
        .parameter("redirect_uri", CALLBACK)
        .parameter("prompt", "none")
        .scope("openid");
    let authorization = client.authorization_url(&request).expect("a URL");
    let back = PROVIDER.sign_in(&authorization.url, "alice");
    let error = authorization
        .pending
        .redirect(&back)
        .expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert_eq!(error.code().map(ErrorCode::as_str), Some("login_required"));
}

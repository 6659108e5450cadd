//! The requests of oidc-provider. With a generated crate they are `Authorization`, `AuthorizationCode`, `RefreshToken` and
//! `RevokeToken`.

use tokensmith_runtime::{
    Endpoint, EndpointKind, Location, Method, Operation, Parameter, PendingAuthorization, Redirect,
    Secret, TokenRequest, grants,
};

static AUTHORIZE: Endpoint<'static> = Endpoint::new(EndpointKind::Authorization, &["/auth"])
    .with_method(Method::Get)
    .with_grant_type("response_type", Location::Query);
static CODE: Operation<'static> = Operation::grant("code")
    .with_parameters(&[Parameter::new("redirect_uri"), Parameter::new("scope")]);
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);
static REVOCATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Revocation, &["/token/revocation"]);
static REVOKE: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);

pub(crate) fn authorization() -> TokenRequest<'static> {
    TokenRequest::new(&AUTHORIZE, &CODE)
        .parameter("redirect_uri", setting("CALLBACK"))
        .scope("openid")
}

pub(crate) fn authorization_code(
    redirect: &Redirect,
    pending: &PendingAuthorization,
) -> TokenRequest<'static> {
    let request = TokenRequest::new(&TOKEN, &grants::AUTHORIZATION_CODE)
        .secret_parameter("code", &redirect.code)
        .parameter("redirect_uri", setting("CALLBACK"));
    match pending.code_verifier() {
        Some(verifier) => request.secret_parameter("code_verifier", verifier),
        None => request,
    }
}

pub(crate) fn refresh_token(token: &Secret) -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &grants::REFRESH_TOKEN).secret_parameter("refresh_token", token)
}

pub(crate) fn revoke_token(token: &Secret) -> TokenRequest<'static> {
    TokenRequest::new(&REVOCATION, &REVOKE).secret_parameter("token", token)
}

/// What is called with the user's token.
pub(crate) fn api() -> String {
    setting("API")
}

fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

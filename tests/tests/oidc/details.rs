//! Rich authorization requests (RFC 9396).

use tokensmith_runtime::{
    AuthorizationDetail, AuthorizationDetails, ClientAuth, ErrorCode, IntrospectionRequest,
    TokenRequest,
};

use crate::{
    BY_TOKEN, CALLBACK, CLIENT_CREDENTIALS, INTROSPECTION, PROVIDER, RESOURCE, TOKEN, client,
};

fn details() -> AuthorizationDetails {
    AuthorizationDetail::new("account_information")
        .with_action("list_accounts")
        .with_location("https://example.com/accounts")
        .with_field("recurring", true)
        .into()
}

#[test]
fn what_a_person_grants_comes_with_the_token() {
    let client = client("details", ClientAuth::Basic);
    let metadata = client.discover(PROVIDER.issuer()).expect("metadata");
    let types = metadata.authorization_details_types_supported.as_deref();
    assert_eq!(types, Some(&["account_information".to_owned()][..]));
    let client = client.server(&metadata);
    let request = metadata.authorization_request().expect("an endpoint");
    let request = request
        .parameter("redirect_uri", CALLBACK)
        .parameter("prompt", "consent")
        .parameter("resource", RESOURCE)
        .scope("openid")
        .authorization_details(details());
    let pushed = client.authorize(&request).expect("a URL");
    let carried = client.authorization_url(&request).expect("a URL");
    for authorization in [pushed, carried] {
        let back = PROVIDER.sign_in(&authorization.url, "alice");
        let redirect = authorization.pending.redirect(&back).expect("a code");
        let verifier = authorization.pending.code_verifier();
        let request = metadata.code_request(&redirect.code, CALLBACK, verifier);
        let token = client.send(request.expect("an endpoint")).expect("a token");
        assert_eq!(token.metadata.authorization_details, Some(details()));

        let request = IntrospectionRequest::new(&INTROSPECTION, &BY_TOKEN);
        let request = request.secret_parameter("token", &token.access_token);
        let introspection = client.send(request).expect("a response");
        assert_eq!(introspection.authorization_details(), Some(details()));
    }
}

#[test]
fn a_token_request_asks_for_them_too() {
    let client = client("machine-details", ClientAuth::Basic);
    let request = || TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).parameter("resource", RESOURCE);
    let token = client.send(request().authorization_details(details()));
    let granted = token.expect("a token").metadata.authorization_details;
    assert_eq!(granted, Some(details()));
    for refused in [
        AuthorizationDetail::new("account_information"),
        AuthorizationDetail::new("payment_initiation").with_action("initiate"),
    ] {
        let error = client.send(request().authorization_details(refused));
        let error = error.expect_err("not valid");
        assert_eq!(error.code(), Some(&ErrorCode::InvalidAuthorizationDetails));
    }
}

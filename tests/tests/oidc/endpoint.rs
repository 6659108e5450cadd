//! Discovery, introspection and revocation.

use tokensmith_runtime::{
    ClientAuth, Credentials, Endpoint, EndpointKind, ErrorKind, IntrospectionRequest,
    RevocationRequest, TokenRequest,
};

use crate::{
    BY_TOKEN, CLIENT_CREDENTIALS, INTROSPECTION, PROVIDER, RESOURCE, SECRET, TOKEN, at, client,
};

static REVOCATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Revocation, &["/token/revocation"]);

#[test]
fn a_token_is_active_until_it_is_revoked() {
    let client = client("basic", ClientAuth::Basic);
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS)
        .scope("read")
        .parameter("resource", RESOURCE);
    let token = client.send(request).expect("a token").access_token;
    let introspect = || {
        let request = IntrospectionRequest::new(&INTROSPECTION, &BY_TOKEN);
        client
            .send(request.secret_parameter("token", &token))
            .expect("a response")
    };
    let before = introspect();
    assert!(before.active);
    assert_eq!(before.client_id.as_deref(), Some("basic"));
    assert_eq!(before.scopes().collect::<Vec<_>>(), ["read"]);
    assert!(before.expires_at().is_some());
    assert_eq!(
        before
            .extra
            .get("aud")
            .and_then(|audience| audience.as_str()),
        Some(RESOURCE)
    );

    let request = RevocationRequest::new(&REVOCATION, &BY_TOKEN);
    client
        .send(request.secret_parameter("token", &token))
        .expect("revoked");
    assert!(!introspect().active);
}

#[test]
fn the_server_says_where_its_endpoints_are() {
    let issuer = PROVIDER.issuer();
    let client = at(issuer, Credentials::new("basic", SECRET));
    let server = client.discover(issuer).expect("metadata");
    assert_eq!(server.issuer, issuer);
    assert!(server.authorization_response_iss_parameter_supported);
    assert_eq!(server.client_auth(), ClientAuth::Auto);
    assert!(server.device_authorization_endpoint.is_some());

    static ANYWHERE: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &[""]);
    let url = server.token_endpoint.expect("a token endpoint");
    let request = TokenRequest::new(&ANYWHERE, &CLIENT_CREDENTIALS)
        .path(url)
        .parameter("resource", RESOURCE);
    assert!(client.client_auth(ClientAuth::Basic).send(request).is_ok());

    let error = at(issuer, Credentials::public("x"))
        .discover(&format!("{issuer}/other"))
        .expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::Provider);
}

//! Authorization requests that are pushed (RFC 9126).

use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{
    Any, Authorization, ClientAuth, Credentials, DpopKey, ErrorCode, ErrorKind, ServerMetadata,
    TokenRequest,
};

use crate::{CALLBACK, PROVIDER, SECRET, at};

fn metadata() -> ServerMetadata {
    let client = at(PROVIDER.issuer(), Credentials::public("anybody"));
    client.discover(PROVIDER.issuer()).expect("metadata")
}

fn client(id: &str, auth: ClientAuth, metadata: &ServerMetadata) -> Client<Any> {
    let credentials = match auth {
        ClientAuth::None => Credentials::public(id),
        _ => Credentials::new(id, SECRET),
    };
    at(PROVIDER.issuer(), credentials)
        .client_auth(auth)
        .server(metadata)
}

fn request(metadata: &ServerMetadata) -> TokenRequest<'static> {
    let request = metadata.authorization_request().expect("an endpoint");
    request
        .parameter("redirect_uri", CALLBACK)
        .parameter("prompt", "consent")
        .scope("openid")
        .scope("offline_access")
}

/// The names of the parameters that the browser carries.
fn carried(authorization: &Authorization) -> Vec<String> {
    let (_, query) = authorization.url.split_once('?').expect("a query");
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.map(|(name, _)| name.into_owned()).collect()
}

#[test]
fn the_client_pushes_whatever_its_authentication() {
    let metadata = metadata();
    for (id, auth) in [
        ("web", ClientAuth::Basic),
        ("web-post", ClientAuth::Body),
        ("web-jwt", ClientAuth::ClientSecretJwt),
        ("app", ClientAuth::None),
    ] {
        let client = client(id, auth, &metadata);
        let authorization = client.authorize(&request(&metadata));
        let authorization = authorization.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(
            carried(&authorization),
            ["client_id", "request_uri"],
            "{id}"
        );
        let back = PROVIDER.sign_in(&authorization.url, "alice");
        let redirect = authorization.pending.redirect(&back).expect("a code");
        let verifier = authorization.pending.code_verifier();
        let request = metadata.code_request(&redirect.code, CALLBACK, verifier);
        let token = client.send(request.expect("an endpoint")).expect("a token");
        let id_token = client.id_token(&token, &authorization.pending);
        assert_eq!(id_token.expect("an ID token").subject(), "alice", "{id}");
    }
}

#[test]
fn another_secret_is_refused() {
    let metadata = metadata();
    let client = at(PROVIDER.issuer(), Credentials::new("web", "another secret"))
        .client_auth(ClientAuth::Basic)
        .server(&metadata);
    let error = client.authorize(&request(&metadata)).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert_eq!(error.code(), Some(&ErrorCode::InvalidClient));
}

/// RFC 9449 section 10: the code is bound to the key that was proved when the request was pushed.
#[test]
fn the_code_is_bound_to_the_key() {
    let metadata = metadata();
    let key = || DpopKey::generate().expect("a key");
    let client = client("nonce-web", ClientAuth::Basic, &metadata);
    let bound = client.clone().dpop(key());
    let code = || {
        let authorization = bound.authorize(&request(&metadata)).expect("a URL");
        let back = PROVIDER.sign_in(&authorization.url, "alice");
        let redirect = authorization.pending.redirect(&back).expect("a code");
        let verifier = authorization.pending.code_verifier();
        let request = metadata.code_request(&redirect.code, CALLBACK, verifier);
        request.expect("an endpoint")
    };
    let token = bound.send(code()).expect("a token");
    assert_eq!(token.metadata.token_type, "DPoP");
    let error = client.dpop(key()).send(code()).expect_err("another key");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidGrant));
}

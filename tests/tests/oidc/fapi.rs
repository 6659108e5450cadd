//! The FAPI 2.0 Security Profile, by which oidc-provider takes nothing less: requests are pushed, clients authenticate
//! by a key or a certificate, tokens are bound to one, and the issuer is named in redirects.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::jwt::{Algorithm, Assertion, Key};
use tokensmith_runtime::{
    Any, BlockingHyperTransport, BlockingTransport, ClientAuth, Credentials, DpopKey, ErrorKind,
    Identity, Secret, ServerMetadata, Timeouts, TlsOptions, Token, grants,
};
use tokensmith_tests::oidc_provider::{OidcProvider, Tls};

use crate::CALLBACK;
use crate::certificate::issue;

const ID: &str = "fapi";

/// What the client is registered with.
fn registered(more: Value) -> Value {
    let mut client = json!({
        "client_id": ID,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [CALLBACK],
        "id_token_signed_response_alg": "ES256",
        "require_pushed_authorization_requests": true,
    });
    let members = client.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    client
}

/// Somebody signs in, the token is refreshed, and both tokens are used. The last one.
fn sign_in<T: BlockingTransport>(
    client: &Client<Any, T>,
    metadata: &ServerMetadata,
    provider: &OidcProvider,
) -> Token {
    let request = metadata.authorization_request().expect("an endpoint");
    let request = request
        .parameter("redirect_uri", CALLBACK)
        .parameter("prompt", "consent")
        .scope("openid")
        .scope("offline_access");
    let error = client.authorization_url(&request);
    let error = error.expect_err("parameters in a URL");
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("RFC 9126"), "{error}");

    let authorization = client.authorize(&request).expect("a pushed request");
    let (_, query) = authorization.url.split_once('?').expect("a query");
    let carried = form_urlencoded::parse(query.as_bytes());
    let carried: Vec<_> = carried.map(|(name, _)| name.into_owned()).collect();
    assert_eq!(carried, ["client_id", "request_uri"]);
    let pending = &authorization.pending;
    assert!(pending.requires_issuer());
    let back = provider.sign_in(&authorization.url, "alice");
    let redirect = client.redirect(pending, &back).expect("a code");
    let request = metadata.code_request(&redirect.code, CALLBACK, pending.code_verifier());
    let first = client.send(request.expect("an endpoint")).expect("a token");
    let id_token = client.id_token(&first, pending).expect("an ID token");
    assert_eq!(id_token.algorithm(), Algorithm::ES256);
    let user = client.user_info(&first.access_token, id_token.subject());
    assert_eq!(user.expect("userinfo").subject(), "alice");

    let refresh_token = first.refresh_token.as_ref().expect("a refresh token");
    let request = metadata.token_request(&grants::REFRESH_TOKEN);
    let request = request.expect("an endpoint");
    let second = client.send(request.secret_parameter("refresh_token", refresh_token));
    let second = second.expect("another token");
    assert_ne!(second.access_token, first.access_token);
    let user = client.user_info(&second.access_token, "alice");
    assert_eq!(user.expect("userinfo").subject(), "alice");
    second
}

#[test]
fn tokens_are_bound_to_a_key() {
    let pair = KeyPair::generate().expect("a key");
    let pem = Secret::from(pair.serialize_pem());
    let key = Key::from_pem(&pem, Algorithm::ES256).expect("a key");
    let client = registered(json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": {"keys": [key.public_jwk()]},
        "dpop_bound_access_tokens": true,
    }));
    let provider = OidcProvider::start_fapi(&[client], None);
    let issuer = provider.issuer();
    let credentials = Credentials::with_assertion(ID, Assertion::client(key));
    let client = Client::<Any>::for_server(issuer, credentials).expect("a client");
    let metadata = client.discover(issuer).expect("metadata");
    assert!(metadata.require_pushed_authorization_requests);
    // The profile has assertions for the issuer, and for nothing else.
    let client = client
        .server(&metadata)
        .client_auth(ClientAuth::PrivateKeyJwt)
        .audience(issuer);
    let bound = || client.clone().dpop(DpopKey::generate().expect("a key"));
    let token = sign_in(&bound(), &metadata, &provider);
    assert_eq!(token.metadata.token_type, "DPoP");
    // The token alone is of no use, nor is it with another key.
    for other in [client.clone(), bound()] {
        let error = other.user_info(&token.access_token, "alice");
        assert_eq!(error.expect_err("refused").status(), Some(401));
    }
}

#[test]
fn tokens_are_bound_to_a_certificate() {
    let key = KeyPair::generate().expect("a key");
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters
        .distinguished_name
        .push(DnType::CommonName, "authority");
    let authority = parameters.self_signed(&key).expect("a certificate").pem();
    let authorities = Issuer::new(parameters, key);
    let (certificate, key) = issue("localhost", &authorities);
    let tls = Tls {
        key,
        certificate,
        authority: authority.clone(),
    };
    let client = registered(json!({
        "token_endpoint_auth_method": "tls_client_auth",
        "tls_client_auth_subject_dn": "CN=fapi",
        "tls_client_certificate_bound_access_tokens": true,
    }));
    let provider = OidcProvider::start_fapi(&[client], Some(&tls));
    let issuer = provider.issuer();
    let client = |name: &str| {
        let (certificate, key) = issue(name, &authorities);
        let identity = Identity::from_pem(&certificate, &Secret::from(key)).expect("an identity");
        let options = TlsOptions::default()
            .with_roots(&authority)
            .expect("a certificate");
        let options = options.with_identity(identity);
        let transport = BlockingHyperTransport::with_tls(Timeouts::default(), options);
        let transport = transport.expect("a transport");
        Client::<Any, _>::with_transport(transport, issuer, Credentials::public(ID))
            .expect("a client")
            .client_auth(ClientAuth::TlsClientAuth)
    };
    let certified = client(ID);
    let metadata = certified
        .discover(issuer)
        .expect("metadata")
        .with_mtls_aliases();
    let endpoint = metadata.token_endpoint.as_deref().expect("an endpoint");
    assert!(endpoint.starts_with(provider.mtls()), "{endpoint}");
    let token = sign_in(&certified.server(&metadata), &metadata, &provider);
    assert_eq!(token.metadata.token_type, "Bearer");
    let another = client(ID).server(&metadata);
    let error = another.user_info(&token.access_token, "alice");
    assert_eq!(error.expect_err("another certificate").status(), Some(401));
}

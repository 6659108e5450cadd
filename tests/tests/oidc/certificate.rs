//! Clients that are known by the certificate of their connection (RFC 8705).

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::json;
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{
    Any, BlockingHyperTransport, ClientAuth, Credentials, ErrorCode, ErrorKind, Identity, Secret,
    Timeouts, TlsOptions, TokenRequest,
};
use tokensmith_tests::oidc_provider::{OidcProvider, Tls};

use crate::{CLIENT_CREDENTIALS, RESOURCE, TOKEN};

/// A certificate for a name, and its key: PEM texts.
pub(crate) fn issue(name: &str, issuer: &Issuer<'_, KeyPair>) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let mut parameters = CertificateParams::new([name.to_owned()]).expect("a name");
    parameters.distinguished_name.push(DnType::CommonName, name);
    let certificate = parameters.signed_by(&key, issuer).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

#[test]
fn the_certificate_says_who_the_client_is() {
    let key = KeyPair::generate().expect("a key");
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = parameters.self_signed(&key).expect("a certificate").pem();
    let issuer = Issuer::new(parameters, key);
    let (certificate, key) = issue("localhost", &issuer);
    let tls = Tls {
        key,
        certificate,
        authority: authority.clone(),
    };
    let client = json!({
        "client_id": "machine",
        "token_endpoint_auth_method": "tls_client_auth",
        "tls_client_auth_subject_dn": "CN=machine",
        "grant_types": ["client_credentials"],
        "response_types": [],
        "redirect_uris": [],
    });
    let provider = OidcProvider::start(&[client], Some(&tls));
    let send = |options: TlsOptions| {
        let transport = BlockingHyperTransport::with_tls(Timeouts::default(), options)?;
        let client = Client::<Any, _>::with_transport(
            transport,
            provider.mtls(),
            Credentials::public("machine"),
        )?;
        let request =
            TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).parameter("resource", RESOURCE);
        client.client_auth(ClientAuth::TlsClientAuth).send(request)
    };
    let trusting = || {
        TlsOptions::default()
            .with_roots(&authority)
            .expect("a certificate")
    };
    let identity = |name: &str| {
        let (certificate, key) = issue(name, &issuer);
        Identity::from_pem(&certificate, &Secret::from(key)).expect("an identity")
    };

    let token = send(trusting().with_identity(identity("machine")));
    assert!(token.is_ok(), "{token:?}");
    for options in [trusting(), trusting().with_identity(identity("another"))] {
        let error = send(options).expect_err("a refusal");
        assert_eq!(error.code(), Some(&ErrorCode::InvalidClient));
    }
    // A server whose certificate nobody vouches for is sent nothing.
    let error = send(TlsOptions::default()).expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(!error.may_have_been_sent());
}

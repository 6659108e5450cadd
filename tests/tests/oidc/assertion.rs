//! Clients that sign with a private key of every kind.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokensmith_runtime::jwt::{Algorithm, Assertion, Key, Thumbprint};
use tokensmith_runtime::protocol::{Exchange, Settings, Step};
use tokensmith_runtime::{ClientAuth, Credentials, ErrorCode, Secret, TokenRequest};
use tokensmith_tests::oidc_provider::OidcProvider;

use crate::{CLIENT_CREDENTIALS, RESOURCE, TOKEN, at};

/// Keys that Node.js makes, as PEM and as the JSON Web Key of the public half.
const MAKE_KEYS: &str = "
const { generateKeyPairSync } = require('node:crypto');
const make = (type, options) => {
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  return {
    pkcs8: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    pkcs1: type === 'rsa' ? privateKey.export({ type: 'pkcs1', format: 'pem' }) : null,
    jwk: publicKey.export({ format: 'jwk' }),
  };
};
console.log(JSON.stringify({
  rsa: make('rsa', { modulusLength: 2048 }),
  p256: make('ec', { namedCurve: 'P-256' }),
  p384: make('ec', { namedCurve: 'P-384' }),
  ed25519: make('ed25519'),
}));";

fn make_keys() -> Value {
    let output = Command::new("node")
        .args(["-e", MAKE_KEYS])
        .output()
        .expect("Node.js runs");
    serde_json::from_slice(&output.stdout).expect("keys")
}

/// An RSA key as PEM.
pub(crate) fn rsa_key() -> Secret {
    Secret::from(make_keys()["rsa"]["pkcs8"].as_str().expect("a key"))
}

#[test]
fn every_kind_of_key_is_known_by_its_public_half() {
    let keys = make_keys();
    let kinds = [
        ("rsa", "pkcs8", Algorithm::RS256),
        ("rsa", "pkcs1", Algorithm::PS256),
        ("p256", "pkcs8", Algorithm::ES256),
        ("p384", "pkcs8", Algorithm::ES384),
        ("ed25519", "pkcs8", Algorithm::EdDsa),
    ];
    let clients: Vec<_> = kinds
        .iter()
        .map(|(kind, _, algorithm)| {
            let mut jwk = keys[kind]["jwk"].clone();
            jwk["kid"] = "k1".into();
            json!({
                "client_id": algorithm.as_str(),
                "token_endpoint_auth_method": "private_key_jwt",
                "token_endpoint_auth_signing_alg": algorithm.as_str(),
                "jwks": {"keys": [jwk]},
                "grant_types": ["client_credentials"],
                "response_types": [],
                "redirect_uris": [],
            })
        })
        .collect();
    let provider = OidcProvider::start(&clients, None);
    let request = || TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).parameter("resource", RESOURCE);
    for (kind, form, algorithm) in kinds {
        let pem = Secret::from(keys[kind][form].as_str().expect("a key"));
        let key = Key::from_pem(&pem, algorithm)
            .expect("a key that is read")
            .with_id("k1");
        let credentials = Credentials::with_assertion(algorithm.as_str(), Assertion::client(key));
        let client = at(provider.issuer(), credentials)
            .client_auth(ClientAuth::PrivateKeyJwt)
            .issuer(provider.issuer());
        // Twice: the server takes each assertion once, so that each must be a new one.
        for _ in 0..2 {
            let token = client.send(request());
            assert!(token.is_ok(), "{algorithm}: {token:?}");
        }
    }
    // Another client's key is refused.
    let pem = Secret::from(keys["p256"]["pkcs8"].as_str().expect("a key"));
    let key = Key::from_pem(&pem, Algorithm::ES256)
        .expect("a key")
        .with_id("k1");
    let credentials = Credentials::with_assertion("ES384", Assertion::client(key));
    let error = at(provider.issuer(), credentials)
        .client_auth(ClientAuth::PrivateKeyJwt)
        .send(request())
        .expect_err("a refusal");
    assert_eq!(error.code(), Some(&ErrorCode::InvalidClient));
}

/// What Node.js calls the fingerprints of a certificate, in base64url as a header has them.
const FINGERPRINTS: &str = "
const { X509Certificate } = require('node:crypto');
const certificate = new X509Certificate(require('node:fs').readFileSync(0));
const encode = (print) => Buffer.from(print.replaceAll(':', ''), 'hex').toString('base64url');
console.log(JSON.stringify([encode(certificate.fingerprint), encode(certificate.fingerprint256)]));";

fn fingerprints(pem: &str) -> Vec<String> {
    let mut node = Command::new("node")
        .args(["-e", FINGERPRINTS])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js runs");
    let mut input = node.stdin.take().expect("a piped input");
    input
        .write_all(pem.as_bytes())
        .expect("a program that reads");
    drop(input);
    let output = node.wait_with_output().expect("an output");
    serde_json::from_slice(&output.stdout).expect("fingerprints")
}

/// The header of the assertion by which a client with this key authenticates.
fn header(key: Key) -> Value {
    let credentials = Credentials::with_assertion("client", Assertion::client(key));
    let settings = Settings::new("https://server.example", credentials).expect("a URL");
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
    let Step::Send(request) = Exchange::new(&settings, &request).step(SystemTime::now()) else {
        panic!("nothing is sent");
    };
    let parameters = form_urlencoded::parse(request.body()).into_owned();
    let mut parameters = parameters.filter(|(name, _)| name == "client_assertion");
    let (_, assertion) = parameters.next().expect("an assertion");
    let header = assertion.split('.').next().unwrap_or_default();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).expect("base64url")).expect("JSON")
}

#[test]
fn a_certificate_is_named_as_others_name_it() {
    let pair = rcgen::KeyPair::generate().expect("a key");
    let certificate = rcgen::CertificateParams::default()
        .self_signed(&pair)
        .expect("a certificate");
    let key =
        || Key::from_pem(&Secret::from(pair.serialize_pem()), Algorithm::ES256).expect("a key");
    let named = |thumbprint| {
        key()
            .with_certificate(&certificate.pem(), thumbprint)
            .expect("a certificate")
    };
    let prints = fingerprints(&certificate.pem());
    assert_eq!(header(named(Thumbprint::Sha1))["x5t"], prints[0].as_str());
    assert_eq!(
        header(named(Thumbprint::Sha256))["x5t#S256"],
        prints[1].as_str()
    );
}

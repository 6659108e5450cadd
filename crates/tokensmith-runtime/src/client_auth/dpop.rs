//! Demonstrating proof of possession (RFC 9449): tokens that are of use only to whoever has a key.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Map, Value};

use crate::client_auth::jwt::{self, Algorithm, jwk, thumbprint};
use crate::{Error, Secret, client_auth::random, server::url};

const DPOP: HeaderName = HeaderName::from_static("dpop");
/// What stands before a token that is bound to a key (RFC 9449 section 7.1).
pub(crate) const BOUND: &str = "DPoP ";
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The key that tokens are bound to, and its public half.
///
/// A client that has one sends a proof with each request but those for what is public, such as
/// metadata and keys, with the nonce that the server asks for;
/// the tokens it gets have the type `DPoP`. Requests made with such a token need a proof of their
/// own: see [`proof`](Self::proof).
#[derive(Debug, Clone)]
pub struct DpopKey {
    key: jwt::Key,
    jwk: Value,
}

impl DpopKey {
    /// A new key, for ES256.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the operating system gives no random bytes.
    pub fn generate() -> Result<Self, Error> {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .map_err(|_| Error::config("the operating system gives no random bytes"))?;
        Self::new(jwt::Key::from_der(document.as_ref(), Algorithm::ES256)?)
    }

    /// A key that exists already, so that tokens bound to it stay of use after a restart.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if it is a shared secret, which nobody else can check.
    pub fn new(key: jwt::Key) -> Result<Self, Error> {
        let jwk = jwk(&key).ok_or_else(|| {
            Error::config("a proof of possession takes a private key, not a secret")
        })?;
        Ok(Self { key, jwk })
    }

    /// The thumbprint of the key (RFC 7638): `jkt` in what the server says of a token, `dpop_jkt`
    /// in an authorization request.
    pub fn thumbprint(&self) -> String {
        thumbprint(&self.jwk)
    }

    /// The value of the `DPoP` header (RFC 9449 section 4.2) of a request by this method to this
    /// URL.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the key cannot sign.
    pub fn proof(
        &self,
        method: &str,
        url: &str,
        now: SystemTime,
        nonce: Option<&str>,
        access_token: Option<&Secret>,
    ) -> Result<Secret, Error> {
        let header = Map::from_iter([
            ("typ".to_owned(), Value::from("dpop+jwt")),
            ("jwk".to_owned(), self.jwk.clone()),
        ]);
        let url = url::without_query(url.split('#').next().unwrap_or_default());
        let mut claims = Map::new();
        let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        claim("jti", random::token()?.expose().into());
        claim("htm", method.into());
        claim("htu", url.into());
        claim("iat", jwt::unix_seconds(now).into());
        if let Some(nonce) = nonce {
            claim("nonce", nonce.into());
        }
        if let Some(token) = access_token {
            let hash = digest(&SHA256, token.expose().as_bytes());
            claim("ath", URL_SAFE_NO_PAD.encode(hash).into());
        }
        jwt::sign(&self.key, header, &claims)
    }
}

/// The most servers whose nonces are kept.
const MAX_SERVERS: usize = 16;

/// The proofs of one client: its key, and the nonce that each server gave last (RFC 9449 sections 8
/// and 9). The endpoints of a provider may be on several hosts.
pub(crate) struct Proofs {
    key: DpopKey,
    /// By host and port, the newest server last.
    nonces: Mutex<Vec<(String, String)>>,
}

impl Proofs {
    pub(crate) fn new(key: DpopKey) -> Self {
        Self {
            key,
            nonces: Mutex::default(),
        }
    }

    pub(crate) fn thumbprint(&self) -> String {
        self.key.thumbprint()
    }

    /// Adds the proof of a request to it; of one that carries a token, the proof is for that token
    /// (RFC 9449 section 7).
    pub(crate) fn prove<B>(&self, request: &mut Request<B>, now: SystemTime) -> Result<(), Error> {
        let url = request.uri().to_string();
        let nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        let nonce = nonces
            .iter()
            .find(|(server, _)| *server == server_of(request.uri()))
            .map(|(_, nonce)| nonce.as_str());
        let method = request.method().as_str();
        let token = bound_token(request.headers());
        let proof = self.key.proof(method, &url, now, nonce, token.as_ref())?;
        let value = HeaderValue::from_str(proof.expose())
            .map_err(|_| Error::config("the proof of possession does not fit in a header"))?;
        request.headers_mut().insert(DPOP, value);
        Ok(())
    }

    /// Remembers the nonce of a response; says whether it is another one than the server's last.
    pub(crate) fn learn(&self, url: &Uri, headers: &HeaderMap) -> bool {
        let given = headers
            .get(DPOP_NONCE)
            .and_then(|nonce| nonce.to_str().ok());
        let Some(given) = given.filter(|nonce| !nonce.is_empty()) else {
            return false;
        };
        let server = server_of(url);
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        let known = nonces.iter().position(|(other, _)| other == server);
        let last = known.map(|at| nonces.remove(at));
        if nonces.len() == MAX_SERVERS {
            nonces.remove(0);
        }
        nonces.push((server.to_owned(), given.to_owned()));
        last.is_none_or(|(_, last)| last != given)
    }
}

fn server_of(url: &Uri) -> &str {
    url.authority().map_or("", |authority| authority.as_str())
}

/// The token of a request that carries one which is bound to the key.
fn bound_token(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix(BOUND).map(Secret::from)
}

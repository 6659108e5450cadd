//! The rules for what an ID token says (OpenID Connect Core sections 3.1.3.7 and 3.1.3.8).

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Algorithm as Digest, SHA256, SHA384, SHA512, digest};
use serde_json::{Map, Value};

use super::claims::{self, Parties, seconds, since_1970};
use super::{ExpectedIdToken, Jws, malformed};
use crate::error::mask::Mask;
use crate::jwt::Algorithm;
use crate::{Error, Extra, Secret};

type Claims = Map<String, Value>;

pub(super) fn check_claims(
    expected: &ExpectedIdToken,
    jws: &Jws<'_>,
    client: &Parties<'_>,
    now: SystemTime,
) -> Result<(), Error> {
    let known = [client.client_secret, expected.nonce()];
    let shown = |text: &str| Mask::new(known.into_iter().flatten().map(Secret::expose)).line(text);

    client.check_issuer(jws, &shown)?;
    let subject = jws.text("sub")?;
    if subject.is_empty() {
        return Err(malformed("the ID token has an empty `sub`"));
    }
    check_audience(jws, client, &shown)?;
    check_times(expected, jws, now)?;
    check_nonce(expected, &jws.claims)
}

/// 3.1.3.7, 3 to 5.
fn check_audience(
    jws: &Jws<'_>,
    client: &Parties<'_>,
    shown: &dyn Fn(&str) -> String,
) -> Result<(), Error> {
    let (audiences, id) = (client.check_audience(jws, shown)?, client.client_id);
    let authorized = match jws.claims.get("azp") {
        None | Some(Value::Null) => None,
        Some(Value::String(authorized)) => Some(authorized),
        Some(_) => return Err(malformed("the ID token has an `azp` that is not a string")),
    };
    match authorized {
        Some(authorized) if authorized != id => Err(malformed(format!(
            "the ID token was issued to another client: `azp` is `{}`, expected is the client id `{id}`",
            shown(authorized)
        ))),
        None if audiences.len() > 1 => Err(malformed(
            "the ID token is for several audiences, and has no `azp` that says which client it was \
             issued to",
        )),
        _ => Ok(()),
    }
}

/// 3.1.3.7, 9, 10 and 13.
fn check_times(expected: &ExpectedIdToken, jws: &Jws<'_>, now: SystemTime) -> Result<(), Error> {
    claims::check_times(jws, expected.clock_skew(), now)?;
    if jws.time("iat")?.is_none() {
        return Err(malformed("the ID token has no `iat`"));
    }
    let (now, skew) = (since_1970(now), expected.clock_skew().as_secs_f64());
    let authenticated = jws.time("auth_time")?;
    let Some(age) = expected.max_age() else {
        return Ok(());
    };
    let authenticated = authenticated
        .ok_or_else(|| malformed("the ID token has no `auth_time`, and `max_age` was asked for"))?;
    if authenticated + age.as_secs_f64() < now - skew {
        return Err(malformed(format!(
            "the person signed in {} ago (`auth_time`), which is longer than the `max_age` of {}",
            seconds(now - authenticated),
            seconds(age.as_secs_f64())
        )));
    }
    if authenticated > now + skew {
        return Err(malformed(
            "the ID token has an `auth_time` that is still to come: look at the clock of this machine",
        ));
    }
    Ok(())
}

/// 3.1.3.7, 11.
fn check_nonce(expected: &ExpectedIdToken, claims: &Claims) -> Result<(), Error> {
    let nonce = match claims.get("nonce") {
        None | Some(Value::Null) => None,
        Some(Value::String(nonce)) => Some(Secret::from(nonce)),
        Some(_) => {
            return Err(malformed("the ID token has a `nonce` that is not a string"));
        }
    };
    match (expected.nonce(), nonce) {
        (Some(expected), Some(nonce)) if *expected == nonce => Ok(()),
        (Some(_), Some(_)) => Err(malformed(
            "the ID token has the `nonce` of another authorization",
        )),
        (Some(_), None) => Err(malformed(
            "the ID token has no `nonce`, and one was sent with the authorization request",
        )),
        (None, Some(_)) if !expected.is_refresh() => Err(malformed(
            "the ID token has a `nonce`, and none was sent with the authorization request",
        )),
        (None, _) => Ok(()),
    }
}

/// 3.1.3.8: the left half of the digest of the access token.
pub(super) fn check_access_token(
    jws: &Jws<'_>,
    access_token: Option<&Secret>,
) -> Result<(), Error> {
    let hash = match jws.claims.get("at_hash") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(hash)) => hash,
        Some(_) => {
            return Err(malformed(
                "the ID token has an `at_hash` that is not a string",
            ));
        }
    };
    let Some(access_token) = access_token else {
        return Ok(());
    };
    let digest = digest(digest_of(jws.algorithm), access_token.expose().as_bytes());
    let digest = digest.as_ref();
    let half = digest.get(..digest.len() / 2).unwrap_or_default();
    if Secret::from(URL_SAFE_NO_PAD.encode(half)) == Secret::from(hash) {
        return Ok(());
    }
    Err(malformed(
        "the ID token came with another access token: `at_hash` is not its digest",
    ))
}

fn digest_of(algorithm: Algorithm) -> &'static Digest {
    match algorithm {
        Algorithm::HS256 | Algorithm::RS256 | Algorithm::PS256 | Algorithm::ES256 => &SHA256,
        Algorithm::HS384 | Algorithm::RS384 | Algorithm::PS384 | Algorithm::ES384 => &SHA384,
        // Ed25519 hashes by SHA-512.
        Algorithm::HS512 | Algorithm::RS512 | Algorithm::PS512 | Algorithm::EdDsa => &SHA512,
    }
}

/// What the first ID token says that the next ones have to say too.
#[derive(Debug, Clone)]
pub(super) struct Original(Extra);

impl Original {
    pub(super) fn of(claims: &Extra) -> Self {
        Self(claims.clone())
    }

    /// OpenID Connect Core section 12.2.
    pub(super) fn check(&self, claims: &Claims) -> Result<(), Error> {
        let differs = |name: &str| claims.get(name) != self.0.get(name);
        let is_there = |name: &str| claims.get(name).is_some_and(|value| !value.is_null());
        let mut always = ["iss", "sub", "aud", "azp"].into_iter();
        let mut where_given = ["auth_time", "nonce"].into_iter();
        let other = always
            .find(|name| differs(name))
            .or_else(|| where_given.find(|name| is_there(name) && differs(name)));
        match other {
            None => Ok(()),
            Some(name) => Err(malformed(format!(
                "the ID token has another `{name}` than the first one of this sign-in"
            ))),
        }
    }
}

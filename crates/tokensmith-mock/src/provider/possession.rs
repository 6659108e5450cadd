//! Proofs of possession (RFC 9449).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Request};
use serde_json::Value;

use super::{Provider, base_of, lock};
use crate::jws::{Jws, Key};
use crate::refusal::Refusal;

/// How far the time of a proof may be from the server's, in seconds.
const WINDOW: u64 = 300;

impl Provider {
    /// Checks the proof of a request, and returns the thumbprint of its key (RFC 7638). Nothing if
    /// there is no proof, or if the provider is one whose document says nothing of proofs.
    pub(super) fn proof(
        &self,
        request: &Request<Vec<u8>>,
        access_token: Option<&str>,
        now: i64,
    ) -> Result<Option<String>, Refusal> {
        let refuse =
            |reason: &str| Refusal::new("invalid_dpop_proof", format!("the proof {reason}"));
        let Some(proof) = only(request.headers()).filter(|_| self.standard) else {
            return Ok(None);
        };
        let proof = proof.ok_or_else(|| refuse("is sent more than once"))?;
        let jws = Jws::read(proof).ok_or_else(|| refuse("is not a JWT"))?;
        let key = jws
            .header
            .get("jwk")
            .ok_or_else(|| refuse("has no `jwk`"))?;
        if jws.header.get("typ").and_then(Value::as_str) != Some("dpop+jwt") {
            return Err(refuse("has a `typ` other than `dpop+jwt`"));
        }
        if key.get("d").is_some() {
            return Err(refuse("shows a private key"));
        }
        if !jws.is_signed_by(&Key::Public(key)) {
            return Err(refuse("is not signed by its key"));
        }
        let claim = |name: &str| jws.claims.get(name).and_then(Value::as_str);
        let url = format!("{}{}", base_of(request), request.uri().path());
        if claim("htm") != Some(request.method().as_str()) {
            return Err(refuse("has another method in `htm`"));
        }
        if claim("htu") != Some(url.as_str()) {
            return Err(refuse("has another URL in `htu`"));
        }
        let issued = jws.claims.get("iat").and_then(Value::as_i64);
        if issued.is_none_or(|issued| (now / 1_000).abs_diff(issued) > WINDOW) {
            return Err(refuse("was not made now, by its `iat`"));
        }
        if access_token.is_some_and(|token| claim("ath") != Some(&digest(token))) {
            return Err(refuse(
                "has an `ath` that is not the hash of the access token",
            ));
        }
        let id = claim("jti").filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| refuse("has no `jti`"))?.to_owned();
        let mut state = lock(&self.state);
        if state.proofs.get(&id).is_some() {
            return Err(refuse("was used before"));
        }
        state.proofs.insert(id, ());
        thumbprint(key)
            .map(Some)
            .ok_or_else(|| refuse("has a `jwk` of an unknown kind"))
    }
}

/// The header `DPoP`: nothing if there is none, and `None` within if there are several.
fn only(headers: &HeaderMap) -> Option<Option<&str>> {
    let mut values = headers.get_all("dpop").iter();
    let first = values.next()?;
    Some(first.to_str().ok().filter(|_| values.next().is_none()))
}

/// The thumbprint of a key (RFC 7638 section 3): of its required members, in order.
fn thumbprint(key: &Value) -> Option<String> {
    let member = |name: &str| key.get(name).and_then(Value::as_str);
    let names: &[&str] = match member("kty")? {
        "EC" => &["crv", "kty", "x", "y"],
        "RSA" => &["e", "kty", "n"],
        "OKP" => &["crv", "kty", "x"],
        _ => return None,
    };
    let members = names
        .iter()
        .map(|name| Some(format!("\"{name}\":{}", Value::from(member(name)?))));
    let members: Vec<String> = members.collect::<Option<_>>()?;
    Some(digest(&format!("{{{}}}", members.join(","))))
}

/// SHA-256, as JWTs have it.
fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_of_rfc_7638() {
        let key = serde_json::json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB",
            "alg": "RS256",
            "kid": "2011-04-29",
        });
        let expected = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
        assert_eq!(thumbprint(&key).as_deref(), Some(expected));
    }
}

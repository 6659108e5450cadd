//! What a plain server has beside its endpoints: metadata, keys, and who the user is.

use http::{Method, Request, Response, header};
use serde_json::json;

use super::{Provider, base_of, lock};
use crate::reply::{respond, set};
use crate::standard;

const JSON: &str = "application/json";

impl Provider {
    /// Whether a token is carried as it has to be: one that is bound to a key, with a proof.
    fn opens(&self, request: &Request<Vec<u8>>, scheme: &str, token: &str) -> bool {
        let now = self.clock.now();
        let state = lock(&self.state);
        let found = state.valid_access_token(token, now);
        let Some(key) = found.map(|token| token.grant.key.clone()) else {
            return false;
        };
        drop(state);
        match key {
            None => scheme.eq_ignore_ascii_case("Bearer"),
            Some(key) => {
                let proof = self.proof(request, Some(token), now);
                scheme.eq_ignore_ascii_case("DPoP") && proof == Ok(Some(key))
            }
        }
    }

    /// Responds to what a plain server has beside its endpoints; nothing if it is something else.
    pub(super) fn openid(&self, request: &Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
        if !self.standard || request.method() != Method::GET {
            return None;
        }
        let body = match request.uri().path() {
            "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" => {
                standard::metadata(&base_of(request))
            }
            "/jwks" => self.signer()?.keys(),
            "/userinfo" => {
                let header = request.headers().get(header::AUTHORIZATION);
                let header = header.and_then(|value| value.to_str().ok());
                let header = header.and_then(|value| value.split_once(' '));
                let (scheme, token) = header.unwrap_or_default();
                if !self.opens(request, scheme, token) {
                    let mut response = respond(401, "", "");
                    let challenge = "Bearer error=\"invalid_token\"";
                    set(&mut response, header::WWW_AUTHENTICATE.as_str(), challenge);
                    return Some(response);
                }
                json!({"sub": super::SUBJECT})
            }
            _ => return None,
        };
        Some(respond(200, JSON, body.to_string()))
    }
}

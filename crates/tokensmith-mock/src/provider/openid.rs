//! What a plain server has beside its endpoints: metadata, keys, and who the user is.

use http::{Method, Request, Response, header};
use serde_json::json;

use super::{Provider, base_of};
use crate::reply::{respond, set};
use crate::standard;

const JSON: &str = "application/json";

impl Provider {
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
                let token = header.and_then(|value| value.strip_prefix("Bearer "));
                if !token.is_some_and(|token| self.is_active(token)) {
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

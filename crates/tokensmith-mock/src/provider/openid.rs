//! What a plain server has beside its endpoints: metadata, keys, and who the user is.

use http::{Method, Request, Response};
use serde_json::json;

use super::control::JSON;
use super::{Provider, base_of};
use crate::reply::respond;
use crate::standard;

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
                if !self.is_authorized(request) {
                    return Some(self.unauthorized(request, "", ""));
                }
                json!({"sub": super::SUBJECT})
            }
            _ => return None,
        };
        Some(respond(200, JSON, body.to_string()))
    }
}

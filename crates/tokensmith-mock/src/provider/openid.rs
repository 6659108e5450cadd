//! What a plain server has beside its endpoints: metadata, keys, and who the user is.

use http::{Method, Request, Response, header};
use serde_json::json;

use super::control::JSON;
use super::{Outcome, Provider, base_of};
use crate::refusal::Refusal;
use crate::reply::{REFUSAL_HEADER, respond, set};
use crate::standard;

/// What a plain server has beside its endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// What describes the server (RFC 8414, OpenID Connect Discovery).
    Metadata,
    /// The keys that verify ID tokens (RFC 7517).
    Keys,
    /// Who the user is (OpenID Connect Core section 5.3).
    UserInfo,
}

impl Page {
    /// Returns how faults and seen requests call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Keys => "jwks",
            Self::UserInfo => "userinfo",
        }
    }
}

impl Provider {
    /// Finds what a plain server has at the path of a request.
    pub(super) fn openid_page(&self, request: &Request<Vec<u8>>) -> Option<Page> {
        match request.uri().path() {
            _ if !self.standard => None,
            "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" => {
                Some(Page::Metadata)
            }
            "/jwks" => Some(Page::Keys),
            "/userinfo" => Some(Page::UserInfo),
            _ => None,
        }
    }

    /// Responds to a request for what a plain server has beside its endpoints.
    pub(super) fn openid(&self, page: Page, request: &Request<Vec<u8>>) -> Outcome {
        let (methods, names): (&[Method], _) = match page {
            Page::UserInfo => (&[Method::GET, Method::POST], "GET or POST"),
            Page::Metadata | Page::Keys => (&[Method::GET], "GET"),
        };
        if !methods.contains(request.method()) {
            let reason = format!("the method is {}, not {names}", request.method());
            return refuse(Refusal::request(reason).with_status(405));
        }
        let body = match page {
            Page::Metadata => standard::metadata(&base_of(request), self.options.pushes),
            Page::Keys => match self.signer() {
                Some(signer) => signer.keys(),
                None => {
                    return refuse(Refusal::new(
                        "server_error",
                        "the system has no random bytes for a key",
                    ));
                }
            },
            Page::UserInfo if self.is_authorized(request) => json!({"sub": super::SUBJECT}),
            Page::UserInfo => {
                let reason = "the header Authorization has no valid access token";
                let mut outcome = refuse(Refusal::new("invalid_token", reason));
                let challenge = self.challenge(request);
                set(
                    &mut outcome.response,
                    header::WWW_AUTHENTICATE.as_str(),
                    &challenge,
                );
                return outcome;
            }
        };
        Outcome {
            response: respond(200, JSON, body.to_string()),
            refusal: None,
        }
    }
}

/// Refuses as RFC 6749 section 5.2 has it.
pub(super) fn refuse(refusal: Refusal) -> Outcome {
    let body = json!({"error": refusal.code}).to_string();
    let mut response: Response<_> = respond(refusal.standard_status(), JSON, body);
    let reason = format!("{}: {}", refusal.code, refusal.reason);
    set(&mut response, REFUSAL_HEADER, &reason);
    Outcome {
        response,
        refusal: Some(refusal),
    }
}

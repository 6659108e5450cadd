//! An API that tokens open: whether the token that a request carries is valid.

use http::{Request, Response, header};
use serde_json::json;
use tokensmith_runtime::TokenUse;

use super::control::{JSON, found, shown};
use super::{Provider, lock};
use crate::certificate::ClientCertificate;
use crate::reply::{respond, set};
use crate::request::members::form;
use crate::standard::PROOF_ALGORITHMS;
use crate::state::Grant;

impl Provider {
    /// Responds as an API whether the token that a request carries is valid.
    pub(super) fn resource(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let endpoints = self.description.endpoints().iter();
        let query = form(request.uri().query().unwrap_or_default(), "query").unwrap_or_default();
        let mut carried = endpoints.filter_map(|endpoint| match endpoint.token_use() {
            TokenUse::Header { name, pattern } => {
                let value = request.headers().get(name)?.to_str().ok()?;
                let (before, after) = pattern.split_once("{token}")?;
                let token = value.strip_prefix(before)?.strip_suffix(after)?;
                Some(token.to_owned())
            }
            TokenUse::Query { name } => found(&query, name).map(str::to_owned),
        });
        let is_open = self.standard && self.is_authorized(request)
            || carried.any(|token| self.opens(request, &token, false));
        match is_open {
            true => shown(&json!({"valid": true})),
            false => {
                let mut response = respond(401, JSON, json!({"valid": false}).to_string());
                let challenge = self.challenge(request);
                set(&mut response, header::WWW_AUTHENTICATE.as_str(), &challenge);
                response
            }
        }
    }

    /// Whether the header `Authorization` of a request has a valid token.
    pub(super) fn is_authorized(&self, request: &Request<Vec<u8>>) -> bool {
        let (scheme, token) = authorization(request);
        let by_proof = scheme.eq_ignore_ascii_case("DPoP");
        let is_known = by_proof || scheme.eq_ignore_ascii_case("Bearer");
        is_known && self.opens(request, token, by_proof)
    }

    /// Returns the challenge for a request without a valid token, in the scheme that the token has
    /// to be sent by (RFC 9449 section 7.1).
    pub(super) fn challenge(&self, request: &Request<Vec<u8>>) -> String {
        let (scheme, token) = authorization(request);
        let by_proof = scheme.eq_ignore_ascii_case("DPoP")
            || self
                .grant_of(token)
                .is_some_and(|grant| grant.key.is_some());
        match by_proof {
            true => {
                let algorithms = PROOF_ALGORITHMS.join(" ");
                format!("DPoP error=\"invalid_token\", algs=\"{algorithms}\"")
            }
            false => "Bearer error=\"invalid_token\"".to_owned(),
        }
    }

    /// Whether a token is carried as it has to be: one that is bound to a key, with a proof, and one
    /// that is bound to a certificate, over a connection that has it.
    fn opens(&self, request: &Request<Vec<u8>>, token: &str, by_proof: bool) -> bool {
        let now = self.clock.now();
        let Some(grant) = self.grant_of(token) else {
            return false;
        };
        let certificate = grant.certificate.as_deref();
        if certificate.is_some() && certificate != ClientCertificate::of(request) {
            return false;
        }
        match grant.key {
            None => !by_proof,
            Some(key) => by_proof && self.proof(request, Some(token), now) == Ok(Some(key)),
        }
    }

    /// Returns what a valid token stands for.
    fn grant_of(&self, token: &str) -> Option<Grant> {
        let state = lock(&self.state);
        let found = state.valid_access_token(token, self.clock.now())?;
        Some(found.grant.clone())
    }
}

/// The scheme and the credential in the header `Authorization`, empty if there are none.
fn authorization(request: &Request<Vec<u8>>) -> (&str, &str) {
    let header = request.headers().get(header::AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let header = header.and_then(|value| value.split_once(' '));
    header.unwrap_or_default()
}

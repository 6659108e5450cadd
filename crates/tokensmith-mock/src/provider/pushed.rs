//! Pushed authorization requests (RFC 9126).

use http::{Request, Uri};
use serde_json::json;
use tokensmith_runtime::{Endpoint, EndpointKind, PushedRequests};

use super::operation_choice::Candidate;
use super::{Provider, lock};
use crate::refusal::Refusal;
use crate::response::success::{Written, field, over};
use crate::state::Pushed;

/// How long a reference is good for, in seconds.
const LIFETIME: i64 = 60;

impl Provider {
    /// Keeps an authorization request, and gives a reference to it (RFC 9126 section 2.2).
    pub(super) fn push_authorization(
        &self,
        candidate: &Candidate<'_>,
        now: i64,
    ) -> Result<Written, Refusal> {
        if candidate.text("request_uri").is_some() {
            // RFC 9126 section 2.1.
            return Err(Refusal::request(
                "`request_uri` is given to the endpoint that makes them",
            ));
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(candidate.given());
        let mut state = lock(&self.state);
        let request_uri = format!(
            "urn:ietf:params:oauth:request_uri:{}",
            state.credential("request")
        );
        let pushed = Pushed {
            query: query.finish(),
            client: candidate.client().map(str::to_owned),
            expires: now.saturating_add(LIFETIME * 1_000),
            used: false,
        };
        state.pushed.insert(request_uri.clone(), pushed);
        let at = |name: &str| field(candidate.endpoint, "", name);
        let values = [
            (at("request_uri"), json!(request_uri)),
            (at("expires_in"), json!(LIFETIME)),
        ];
        let is_there = |json: &serde_json::Value| json.pointer(&at("request_uri")).is_some();
        Ok(over(self.samples_of(candidate), is_there, &values))
    }

    /// Returns the authorization request that a `request_uri` refers to, or why it refers to nothing;
    /// `None` if a request has no such parameter.
    ///
    /// What stands beside `request_uri` is ignored (RFC 9101 section 6.3, RFC 9126 section 4), except
    /// for the client and for `approve`, which is the mock's own.
    pub(super) fn referred(
        &self,
        request: &Request<Vec<u8>>,
        now: i64,
    ) -> Option<Result<Referred, Refusal>> {
        let mut endpoints = self.description.endpoints().iter();
        endpoints.find(|endpoint| endpoint.kind() == EndpointKind::PushedAuthorization)?;
        let (path, query) = (request.uri().path(), request.uri().query()?);
        let values = |wanted: &str| {
            let pairs = form_urlencoded::parse(query.as_bytes());
            let values = pairs.filter(|(name, _)| name == wanted);
            values
                .map(|(_, value)| value.into_owned())
                .collect::<Vec<_>>()
        };
        let references = values("request_uri");
        let request_uri = references.first()?;
        let (place, _) = self.routes.find(path, query).into_iter().next()?;
        let endpoint = self.description.endpoints().get(place)?;
        if endpoint.kind() != EndpointKind::Authorization {
            return None;
        }
        if references.len() > 1 {
            let reason = "`request_uri` is repeated in the query";
            return Some(Err(Refusal::request(reason)));
        }
        let client = values(endpoint.client_id()).into_iter().next();
        let state = lock(&self.state);
        let good = state.pushed.get(request_uri).filter(|pushed| {
            let is_open = !pushed.used && pushed.expires > now;
            is_open && pushed.client == client
        });
        let Some(pushed) = good else {
            return Some(Err(unusable()));
        };
        let kept = query.split('&').filter(|part| is_kept(part, endpoint));
        let parts: Vec<&str> = [pushed.query.as_str()].into_iter().chain(kept).collect();
        let uri: Uri = format!("{path}?{}", parts.join("&")).parse().ok()?;
        let mut complete = request.clone();
        *complete.uri_mut() = uri;
        Some(Ok(Referred {
            request: complete,
            request_uri: request_uri.clone(),
        }))
    }

    /// Uses a reference up. A fault that befalls its request leaves it usable: nobody was asked.
    pub(super) fn use_reference(&self, request_uri: &str) -> Result<(), Refusal> {
        let mut state = lock(&self.state);
        match state.pushed.get_mut(request_uri) {
            Some(pushed) if !pushed.used => {
                pushed.used = true;
                Ok(())
            }
            _ => Err(unusable()),
        }
    }
}

impl Candidate<'_> {
    /// Refuses an authorization request that was not pushed, where the provider takes no others (RFC
    /// 9126 section 5).
    pub(super) fn refuse_unless_pushed(&mut self) {
        let is_required = self.endpoint.pushed_requests() == PushedRequests::Required;
        if is_required && self.refusal.is_none() {
            let reason = "the authorization request was not pushed (RFC 9126)";
            self.refusal = Some(Refusal::request(reason));
        }
    }
}

/// An authorization request with the parameters that were pushed, and the reference to them.
pub(super) struct Referred {
    pub(super) request: Request<Vec<u8>>,
    pub(super) request_uri: String,
}

fn unusable() -> Refusal {
    let reason = "`request_uri` is unknown, expired, used before, or of another client";
    Refusal::new("invalid_request_uri", reason)
}

/// Whether a part of the query counts beside `request_uri`: the client, what the endpoint's own URL
/// has, and what tells the mock to approve.
fn is_kept(part: &str, endpoint: &Endpoint<'_>) -> bool {
    let mut pairs = form_urlencoded::parse(part.as_bytes());
    let name = pairs.next().map(|(name, _)| name).unwrap_or_default();
    let own = endpoint
        .paths()
        .iter()
        .filter_map(|path| path.split_once('?'));
    let mut own = own.flat_map(|(_, query)| query.split('&'));
    name == endpoint.client_id() || name == "approve" || own.any(|other| other == part)
}

//! Pushed authorization requests (RFC 9126).

use http::{Request, Uri};
use serde_json::json;
use tokensmith_runtime::EndpointKind;

use super::candidate::Candidate;
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

    /// Returns an authorization request with the parameters that its `request_uri` refers to; `None`
    /// if it has none that is good.
    pub(super) fn with_pushed(
        &self,
        request: &Request<Vec<u8>>,
        now: i64,
    ) -> Option<Request<Vec<u8>>> {
        let (path, query) = (request.uri().path(), request.uri().query()?);
        let of = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let (_, value) = pairs.find(|(name, _)| name == wanted)?;
            Some(value.into_owned())
        };
        let request_uri = of("request_uri")?;
        let (place, _) = self.routes.find(path, query).into_iter().next()?;
        let endpoint = self.description.endpoints().get(place)?;
        if endpoint.kind() != EndpointKind::Authorization {
            return None;
        }
        let client = of(endpoint.client_id());
        let mut state = lock(&self.state);
        let pushed = state.pushed.get_mut(&request_uri)?;
        if pushed.used || pushed.expires <= now || pushed.client != client {
            return None;
        }
        pushed.used = true;
        let kept = query
            .split('&')
            .filter(|part| part.split('=').next() != Some("request_uri"));
        let parts: Vec<&str> = [pushed.query.as_str()].into_iter().chain(kept).collect();
        let uri: Uri = format!("{path}?{}", parts.join("&")).parse().ok()?;
        let mut complete = request.clone();
        *complete.uri_mut() = uri;
        Some(complete)
    }
}

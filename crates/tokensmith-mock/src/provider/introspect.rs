//! Introspection (RFC 7662).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokensmith_runtime::Endpoint;

use super::operation_choice::Candidate;
use super::token_state::token;
use super::{Provider, lock};
use crate::response::body::{put, remove};
use crate::response::success::{Written, example, field, over};
use crate::state::Grant;

/// When a token was issued, when it expires, and what time it is, in seconds.
struct Times {
    issued: i64,
    expires: Option<i64>,
    now: i64,
}

impl Provider {
    /// Says whether a token is valid, and what it stands for (RFC 7662 section 2.2).
    pub(super) fn introspect(&self, candidate: &Candidate<'_>, now: i64, skew: i64) -> Written {
        let endpoint = candidate.endpoint;
        let samples = self.samples_of(candidate);
        let at = field(endpoint, "", "active");
        let says = |active: bool| {
            let at = at.clone();
            move |json: &Value| json.pointer(&at) == Some(&Value::Bool(active))
        };
        let state = lock(&self.state);
        let token = token(candidate).unwrap_or_default();
        let found = state.valid_access_token(&token, now);
        let shown = |time: i64| time.saturating_add(skew) / 1_000;
        let times = found.map(|token| Times {
            issued: shown(token.issued),
            expires: token.expires.map(shown),
            now: shown(now),
        });
        let grant = found.map(|token| &token.grant);
        let Some(grant) = grant.or_else(|| state.valid_refresh_token(&token)) else {
            return over(samples, says(false), &[(at, json!(false))]);
        };
        let values = describe(grant, times.as_ref(), endpoint);
        let sample = example(samples, says(true));
        let mut body = sample.map_or(Value::Null, |sample| sample.json.clone());
        put(&mut body, &at, json!(true));
        for (name, value) in values {
            let at = field(endpoint, "", name);
            let is_shown = match sample {
                Some(sample) => sample.json.pointer(&at).is_some(),
                None => OF_RFCS.contains(&name),
            };
            match value {
                Some(value) if is_shown => put(&mut body, &at, value),
                _ => remove(&mut body, &at),
            }
        }
        Written::over(sample, &body)
    }
}

/// What a response without an example has, beside whether the token is valid.
const OF_RFCS: [&str; 5] = ["client_id", "scope", "cnf", "iat", "exp"];

/// What a response may say of a token. A value that is not known takes that of the example away: it
/// would be of another token.
fn describe(
    grant: &Grant,
    times: Option<&Times>,
    endpoint: &Endpoint<'_>,
) -> [(&'static str, Option<Value>); 10] {
    let scopes = Some(&grant.scopes).filter(|scopes| !scopes.is_empty());
    let separator = endpoint.scope_separator();
    let issued = times.map(|times| json!(times.issued));
    let expires = times.and_then(|times| times.expires);
    let remaining = times.and_then(|times| Some(times.expires?.saturating_sub(times.now)));
    [
        (
            "client_id",
            grant.client.as_ref().map(|client| json!(client)),
        ),
        ("scope", scopes.map(|scopes| json!(scopes.join(separator)))),
        ("scopes", scopes.map(|scopes| json!(scopes))),
        ("cnf", confirmation(grant)),
        ("iat", issued.clone()),
        ("nbf", issued.clone()),
        ("created_at", issued.clone()),
        ("authorized_at", issued),
        ("exp", expires.map(|expires| json!(expires))),
        ("expires_in", remaining.map(|seconds| json!(seconds))),
    ]
}

/// What a token is bound to (RFC 7800 section 3).
fn confirmation(grant: &Grant) -> Option<Value> {
    let key = grant.key.as_ref().map(|key| ("jkt", key));
    let certificate = grant.certificate.as_ref();
    let certificate = certificate.map(|certificate| ("x5t#S256", certificate));
    let bound: BTreeMap<_, _> = key.into_iter().chain(certificate).collect();
    (!bound.is_empty()).then(|| json!(bound))
}

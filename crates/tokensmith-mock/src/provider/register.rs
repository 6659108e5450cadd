//! The registration endpoint, at which clients are registered (RFC 7591).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::authorize::is_redirect_uri;
use super::clients::MOST;
use super::operation_choice::Candidate;
use super::{Provider, lock};
use crate::options::MockClient;
use crate::refusal::Refusal;
use crate::response::body::{put, remove};
use crate::response::success::{Written, example};

/// Methods of client authentication that need no secret.
const WITHOUT_SECRET: [&str; 4] = [
    "none",
    "private_key_jwt",
    "self_signed_tls_client_auth",
    "tls_client_auth",
];

impl Provider {
    /// Registers a client, and responds with it (section 3.2.1).
    pub(super) fn register_client(
        &self,
        candidate: &Candidate<'_>,
        now: i64,
    ) -> Result<Written, Refusal> {
        let metadata = candidate.body();
        let redirect_uris = texts(&metadata, "redirect_uris");
        if let Some(bad) = redirect_uris.iter().find(|uri| !is_redirect_uri(uri)) {
            let bad = bad.escape_debug();
            let reason = format!("`{bad}` is not an absolute URI without a fragment");
            return Err(Refusal::new("invalid_redirect_uri", reason));
        }
        let method = metadata.get("token_endpoint_auth_method");
        let method = method.and_then(Value::as_str).unwrap_or_default();
        let (id, secret) = {
            let mut state = lock(&self.state);
            let has_secret = !WITHOUT_SECRET.contains(&method);
            let secret = has_secret.then(|| state.credential("secret"));
            (state.credential("client"), secret)
        };
        let keys = metadata.get("jwks").and_then(|set| set.get("keys"));
        let client = MockClient {
            secret: secret.clone(),
            redirect_uris,
            post_logout_redirect_uris: texts(&metadata, "post_logout_redirect_uris"),
            keys: keys.and_then(Value::as_array).cloned().unwrap_or_default(),
            ..MockClient::public(&id)
        };
        self.remember(client)?;
        Ok(self.registered(candidate, &metadata, (&id, secret), now))
    }

    /// Adds a client to those that are registered. Where every client is taken, it is one of them.
    fn remember(&self, client: MockClient) -> Result<(), Refusal> {
        let mut clients = lock(&self.clients);
        if clients.is_empty() {
            return Ok(());
        }
        if clients.len() >= MOST {
            let reason = format!("no more than {MOST} clients are kept");
            return Err(Refusal::request(reason));
        }
        Arc::make_mut(&mut clients).push(client);
        Ok(())
    }

    /// Writes a client over the document's example of one.
    fn registered(
        &self,
        candidate: &Candidate<'_>,
        metadata: &Map<String, Value>,
        (id, secret): (&str, Option<String>),
        now: i64,
    ) -> Written {
        let samples = self.samples_of(candidate);
        let sample = example(samples, |json| json.get("client_id").is_some());
        let mut body = sample.map_or(Value::Null, |sample| sample.json.clone());
        for name in ["client_secret", "client_secret_expires_at"] {
            remove(&mut body, &format!("/{name}"));
        }
        let own = [
            ("client_id", json!(id)),
            ("client_id_issued_at", json!(now / 1_000)),
        ];
        let of_secret = secret.map(|secret| {
            // It does not expire.
            [
                ("client_secret", json!(secret)),
                ("client_secret_expires_at", json!(0)),
            ]
        });
        let metadata = metadata.iter();
        let metadata = metadata.map(|(name, value)| (name.as_str(), value.clone()));
        for (name, value) in metadata.chain(own).chain(of_secret.into_iter().flatten()) {
            let name = name.replace('~', "~0").replace('/', "~1");
            put(&mut body, &format!("/{name}"), value);
        }
        match sample {
            Some(sample) => Written::over(Some(sample), &body),
            None => Written::json(201, &body),
        }
    }
}

/// The texts of a list.
fn texts(metadata: &Map<String, Value>, name: &str) -> Vec<String> {
    let items = metadata.get(name).and_then(Value::as_array);
    let items = items.into_iter().flatten().filter_map(Value::as_str);
    items.map(str::to_owned).collect()
}

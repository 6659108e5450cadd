//! The clients that tests in any language register: `/.mock/clients`.

use std::sync::Arc;

use http::{Method, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::{bad, done, shown};
use super::{Provider, lock};
use crate::options::MockClient;
use crate::reply::refused;

/// How many clients are kept.
pub(super) const MOST: usize = 1_000;

/// How many bytes a request that registers clients may have.
const LONGEST: usize = 64 * 1024;

/// A client, in the words of RFC 7591 section 2.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Registration {
    client_id: String,
    client_secret: Option<String>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    jwks: Option<Keys>,
    /// The certificate of a client, as PEM (RFC 8705 section 2.2).
    certificate: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    keys: Vec<Value>,
}

impl Provider {
    /// Registers a client, or replaces the one with the same identifier. Clients that are not
    /// registered are refused from then on.
    pub fn add_client(&self, client: MockClient) {
        let mut clients = lock(&self.clients);
        *clients = Arc::new(with(&clients, vec![client]));
    }

    /// Replaces all clients. Without any, every client is taken.
    pub fn set_clients(&self, clients: Vec<MockClient>) {
        *lock(&self.clients) = Arc::new(clients);
    }

    /// Responds to a request to `/.mock/clients`; nothing if the method is another one.
    pub(super) fn control_clients(&self, method: &Method, body: &str) -> Option<Response<Vec<u8>>> {
        match *method {
            Method::GET => {
                let clients = self.clients();
                let clients: Vec<Value> = clients.iter().map(describe).collect();
                Some(shown(&json!(clients)))
            }
            Method::DELETE => {
                self.set_clients(Vec::new());
                Some(done())
            }
            Method::PUT | Method::POST => Some(self.register(method, body)),
            _ => None,
        }
    }

    fn register(&self, method: &Method, body: &str) -> Response<Vec<u8>> {
        let clients = match read(body) {
            Ok(clients) => clients,
            Err(message) => return bad(&message),
        };
        // At once: without any client, every client is taken.
        let mut all = lock(&self.clients);
        let before: &[MockClient] = match *method {
            Method::PUT => &[],
            _ => &all,
        };
        let after = with(before, clients);
        if after.len() > MOST {
            let reason = format!(
                "no more than {MOST} clients are kept: `DELETE /.mock/clients` removes them"
            );
            return refused(400, &reason);
        }
        *all = Arc::new(after);
        done()
    }
}

/// Returns clients with others added, which replace those with the same identifier.
fn with(before: &[MockClient], added: Vec<MockClient>) -> Vec<MockClient> {
    let mut all = before.to_vec();
    for client in added {
        all.retain(|other| other.id != client.id);
        all.push(client);
    }
    all
}

/// Reads a client, or a list of clients.
fn read(body: &str) -> Result<Vec<MockClient>, String> {
    if body.len() > LONGEST {
        return Err(format!("the body has more than {LONGEST} bytes"));
    }
    let value: Value = serde_json::from_str(body).map_err(|error| {
        format!("expected `{{\"client_id\": \"app\", \"client_secret\": \"s\"}}` or a list of such: {error}")
    })?;
    let values = match value {
        Value::Array(values) => values,
        value => vec![value],
    };
    let numbered = values.into_iter().enumerate();
    let clients = numbered.map(|(index, value)| {
        let at = |message: String| format!("client {}: {message}", index + 1);
        let registration = serde_json::from_value(value).map_err(|error| at(error.to_string()))?;
        client(registration).map_err(at)
    });
    clients.collect()
}

fn client(registration: Registration) -> Result<MockClient, String> {
    if registration.client_id.is_empty() {
        return Err("`client_id` is empty".to_owned());
    }
    let mut client = MockClient::public(registration.client_id);
    client.secret = registration.client_secret;
    client.redirect_uris = registration.redirect_uris;
    client.post_logout_redirect_uris = registration.post_logout_redirect_uris;
    client.keys = registration.jwks.map_or_else(Vec::new, |set| set.keys);
    match registration.certificate {
        Some(pem) => client
            .certificate(&pem)
            .map_err(|error| format!("`certificate`: {error}")),
        None => Ok(client),
    }
}

/// What is shown of a client: nothing secret.
fn describe(client: &MockClient) -> Value {
    json!({
        "client_id": client.id,
        "has_secret": client.secret.is_some(),
        "redirect_uris": client.redirect_uris,
        "keys": client.keys.len(),
        "certificates": client.certificates.len(),
    })
}

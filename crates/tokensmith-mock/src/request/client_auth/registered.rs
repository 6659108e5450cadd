//! The clients that a test has registered.

use tokensmith_runtime::{ClientAuth, Endpoint};

use super::Identity;
use crate::options::MockClient;
use crate::refusal::Refusal;

/// Compares with the clients that were registered, if any were.
pub(super) fn compare(
    identity: Identity,
    secret: Option<&str>,
    endpoint: &Endpoint<'_>,
    known: &[MockClient],
) -> Result<Identity, Refusal> {
    let Some(id) = identity.id.as_deref() else {
        let mut known_secrets = known.iter().filter_map(|client| client.secret.as_deref());
        return match secret {
            Some(secret) if !known.is_empty() && !known_secrets.any(|known| known == secret) => {
                Err(Refusal::client("no registered client has this secret"))
            }
            _ => Ok(identity),
        };
    };
    if known.is_empty() {
        return Ok(identity);
    }
    let Some(client) = known.iter().find(|client| client.id == id) else {
        let id = id.escape_debug();
        return Err(Refusal::client(format!(
            "the client `{id}` is not registered"
        )));
    };
    let auth = endpoint.client_auth();
    let is_proven = identity.method == "assertion"
        || matches!(auth, ClientAuth::None | ClientAuth::TlsClientAuth);
    match (client.secret.as_deref(), secret) {
        (Some(expected), Some(secret)) if expected == secret => Ok(identity),
        (Some(_), Some(_)) => Err(Refusal::client("the client secret is wrong")),
        (expected, None) if !is_proven && (expected.is_some() || !client.keys.is_empty()) => {
            let reason = "the client has a secret or a key and did not authenticate";
            Err(Refusal::client(reason))
        }
        (None, Some(secret)) if !secret.is_empty() => {
            Err(Refusal::client("the client is public and sent a secret"))
        }
        _ => Ok(identity),
    }
}

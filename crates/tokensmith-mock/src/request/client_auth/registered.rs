//! The clients that a test has registered.

use tokensmith_runtime::Endpoint;

use super::{CERTIFICATE, Identity, Known};
use crate::refusal::Refusal;

/// Compares with the clients that were registered, if any were.
pub(super) fn compare(
    identity: Identity,
    secret: Option<&str>,
    endpoint: &Endpoint<'_>,
    known: &Known<'_>,
) -> Result<Identity, Refusal> {
    let clients = known.clients;
    let Some(id) = identity.id.as_deref() else {
        let mut known_secrets = clients.iter().filter_map(|client| client.secret.as_deref());
        return match secret {
            Some(secret) if !clients.is_empty() && !known_secrets.any(|known| known == secret) => {
                Err(Refusal::client("no registered client has this secret"))
            }
            _ => Ok(identity),
        };
    };
    if clients.is_empty() {
        return Ok(identity);
    }
    let Some(client) = clients.iter().find(|client| client.id == id) else {
        let id = id.escape_debug();
        return Err(Refusal::client(format!(
            "the client `{id}` is not registered"
        )));
    };
    let auth = endpoint.client_auth();
    let is_certified = known
        .certificate
        .is_some_and(|sent| client.certificates.iter().any(|known| known == sent));
    if identity.method == CERTIFICATE && !is_certified {
        match (known.certificate, client.certificates.as_slice()) {
            (None, []) => {}
            (None, _) => return Err(Refusal::client("the connection has no client certificate")),
            (Some(_), []) => {
                return Err(Refusal::client(
                    "no certificate is registered for the client",
                ));
            }
            (Some(_), _) => {
                let reason = "the connection has another certificate than the client's";
                return Err(Refusal::client(reason));
            }
        }
    }
    let is_proven = identity.method == "assertion" || is_certified || auth.sends_identifier_only();
    let has_proof =
        client.secret.is_some() || !client.keys.is_empty() || !client.certificates.is_empty();
    match (client.secret.as_deref(), secret) {
        (Some(expected), Some(secret)) if expected == secret => Ok(identity),
        (Some(_), Some(_)) => Err(Refusal::client("the client secret is wrong")),
        (_, None) if !is_proven && has_proof => {
            let reason = "the client has a secret, a key or a certificate and did not authenticate";
            Err(Refusal::client(reason))
        }
        (None, Some(secret)) if !secret.is_empty() => {
            Err(Refusal::client("the client is public and sent a secret"))
        }
        _ => Ok(identity),
    }
}

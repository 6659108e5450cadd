//! Client assertions (RFC 7523).

use serde_json::Value;
use tokensmith_runtime::{Audience, ClientAuth, Endpoint};

use super::Known;
use crate::jws::{Jws, Key};
use crate::options::MockClient;
use crate::refusal::Refusal;

/// What a client assertion says.
pub(super) struct Assertion {
    /// The client.
    pub(super) client: String,
    /// What it can be used once by, if it has that.
    pub(super) id: Option<String>,
}

/// Reads a client assertion (RFC 7523 section 3). The signature is checked if clients are registered:
/// nobody knows the key of another.
pub(super) fn read(
    jwt: &str,
    endpoint: &Endpoint<'_>,
    known: &Known<'_>,
) -> Result<Assertion, Refusal> {
    let now = known.now;
    let refuse = |reason: &str| Refusal::client(format!("`client_assertion` {reason}"));
    let jws = Jws::read(jwt).ok_or_else(|| refuse("is not a JWT"))?;
    let claims = &jws.claims;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let (issuer, subject) = (text("iss"), text("sub"));
    if issuer != subject {
        return Err(refuse("has an `iss` other than its `sub`"));
    }
    let subject = subject.filter(|subject| !subject.is_empty());
    let subject = subject.ok_or_else(|| refuse("has no `sub`"))?;
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => return Err(refuse("has no `aud`")),
    };
    match claims.get("exp").and_then(Value::as_f64) {
        #[allow(clippy::cast_precision_loss)] // a time in milliseconds is exact
        Some(exp) if exp * 1000.0 > now as f64 => {}
        Some(_) => return Err(refuse("has expired")),
        None => return Err(refuse("has no `exp`")),
    }
    #[allow(clippy::cast_precision_loss)] // a time in milliseconds is exact
    let has_begun = |nbf: &Value| nbf.as_f64().is_some_and(|nbf| nbf * 1000.0 <= now as f64);
    if !claims.get("nbf").is_none_or(has_begun) {
        return Err(refuse("is not valid yet, by its `nbf`"));
    }
    if !audiences
        .iter()
        .any(|audience| is_audience(audience, endpoint, known.url))
    {
        let expected = match endpoint.audience() {
            Audience::Fixed(text) => text,
            Audience::Url | Audience::Issuer => known.url,
        };
        return Err(refuse(&format!(
            "has an `aud` of another server: `{expected}` is expected"
        )));
    }
    let mut clients = known.clients.iter();
    if let Some(client) = clients.find(|client| client.id == subject)
        && !is_signed(&jws, client, endpoint.client_auth())
    {
        return Err(refuse("is not signed by a key of the client"));
    }
    Ok(Assertion {
        client: subject.to_owned(),
        id: text("jti").map(str::to_owned),
    })
}

fn is_signed(jws: &Jws, client: &MockClient, auth: ClientAuth) -> bool {
    let secret = client.secret.as_deref().map(str::as_bytes);
    let by_secret = || secret.is_some_and(|secret| jws.is_signed_by(&Key::Secret(secret)));
    let by_key = || {
        let mut keys = client.keys.iter();
        keys.any(|key| jws.is_signed_by(&Key::Public(key)))
    };
    match auth {
        ClientAuth::PrivateKeyJwt => by_key(),
        ClientAuth::ClientSecretJwt => by_secret(),
        _ => by_secret() || by_key(),
    }
}

/// Whether an audience is the server at a URL: the endpoint's, or an issuer's that it begins with.
fn is_audience(audience: &str, endpoint: &Endpoint<'_>, url: &str) -> bool {
    if let Audience::Fixed(text) = endpoint.audience() {
        return audience == text;
    }
    let rest = url.strip_prefix(audience.trim_end_matches('/'));
    let is_base = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    is_base
        && audience
            .split_once("://")
            .is_some_and(|(_, host)| !host.trim_matches('/').is_empty())
}

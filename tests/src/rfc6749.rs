//! Any server that follows RFC 6749: sections 2.3.1 (client authentication), 4.4 (client
//! credentials) and 5.1 (the token), at whatever path ends in `/token`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::parameters::{Format, form_decode};
use crate::strict_server::{Received, Server, ServerResponse};

/// The access token that it issues.
pub const TOKEN: &str = "2YotnFZFEjr1zCsicMWpAA";

/// Starts a server that lets in this client. `shape` makes the response of the token response: for
/// a provider that puts it in an envelope.
pub fn start(
    id: &'static str,
    secret: &'static str,
    shape: impl Fn(Value) -> Value + Send + Sync + 'static,
) -> Server {
    Server::start(move |request| match judge(request, id, secret) {
        Ok(()) => {
            let token = json!({ "access_token": TOKEN, "token_type": "example", "expires_in": 3600, "example_parameter": "example_value" });
            ServerResponse::json(200, shape(token).to_string())
                .header("Cache-Control", "no-store")
                .header("Pragma", "no-cache")
        }
        Err((status, error)) => ServerResponse::json(status, json!({ "error": error }).to_string()),
    })
}

fn judge(request: &Received, id: &str, secret: &str) -> Result<(), (u16, &'static str)> {
    const INVALID: (u16, &str) = (400, "invalid_request");
    if request.method != "POST" || !request.target.ends_with("/token") {
        return Err((404, "invalid_request"));
    }
    let content_type = request.header("content-type").ok_or(INVALID)?;
    let format = [Format::Form, Format::Json]
        .into_iter()
        .find(|format| format.media_type() == content_type);
    let parameters = format
        .ok_or(INVALID)?
        .read(&request.body)
        .map_err(|_| INVALID)?;
    let get = |name: &str| {
        let mut named = parameters.iter().filter(|(key, _)| key == name);
        named.next().map(|(_, value)| value.clone())
    };
    let client = match (
        request.header("authorization"),
        get("client_id"),
        get("client_secret"),
    ) {
        (Some(header), None, None) => basic(header),
        (None, Some(id), Some(secret)) => Some((id, secret)),
        _ => return Err(INVALID),
    };
    if client != Some((id.to_owned(), secret.to_owned())) {
        return Err((401, "invalid_client"));
    }
    match get("grant_type").as_deref() {
        Some("client_credentials") => Ok(()),
        Some(_) => Err((400, "unsupported_grant_type")),
        None => Err(INVALID),
    }
}

fn basic(header: &str) -> Option<(String, String)> {
    let pair = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((form_decode(id).ok()?, form_decode(secret).ok()?))
}

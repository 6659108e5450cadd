//! A request that a client would send.

use super::{Body, Command};
use crate::exchange::shown_request::{ShownBody, ShownRequest, title_case};
use crate::exchange::word::{Instead, Word};

/// Headers that curl sends itself, or that make no difference to it.
const OWN_HEADERS: [&str; 4] = ["accept-encoding", "content-length", "host", "user-agent"];

/// Returns the command that sends the request. Its secrets are variables.
pub(crate) fn command(request: &ShownRequest) -> String {
    let mut authentication = Vec::new();
    let mut headers = Vec::new();
    let mut media_type = String::new();
    for (name, value) in &request.headers {
        if name == "content-type" {
            media_type = value.shown(Instead::Mark, str::to_owned);
            continue;
        }
        if OWN_HEADERS.contains(&name.as_str()) {
            continue;
        }
        match value.basic_pair().filter(|_| name == "authorization") {
            Some(pair) => authentication.push(format!("--user {}", pair.to_shell())),
            None => headers.push((title_case(name), value.clone())),
        }
    }
    let body = match &request.body {
        ShownBody::Empty | ShownBody::Other(_) => Body::Empty,
        ShownBody::Form(fields) => Body::Form(fields.clone()),
        ShownBody::Multipart(fields) => Body::Multipart(fields.clone()),
        ShownBody::Json(value) => Body::Json {
            media_type,
            value: value.clone(),
        },
    };
    let command = Command {
        method: request.method.clone(),
        url: Word::text(&request.origin).then(request.path.clone()),
        authentication,
        headers,
        query: request.query.clone(),
        body,
    };
    command.write()
}

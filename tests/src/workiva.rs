//! Workiva, from the page "Retrieve a token" (developers.workiva.com).

use crate::endpoint::{Call, Endpoint, Page, Style};
use crate::parameters::Format;
use crate::strict_server::ServerResponse;

/// The statuses that the page documents.
pub const STATUSES: [u16; 3] = [200, 400, 401];
/// The paths: that of the operation, and that of the page's code samples.
pub const PATHS: [&str; 2] = ["/oauth2/token", "/iam/v1/oauth2/token"];
/// What is granted whatever was asked for: the page says that the two may differ.
pub const GRANTED: &str = "file:read";

static PAGE: Page = Page {
    paths: &PATHS,
    formats: &[Format::Form],
    styles: &[Style::Basic, Style::Body],
    headers: &[],
    judge,
    refuse: || response(401),
};

/// Starts the endpoint.
pub fn start() -> Endpoint {
    Endpoint::start(&PAGE)
}

/// What the page has for this status.
///
/// # Panics
///
/// When the page does not know the status.
pub fn response(status: u16) -> ServerResponse {
    let body = match status {
        200 => {
            serde_json::json!({ "access_token": "wk-access-token", "expires_in": 600, "scope": GRANTED, "token_type": "bearer" })
        }
        400 => error("invalid_scope", "The scope is not known."),
        401 => error("invalid_client", "The client is not known."),
        _ => panic!("Workiva's page has no status {status}"),
    };
    ServerResponse::json(status, body.to_string())
}

fn error(code: &str, description: &str) -> serde_json::Value {
    serde_json::json!({ "error": code, "error_description": description, "error_uri": "https://example.com/errors" })
}

fn judge(call: &Call) -> Result<ServerResponse, String> {
    call.only(&["grant_type", "scope"])?;
    match call.get("grant_type") {
        Some("client_credentials") => Ok(response(200)),
        grant => Err(format!("the grant_type is {grant:?}")),
    }
}

//! Moveworks, from the page "Create an OAuth token" (docs.moveworks.com).

use crate::endpoint::{Call, Endpoint, Page, Style};
use crate::parameters::Format;
use crate::strict_server::ServerResponse;

/// The statuses that the page documents.
pub const STATUSES: [u16; 5] = [200, 400, 401, 429, 500];

static PAGE: Page = Page {
    paths: &["/oauth/v1/token"],
    formats: &[Format::Json],
    styles: &[Style::Body],
    headers: &[],
    judge,
    refuse: || response(401),
};

/// Starts the endpoint.
pub fn start() -> Endpoint {
    Endpoint::start(&PAGE)
}

/// What the page has for this status: errors have no body.
///
/// # Panics
///
/// When the page does not know the status.
pub fn response(status: u16) -> ServerResponse {
    match status {
        200 => ServerResponse::json(
            200,
            r#"{"data":{"access_token":"mw-access-token","expires_in":60,"token_type":"Bearer"}}"#,
        ),
        400 | 401 | 429 | 500 => ServerResponse::new(status),
        _ => panic!("the page of Moveworks has no status {status}"),
    }
}

/// The token outside of its envelope, as a generic OAuth client would read it.
pub fn bare_token() -> ServerResponse {
    ServerResponse::json(
        200,
        r#"{"access_token":"mw-access-token","expires_in":60,"token_type":"Bearer"}"#,
    )
}

/// An error in the envelope that the vendor's page on errors describes.
pub fn enveloped_error(status: u16) -> ServerResponse {
    ServerResponse::json(
        status,
        r#"{"error":{"code":"invalid_client","message":"The client is not known."}}"#,
    )
}

/// An error as the schemas of the vendor's Events API have it.
pub fn flat_error(status: u16) -> ServerResponse {
    ServerResponse::json(
        status,
        r#"{"code":"invalid_client","message":"The client is not known."}"#,
    )
}

fn judge(call: &Call) -> Result<ServerResponse, String> {
    call.only(&["grant_type"])?;
    match call.get("grant_type") {
        Some("client_credentials") => Ok(response(200)),
        grant => Err(format!("the grant_type is {grant:?}")),
    }
}

//! Moov, from the page "Create an access token" (docs.moov.io); the revocation from the page beside
//! it.

use crate::endpoint::{Call, Endpoint, Page, Style};
use crate::parameters::Format;
use crate::strict_server::ServerResponse;

/// The statuses of the token endpoint that Moov documents.
pub const STATUSES: [u16; 6] = [200, 400, 422, 429, 500, 504];
/// The statuses of the revocation endpoint that Moov documents.
pub const REVOCATION_STATUSES: [u16; 6] = [204, 400, 422, 429, 500, 504];
/// The longest refresh token.
pub const TOKEN_LIMIT: usize = 4096;

static PAGE: Page = Page {
    paths: &["/oauth2/token", "/oauth2/revoke"],
    formats: &[Format::Form, Format::Json],
    styles: &[Style::Basic, Style::Body],
    headers: &["x-moov-version"],
    judge,
    refuse: || {
        with_request_id(
            ServerResponse::json(401, r#"{"error":"invalid_client"}"#)
                .header("WWW-Authenticate", "Basic realm=\"moov\""),
        )
    },
};

/// Starts the endpoint.
pub fn start() -> Endpoint {
    Endpoint::start(&PAGE)
}

/// The response of the token endpoint with this status; 204 and a 422 about the token are the
/// revocation endpoint's.
///
/// # Panics
///
/// When the page does not know the status.
pub fn response(status: u16) -> ServerResponse {
    with_request_id(match status {
        200 => token("/accounts.write"),
        204 | 500 | 504 => ServerResponse::new(status),
        400 => ServerResponse::json(400, r#"{"error":"invalid_request"}"#),
        422 => ServerResponse::json(
            422,
            r#"{"scope":"unknown scope","refresh_token":"not a refresh token"}"#,
        ),
        429 => ServerResponse::new(429).header("Retry-After", "2"),
        _ => panic!("Moov's page has no status {status}"),
    })
}

/// The response of the revocation endpoint to a token it cannot use.
pub fn unprocessable_revocation() -> ServerResponse {
    with_request_id(ServerResponse::json(
        422,
        r#"{"token":"not a token","token_type_hint":"unknown"}"#,
    ))
}

fn judge(call: &Call) -> Result<ServerResponse, String> {
    if call.path == "/oauth2/revoke" {
        call.only(&["token", "token_type_hint"])?;
        call.get("token").ok_or("the parameter token is missing")?;
        return match call.get("token_type_hint") {
            None | Some("access_token" | "refresh_token") => Ok(response(204)),
            Some(hint) => Err(format!("the token_type_hint is {hint:?}")),
        };
    }
    match call
        .get("grant_type")
        .ok_or("the parameter grant_type is missing")?
    {
        "client_credentials" => call.only(&["grant_type", "scope"])?,
        "refresh_token" => {
            call.only(&["grant_type", "refresh_token", "scope"])?;
            let token = call
                .get("refresh_token")
                .ok_or("the parameter refresh_token is missing")?;
            if token.chars().count() > TOKEN_LIMIT {
                return Err("the refresh_token is too long".to_owned());
            }
        }
        grant => return Err(format!("the grant_type is {grant:?}")),
    }
    Ok(with_request_id(token(
        call.get("scope").unwrap_or("/accounts.write"),
    )))
}

fn token(scope: &str) -> ServerResponse {
    let body = serde_json::json!({
        "access_token": "i1qxz68gu50zp4i8ceyxqogmq7y0yienm52351c6...",
        "expires_in": 900,
        "refresh_token": "r1qxz68gu50zp4i8ceyxqogmq7y0yienm52351c6...",
        "scope": scope,
        "token_type": "opaque",
    });
    ServerResponse::json(200, body.to_string())
}

fn with_request_id(response: ServerResponse) -> ServerResponse {
    response.header("x-request-id", "0f8fad5b-d9cb-469f-a165-70867728950e")
}

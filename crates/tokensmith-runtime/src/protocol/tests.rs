//! An exchange from the first request to the outcome, by rule. Here is what the rules share.

use super::Settings;
use crate::testing::{
    CLIENT_CREDENTIALS, Outcome, REFRESH_TOKEN, TOKEN, TOKEN_BODY, form, response, settings,
};
use crate::{ClientAuth, TokenRequest, TransportError, TransportErrorKind};

mod assertion;
mod authorization_details;
mod auto;
mod caller_credential;
mod declared;
#[cfg(feature = "dpop")]
mod dpop;
#[cfg(feature = "oidc")]
mod issuer;
mod parameters;
mod places;
mod reading;
mod retry;
mod sending;

const BASIC: &str = "Basic Y2xpZW50OlMzY3JldCUyRmNhbmFyeSUyQnZhbHVl";

fn client_credentials() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS)
}

fn refresh() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", "old")
}

fn refused() -> Outcome {
    response(
        401,
        r#"{"error":"invalid_client","error_description":"first"}"#,
    )
}

fn good() -> Outcome {
    response(200, TOKEN_BODY)
}

fn unreachable() -> Outcome {
    Err(TransportError::new(
        TransportErrorKind::Connect,
        false,
        "refused",
    ))
}

fn with(client_auth: ClientAuth) -> Settings {
    let mut settings = settings();
    settings.set_client_auth(client_auth);
    settings
}

/// How a request authenticates, whatever else is in it.
fn authentication(request: &http::Request<Vec<u8>>) -> (Option<&str>, Vec<(String, String)>) {
    let header = request.headers().get("authorization").map(|value| {
        assert!(value.is_sensitive());
        value.to_str().unwrap()
    });
    let mut parameters = form(request);
    parameters.retain(|(name, _)| name.starts_with("client_"));
    (header, parameters)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

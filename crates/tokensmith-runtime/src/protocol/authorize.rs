//! Authorization requests (RFC 6749 section 4.1.1): as a URL for the browser, or pushed (RFC 9126).

mod draft;
mod prepared;
mod pushed;
mod rules;

use super::Settings;
use crate::{Authorization, AuthorizationRequest, Error};

use prepared::Prepared;
pub use pushed::PushedAuthorizationRequest;
pub(crate) use rules::AuthorizationRules;

/// Writes the URL to send a user's browser to, with all parameters in it.
///
/// `state` and, as the endpoint has it, the code challenge are made of random bytes; so is a
/// `nonce` where the scope `openid` is among those asked for, unless the request has one. A client
/// whose tokens are bound to a key (DPoP) names the key in `dpop_jkt` (RFC 9449 section 10).
///
/// # Errors
///
/// Of the kind `request` if a parameter is missing, given twice or outside its limits; `config` if
/// the URL is invalid, or the server takes pushed requests only: see
/// [`PushedAuthorizationRequest`].
pub fn authorize<R: AuthorizationRequest>(
    settings: &Settings,
    request: &R,
) -> Result<Authorization, Error> {
    if let Some(required_by) = rules::requires_pushed(settings, request.endpoint()) {
        return Err(Error::config(format!(
            "authorization requests have to be pushed (RFC 9126), as {required_by}: use \
             `Client::authorize`"
        )));
    }
    Prepared::new(settings, request)?.into_authorization()
}

#[cfg(test)]
mod tests;

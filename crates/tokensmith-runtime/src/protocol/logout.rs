//! Writing the URL of a logout request (OpenID Connect RP-Initiated Logout 1.0 section 2).

use super::Settings;
use crate::{
    Endpoint, EndpointKind, Error, Logout, LogoutRequest, PendingLogout, Secret,
    client_auth::random, server::url,
};

static END_SESSION: Endpoint<'static> = Endpoint::new(EndpointKind::Authorization, &[""]);

/// Writes the URL to send a user's browser to. It has the client's identifier and, where the
/// browser is to come back, a random `state`.
///
/// # Errors
///
/// Of the kind `config` if the URL is invalid, or has one of these parameters with another value; `request` if the parameters are too long for a URL.
pub fn logout(settings: &Settings, request: &LogoutRequest) -> Result<Logout, Error> {
    let state = random::token()?;
    let redirect_uri = request.post_logout_redirect_uri();
    let client_id = Some(settings.credentials.id()).filter(|id| !id.is_empty());
    let parameters = [
        ("client_id", client_id),
        (
            "id_token_hint",
            request.id_token_hint.as_ref().map(Secret::expose),
        ),
        ("logout_hint", request.logout_hint.as_deref()),
        ("post_logout_redirect_uri", redirect_uri),
        ("state", redirect_uri.map(|_| state.expose())),
        ("ui_locales", request.ui_locales.as_deref()),
    ];
    let (base, path) = settings.place(&END_SESSION, &request.endpoint)?;
    let url = url::compose(&base, &path, &[], &settings.plain_http)?;
    let given = parameters
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    Ok(Logout {
        url: url::with_own_query(&url, given)?.to_string(),
        pending: PendingLogout::new(state),
    })
}

#[cfg(test)]
mod tests;

//! Writing the URL of a logout request (OpenID Connect RP-Initiated Logout 1.0 section 2).

use super::Settings;
use super::request::fresh::Fresh;
use super::request::parameter_check;
use crate::{
    EndSessionRequest, Error, Location, Logout, Parameters, PendingLogout, client_auth::random,
    server::url,
};

const STATE: &str = "state";
/// Where the browser comes back to.
const RETURN: &str = "post_logout_redirect_uri";

/// Writes the URL to send a user's browser to. It has the client's identifier and, where the
/// browser is to come back, a random `state`.
///
/// # Errors
///
/// Of the kind `config` if the URL is invalid, or has one of these parameters with another value;
/// `request` if a parameter is missing, given twice or outside its limits, or if the parameters are
/// too long for a URL.
pub fn logout<P, R: EndSessionRequest<P>>(
    settings: &Settings,
    request: &R,
) -> Result<Logout, Error> {
    let (endpoint, operation) = (request.endpoint(), request.operation());
    let client_id = endpoint.client_id();
    let mut given = Parameters::default();
    request.parameters(&mut given);
    let given = given.into_named_values();
    let mut own = given.iter().map(|value| value.name);
    if let Some(name) = own.find(|name| *name == STATE || *name == client_id) {
        return Err(Error::request(format!(
            "the parameter `{name}` cannot be given: the client sends it"
        )));
    }
    let parameters = parameter_check::check(endpoint, operation, given)?;
    let fresh = Fresh::of_parameters(&parameters)?;
    let id = settings.credentials.id();
    let client = (!id.is_empty() && !client_id.is_empty()).then_some((client_id, id));
    let is_in_path = |name: &str| endpoint.copies().contains(&(name, Location::Path));
    let mut query = Vec::new();
    let mut in_path: Vec<_> = client
        .into_iter()
        .filter(|(name, _)| is_in_path(name))
        .map(|(name, id)| (name.to_owned(), id.to_owned()))
        .collect();
    for parameter in &parameters {
        for text in parameter.texts(&fresh) {
            match parameter.location {
                Location::Path => in_path.push((parameter.name.to_owned(), text.into_owned())),
                _ => query.push((parameter.name, text)),
            }
        }
    }
    let state = random::token()?;
    let comes_back = parameters.iter().any(|parameter| parameter.name == RETURN);
    if comes_back {
        query.push((STATE, state.expose().into()));
    }
    let (base, path) = settings.place(endpoint, request.path())?;
    let url = url::compose(&base, &path, &in_path, &settings.plain_http)?;
    let query = query.iter().map(|(name, text)| (*name, text.as_ref()));
    Ok(Logout {
        url: url::with_own_query(&url, client.into_iter().chain(query))?.to_string(),
        pending: PendingLogout::new(state),
        comes_back,
    })
}

#[cfg(test)]
mod tests;

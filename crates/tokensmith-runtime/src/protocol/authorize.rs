//! Writing the URL of an authorization request (RFC 6749 section 4.1.1).

use std::time::Duration;

use super::Settings;
use super::request::check::{self, is_scope};
use super::request::fresh::Fresh;
use crate::redirect::pkce::CodeVerifier;
use crate::{
    Authorization, AuthorizationRequest, CodeChallengeMethod, Error, Location, Parameters,
    PendingAuthorization, Secret, client_auth::random, redirect, server::url,
};

/// What the engine sends by itself, beside the names that a document may give otherwise.
const OWN: [&str; 3] = ["state", "code_challenge", "code_challenge_method"];

/// What the engine sends with the scope `openid`, unless the document has it as a parameter.
const NONCE: &str = "nonce";
const MAX_AGE: &str = "max_age";
const REDIRECT_URI: &str = "redirect_uri";

/// Writes the URL to send a user's browser to.
///
/// `state` and, as the endpoint has it, the code challenge are made of random bytes; so is a
/// `nonce` where the scope `openid` is among those asked for, unless the request has one.
///
/// # Errors
///
/// Of the kind `request` if a parameter is missing, given twice or outside its limits; `config` if
/// the URL is invalid.
pub fn authorize<R: AuthorizationRequest>(
    settings: &Settings,
    request: &R,
) -> Result<Authorization, Error> {
    let (endpoint, operation) = (request.endpoint(), request.operation());
    let mut given = Parameters::default();
    request.parameters(&mut given);
    let given = given.into_named_values();
    let own = [endpoint.client_id(), endpoint.grant_type()];
    let mut declared = operation.parameters().iter();
    let declares_nonce = declared.any(|parameter| parameter.name() == NONCE);
    let is_own = |name: &str| match name {
        NONCE => !declares_nonce,
        _ => OWN.contains(&name) || own.contains(&name),
    };
    if let Some(given) = given.iter().find(|given| is_own(given.name)) {
        return Err(Error::request(format!(
            "the parameter `{}` cannot be given: the client sends it",
            given.name
        )));
    }
    let parameters = check::check(endpoint, operation, given)?;

    let fresh = Fresh::of_parameters(&parameters)?;
    let mut query = Vec::new();
    let mut push = |name: &str, value: &str| query.push((name.to_owned(), value.to_owned()));
    if let Some(response_type) = operation.grant_type() {
        push(endpoint.grant_type(), response_type);
    }
    push(endpoint.client_id(), settings.credentials.id());
    let mut path_values = Vec::new();
    let id = settings.credentials.id();
    for (name, location) in endpoint.copies() {
        if *location == Location::Path && *name == endpoint.client_id() && !id.is_empty() {
            path_values.push(((*name).to_owned(), id.to_owned()));
        }
    }
    let mut pending = PendingAuthorization::new(random::token()?);
    let mut is_openid = false;
    let mut given_nonce = None;
    let mut max_age = None;
    let mut redirect_uri = None;
    for parameter in &parameters {
        for text in parameter.texts(&fresh) {
            is_openid |= is_scope(parameter.name) && has_openid(&text, endpoint.scope_separator());
            match parameter.location {
                Location::Path => path_values.push((parameter.name.to_owned(), text.into_owned())),
                _ => {
                    if parameter.name == NONCE {
                        given_nonce = Some(Secret::from(text.as_ref()));
                    }
                    if parameter.name == MAX_AGE {
                        max_age = Some(seconds(&text)?);
                    }
                    let mut text = text.into_owned();
                    if parameter.name == REDIRECT_URI {
                        if endpoint.state_in_redirect_uri() {
                            text = with_state(&text, pending.state());
                        }
                        redirect_uri = Some(text.clone());
                    }
                    push(parameter.name, &text);
                }
            }
        }
    }
    if !endpoint.state_in_redirect_uri() {
        push("state", pending.state().expose());
    } else if redirect_uri.is_none() {
        return Err(Error::request(
            "the parameter `redirect_uri` is required: the provider returns `state` only within it",
        ));
    }
    if let Some(nonce) = given_nonce {
        pending = pending.with_nonce(nonce);
    } else if is_openid {
        let nonce = random::token()?;
        push(NONCE, nonce.expose());
        pending = pending.with_nonce(nonce);
    }
    if let Some(age) = max_age {
        pending = pending.with_max_age(age);
    }
    if let Some(uri) = redirect_uri {
        pending = pending.with_redirect_uri(uri);
    }
    let method = match endpoint.code_challenge() {
        CodeChallengeMethod::S256 => Some("S256"),
        CodeChallengeMethod::Plain => Some("plain"),
        CodeChallengeMethod::None => None,
    };
    if let Some(method) = method {
        let verifier = CodeVerifier::random()?;
        if method == "S256" {
            push("code_challenge", &verifier.challenge());
        } else {
            push("code_challenge", verifier.as_secret().expose());
        }
        push("code_challenge_method", method);
        pending = pending.with_code_verifier(verifier.as_secret());
    }
    pending = pending.with_endpoint(endpoint);
    let (base, path) = settings.place(endpoint, request.path())?;
    let url = url::compose(&base, &path, &path_values, &settings.plain_http)?;
    if let Some(issuer) = settings.known_issuer() {
        pending = pending.with_issuer(issuer, false);
    }
    if settings.requires_issuer {
        pending = pending.requiring_issuer();
    }
    if let Some(host) = redirect::host(&url) {
        pending = pending.with_authorization_host(host);
    }
    let query = query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let mut url = url::with_query(&url, query)?.to_string();
    if !endpoint.fragment().is_empty() {
        url.push('#');
        url.push_str(endpoint.fragment());
    }
    Ok(Authorization { url, pending })
}

/// A redirect URI with the state in its query.
/// An age that is not understood could not be checked.
fn seconds(max_age: &str) -> Result<Duration, Error> {
    let seconds = max_age.parse().map_err(|_| {
        Error::request("the parameter `max_age` is a number of whole seconds: `300`")
    })?;
    Ok(Duration::from_secs(seconds))
}

fn with_state(uri: &str, state: &Secret) -> String {
    let joint = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{joint}state={}", state.expose())
}

/// Whether the scopes are those of OpenID Connect, whatever stands between them.
fn has_openid(scopes: &str, separator: &str) -> bool {
    let mut scopes = scopes.split(separator).flat_map(|scopes| scopes.split(' '));
    scopes.any(|scope| scope == "openid")
}

#[cfg(test)]
mod tests;

//! An authorization request in the making, with what its response is held against.

use std::time::Duration;

use crate::protocol::Settings;
use crate::protocol::request::fresh::Fresh;
use crate::protocol::request::parameter_check::{Checked, is_scope};
use crate::redirect::pkce::CodeVerifier;
use crate::{
    CodeChallengeMethod, Endpoint, Error, Location, PendingAuthorization, Secret,
    client_auth::random,
};

/// What the engine sends with the scope `openid`, unless the document has it as a parameter.
pub(super) const NONCE: &str = "nonce";
const MAX_AGE: &str = "max_age";
const REDIRECT_URI: &str = "redirect_uri";
pub(super) const RESPONSE_MODE: &str = "response_mode";

/// A parameter, which a server may take several values of.
pub(super) struct PreparedParameter {
    pub(super) name: String,
    pub(super) values: Vec<Secret>,
    pub(super) is_secret: bool,
}

/// An authorization request that parameters are added to.
pub(super) struct Draft<'e> {
    endpoint: &'e Endpoint<'e>,
    pub(super) parameters: Vec<PreparedParameter>,
    /// What stands in the path of the authorization endpoint.
    pub(super) path_values: Vec<(String, String)>,
    pub(super) pending: PendingAuthorization,
    is_openid: bool,
}

impl<'e> Draft<'e> {
    pub(super) fn new(settings: &Settings, endpoint: &'e Endpoint<'e>) -> Result<Self, Error> {
        let id = settings.credentials.id();
        let copies = endpoint.copies().iter();
        let in_path = copies.filter(|(name, location)| {
            *location == Location::Path && *name == endpoint.client_id() && !id.is_empty()
        });
        Ok(Self {
            endpoint,
            parameters: Vec::new(),
            path_values: in_path
                .map(|(name, _)| ((*name).to_owned(), id.to_owned()))
                .collect(),
            pending: PendingAuthorization::new(random::token()?),
            is_openid: false,
        })
    }

    pub(super) fn push(&mut self, name: &str, value: &str) {
        self.push_value(name, Secret::from(value), false);
    }

    fn push_value(&mut self, name: &str, value: Secret, is_secret: bool) {
        let mut parameters = self.parameters.iter_mut();
        match parameters.find(|parameter| parameter.name == name) {
            Some(parameter) => parameter.values.push(value),
            None => self.parameters.push(PreparedParameter {
                name: name.to_owned(),
                values: vec![value],
                is_secret,
            }),
        }
    }

    /// Adds a parameter of the caller's, and remembers what the response is held against.
    pub(super) fn add(&mut self, parameter: &Checked<'_>, fresh: &Fresh<'_>) -> Result<(), Error> {
        let endpoint = self.endpoint;
        for text in parameter.texts(fresh) {
            self.is_openid |=
                is_scope(parameter.name) && has_openid(&text, endpoint.scope_separator());
            let mut text = text.into_owned();
            if parameter.location == Location::Path {
                self.path_values.push((parameter.name.to_owned(), text));
                continue;
            }
            match parameter.name {
                NONCE => self.pending.nonce = Some(Secret::from(text.as_str())),
                MAX_AGE => self.pending.max_age = Some(seconds(&text)?),
                REDIRECT_URI => {
                    if endpoint.state_in_redirect_uri() {
                        text = with_state(&text, self.pending.state());
                    }
                    self.pending.redirect_uri = Some(text.clone());
                }
                RESPONSE_MODE => self.pending.response_mode = Some(text.clone()),
                _ => {}
            }
            self.push_value(parameter.name, Secret::from(text), parameter.secret);
        }
        Ok(())
    }

    pub(super) fn add_state(&mut self) -> Result<(), Error> {
        if !self.endpoint.state_in_redirect_uri() {
            let state = self.pending.state().clone();
            self.push_value("state", state, true);
        } else if self.pending.redirect_uri().is_none() {
            return Err(Error::request(
                "the parameter `redirect_uri` is required: the provider returns `state` only within it",
            ));
        }
        Ok(())
    }

    pub(super) fn add_nonce(&mut self) -> Result<(), Error> {
        if self.is_openid && self.pending.nonce().is_none() {
            let nonce = random::token()?;
            self.push_value(NONCE, nonce.clone(), true);
            self.pending.nonce = Some(nonce);
        }
        Ok(())
    }

    pub(super) fn add_code_challenge(&mut self) -> Result<(), Error> {
        let method = self.endpoint.code_challenge();
        if method == CodeChallengeMethod::None {
            return Ok(());
        }
        let verifier = CodeVerifier::random()?;
        let (name, challenge) = match method {
            CodeChallengeMethod::Plain => ("plain", verifier.as_secret().clone()),
            _ => ("S256", Secret::from(verifier.challenge())),
        };
        self.push_value("code_challenge", challenge, true);
        self.push("code_challenge_method", name);
        self.pending.code_verifier = Some(verifier.as_secret().clone());
        Ok(())
    }
}

/// An age that is not understood could not be checked.
fn seconds(max_age: &str) -> Result<Duration, Error> {
    let seconds = max_age.parse().map_err(|_| {
        Error::request("the parameter `max_age` is a number of whole seconds: `300`")
    })?;
    Ok(Duration::from_secs(seconds))
}

/// A redirect URI with the state in its query.
fn with_state(uri: &str, state: &Secret) -> String {
    let joint = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{joint}state={}", state.expose())
}

/// Whether the scopes are those of OpenID Connect, whatever stands between them.
fn has_openid(scopes: &str, separator: &str) -> bool {
    let mut scopes = scopes.split(separator).flat_map(|scopes| scopes.split(' '));
    scopes.any(|scope| scope == "openid")
}

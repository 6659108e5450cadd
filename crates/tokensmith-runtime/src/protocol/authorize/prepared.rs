//! What an authorization request consists of, however it gets to the server.

use http::Uri;

use super::draft::{Draft, NONCE, PreparedParameter, RESPONSE_MODE};
use crate::protocol::Settings;
use crate::protocol::request::fresh::Fresh;
use crate::protocol::request::parameter_check;
use crate::request::value::NamedValue;
use crate::{
    Authorization, AuthorizationRequest, Endpoint, Error, Operation, Parameters,
    PendingAuthorization, Secret, server::url,
};

/// What the engine sends by itself, beside the names that a document may give otherwise.
const OWN: [&str; 3] = ["state", "code_challenge", "code_challenge_method"];
/// What holds a whole authorization request (RFC 9101 section 5), so that the parameters beside it
/// do not count. A document may have it as a parameter all the same.
const INSTEAD: [&str; 2] = ["request", "request_uri"];

/// What the engine sends where the client has a key (RFC 9449 section 10).
const DPOP_JKT: &str = "dpop_jkt";

/// An authorization request with all its parameters.
pub(super) struct Prepared {
    pub(super) parameters: Vec<PreparedParameter>,
    /// What stands in the path of the authorization endpoint.
    pub(super) path_values: Vec<(String, String)>,
    /// The authorization endpoint.
    url: Uri,
    /// What the URL ends with, after the parameters.
    fragment: String,
    client_id: (String, String),
    pending: PendingAuthorization,
}

impl Prepared {
    /// Checks what was given, and adds what the client makes.
    pub(super) fn new<R: AuthorizationRequest>(
        settings: &Settings,
        request: &R,
    ) -> Result<Self, Error> {
        let (endpoint, operation) = (request.endpoint(), request.operation());
        let mut given = Parameters::default();
        request.parameters(&mut given);
        let given = given.into_named_values();
        refuse_own(settings, (endpoint, operation), &given)?;
        let parameters = parameter_check::check(endpoint, operation, given)?;

        let mut draft = Draft::new(settings, endpoint)?;
        if let Some(response_type) = operation.grant_type() {
            draft.push(endpoint.grant_type(), response_type);
        }
        draft.push(endpoint.client_id(), settings.credentials.id());
        let fresh = Fresh::of_parameters(&parameters)?;
        for parameter in &parameters {
            draft.add(parameter, &fresh)?;
        }
        draft.add_state()?;
        draft.add_nonce()?;
        draft.add_code_challenge()?;
        #[cfg(feature = "dpop")]
        if let Some(proofs) = &settings.dpop {
            draft.push(DPOP_JKT, &proofs.thumbprint());
        }

        if !endpoint.signature_in_redirect().is_empty() && settings.credentials.secret().is_none() {
            return Err(Error::config(
                "the provider signs redirects with the client secret: `Credentials::new` takes it",
            ));
        }
        let (base, path) = settings.place(endpoint, request.path())?;
        let url = url::compose(&base, &path, &draft.path_values, &settings.plain_http)?;
        Ok(Self {
            parameters: draft.parameters,
            path_values: draft.path_values,
            pending: expecting(settings, endpoint, draft.pending, &url),
            url,
            fragment: endpoint.fragment().to_owned(),
            client_id: (
                endpoint.client_id().to_owned(),
                settings.credentials.id().to_owned(),
            ),
        })
    }

    /// The name of the parameter that says which client asks.
    pub(super) fn client_id_name(&self) -> &str {
        &self.client_id.0
    }

    pub(super) fn pending(&self) -> &PendingAuthorization {
        &self.pending
    }

    /// Writes the URL with all parameters.
    pub(super) fn into_authorization(self) -> Result<Authorization, Error> {
        let query = self.parameters.iter().flat_map(|parameter| {
            let values = parameter.values.iter();
            values.map(|value| (parameter.name.as_str(), value.expose()))
        });
        let url = self.url_with(query)?;
        Ok(Authorization {
            url,
            pending: self.pending,
        })
    }

    /// Writes the URL for a browser whose parameters the server has already (RFC 9126 section 4).
    pub(super) fn into_pushed_authorization(
        self,
        request_uri: &Secret,
    ) -> Result<Authorization, Error> {
        let (name, id) = &self.client_id;
        let query = [
            (name.as_str(), id.as_str()),
            ("request_uri", request_uri.expose()),
        ];
        let url = self.url_with(query.into_iter().filter(|(name, _)| !name.is_empty()))?;
        Ok(Authorization {
            url,
            pending: self.pending,
        })
    }

    fn url_with<'p>(
        &self,
        query: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Result<String, Error> {
        let mut url = url::with_own_query(&self.url, query)?.to_string();
        if !self.fragment.is_empty() {
            url.push('#');
            url.push_str(&self.fragment);
        }
        Ok(url)
    }
}

/// Refuses what the client sends by itself, and what takes the place of that.
fn refuse_own(
    settings: &Settings,
    (endpoint, operation): (&Endpoint<'_>, &Operation<'_>),
    given: &[NamedValue<'_>],
) -> Result<(), Error> {
    let own = [endpoint.client_id(), endpoint.grant_type()];
    let declares = |name: &str| operation.parameters().iter().any(|it| it.name() == name);
    let is_own = |name: &str| match name {
        NONCE => !declares(NONCE),
        DPOP_JKT if settings.binds_tokens() => true,
        _ => OWN.contains(&name) || own.contains(&name),
    };
    for NamedValue { name, .. } in given {
        let problem = match *name {
            name if is_own(name) => "the client sends it",
            name if INSTEAD.contains(&name) && !declares(name) => {
                "a server takes it in the place of all others, and `state` and the code challenge \
                 would not count"
            }
            _ => continue,
        };
        return Err(Error::request(format!(
            "the parameter `{name}` cannot be given: {problem}"
        )));
    }
    Ok(())
}

/// Sets what the response is held against.
fn expecting(
    settings: &Settings,
    endpoint: &Endpoint<'_>,
    mut pending: PendingAuthorization,
    url: &Uri,
) -> PendingAuthorization {
    pending = settings.resume(pending.with_endpoint(endpoint));
    if let Some(issuer) = settings.known_issuer() {
        pending = pending.with_issuer(issuer, false);
    }
    if settings.requires_issuer() {
        pending = pending.requiring_issuer();
    }
    if pending.response_mode().is_none()
        && let Some(mode) = url::find_in_query(url, RESPONSE_MODE)
    {
        pending = pending.with_response_mode(mode.as_ref());
    }
    pending.sent_to(url)
}

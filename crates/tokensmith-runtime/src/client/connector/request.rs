//! The token request of a connector.

use std::fmt;

use super::OAuth2;
use crate::{
    Any, Assertion, Endpoint, EndpointKind, Error, NoBody, Operation, Parameters, Request, Scopes,
    Secret, Token, request::grants,
};

/// A request for a token, as the settings of a connector say.
#[derive(Clone)]
#[must_use = "a request does nothing until a client sends it"]
pub struct ConnectorRequest<'a> {
    endpoint: Endpoint<'a>,
    operation: Operation<'a>,
    scopes: Scopes,
    given: Vec<(&'a str, GrantValue<'a>)>,
}

#[derive(Clone)]
enum GrantValue<'a> {
    Text(&'a str),
    Secret(Secret),
    Assertion(Assertion),
}

/// A token request goes to the token URL itself.
const HERE: &[&str] = &[""];

impl<'a> ConnectorRequest<'a> {
    /// A request for the next token with a refresh token, whatever the grant of the first one was.
    pub(super) fn refresh(settings: &'a OAuth2, refresh_token: Secret) -> Self {
        let mut request = Self::bare(settings, grants::REFRESH_TOKEN);
        request
            .given
            .push(("refresh_token", GrantValue::Secret(refresh_token)));
        request
    }

    /// What is the same for all grants.
    fn bare(settings: &'a OAuth2, operation: Operation<'a>) -> Self {
        let data = settings.additional_request_data.iter();
        Self {
            endpoint: Endpoint::new(EndpointKind::Token, HERE)
                .with_scope_separator(&settings.scope_separator),
            operation,
            scopes: Scopes::default(),
            given: data
                .map(|(name, value)| (name.as_str(), GrantValue::Secret(value.clone())))
                .collect(),
        }
    }

    pub(super) fn new(settings: &'a OAuth2) -> Result<Self, Error> {
        let grant = settings.grant_type.as_str();
        let known = grants::find(grant);
        // Of a grant that no RFC defines, the worst is assumed.
        let operation = known.map_or(Operation::grant(grant).one_time(), |known| *known);
        let mut request = Self::bare(settings, operation);
        let takes_scope = known.is_none_or(|known| takes(known, "scope"));
        if takes_scope {
            request.scopes = settings.scopes.iter().collect();
        }
        let secrets = [
            ("password", &settings.password),
            ("refresh_token", &settings.refresh_token),
            ("assertion", &settings.assertion),
        ];
        if let (Some(uri), "authorization_code") = (&settings.redirect_uri, grant) {
            request.given.push(("redirect_uri", GrantValue::Text(uri)));
        }
        if let Some(username) = &settings.username {
            request.takes("username", known)?;
            request.given.push(("username", GrantValue::Text(username)));
        }
        for (name, secret) in secrets {
            if let Some(secret) = secret {
                request.takes(name, known)?;
                request
                    .given
                    .push((name, GrantValue::Secret(secret.clone())));
            }
        }
        Ok(request)
    }

    /// A setting of another grant would be sent for nothing, and shows that something else was
    /// meant.
    fn takes(&self, name: &str, known: Option<&Operation<'_>>) -> Result<(), Error> {
        if known.is_none_or(|known| takes(known, name)) {
            return Ok(());
        }
        let grant = self.operation.grant_type().unwrap_or_default();
        Err(Error::config(format!(
            "`{name}` is set, which the grant `{grant}` does not take: remove it, or choose another `grant_type`"
        )))
    }

    /// Gives the code that a user came back with, and what it is bound to (RFC 6749 section 4.1.3,
    /// RFC 7636).
    pub fn code(mut self, code: impl Into<Secret>, verifier: Option<&Secret>) -> Self {
        self.given.push(("code", GrantValue::Secret(code.into())));
        if let Some(verifier) = verifier {
            self.given
                .push(("code_verifier", GrantValue::Secret(verifier.clone())));
        }
        self
    }

    /// Gives the assertion of RFC 7522 or RFC 7523; one that is made by a function or a key is made
    /// anew for each try.
    pub fn assertion(mut self, assertion: impl Into<Assertion>) -> Self {
        self.given
            .push(("assertion", GrantValue::Assertion(assertion.into())));
        self
    }
}

fn takes(grant: &Operation<'_>, name: &str) -> bool {
    let mut parameters = grant.parameters().iter();
    parameters.any(|parameter| parameter.name() == name)
}

impl Request for ConnectorRequest<'_> {
    type Provider = Any;
    type Response = Token;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        &self.endpoint
    }

    fn operation(&self) -> &Operation<'_> {
        &self.operation
    }

    fn parameters<'p>(&'p self, parameters: &mut Parameters<'p>) {
        parameters.scopes("scope", &self.scopes);
        for (name, given) in &self.given {
            match given {
                GrantValue::Text(text) => parameters.push(name, *text),
                GrantValue::Secret(secret) => parameters.push(name, secret),
                GrantValue::Assertion(assertion) => parameters.push(name, assertion),
            }
        }
    }
}

impl fmt::Debug for ConnectorRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.given.iter().map(|(name, _)| name);
        formatter
            .debug_struct("ConnectorRequest")
            .field("operation", &self.operation)
            .field("scopes", &self.scopes)
            .field("given", &names.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

//! The token request of a connector.

use std::fmt;

use super::{AssertionSetting, DataValue, OAuth2, SettingError};
use crate::{
    Any, Assertion, Endpoint, EndpointKind, NoBody, Operation, Parameters, Request, Scopes, Secret,
    Token, Untyped, Value, request::grants,
};

/// A request for a token, as the settings of a connector say.
#[derive(Clone)]
#[must_use = "a request does nothing until a client sends it"]
pub struct ConnectorRequest<'a> {
    settings: &'a OAuth2,
    endpoint: Endpoint<'a>,
    operation: Operation<'a>,
    scopes: Scopes,
    given: Vec<(&'a str, GrantValue<'a>)>,
}

#[derive(Clone)]
enum GrantValue<'a> {
    Text(&'a str),
    Json(&'a Untyped),
    Secret(Secret),
    Assertion(Assertion),
}

/// A token request goes to the token URL itself.
const HERE: &[&str] = &[""];

impl<'a> ConnectorRequest<'a> {
    /// A request for the next token with a refresh token, whatever the grant of the first one was.
    pub(super) fn refresh(
        settings: &'a OAuth2,
        refresh_token: Secret,
    ) -> Result<Self, SettingError> {
        let mut request = Self::bare(settings, grants::REFRESH_TOKEN)?;
        request
            .given
            .push(("refresh_token", GrantValue::Secret(refresh_token)));
        Ok(request)
    }

    /// What is the same for all grants.
    fn bare(settings: &'a OAuth2, operation: Operation<'a>) -> Result<Self, SettingError> {
        let data = settings.additional_request_data.iter();
        let given = data.map(|(name, value)| {
            let value = match value {
                DataValue::Text(text) => GrantValue::Secret(text.get()?.clone()),
                DataValue::Json(value) => GrantValue::Json(value),
            };
            Ok((name.as_str(), value))
        });
        let within = |error: SettingError| error.within("additional_request_data");
        Ok(Self {
            settings,
            endpoint: Endpoint::new(EndpointKind::Token, HERE)
                .with_scope_separator(&settings.scope_separator),
            operation,
            scopes: Scopes::default(),
            given: given.collect::<Result<_, _>>().map_err(within)?,
        })
    }

    pub(super) fn of_settings(settings: &'a OAuth2) -> Result<Self, SettingError> {
        let grant = settings.grant_type.as_str();
        let known = grants::find(grant);
        // Of a grant that no RFC defines, the worst is assumed.
        let operation = known.map_or(Operation::grant(grant).one_time(), |known| *known);
        let is_refresh = settings.refresh_token.is_some();
        let mut request = match is_refresh && known.is_some() {
            true => Self::bare(settings, grants::REFRESH_TOKEN)?,
            false => Self::bare(settings, operation)?,
        };
        let takes_scope = known.is_none_or(|known| takes(known, "scope"));
        // The scopes of a refresh token are those that it was given for.
        if takes_scope && (!is_refresh || known.is_none_or(|it| takes(it, "refresh_token"))) {
            request.scopes = settings.scopes.iter().collect();
        }
        if let ("authorization_code", false) = (grant, is_refresh) {
            request.give_redirect_uri();
        }
        if let Some(username) = &settings.username {
            request.takes("username")?;
            request.given.push(("username", GrantValue::Text(username)));
        }
        for (name, secret) in [
            ("password", &settings.password),
            ("refresh_token", &settings.refresh_token),
        ] {
            let Some(secret) = secret else { continue };
            request.takes(name)?;
            let secret = secret.get().map_err(|error| error.within(name))?;
            request
                .given
                .push((name, GrantValue::Secret(secret.clone())));
        }
        if let Some(assertion) = &settings.assertion {
            request.takes("assertion")?;
            let assertion = match assertion {
                AssertionSetting::Text(text) => text.get().map(Assertion::from),
                AssertionSetting::Signed(jwt) => jwt.assertion(),
            };
            let assertion = assertion.map_err(|error| error.within("assertion"))?;
            request
                .given
                .push(("assertion", GrantValue::Assertion(assertion)));
        }
        Ok(request)
    }

    /// A setting of another grant would be sent for nothing, and shows that something else was
    /// meant.
    fn takes(&self, name: &str) -> Result<(), SettingError> {
        let grant = self.operation.grant_type().unwrap_or_default();
        let known = grants::find(grant);
        if known.is_none_or(|known| takes(known, name)) {
            return Ok(());
        }
        let message = match self.settings.refresh_token.is_some() {
            true => {
                "it is set beside `refresh_token`, with which tokens are asked for: remove one of them".to_owned()
            }
            false => format!(
                "it is set, and the grant `{grant}` does not take it: remove it, or choose another `grant_type`"
            ),
        };
        Err(SettingError::new(message).within(name))
    }

    fn give_redirect_uri(&mut self) {
        if let Some(uri) = &self.settings.redirect_uri {
            self.given.push(("redirect_uri", GrantValue::Text(uri)));
        }
    }

    /// Gives the code that a user came back with, and what it is bound to (RFC 6749 section 4.1.3,
    /// RFC 7636).
    ///
    /// A refresh token of the settings is not sent: the user has signed in again.
    pub fn code(mut self, code: impl Into<Secret>, verifier: Option<&Secret>) -> Self {
        if self.settings.refresh_token.is_some() {
            self.given.retain(|(name, _)| *name != "refresh_token");
            self.operation = grants::AUTHORIZATION_CODE;
            self.scopes = Scopes::default();
            self.give_redirect_uri();
        }
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
        self.given.retain(|(name, _)| *name != "assertion");
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
                GrantValue::Json(value) => parameters.push(name, Value::SecretJson(value)),
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

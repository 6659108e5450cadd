//! Sending a user to an authorization endpoint, and reading what they come back with.

use std::fmt;

use crate::report::Report;
use crate::{Error, ErrorCode, ErrorKind, Extra, Secret};

/// Where to send a user's browser, and what has to be remembered until it comes back.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The URL for the browser. It holds no secret that outlives the authorization.
    pub url: String,
    /// What is needed when the browser comes back: keep it with the user's session.
    pub pending: PendingAuthorization,
}

/// An authorization that a user was sent away for.
///
/// An application that keeps it outside its memory stores the four texts, as secrets, and puts it together again:
///
/// ```
/// use tokensmith_runtime::PendingAuthorization;
///
/// let pending = PendingAuthorization::new("af0ifjsldkj").with_code_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
/// let redirect = pending.redirect("https://app.example/callback?code=SplxlOBe&state=af0ifjsldkj&realmId=42")?;
/// assert_eq!(redirect.code.expose(), "SplxlOBe");
/// assert_eq!(redirect.extra.get("realmId").and_then(|realm| realm.as_str()), Some("42"));
/// # Ok::<(), tokensmith_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct PendingAuthorization {
    state: Secret,
    nonce: Option<Secret>,
    code_verifier: Option<Secret>,
    issuer: Option<String>,
    requires_issuer: bool,
    code: String,
}

/// What a user came back with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Redirect {
    /// The authorization code, which is exchanged for a token, once.
    pub code: Secret,
    /// What else the provider sent along: QuickBooks' `realmId`, Zoho's `accounts-server`.
    pub extra: Extra,
}

impl PendingAuthorization {
    /// An authorization by its `state` (RFC 6749 section 10.12).
    pub fn new(state: impl Into<Secret>) -> Self {
        Self {
            state: state.into(),
            nonce: None,
            code_verifier: None,
            issuer: None,
            requires_issuer: false,
            code: "code".to_owned(),
        }
    }

    /// Sets what the code is bound to (RFC 7636).
    #[must_use]
    pub fn with_code_verifier(mut self, verifier: impl Into<Secret>) -> Self {
        self.code_verifier = Some(verifier.into());
        self
    }

    /// Sets what the ID token has to hold (OpenID Connect Core section 3.1.2.1).
    #[must_use]
    pub fn with_nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// Sets who may answer: a redirect that names another issuer is refused (RFC 9207 section 2.4). One that names none
    /// is refused as well where the server is known to name itself: see
    /// `ServerMetadata::authorization_response_iss_parameter_supported`.
    #[must_use]
    pub fn with_issuer(mut self, issuer: impl Into<String>, names_itself: bool) -> Self {
        self.issuer = Some(issuer.into());
        self.requires_issuer = names_itself;
        self
    }

    /// Sets the name of the parameter that RFC 6749 calls `code`: Amazon's `spapi_oauth_code`.
    #[must_use]
    pub fn with_code_name(mut self, name: impl Into<String>) -> Self {
        self.code = name.into();
        self
    }

    /// What ties the redirect to the user's session.
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// What the ID token has to hold, where one was asked for.
    pub fn nonce(&self) -> Option<&Secret> {
        self.nonce.as_ref()
    }

    /// What has to be sent with the code, as `code_verifier`.
    pub fn code_verifier(&self) -> Option<&Secret> {
        self.code_verifier.as_ref()
    }

    /// Reads the URL that the user came back to, or its query alone, or the body of a form that the browser posted.
    ///
    /// # Errors
    ///
    /// Of the kind `provider`, with code and description, if the user or the server refused (RFC 6749 section 4.1.2.1);
    /// `malformed` if it is not the answer to this authorization (another `state`, another issuer), or holds no code.
    pub fn redirect(&self, url: &str) -> Result<Redirect, Error> {
        let query = match url.split_once('?') {
            Some((_, query)) => query,
            None if url.contains("://") => "",
            None => url,
        };
        let query = query.split('#').next().unwrap_or_default();
        let mut parameters = Parameters::read(query)?;
        let state = parameters.take("state");
        if state.map(Secret::from).as_ref() != Some(&self.state) {
            return Err(malformed(
                "the redirect has another `state` than this authorization: it is not the answer to it",
            ));
        }
        let issuer = parameters.take("iss");
        match (&self.issuer, &issuer) {
            (Some(expected), Some(issuer)) if expected != issuer => {
                return Err(malformed("the redirect comes from another issuer"));
            }
            (Some(_), None) if self.requires_issuer => {
                return Err(malformed("the redirect does not name its issuer"));
            }
            _ => {}
        }
        if let Some(code) = parameters.take("error").filter(|code| !code.is_empty()) {
            let report = Report {
                code: Some(ErrorCode::from(code)),
                description: parameters.take("error_description"),
                uri: parameters.take("error_uri"),
                sent: true,
                ..Report::new(ErrorKind::Provider, "no authorization was given")
            };
            return Err(report.into());
        }
        let code = parameters.take(&self.code).filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| malformed("the redirect holds no code"))?;
        Ok(Redirect {
            code: Secret::from(code),
            extra: parameters.into_extra(),
        })
    }
}

/// The parameters of a redirect, each once (RFC 6749 section 3.1).
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn read(query: &str) -> Result<Self, Error> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if parameters.iter().any(|(other, _)| *other == name) {
                return Err(malformed("the redirect has a parameter twice"));
            }
            parameters.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(parameters))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(other, _)| other == name)?;
        Some(self.0.remove(index).1)
    }

    fn into_extra(self) -> Extra {
        let mut extra = Extra::default();
        for (name, value) in self.0 {
            extra.insert(name, value.into());
        }
        extra
    }
}

fn malformed(message: &'static str) -> Error {
    Report {
        sent: true,
        ..Report::new(ErrorKind::Malformed, message)
    }
    .into()
}

impl fmt::Debug for PendingAuthorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PendingAuthorization")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

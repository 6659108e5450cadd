//! What decides about a provider, and is a default until somebody confirms it.

use tokensmith_codegen::model::{ClientAuth, CodeChallengeMethod, Rotation};

use super::Template;
use super::operation_paths::Kind;

/// A question that nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Which grants there are.
    Grants,
    /// How clients authenticate.
    ClientAuth,
    /// Whether HTTP Basic is form-decoded.
    BasicEncoding,
    /// Whether requests are forms.
    Format,
    /// What stands between scopes.
    ScopeSeparator,
    /// Whether the same stands between scopes in responses.
    ResponseScopeSeparator,
    /// How long access tokens live.
    Lifetime,
    /// Whether the refresh token rotates.
    Rotation,
    /// Whether PKCE is taken.
    CodeChallenge,
    /// Which errors there are.
    Errors,
}

impl Template {
    /// The questions of an operation.
    pub(super) fn questions(&self, kind: Kind) -> Vec<String> {
        let mut questions: Vec<String> = self
            .open
            .iter()
            .filter_map(|open| self.question(*open, kind))
            .collect();
        questions.extend(self.question_of_host(kind));
        questions.extend(match kind {
            Kind::Token => self.gaps(),
            Kind::Authorization => Vec::new(),
            _ => vec!["Does it authenticate clients as the token endpoint does?".to_owned()],
        });
        questions
    }

    fn question(&self, open: Open, kind: Kind) -> Option<String> {
        let question = match (open, kind) {
            (Open::Grants, Kind::Token) => {
                let grants: Vec<&str> = self.grants.iter().map(|grant| grant.value.as_str()).collect();
                format!("Are these all the grants that it takes: {}?", grants.join(", "))
            }
            (Open::ClientAuth, Kind::Token) => {
                format!("Is the client authentication `{}`?", self.client_auth.as_str())
            }
            (Open::BasicEncoding, Kind::Token) if self.client_auth == ClientAuth::Basic => {
                "Does it form-decode the id and the secret of HTTP Basic (RFC 6749 section 2.3.1)? If it takes them raw, write `client-auth: basic-raw`.".to_owned()
            }
            (Open::Format, Kind::Token) => "Are requests forms, and not JSON?".to_owned(),
            (Open::ScopeSeparator, Kind::Token) if self.has_scopes() => format!(
                "Are scopes {}? If not, write `scope-separator`.",
                self.separated()
            ),
            (Open::ResponseScopeSeparator, Kind::Token) => format!(
                "Are scopes {} in responses as well? If not, write `response-scope-separator`, or `scope-separator` where no request to this endpoint has scopes.",
                self.separated()
            ),
            (Open::Lifetime, Kind::Token) => format!(
                "Do access tokens live {} seconds? Where a response may not say so, write `expiry: {{lifetime: ..}}`.",
                self.lifetime
            ),
            (Open::Errors, Kind::Token) => {
                "Does it refuse requests with 400 and the codes of RFC 6749 section 5.2, and a wrong client with 401? Write down the errors that its pages show.".to_owned()
            }
            (Open::Rotation, Kind::Token) if self.takes("refresh_token") => match self.rotation {
                Rotation::Never => "Does a refresh token stay valid when it is used?",
                Rotation::Sometimes => "Does a refresh replace the refresh token: never, always or sometimes?",
                Rotation::Always => "Does a refresh always replace the refresh token?",
            }
            .to_owned(),
            (Open::CodeChallenge, Kind::Authorization) => match self.code_challenge {
                CodeChallengeMethod::S256 => "Does it take a code challenge of the method S256 (RFC 7636)? If not, write `code-challenge`.",
                CodeChallengeMethod::Plain => "Does it take the code challenge `plain` only?",
                CodeChallengeMethod::None => "Does it refuse code challenges (RFC 7636)?",
            }
            .to_owned(),
            _ => return None,
        };
        Some(question)
    }

    /// What nobody can have a default for.
    fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        for grant in &self.grants {
            if grant.is_own() && grant.parameters.is_empty() {
                gaps.push(format!(
                    "No RFC defines the grant `{}`: which parameters does it take?",
                    grant.value
                ));
            }
        }
        if self.takes("authorization_code") && self.authorization_url.is_none() {
            gaps.push("Where is the authorization endpoint? Add it to `paths`.".to_owned());
        }
        if self.takes("device_code") && self.device_url.is_none() {
            gaps.push("Where is the device authorization endpoint? Add it to `paths`.".to_owned());
        }
        if self.docs.is_none() {
            gaps.push(
                "Where is all this written? `sources` and `externalDocs` have to name the page."
                    .to_owned(),
            );
        }
        gaps
    }

    /// Whether some request to the token endpoint has scopes.
    pub(super) fn sends_scopes(&self) -> bool {
        self.grants.iter().any(super::Grant::has_scope)
    }

    /// Whether some request has scopes.
    pub fn has_scopes(&self) -> bool {
        self.authorization_url.is_some() || self.device_url.is_some() || self.sends_scopes()
    }
}

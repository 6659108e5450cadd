//! Examples with secrets that nobody has: they become the crate's tests.

use tokensmith_codegen::model::{ClientAuth, CodeChallengeMethod};

use super::{Grant, Template};

/// A value that a parameter could have.
pub(super) fn value(name: &str) -> String {
    match name {
        "redirect_uri" => "https://app.example/callback".to_owned(),
        "code_verifier" => "example-verifier-not-real-0123456789-0123456789".to_owned(),
        "username" => "user@app.example".to_owned(),
        "scope" => "read".to_owned(),
        "subject_token_type" => "urn:ietf:params:oauth:token-type:access_token".to_owned(),
        other => {
            let words: Vec<&str> = other
                .split(|character: char| !character.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            format!("example-{}-not-real", words.join("-"))
        }
    }
}

impl Template {
    /// The client's part of a body.
    pub(super) fn client_parameters(&self) -> &'static [&'static str] {
        match self.client_auth {
            ClientAuth::Body => &["client_id", "client_secret"],
            ClientAuth::None => &["client_id"],
            _ => &[],
        }
    }

    /// A request of a grant with what it has to have.
    pub(super) fn request(&self, grant: &Grant) -> Vec<(String, String)> {
        let mut members = vec![("grant_type".to_owned(), grant.value.clone())];
        let client = self.client_parameters().iter();
        members.extend(client.map(|name| ((*name).to_owned(), value(name))));
        for parameter in grant.all() {
            let is_verifier = parameter.name == "code_verifier"
                && self.code_challenge != CodeChallengeMethod::None;
            if parameter.is_required || is_verifier {
                members.push((parameter.name.clone(), value(&parameter.name)));
            }
        }
        members
    }

    /// The errors of RFC 6749 section 5.2, and of RFC 8628 section 3.5, that a request of these
    /// grants can have with the status 400.
    pub(super) fn errors(&self) -> Vec<(&'static str, &'static str)> {
        let mut errors = vec![("invalidRequest", "invalid_request")];
        if self
            .grants
            .iter()
            .any(|grant| !grant.is("client_credentials"))
        {
            errors.push(("invalidGrant", "invalid_grant"));
        }
        errors.push(("unauthorizedClient", "unauthorized_client"));
        errors.push(("unsupportedGrantType", "unsupported_grant_type"));
        if self.has_scopes() {
            errors.push(("invalidScope", "invalid_scope"));
        }
        if self.takes("device_code") || self.takes("ciba") {
            errors.push(("authorizationPending", "authorization_pending"));
            errors.push(("slowDown", "slow_down"));
            errors.push(("expiredToken", "expired_token"));
            errors.push(("accessDenied", "access_denied"));
        }
        errors
    }
}

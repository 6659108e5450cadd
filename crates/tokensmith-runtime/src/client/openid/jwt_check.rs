//! What both clients check of a JWT: first what it says, and only then, by its signature, who says it.

use std::time::SystemTime;

use super::{issuer, read};
use crate::openid::{Jws, JwtKind, KeySet, Parties, ProviderFacts, is_hmac};
use crate::protocol::settings::Settings;
use crate::{
    Error, ExpectedIdToken, IdToken, PendingAuthorization, Redirect, Secret, TokenResponse,
};

/// A JWT that the provider made, or is said to have made.
pub(super) trait Check<'a> {
    type Checked;

    fn jws(&self) -> &Jws<'a>;
    fn issuer(&self) -> &'a str;

    /// Whether it takes the keys of the provider.
    fn needs_keys(&self) -> bool;

    /// Checks all but the signature.
    fn content(&self, facts: &ProviderFacts) -> Result<(), Error>;

    fn signature(
        self,
        facts: &ProviderFacts,
        keys: Option<&KeySet>,
    ) -> Result<Self::Checked, Error>;
}

/// The ID token of a token response.
pub(super) struct IdTokenCheck<'a> {
    settings: &'a Settings,
    jws: Jws<'a>,
    issuer: &'a str,
    expected: ExpectedIdToken,
    access_token: &'a Secret,
}

impl<'a> IdTokenCheck<'a> {
    pub(super) fn new<R: TokenResponse>(
        settings: &'a Settings,
        response: &'a R,
        expected: ExpectedIdToken,
    ) -> Result<Self, Error> {
        Ok(Self {
            settings,
            jws: read(response)?,
            issuer: issuer(settings, JwtKind::IdToken)?,
            expected,
            access_token: response.access_token(),
        })
    }

    fn parties<'c>(&'c self, facts: &'c ProviderFacts) -> Parties<'c> {
        let credentials = &self.settings.credentials;
        Parties::new(self.issuer, credentials, facts, JwtKind::IdToken)
    }
}

impl<'a> Check<'a> for IdTokenCheck<'a> {
    type Checked = IdToken;

    fn jws(&self) -> &Jws<'a> {
        &self.jws
    }

    fn issuer(&self) -> &'a str {
        self.issuer
    }

    fn needs_keys(&self) -> bool {
        !is_hmac(self.jws.algorithm)
    }

    fn content(&self, facts: &ProviderFacts) -> Result<(), Error> {
        let (access_token, client) = (Some(self.access_token), self.parties(facts));
        let now = SystemTime::now();
        self.expected
            .check_content(&self.jws, access_token, &client, now)
    }

    fn signature(self, facts: &ProviderFacts, keys: Option<&KeySet>) -> Result<IdToken, Error> {
        let client = self.parties(facts);
        self.expected.check_signature(&self.jws, &client, keys)
    }
}

/// The signed response that a person came back with.
pub(super) struct RedirectCheck<'a> {
    settings: &'a Settings,
    jws: Jws<'a>,
    issuer: &'a str,
    pending: &'a PendingAuthorization,
}

impl<'a> RedirectCheck<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        pending: &'a PendingAuthorization,
        response: &'a Secret,
    ) -> Result<Self, Error> {
        Ok(Self {
            settings,
            jws: pending.read_signed(response)?,
            issuer: issuer(settings, JwtKind::AuthorizationResponse)?,
            pending,
        })
    }
}

impl<'a> Check<'a> for RedirectCheck<'a> {
    type Checked = Redirect;

    fn jws(&self) -> &Jws<'a> {
        &self.jws
    }

    fn issuer(&self) -> &'a str {
        self.issuer
    }

    fn needs_keys(&self) -> bool {
        true
    }

    fn content(&self, facts: &ProviderFacts) -> Result<(), Error> {
        let (credentials, kind) = (&self.settings.credentials, JwtKind::AuthorizationResponse);
        let expected = Parties::new(self.issuer, credentials, facts, kind);
        self.pending
            .check_signed(&self.jws, &expected, SystemTime::now())
    }

    fn signature(self, _: &ProviderFacts, keys: Option<&KeySet>) -> Result<Redirect, Error> {
        let none = KeySet::default();
        self.pending.accept_signed(&self.jws, keys.unwrap_or(&none))
    }
}

//! What both clients check of a JWT: first what it says, and only then, by its signature, who says it.

use std::time::SystemTime;

use super::{issuer, read};
use crate::openid::{Jws, JwtKind, KeySet, Parties, ProviderFacts, is_hmac};
use crate::protocol::settings::Settings;
use crate::{
    Error, ExpectedIdToken, IdToken, PendingAuthorization, Redirect, Secret, TokenResponse,
};

/// The ID token of a token response.
pub(super) struct IdTokenCheck<'a> {
    settings: &'a Settings,
    pub(super) jws: Jws<'a>,
    pub(super) issuer: &'a str,
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

    /// Whether it takes the keys of the provider.
    pub(super) fn needs_keys(&self) -> bool {
        !is_hmac(self.jws.algorithm)
    }

    /// Checks all but the signature.
    pub(super) fn content(&self, facts: &ProviderFacts) -> Result<(), Error> {
        let (access_token, client) = (Some(self.access_token), self.parties(facts));
        let now = SystemTime::now();
        self.expected
            .check_content(&self.jws, access_token, &client, now)
    }

    pub(super) fn signature(
        self,
        facts: &ProviderFacts,
        keys: Option<&KeySet>,
    ) -> Result<IdToken, Error> {
        let client = self.parties(facts);
        self.expected.check_signature(&self.jws, &client, keys)
    }
}

/// The signed response that a person came back with.
pub(super) struct RedirectCheck<'a> {
    settings: &'a Settings,
    pub(super) jws: Jws<'a>,
    pub(super) issuer: &'a str,
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

    /// Checks all but the signature.
    pub(super) fn content(&self, facts: &ProviderFacts) -> Result<(), Error> {
        let (credentials, kind) = (&self.settings.credentials, JwtKind::AuthorizationResponse);
        let expected = Parties::new(self.issuer, credentials, facts, kind);
        self.pending
            .check_signed(&self.jws, &expected, SystemTime::now())
    }

    pub(super) fn signature(self, keys: Option<&KeySet>) -> Result<Redirect, Error> {
        let none = KeySet::default();
        self.pending.accept_signed(&self.jws, keys.unwrap_or(&none))
    }
}

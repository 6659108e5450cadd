//! Issuing tokens.

use std::time::Duration;

use http::Request;
use serde_json::json;

use super::operation_choice::Candidate;
use super::{Provider, SUBJECT, base_of, lock};
use crate::certificate::ClientCertificate;
use crate::clock::millis;
use crate::id_token::Signer;
use crate::refusal::Refusal;
use crate::request::client_auth::CERTIFICATE;
use crate::response::success::{Issue, Outline, Written};
use crate::state::{Grant, State, Token};

/// How long an authorization code can be used (RFC 6749 section 4.1.2).
pub(super) const CODE_LIFETIME: Duration = Duration::from_secs(600);

/// What happens to the refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refresh {
    /// There is a new one, if the document's example has one.
    New,
    /// There is a new one with the scopes of the old one, even if the example has none.
    Replaced(Vec<String>),
    /// It stays the same.
    Kept(String),
}

/// What a response is filled with.
struct Issued<'s> {
    state: &'s mut State,
    grant: Grant,
    refresh: Refresh,
    lifetime: Option<Duration>,
    scopes: Vec<String>,
    now: i64,
    /// How far off the clock is that clients see.
    skew: i64,
    issuer: String,
    signer: Option<&'s Signer>,
    /// Whether the scope `openid` decides on an ID token.
    by_scope: bool,
}

impl Issue for Issued<'_> {
    fn access_token(&mut self) -> String {
        let text = self.state.credential("access");
        let expires = self
            .lifetime
            .map(|lifetime| self.now.saturating_add(millis(lifetime)));
        let token = Token {
            grant: self.grant.clone(),
            issued: self.now,
            expires,
            revoked: false,
        };
        self.state.add_access_token(text.clone(), token);
        text
    }

    fn refresh_token(&mut self) -> Option<String> {
        if let Refresh::Kept(text) = &self.refresh {
            return Some(text.clone());
        }
        let text = self.state.credential("refresh");
        let mut grant = self.grant.clone();
        if let Refresh::Replaced(scopes) = &self.refresh {
            // RFC 6749 section 6.
            grant.scopes.clone_from(scopes);
        }
        self.state.add_refresh_token(text.clone(), grant);
        Some(text)
    }

    fn token_type(&self) -> Option<&'static str> {
        self.grant.key.as_ref().map(|_| "DPoP")
    }

    fn id_token(&self) -> Option<String> {
        // A plain server goes by the scope; of a provider, the document's example says whether.
        let is_openid = self.scopes.iter().any(|scope| scope == "openid");
        if self.by_scope && !is_openid {
            return None;
        }
        let now = self.now.saturating_add(self.skew) / 1_000;
        let mut claims = json!({
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": self.grant.client.as_deref().unwrap_or("mock-client"),
            "iat": now,
            "exp": now + 3_600,
        });
        if let Some(nonce) = &self.grant.nonce {
            claims
                .as_object_mut()?
                .insert("nonce".to_owned(), json!(nonce));
        }
        self.signer?.sign(&claims)
    }

    fn must_refresh(&self) -> bool {
        matches!(self.refresh, Refresh::Replaced(_))
    }

    fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    fn scopes(&self) -> &[String] {
        &self.scopes
    }
}

impl Provider {
    /// Issues tokens, or says why not.
    pub(super) fn issue(
        &self,
        candidate: &Candidate<'_>,
        request: &Request<Vec<u8>>,
        now: i64,
        skew: i64,
    ) -> Result<Written, Refusal> {
        let grant_type = candidate.operation.grant_type();
        let refreshable = grant_type != Some("client_credentials");
        let samples = self.samples_of(candidate);
        let outline = Outline::new(candidate.endpoint, samples, refreshable);
        let key = self.proof(request, None, now)?;
        let mut state = lock(&self.state);
        let (mut grant, refresh) =
            self.redeem(candidate, &outline, &mut state, (key.as_deref(), now))?;
        grant.key = key;
        let is_certified = candidate
            .identity
            .as_ref()
            .is_some_and(|who| who.method == CERTIFICATE);
        let certificate = ClientCertificate::of(request).filter(|_| is_certified);
        grant.certificate = certificate.map(str::to_owned);
        // A credential that a test has brought is the client's that uses it first.
        let client = candidate.client().map(str::to_owned);
        grant.client = grant.client.or(client);
        let scopes = grant.scopes.clone();
        if grant.scopes.is_empty() {
            grant.scopes = outline.scopes();
        }
        let mut issued = Issued {
            state: &mut state,
            lifetime: outline.lifetime(self.options.lifetime),
            grant,
            refresh,
            scopes,
            now,
            skew,
            issuer: base_of(request),
            signer: self.signer(),
            by_scope: self.standard,
        };
        Ok(outline.write(&mut issued, now.saturating_add(skew)))
    }
}

//! Who the authorization server is, and what it says of itself.

#[cfg(feature = "oidc")]
use std::sync::Arc;

use super::Settings;
use crate::Environment;
#[cfg(feature = "authorization")]
use crate::protocol::authorize::AuthorizationRules;
use crate::server::url;

impl Settings {
    /// Sets the identifier of the authorization server (RFC 8414 section 2), which a client
    /// assertion may be for. What metadata said of another one is forgotten.
    pub fn set_issuer(&mut self, issuer: impl Into<String>) {
        let issuer = issuer.into();
        if self.known_issuer() != Some(issuer.as_str()) {
            #[cfg(feature = "authorization")]
            {
                self.authorization_rules = AuthorizationRules::default();
            }
            #[cfg(feature = "oidc")]
            {
                self.openid = Arc::default();
            }
        }
        self.issuer = Some(issuer);
    }

    /// What was discovered is another issuer's.
    #[cfg(feature = "oidc")]
    pub(super) fn forget_discovered(&mut self) {
        if !self.openid.is_given() {
            self.openid = Arc::default();
        }
    }

    /// Refuses redirects of authorizations that do not name their issuer (RFC 9207 section 2.4):
    /// for servers that are known to name themselves. Metadata say so: see `set_server`.
    #[cfg(feature = "authorization")]
    pub fn require_issuer(&mut self) {
        self.requires_issuer = true;
    }

    /// Makes authorization requests only if they are pushed (RFC 9126): for providers that take them
    /// where somebody has switched that on, and for clients that are registered so.
    #[cfg(feature = "authorization")]
    pub fn require_pushed_authorization(&mut self) {
        self.requires_pushed = true;
    }

    /// Whether redirects have to name their issuer.
    #[cfg(feature = "authorization")]
    pub(crate) fn requires_issuer(&self) -> bool {
        self.requires_issuer || self.authorization_rules.names_issuer
    }

    /// Takes over from an authorization server's metadata who it is, whether its redirects say so
    /// (RFC 9207 section 3), and whether authorization requests are pushed, and where to (RFC 9126
    /// section 5).
    #[cfg(feature = "discovery")]
    pub fn set_server(&mut self, metadata: &crate::ServerMetadata) {
        self.set_issuer(&metadata.issuer);
        #[cfg(feature = "oidc")]
        {
            let facts = crate::openid::ProviderFacts::from(metadata);
            self.openid = Arc::new(crate::openid::OpenIdProvider::with_facts(facts));
        }
        #[cfg(feature = "authorization")]
        {
            self.authorization_rules = metadata.into();
        }
    }

    /// The identifier of the authorization server: the one that was set, or else the document's,
    /// unless another URL takes the place of its servers.
    pub(crate) fn known_issuer(&self) -> Option<&str> {
        self.issuer.as_deref().or(self.declared_issuer())
    }

    /// The identifier that the document has, unless another URL takes the place of its servers.
    pub(crate) fn declared_issuer(&self) -> Option<&str> {
        let environment = self.environment.as_ref();
        let environment = environment.filter(|_| !self.replaces_servers);
        environment.and_then(Environment::issuer)
    }

    /// The known identifier, or else the base URL without a slash at its end.
    pub(crate) fn issuer(&self) -> &str {
        let base = url::without_query(&self.base_url).trim_end_matches('/');
        self.known_issuer().unwrap_or(base)
    }
}

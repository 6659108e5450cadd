//! Where a response came from.

use http::Uri;

use super::Site;
#[cfg(feature = "oidc")]
use crate::response::receipt::Origin;
use crate::server::url;

/// The URL that responded, and what it was asked as. What follows from it is found out for the few
/// responses that need it.
pub(crate) struct Source<'a> {
    site: Site<'a>,
    url: Uri,
}

impl<'a> Source<'a> {
    pub(super) fn new(site: Site<'a>, url: Uri) -> Self {
        Self { site, url }
    }

    /// The URL that was asked, whatever takes the place of its server.
    pub(crate) fn asked_url(&self) -> String {
        url::asked(self.site.path, &self.url)
    }

    /// Whose response it is, for the ID token that it has.
    #[cfg(feature = "oidc")]
    pub(crate) fn origin(&self) -> Origin {
        let issuer = self.site.settings.known_issuer();
        Origin::new(
            issuer.filter(|issuer| self.is_endpoint_of(issuer)),
            &self.url,
        )
    }

    /// Whether it is known that the token endpoint is the issuer's: the document has both, or
    /// metadata name it. Where nobody names it, it has to be on the issuer's host.
    #[cfg(feature = "oidc")]
    fn is_endpoint_of(&self, issuer: &str) -> bool {
        let settings = self.site.settings;
        let is_of_document = url::split_whole(self.site.path).is_none();
        if is_of_document && settings.declared_issuer() == Some(issuer) {
            return true;
        }
        let parse = |text: &str| url::without_query(text).parse::<Uri>().ok();
        let Some(asked) = parse(&self.asked_url()) else {
            return false;
        };
        let facts = settings.openid.facts().unwrap_or_default();
        match facts.token_endpoints.as_slice() {
            [] => url::is_on_host_of(issuer, &asked),
            known => known
                .iter()
                .any(|known| parse(known).as_ref() == Some(&asked)),
        }
    }
}

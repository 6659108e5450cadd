//! Where a response came from.

use http::Uri;

use super::Site;
use crate::response::Source;
#[cfg(feature = "oidc")]
use crate::response::receipt::Origin;
use crate::server::url;

/// The URL that responded, and what it was asked as.
pub(super) struct SiteSource<'a> {
    site: Site<'a>,
    url: Uri,
}

impl<'a> SiteSource<'a> {
    pub(super) fn new(site: Site<'a>, url: Uri) -> Self {
        Self { site, url }
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

impl Source for SiteSource<'_> {
    fn asked_url(&self) -> String {
        url::asked(self.site.path, &self.url)
    }

    #[cfg(feature = "oidc")]
    fn origin(&self) -> Origin {
        let issuer = self.site.settings.known_issuer();
        Origin::new(
            issuer.filter(|issuer| self.is_endpoint_of(issuer)),
            &self.url,
        )
    }
}

//! Where a response came from, for the ID token that it may hold.

use http::Uri;

use super::Settings;
use crate::response::receipt::Origin;
use crate::server::url;

/// Where the response to a request with this path came from.
pub(super) fn origin(settings: &Settings, path: &str, url: &Uri) -> Origin {
    let issuer = settings.known_issuer();
    Origin::new(
        issuer.filter(|issuer| is_endpoint_of(issuer, settings, path, url)),
        url,
    )
}

/// Whether it is known that the token endpoint is the issuer's: the document has both, or metadata
/// name it. Where nobody names it, it has to be on the issuer's host.
fn is_endpoint_of(issuer: &str, settings: &Settings, path: &str, url: &Uri) -> bool {
    let is_of_document = url::split_whole(path).is_none();
    if is_of_document && settings.declared_issuer() == Some(issuer) {
        return true;
    }
    let parse = |text: &str| url::without_query(text).parse::<Uri>().ok();
    let Some(asked) = parse(&url::asked(path, url)) else {
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

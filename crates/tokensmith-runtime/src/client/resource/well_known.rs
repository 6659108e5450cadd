//! Where the metadata of a protected resource are looked for, and whose they are.

use super::{ProtectedResource, ResourceChallenge};
use crate::client::search::{Search, SelfDescription, check_urls};
use crate::error::report::Report;
use crate::protocol::Settings;
use crate::server::url;
use crate::{Error, ErrorKind, PlainHttpHosts};

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

impl Search<ProtectedResource> {
    /// Begins at the place that the challenge names or, where it names none, at that of RFC 9728
    /// section 3.1. There, a resource with a path may have its metadata at the root of its host.
    pub(crate) fn of_resource(
        settings: &Settings,
        resource: &str,
        challenge: Option<&ResourceChallenge>,
    ) -> Result<Self, Error> {
        url::check(resource, &settings.plain_http)?;
        let (first, then) = match challenge.and_then(ResourceChallenge::resource_metadata) {
            Some(url) => {
                url::check(url, &settings.plain_http)?;
                url::check_named(url, resource, &settings.plain_http)?;
                (url.to_owned(), None)
            }
            None => well_known(resource),
        };
        Ok(Self::new(
            settings,
            resource,
            first,
            then.into_iter().collect(),
        ))
    }
}

impl SelfDescription for ProtectedResource {
    /// Another resource's metadata could lead to an authorization server that passes tokens for
    /// this resource on to that one. Those of a whole host would have this resource get tokens that
    /// are good for all others there (RFC 9728 section 3.3).
    fn check(&self, resource: &str, plain_http: &PlainHttpHosts) -> Result<(), Error> {
        if self.resource != resource {
            return Err(of_another(resource, &self.resource));
        }
        let servers = self.authorization_servers.iter();
        let servers = servers.map(|url| ("authorization_servers", url.as_str()));
        let keys = self.jwks_uri.iter().map(|url| ("jwks_uri", url.as_str()));
        check_urls(servers.chain(keys), resource, plain_http)
    }
}

fn of_another(asked: &str, stated: &str) -> Error {
    let is_same_host = asked
        .parse()
        .is_ok_and(|asked| url::is_on_host_of(stated, &asked));
    let (stated, asked) = (url::shown(stated), url::shown(asked));
    let mut message = format!("the metadata are of another resource than `{asked}`: of `{stated}`");
    if is_same_host {
        message.push_str(". Ask for that one if a token for all of it may be sent there");
    }
    let report = Report {
        sent: true,
        ..Report::new(ErrorKind::Malformed, message)
    };
    report.into()
}

/// The place of RFC 9728 section 3.1 and, for a resource with a path, the root of its host.
fn well_known(resource: &str) -> (String, Option<String>) {
    let (origin, path) = url::split_whole(resource).unwrap_or((resource, ""));
    // A slash that ends the host is removed.
    let path = match path.strip_prefix('/') {
        Some(rest) if rest.is_empty() || rest.starts_with('?') => rest,
        _ => path,
    };
    let root = format!("{origin}{WELL_KNOWN}");
    (format!("{root}{path}"), (!path.is_empty()).then_some(root))
}

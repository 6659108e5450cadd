//! Where the metadata of a protected resource are looked for, and whose they are.

use super::{ProtectedResource, ResourceChallenge};
use crate::client::discovery::Discover;
use crate::error::report::Report;
use crate::protocol::Settings;
use crate::server::url;
use crate::{
    Any, Endpoint, EndpointKind, Error, ErrorKind, Method, NoBody, Operation, Parameters,
    PlainHttpHosts, Request,
};

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The place that is asked, and the one that is asked where nothing is there.
pub(crate) struct Search {
    resource: String,
    request: ResourceMetadataRequest,
    then: Option<ResourceMetadataRequest>,
    plain_http: PlainHttpHosts,
}

/// The request for the metadata of a protected resource, at one place.
pub(crate) struct ResourceMetadataRequest {
    url: String,
}

impl Search {
    /// Begins at the place that the challenge names or, where it names none, at that of RFC 9728
    /// section 3.1. There, a resource with a path may have its metadata at the root of its host.
    pub(crate) fn new(
        settings: &Settings,
        resource: &str,
        challenge: Option<&ResourceChallenge>,
    ) -> Result<Self, Error> {
        url::check(resource, &settings.plain_http)?;
        let (url, then) = match challenge.and_then(ResourceChallenge::resource_metadata) {
            Some(url) => {
                url::check(url, &settings.plain_http)?;
                url::check_named(url, resource, &settings.plain_http)?;
                (url.to_owned(), None)
            }
            None => well_known(resource),
        };
        Ok(Self {
            resource: resource.to_owned(),
            request: ResourceMetadataRequest { url },
            then: then.map(|url| ResourceMetadataRequest { url }),
            plain_http: settings.plain_http.clone(),
        })
    }

    pub(crate) fn request(&self) -> &ResourceMetadataRequest {
        &self.request
    }

    /// What came of a request; `None` if there is another one to send.
    pub(crate) fn outcome(
        &mut self,
        outcome: Result<ProtectedResource, Error>,
    ) -> Option<Result<ProtectedResource, Error>> {
        if outcome.as_ref().is_err_and(Discover::is_elsewhere)
            && let Some(request) = self.then.take()
        {
            self.request = request;
            return None;
        }
        Some(outcome.and_then(|metadata| self.check(metadata)))
    }

    /// Another resource's metadata could lead to an authorization server that passes tokens for
    /// this resource on to that one. Those of a whole host would have this resource get tokens that
    /// are good for all others there (RFC 9728 section 3.3).
    fn check(&self, metadata: ProtectedResource) -> Result<ProtectedResource, Error> {
        if metadata.resource != self.resource {
            return Err(self.of_another(&metadata.resource));
        }
        let named = metadata.authorization_servers.iter();
        for url in named.chain(&metadata.jwks_uri) {
            url::check_named(url, &self.resource, &self.plain_http)?;
        }
        Ok(metadata)
    }

    fn of_another(&self, stated: &str) -> Error {
        let asked = self.resource.parse();
        let is_same_host = asked.is_ok_and(|asked| url::is_on_host_of(stated, &asked));
        let (stated, asked) = (url::shown(stated), url::shown(&self.resource));
        let mut message =
            format!("the metadata are of another resource than `{asked}`: of `{stated}`");
        if is_same_host {
            message.push_str(". Ask for that one if a token for all of it may be sent there");
        }
        let report = Report {
            sent: true,
            ..Report::new(ErrorKind::Malformed, message)
        };
        report.into()
    }
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

static METADATA: Endpoint<'static> =
    Endpoint::new(EndpointKind::Metadata, &[""]).with_method(Method::Get);
static DESCRIBE: Operation<'static> = Operation::new();

impl Request for ResourceMetadataRequest {
    type Provider = Any;
    type Response = ProtectedResource;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        &METADATA
    }

    fn operation(&self) -> &Operation<'_> {
        &DESCRIBE
    }

    fn path(&self) -> &str {
        &self.url
    }

    fn parameters<'a>(&'a self, _parameters: &mut Parameters<'a>) {}
}

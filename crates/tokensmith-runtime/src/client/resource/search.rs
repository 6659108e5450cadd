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
    request: ResourceMetadataRequest,
    then: Option<ResourceMetadataRequest>,
    plain_http: PlainHttpHosts,
}

/// The request for the metadata of a protected resource.
pub(crate) struct ResourceMetadataRequest {
    url: String,
    /// The identifiers that the metadata may be of.
    identifiers: Vec<String>,
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
        if let Some(url) = challenge.and_then(ResourceChallenge::resource_metadata) {
            url::check(url, &settings.plain_http)?;
            url::check_named(url, resource, &settings.plain_http)?;
            let request = ResourceMetadataRequest::new(url.to_owned(), &[resource]);
            return Ok(Self {
                request,
                then: None,
                plain_http: settings.plain_http.clone(),
            });
        }
        let (origin, path) = url::split_whole(resource).unwrap_or((resource, ""));
        // A slash that ends the host is removed.
        let path = match path.strip_prefix('/') {
            Some(rest) if rest.is_empty() || rest.starts_with('?') => rest,
            _ => path,
        };
        let well_known = |path: &str, identifiers: &[&str]| {
            ResourceMetadataRequest::new(format!("{origin}{WELL_KNOWN}{path}"), identifiers)
        };
        Ok(Self {
            request: well_known(path, &[resource]),
            then: (!path.is_empty()).then(|| well_known("", &[resource, origin])),
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
        Some(outcome.and_then(|resource| {
            let resource = self.request.check(resource)?;
            for url in resource
                .authorization_servers
                .iter()
                .chain(&resource.jwks_uri)
            {
                url::check_named(url, &resource.resource, &self.plain_http)?;
            }
            Ok(resource)
        }))
    }
}

impl ResourceMetadataRequest {
    fn new(url: String, identifiers: &[&str]) -> Self {
        Self {
            url,
            identifiers: identifiers.iter().map(|&it| it.to_owned()).collect(),
        }
    }

    /// Another resource's metadata could lead to an authorization server that passes tokens for
    /// this resource on to that one (RFC 9728 section 3.3).
    fn check(&self, resource: ProtectedResource) -> Result<ProtectedResource, Error> {
        if self.identifiers.contains(&resource.resource) {
            return Ok(resource);
        }
        let report = Report {
            sent: true,
            ..Report::new(
                ErrorKind::Malformed,
                "the metadata is that of another resource than the one asked for: `resource` has to \
                 be identical",
            )
        };
        Err(report.into())
    }
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

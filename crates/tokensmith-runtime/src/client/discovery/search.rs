//! Where the metadata of an authorization server are looked for, and whose they are.

use crate::error::report::Report;
use crate::protocol::Settings;
use crate::server::url;
use crate::{
    Any, Endpoint, EndpointKind, Error, ErrorKind, Method, NoBody, Operation, Parameters,
    PlainHttpHosts, Request, ServerMetadata,
};

/// The request for the metadata of an issuer, at one place after another.
#[derive(Debug)]
pub(crate) struct Discover {
    issuer: String,
    url: String,
    /// The places that are left, the next one last.
    left: Vec<String>,
    plain_http: PlainHttpHosts,
}

static METADATA: Endpoint<'static> =
    Endpoint::new(EndpointKind::Metadata, &[""]).with_method(Method::Get);
static DESCRIBE: Operation<'static> = Operation::new();

impl Discover {
    /// An issuer has neither query nor fragment (RFC 8414 section 2): what follows a `?` is part of
    /// no path, so that any document of its host could pass for the metadata.
    pub(crate) fn new(settings: &Settings, issuer: &str) -> Result<Self, Error> {
        url::check(issuer, &settings.plain_http)?;
        if issuer.contains('?') {
            return Err(Error::config(format!(
                "invalid issuer `{}`: it has a query",
                url::shown(issuer)
            )));
        }
        let mut left = vec![
            WellKnown::OpenId.url(issuer),
            WellKnown::OpenIdBefore.url(issuer),
        ];
        // The same for an issuer without a path.
        left.dedup();
        Ok(Self {
            issuer: issuer.to_owned(),
            url: WellKnown::OAuth.url(issuer),
            left,
            plain_http: settings.plain_http.clone(),
        })
    }

    /// What came of the request; `None` if there is another one to send.
    pub(crate) fn outcome(
        &mut self,
        outcome: Result<ServerMetadata, Error>,
    ) -> Option<Result<ServerMetadata, Error>> {
        if outcome.as_ref().is_err_and(Self::is_elsewhere)
            && let Some(url) = self.left.pop()
        {
            self.url = url;
            return None;
        }
        Some(outcome.and_then(|metadata| self.check(metadata)))
    }

    /// Whether a response leaves the hope that the metadata is in another place.
    pub(crate) fn is_elsewhere(error: &Error) -> bool {
        matches!(
            error.kind(),
            ErrorKind::Provider | ErrorKind::Malformed | ErrorKind::Redirect
        )
    }

    /// Another issuer's metadata could lead the client's credentials to another server (RFC 8414
    /// section 3.3).
    fn check(&self, metadata: ServerMetadata) -> Result<ServerMetadata, Error> {
        if metadata.issuer == self.issuer {
            for url in metadata.urls() {
                url::check_named(url, &self.issuer, &self.plain_http)?;
            }
            return Ok(metadata);
        }
        let report = Report {
            sent: true,
            ..Report::new(
                ErrorKind::Malformed,
                "the metadata is that of another issuer than the one asked for",
            )
        };
        Err(report.into())
    }
}

impl Request for Discover {
    type Provider = Any;
    type Response = ServerMetadata;
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

/// Where the metadata of an issuer is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WellKnown {
    /// RFC 8414 section 3.1: before the path of the issuer.
    OAuth,
    /// RFC 8414 section 5: before it, for a provider of OpenID Connect.
    OpenIdBefore,
    /// OpenID Connect Discovery section 4.1: after it.
    OpenId,
}

impl WellKnown {
    /// The whole URL.
    pub(crate) fn url(self, issuer: &str) -> String {
        let issuer = issuer.trim_end_matches('/');
        let host_end = issuer
            .find("://")
            .and_then(|scheme| Some(scheme + 3 + issuer.get(scheme + 3..)?.find('/')?));
        let (origin, path) = issuer.split_at(host_end.unwrap_or(issuer.len()));
        match self {
            Self::OAuth => format!("{origin}/.well-known/oauth-authorization-server{path}"),
            Self::OpenIdBefore => format!("{origin}/.well-known/openid-configuration{path}"),
            Self::OpenId => format!("{issuer}/.well-known/openid-configuration"),
        }
    }
}

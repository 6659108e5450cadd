//! Where the metadata of an authorization server are looked for, and whose they are.

use crate::client::search::{Search, SelfDescription, check_urls};
use crate::error::report::Report;
use crate::protocol::Settings;
use crate::server::url;
use crate::{Error, ErrorKind, PlainHttpHosts, ServerMetadata};

impl Search<ServerMetadata> {
    /// An issuer has neither query nor fragment (RFC 8414 section 2): what follows a `?` is part of
    /// no path, so that any document of its host could pass for the metadata.
    pub(crate) fn of_server(settings: &Settings, issuer: &str) -> Result<Self, Error> {
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
        Ok(Self::new(
            settings,
            issuer,
            WellKnown::OAuth.url(issuer),
            left,
        ))
    }
}

impl SelfDescription for ServerMetadata {
    /// Another issuer's metadata could lead the client's credentials to another server (RFC 8414
    /// section 3.3).
    fn check(&self, issuer: &str, plain_http: &PlainHttpHosts) -> Result<(), Error> {
        if self.issuer == issuer {
            return check_urls(self.urls(), issuer, plain_http);
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

/// Where the metadata of an issuer are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WellKnown {
    /// RFC 8414 section 3.1: before the path of the issuer.
    OAuth,
    /// RFC 8414 section 5: before it, for a provider of OpenID Connect.
    OpenIdBefore,
    /// OpenID Connect Discovery section 4.1: after it.
    OpenId,
}

impl WellKnown {
    /// The whole URL.
    pub(super) fn url(self, issuer: &str) -> String {
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

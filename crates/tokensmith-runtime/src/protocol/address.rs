//! Where a request goes, as far as it can be shown.

use std::fmt;

use http::Uri;

use crate::protocol::Settings;
use crate::{Endpoint, error::mask, server::url};

/// The method, host and path of a request that failed.
///
/// The path is the document's template: the values of parameters in it are not filled in, and
/// segments that look like credentials are masked. The query is left out. `Display` writes `POST
/// api.example.com/oauth2/token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointAddress {
    method: &'static str,
    host: String,
    default_port: u16,
    path: String,
}

impl EndpointAddress {
    /// The address of an endpoint below the base URL of the settings. `None` if there is no host in
    /// it.
    pub(crate) fn new(settings: &Settings, endpoint: &Endpoint<'_>, path: &str) -> Option<Self> {
        let (base, path) = settings.place(endpoint, path).ok()?;
        let base: Uri = url::without_query(&base).parse().ok()?;
        let authority = base.authority()?.as_str();
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let (base_path, slash) = match path {
            "" => (base.path(), ""),
            path if path.starts_with('/') => (base.path().trim_end_matches('/'), ""),
            _ => (base.path().trim_end_matches('/'), "/"),
        };
        Some(Self {
            method: endpoint.method().as_str(),
            // A user name is refused before anything is sent.
            host: authority.rsplit('@').next()?.to_owned(),
            // No connection is made by another scheme.
            default_port: url::usual_port(&base).unwrap_or_default(),
            path: mask::path(&[base_path, slash, path].concat()),
        })
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        self.method
    }

    /// The host, with its port where the URL names one.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path: the document's template, without values of parameters.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The host and the port that a connection is made to.
    pub(crate) fn peer(&self) -> String {
        let after_address = self.host.rsplit(']').next().unwrap_or_default();
        if after_address.contains(':') {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.default_port)
        }
    }

    /// The host without its port.
    pub(crate) fn host_name(&self) -> &str {
        let (name, port) = self.host.rsplit_once(':').unwrap_or((&self.host, ""));
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        if is_port { name } else { &self.host }
    }
}

impl fmt::Display for EndpointAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}{}", self.method, self.host, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Credentials, EndpointKind, Method};

    fn address(base: &str, path: &str) -> EndpointAddress {
        let settings = Settings::new(base, Credentials::public("id")).unwrap();
        let endpoint = Endpoint::new(EndpointKind::Token, &[""]).with_method(Method::Get);
        EndpointAddress::new(&settings, &endpoint, path).unwrap()
    }

    #[test]
    fn shows_the_template_and_no_query() {
        for (base, path, shown) in [
            ("https://a.example", "/token", "GET a.example/token"),
            (
                "https://a.example/v1/?key=x",
                "token?b=c",
                "GET a.example/v1/token",
            ),
            ("https://a.example/token", "", "GET a.example/token"),
            (
                "https://a.example",
                "/{tenant}/token#x",
                "GET a.example/{tenant}/token",
            ),
            (
                "https://a.example",
                "https://b.example:8443/t?q",
                "GET b.example:8443/t",
            ),
        ] {
            assert_eq!(address(base, path).to_string(), shown);
        }
    }

    #[test]
    fn names_the_peer_of_a_connection() {
        for (base, peer, name) in [
            ("https://a.example", "a.example:443", "a.example"),
            ("https://a.example:8443", "a.example:8443", "a.example"),
            ("http://127.0.0.1", "127.0.0.1:80", "127.0.0.1"),
            ("http://[::1]", "[::1]:80", "[::1]"),
            ("http://[::1]:8080", "[::1]:8080", "[::1]"),
        ] {
            let address = address(base, "/token");
            assert_eq!((address.peer().as_str(), address.host_name()), (peer, name));
        }
    }
}

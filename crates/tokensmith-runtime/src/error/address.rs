//! Where a request went, as far as it can be shown.

use std::fmt;

/// The method, host and path of a request that failed.
///
/// The path is the document's template: the values of parameters in it are not filled in, and
/// segments that look like credentials are masked. The query is left out. `Display` writes `POST
/// api.example.com/oauth2/token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointAddress {
    pub(crate) method: &'static str,
    pub(crate) host: String,
    pub(crate) default_port: u16,
    pub(crate) path: String,
}

impl EndpointAddress {
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

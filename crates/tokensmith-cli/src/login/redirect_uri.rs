//! The redirect URI of a program on this machine (RFC 8252 section 7.3).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

use crate::failure::Failure;

/// What any port is asked for by where the caller says nothing.
const USUAL: &str = "http://127.0.0.1/callback";

/// A redirect URI whose port may be open.
#[derive(Debug)]
pub(super) struct RedirectUri {
    /// The host as it is written.
    host: String,
    pub(super) port: Option<u16>,
    /// The path, and the query if there is one.
    path_and_query: String,
}

impl RedirectUri {
    /// Reads the URI of the caller, or else the usual one.
    pub(super) fn read(text: Option<&str>) -> Result<Self, Failure> {
        let text = text.unwrap_or(USUAL);
        let refused = |problem: &str| {
            Failure::Usage(format!(
                "--redirect-uri: {problem}: expected http://127.0.0.1:PORT/PATH, with [::1] or localhost \
                 as other hosts"
            ))
        };
        if text.contains('#') {
            return Err(refused("it has a fragment"));
        }
        let uri: Uri = text
            .parse()
            .map_err(|error| refused(&format!("it is not a URI ({error})")))?;
        if uri.scheme_str() != Some("http") {
            return Err(refused("its scheme is not http"));
        }
        let authority = uri.authority().ok_or_else(|| refused("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(refused("it has a user name"));
        }
        let host = authority.host().to_owned();
        if addresses(&host).is_empty() {
            return Err(refused("its host is not a loopback host"));
        }
        let port = authority.port_u16().filter(|port| *port != 0);
        let is_bare = authority.as_str().len() == host.len();
        if port.is_none() && !is_bare {
            return Err(refused("its port is not a number from 1 to 65535"));
        }
        let path_and_query = uri.path_and_query().map_or("/", |path| path.as_str());
        let is_empty = !text.trim_start_matches("http://").contains(['/', '?']);
        Ok(Self {
            host,
            port,
            path_and_query: match is_empty {
                true => String::new(),
                false => path_and_query.to_owned(),
            },
        })
    }

    /// The addresses that browsers take the host for, the most usual one first.
    pub(super) fn addresses(&self) -> &'static [IpAddr] {
        addresses(&self.host)
    }

    /// The path that the browser comes back to.
    pub(super) fn path(&self) -> &str {
        let path = self.path_and_query.split('?').next().unwrap_or_default();
        if path.is_empty() { "/" } else { path }
    }

    /// The URI with a port.
    pub(super) fn at(&self, port: u16) -> String {
        format!("http://{}:{port}{}", self.host, self.path_and_query)
    }

    /// The URL of another path on the same host and port.
    pub(super) fn beside(&self, port: u16, path: &str) -> String {
        format!("http://{}:{port}{path}", self.host)
    }
}

fn addresses(host: &str) -> &'static [IpAddr] {
    const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);
    match host {
        "127.0.0.1" => &[V4],
        "[::1]" => &[V6],
        _ if host.eq_ignore_ascii_case("localhost") => &[V4, V6],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_not_named_is_filled_in() {
        for (text, at, path) in [
            (None, "http://127.0.0.1:9/callback", "/callback"),
            (Some("http://localhost"), "http://localhost:9", "/"),
            (Some("http://localhost/"), "http://localhost:9/", "/"),
            (Some("http://[::1]/a?b=c"), "http://[::1]:9/a?b=c", "/a"),
        ] {
            let uri = RedirectUri::read(text).expect("a redirect URI");
            assert_eq!((uri.port, uri.at(9).as_str(), uri.path()), (None, at, path));
        }
        let uri = RedirectUri::read(Some("http://127.0.0.1:8085/cb")).expect("a redirect URI");
        assert_eq!(uri.port, Some(8085));
    }

    #[test]
    fn only_this_machine_is_listened_on() {
        for text in [
            "https://127.0.0.1/callback",
            "http://example.com/callback",
            "http://127.0.0.1.example.com/callback",
            "http://127.0.0.1@example.com/callback",
            "http://app@127.0.0.1/callback",
            "http://0.0.0.0/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:99999/callback",
            "http://127.0.0.1/callback#fragment",
            "com.example.app:/callback",
            "/callback",
            "",
        ] {
            assert!(RedirectUri::read(Some(text)).is_err(), "{text}");
        }
    }
}

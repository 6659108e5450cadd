//! Which hosts may be reached without TLS.

use std::net::IpAddr;

use http::Uri;
use http::uri::Authority;

use crate::Error;

/// The hosts that credentials may go to over plain http: this machine, and those that were named
/// one by one.
///
/// RFC 6749 section 3.2 asks for TLS. Inside a compose file or a service mesh the connection may be
/// secured otherwise, or not leave the machine: whoever knows that names the host.
///
/// ```
/// use tokensmith_runtime::PlainHttpHosts;
///
/// let mut hosts = PlainHttpHosts::default();
/// hosts.allow("keycloak:8080")?;
/// assert!(hosts.contains(&"http://keycloak:8080/token".parse()?));
/// assert!(hosts.contains(&"http://localhost/token".parse()?));
/// assert!(!hosts.contains(&"http://keycloak/token".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct PlainHttpHosts(Vec<Authority>);

/// Where a refusal of plain http leads to.
pub(crate) const HOW_TO_ALLOW: &str = "use https or, if the network is trusted, name the host \
     (`allow_plain_http`, `plain_http_hosts` of a connector, `--allow-plain-http`)";

impl PlainHttpHosts {
    /// Allows one host, such as `keycloak`, which allows each of its ports, or `keycloak:8080`,
    /// which allows that port.
    ///
    /// Names are compared as a whole, and without regard to case. There are no wildcards.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the text is not a host name or an IP address with an optional port.
    pub fn allow(&mut self, host: &str) -> Result<(), Error> {
        let named = parse(host).ok_or_else(|| {
            Error::config(
                "a host that is allowed over plain http is a name or an address, and perhaps a port: \
                 `keycloak`, `10.0.0.7:8080`, `[fd00::7]`",
            )
        })?;
        self.0.push(named);
        Ok(())
    }

    /// Whether a URL of the scheme `http` may be requested. `localhost`, 127.0.0.0/8 and `::1`
    /// always are; another name or address that leads to this machine, an IPv4-mapped one too, has
    /// to be allowed.
    pub fn contains(&self, url: &Uri) -> bool {
        url.host().is_some_and(is_loopback) || self.names(url)
    }

    /// Whether the host was named.
    pub(crate) fn names(&self, url: &Uri) -> bool {
        let is_of = |named: &Authority| {
            url.host()
                .is_some_and(|host| named.host().eq_ignore_ascii_case(host))
                && named
                    .port_u16()
                    .is_none_or(|port| port == url.port_u16().unwrap_or(80))
        };
        self.0.iter().any(is_of)
    }
}

fn parse(host: &str) -> Option<Authority> {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    let named: Authority = host.parse().ok().filter(|_| host.bytes().all(is_fit))?;
    let has_port = named.port_u16().is_some();
    let is_whole = has_port || named.as_str() == named.host();
    (!named.host().is_empty() && is_whole).then_some(named)
}

fn is_loopback(host: &str) -> bool {
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    host.eq_ignore_ascii_case("localhost")
        || address
            .unwrap_or(host)
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::PlainHttpHosts;

    fn contains(allowed: &[&str], authority: &str) -> bool {
        let mut hosts = PlainHttpHosts::default();
        for host in allowed {
            hosts.allow(host).unwrap();
        }
        hosts.contains(&format!("http://{authority}/token").parse().unwrap())
    }

    #[test]
    fn this_machine_is_named_exactly() {
        for host in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1",
            "127.9.8.7:1234",
            "127.255.255.255",
            "[::1]",
            "[0:0:0:0:0:0:0:1]:8080",
        ] {
            assert!(contains(&[], host), "{host}");
        }
        for host in [
            "localhost.evil.example",
            "evil.example.localhost",
            "localhost.",
            "127.0.0.1.nip.io",
            "127.0.0.1.",
            "127.1",
            "127.0.0.01",
            "2130706433",
            "0x7f.0.0.1",
            "126.255.255.255",
            "128.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "169.254.169.254",
            "[::]",
            "[::2]",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "keycloak",
        ] {
            assert!(!contains(&[], host), "{host}");
        }
    }

    #[test]
    fn a_host_that_is_named_is_allowed_and_no_other() {
        for (named, asked) in [
            ("keycloak", "keycloak"),
            ("keycloak", "KeyCloak:8080"),
            ("KEYCLOAK:8080", "keycloak:8080"),
            ("keycloak:80", "keycloak"),
            ("auth.svc.cluster.local", "auth.svc.cluster.local:1"),
            ("my_service", "my_service"),
            ("10.0.0.7", "10.0.0.7:8080"),
            ("[fd00::7]:8080", "[fd00::7]:8080"),
        ] {
            assert!(contains(&[named], asked), "{named} {asked}");
        }
        for (named, asked) in [
            ("keycloak", "keycloak.evil.example"),
            ("keycloak", "keycloak2"),
            ("keycloak", "sso.keycloak"),
            ("keycloak", "keycloak."),
            ("keycloak:8080", "keycloak"),
            ("keycloak:8080", "keycloak:80"),
            ("keycloak:443", "keycloak"),
            ("10.0.0.7", "10.0.0.70"),
            ("[fd00::7]", "[fd00::8]"),
        ] {
            assert!(!contains(&[named], asked), "{named} {asked}");
        }
    }

    #[test]
    fn what_is_not_a_host_is_refused() {
        for host in [
            "",
            "*",
            "*.example.com",
            "http://keycloak",
            "keycloak/token",
            "user@keycloak",
            "keycloak:",
            "keycloak:x",
            "keycloak:65536",
            ":8080",
            "key cloak",
            "a,b",
            "fd00::7",
            "käse",
        ] {
            let error = PlainHttpHosts::default().allow(host).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Config, "{host}");
        }
    }
}

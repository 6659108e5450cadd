//! Hosts of URLs.

use std::net::Ipv4Addr;

/// The host of a URL, with what stands before and behind it: user and port.
pub(crate) fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether a host, which may have a port, stands for any other (RFC 2606).
pub(crate) fn is_reserved(authority: &str) -> bool {
    let name = name(authority);
    let last = name.rsplit('.').next().unwrap_or_default();
    ["example", "invalid", "localhost", "test"].contains(&last)
        || ["example.com", "example.net", "example.org"]
            .iter()
            .filter_map(|reserved| name.strip_suffix(reserved))
            .any(|before| before.is_empty() || before.ends_with('.'))
}

/// Whether a host, which may have a port, is one that the runtime takes for this machine.
pub(crate) fn is_loopback(authority: &str) -> bool {
    if authority == "[::1]" || authority.starts_with("[::1]:") {
        return true;
    }
    let name = name(authority);
    let address = name.parse::<Ipv4Addr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Whether a host, which may have a port, has a name that anybody may look up.
pub(crate) fn is_of_world(authority: &str) -> bool {
    let name = name(authority);
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_name = last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    name.contains('.') && is_name && !is_reserved(authority)
}

/// Whether a host is a single name of several words, such as `base_url`, which stands for another.
pub(crate) fn is_placeholder(authority: &str) -> bool {
    let name = name(authority);
    !name.contains(['.', '{']) && name.contains(['_', '-'])
}

/// The name in small letters, without a port.
fn name(authority: &str) -> String {
    let name = authority.split(':').next().unwrap_or_default();
    name.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_ends_where_the_path_begins() {
        for (url, expected) in [
            ("https://api.acme.dev:81/token?a=b", "api.acme.dev:81"),
            ("https://acme.dev?x", "acme.dev"),
            ("https://acme.dev#x", "acme.dev"),
            ("acme.dev/x", "acme.dev"),
            ("/x", ""),
        ] {
            assert_eq!(authority(url), expected, "{url}");
        }
    }

    #[test]
    fn reserved_names_stand_for_any_host() {
        for host in [
            "example.com",
            "api.Example.com:8080",
            "acme.example",
            "acme.test",
            "localhost",
        ] {
            assert!(is_reserved(host) && !is_of_world(host), "{host}");
        }
        for host in ["myexample.com", "example.dev", "api.acme.dev:81"] {
            assert!(!is_reserved(host) && is_of_world(host), "{host}");
        }
        for host in ["127.0.0.1", "acme", ""] {
            assert!(!is_of_world(host), "{host}");
        }
    }
}

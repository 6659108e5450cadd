//! Which pages and hosts may control a mock.

use http::{HeaderMap, Response, header};

use crate::reply::refused;

/// Top-level names that nobody can register (RFC 6761, RFC 6762, and `.internal`, which ICANN keeps
/// for private networks).
const PRIVATE: [&str; 4] = ["internal", "local", "localhost", "test"];

/// Refuses a request to `/.mock/` that a web page of somebody else's may have made. Nothing if it is
/// from the mock's own page or from a program.
///
/// A browser names the page in `Origin`, unless the request only reads (Fetch standard, section
/// 3.2). A page whose host name leads to the mock has the mock's origin (DNS rebinding), so the host
/// has to be one that nobody can register.
pub(crate) fn refuse_foreign(headers: &HeaderMap) -> Option<Response<Vec<u8>>> {
    let text = |name| match headers.get(name) {
        None => Ok(None),
        Some(value) => value.to_str().map(Some).map_err(|_| ()),
    };
    let (host, origin) = (text(header::HOST), text(header::ORIGIN));
    let (Ok(host), Ok(origin)) = (host, origin) else {
        return Some(refused(400, "the headers Host and Origin must be ASCII"));
    };
    if let Some(host) = host.filter(|host| !is_private(host)) {
        let host = shown(host);
        return Some(refused(
            421,
            &format!(
                "the header Host is `{host}`, a name that anybody can register: control the mock \
                 by an IP address, `localhost`, or a name without dots"
            ),
        ));
    }
    let origin = origin?;
    let own = origin.split_once("://").map(|(_, own)| own);
    if own.is_some_and(|own| host.is_some_and(|host| own.eq_ignore_ascii_case(host))) {
        return None;
    }
    let origin = shown(origin);
    Some(refused(
        403,
        &format!(
            "the header Origin is `{origin}`: only the mock's own pages and programs outside of \
             browsers control it"
        ),
    ))
}

/// Whether a host, with or without a port, is an address or a name that nobody can register.
fn is_private(host: &str) -> bool {
    let name = name(host);
    let is_address = name.parse::<std::net::IpAddr>().is_ok();
    let top = name.rsplit_once('.').map(|(_, top)| top);
    is_address || top.is_none_or(|top| PRIVATE.contains(&top))
}

/// Returns the name in a `Host` header, in lower case and without brackets.
pub(crate) fn name(host: &str) -> String {
    let without_port = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = without_port.trim_matches(['[', ']']);
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// A text for a message.
fn shown(text: &str) -> String {
    text.chars().take(100).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(host: &str, origin: Option<&str>) -> Option<u16> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        refuse_foreign(&headers).map(|response| response.status().as_u16())
    }

    #[test]
    fn names_that_anybody_can_register_are_refused() {
        for host in [
            "127.0.0.1:8080",
            "[::1]:8080",
            "192.168.1.7",
            "localhost:1",
            "mock:8080",
            "mock.localhost",
            "mock.default.svc.cluster.local",
            "host.docker.internal:8080",
            "MOCK.Test",
        ] {
            assert_eq!(status(host, None), None, "{host}");
        }
        for host in [
            "evil.example.com:8080",
            "evil.com",
            "evil.com.",
            "127.0.0.1.evil.com",
            "localhost.evil.com:80",
            "127.0.0.1:80:evil.com",
        ] {
            assert_eq!(status(host, None), Some(421), "{host}");
        }
    }

    #[test]
    fn pages_of_others_are_refused() {
        let host = "localhost:8080";
        for origin in ["http://localhost:8080", "https://LOCALHOST:8080"] {
            assert_eq!(status(host, Some(origin)), None, "{origin}");
        }
        for origin in [
            "https://evil.com",
            "http://localhost:3000",
            "http://localhost",
            "http://127.0.0.1:8080",
            "http://localhost:8080.evil.com",
            "http://evil@localhost:8080",
            "null",
            "",
        ] {
            assert_eq!(status(host, Some(origin)), Some(403), "{origin}");
        }
        assert_eq!(status("evil.com", Some("http://evil.com")), Some(421));
    }
}

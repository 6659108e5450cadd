//! Where a request goes, as far as it can be shown.

use http::Uri;

use crate::error::mask;
use crate::protocol::Settings;
use crate::server::url;
use crate::{Endpoint, EndpointAddress};

/// Returns the address of an endpoint below the base URL of the settings; `None` if there is no host in it.
pub(crate) fn address(
    settings: &Settings,
    endpoint: &Endpoint<'_>,
    path: &str,
) -> Option<EndpointAddress> {
    let (base, path) = settings.place(endpoint, path).ok()?;
    let base: Uri = url::without_query(&base).parse().ok()?;
    let authority = base.authority()?.as_str();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (base_path, slash) = match path {
        "" => (base.path(), ""),
        path if path.starts_with('/') => (base.path().trim_end_matches('/'), ""),
        _ => (base.path().trim_end_matches('/'), "/"),
    };
    Some(EndpointAddress {
        method: endpoint.method().as_str(),
        // A user name is refused before anything is sent.
        host: authority.rsplit('@').next()?.to_owned(),
        // No connection is made by another scheme.
        default_port: url::usual_port(&base).unwrap_or_default(),
        path: mask::path(&[base_path, slash, path].concat()),
    })
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, EndpointAddress, Settings};
    use crate::{Credentials, EndpointKind, Method};

    fn address(base: &str, path: &str) -> EndpointAddress {
        let settings = Settings::new(base, Credentials::public("id")).unwrap();
        let endpoint = Endpoint::new(EndpointKind::Token, &[""]).with_method(Method::Get);
        super::address(&settings, &endpoint, path).unwrap()
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

//! Which web pages may do what.

use http::{Method, Request, Response};
use tokensmith_mock::{Options, Provider, REFUSAL_HEADER};

use super::acme::{acme, json};

const PAGE: &str = "https://evil.example";

fn send(provider: &Provider, method: Method, path: &str, origin: &str) -> Response<Vec<u8>> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost:8080")
        .header("origin", origin);
    let request = request.body(b"{\"advance\": 9000}".to_vec()).unwrap();
    provider.respond(&request).response
}

#[test]
fn pages_of_others_control_nothing() {
    let acme = acme(Options::new());
    let before = json(&send(
        &acme,
        Method::GET,
        "/.mock/clock",
        "http://localhost:8080",
    ));
    for (method, path) in [
        (Method::POST, "/.mock/clock"),
        (Method::PUT, "/.mock/faults"),
        (Method::DELETE, "/.mock/requests"),
        (Method::POST, "/.mock/consent"),
        (Method::GET, "/.mock"),
    ] {
        for origin in [PAGE, "null", "http://localhost:3000"] {
            let response = send(&acme, method.clone(), path, origin);
            assert_eq!(response.status(), 403, "{method} {path} of {origin}");
            assert!(
                response.headers()[REFUSAL_HEADER]
                    .to_str()
                    .unwrap()
                    .contains(origin)
            );
            assert!(
                !response
                    .headers()
                    .contains_key("access-control-allow-origin")
            );
        }
    }
    let after = json(&send(
        &acme,
        Method::GET,
        "/.mock/clock",
        "http://localhost:8080",
    ));
    let moved = after["now"].as_i64().unwrap() - before["now"].as_i64().unwrap();
    assert!(moved < 9_000, "{moved}");
    let own = send(&acme, Method::POST, "/.mock/clock", "http://localhost:8080");
    assert_eq!(own.status(), 204);
}

#[test]
fn scripts_of_any_page_are_clients_of_a_plain_server() {
    let plain = Provider::standard(Options::new());
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/jwks",
        "/userinfo",
        "/token",
        "/revoke",
        "/introspect",
        "/device",
    ] {
        let allowed = send(&plain, Method::OPTIONS, path, PAGE);
        assert_eq!(allowed.status(), 204, "{path}");
        let headers = allowed.headers();
        assert_eq!(headers["access-control-allow-origin"], "*", "{path}");
        let names = headers["access-control-allow-headers"].to_str().unwrap();
        assert!(names.contains("Authorization") && names.contains("DPoP"));
        let method = match path.starts_with("/.well-known") || path == "/jwks" {
            true => Method::GET,
            false => Method::POST,
        };
        let response = send(&plain, method, path, PAGE);
        assert_eq!(
            response.headers()["access-control-allow-origin"],
            "*",
            "{path}"
        );
        let shown = response.headers()["access-control-expose-headers"].to_str();
        assert!(shown.unwrap().contains("WWW-Authenticate"));
    }
    // A browser goes to this page itself, and no script reads it.
    for path in ["/authorize", "/.mock/device", "/elsewhere"] {
        for method in [Method::OPTIONS, Method::GET] {
            let response = send(&plain, method, path, PAGE);
            let allowed = response.headers().get("access-control-allow-origin");
            assert_eq!(allowed, None, "{path}");
        }
    }
    // What scripts may do at a provider, its document does not say.
    let provider = acme(Options::new());
    let response = send(&provider, Method::OPTIONS, "/oauth/token", PAGE);
    assert_eq!(response.headers().get("access-control-allow-origin"), None);
}

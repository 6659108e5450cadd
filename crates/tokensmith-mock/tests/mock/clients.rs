//! Tests in any language register clients.

use http::{Method, Request, Response};
use tokensmith_mock::{Options, Provider};

use super::acme::{acme, basic, json, post, refusal};

const GRANT: &str = "grant_type=client_credentials";

fn control(provider: &Provider, method: Method, body: &str) -> Response<Vec<u8>> {
    let request = Request::builder().method(method).uri("/.mock/clients");
    let request = request.body(body.as_bytes().to_vec()).unwrap();
    provider.respond(&request).response
}

#[test]
fn a_registered_client_makes_a_mock_strict() {
    let acme = acme(Options::new());
    let status = || basic(&acme, "/oauth/token", GRANT).status().as_u16();
    assert_eq!(status(), 200);
    let other = r#"{"client_id": "other", "client_secret": "s"}"#;
    assert_eq!(control(&acme, Method::POST, other).status(), 204);
    assert_eq!(status(), 401);
    let mine = r#"[{"client_id": "id", "client_secret": "wrong"}]"#;
    assert_eq!(control(&acme, Method::POST, mine).status(), 204);
    assert!(refusal(&basic(&acme, "/oauth/token", GRANT)).contains("secret is wrong"));
    let mine = r#"{"client_id": "id", "client_secret": "secret"}"#;
    assert_eq!(control(&acme, Method::POST, mine).status(), 204);
    assert_eq!(status(), 200);
    let shown = control(&acme, Method::GET, "");
    let text = String::from_utf8_lossy(shown.body()).into_owned();
    assert!(
        !text.contains("secret\":\"") && !text.contains("wrong"),
        "{text}"
    );
    let shown = json(&shown);
    assert_eq!(
        (&shown[1]["client_id"], &shown[1]["has_secret"]),
        (&"id".into(), &true.into())
    );
    assert_eq!(control(&acme, Method::PUT, other).status(), 204);
    assert_eq!(status(), 401);
    assert_eq!(control(&acme, Method::DELETE, "").status(), 204);
    assert_eq!(status(), 200);
}

#[test]
fn redirect_uris_and_keys_are_compared() {
    let plain = Provider::standard(Options::new());
    let clients = r#"[
        {"client_id": "web", "redirect_uris": ["https://app.example/cb"]},
        {"client_id": "signing", "jwks": {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}}
    ]"#;
    assert_eq!(control(&plain, Method::PUT, clients).status(), 204);
    let request = Request::get(
        "/authorize?response_type=code&client_id=web&approve&redirect_uri=https%3A%2F%2Fevil.example%2F",
    );
    let response = plain.respond(&request.body(Vec::new()).unwrap()).response;
    assert!(refusal(&response).contains("`redirect_uri` is not registered"));
    // Its secret would be no proof of a client that has a key.
    let form = format!("{GRANT}&client_id=signing");
    assert_eq!(post(&plain, "/token", &form).status(), 401);
}

#[test]
fn mistakes_are_named() {
    let acme = acme(Options::new());
    for (body, expected) in [
        ("", "expected `{\"client_id\""),
        ("{}", "client 1: missing field `client_id`"),
        (r#"{"client_id": ""}"#, "client 1: `client_id` is empty"),
        (
            r#"[{"client_id": "a"}, {"client_id": "b", "redirect_uri": "x"}]"#,
            "client 2: unknown field `redirect_uri`",
        ),
        (
            r#"{"client_id": "a", "certificate": "x"}"#,
            "client 1: `certificate`: expected a certificate in PEM",
        ),
    ] {
        let response = control(&acme, Method::POST, body);
        let text = String::from_utf8_lossy(response.body()).into_owned();
        assert_eq!(response.status(), 400, "{body}");
        assert!(text.contains(expected), "{text}");
    }
    // Nothing of a list with a mistake is registered.
    assert_eq!(
        json(&control(&acme, Method::GET, "")),
        serde_json::json!([])
    );
}

#[test]
fn no_more_than_a_thousand_are_kept() {
    let acme = acme(Options::new());
    let list = |from: usize, to: usize| {
        let clients: Vec<_> = (from..to)
            .map(|number| serde_json::json!({"client_id": number.to_string()}))
            .collect();
        serde_json::json!(clients).to_string()
    };
    assert_eq!(control(&acme, Method::PUT, &list(0, 1_000)).status(), 204);
    // The same ones once more.
    assert_eq!(control(&acme, Method::POST, &list(0, 1_000)).status(), 204);
    assert_eq!(
        control(&acme, Method::POST, &list(1_000, 1_001)).status(),
        400
    );
    let long = format!("{{\"client_id\": \"{}\"}}", "x".repeat(70_000));
    assert_eq!(control(&acme, Method::PUT, &long).status(), 400);
    let kept = json(&control(&acme, Method::GET, ""));
    assert_eq!(kept.as_array().map(Vec::len), Some(1_000));
}

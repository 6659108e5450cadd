//! Client assertions are valid in time, used once, and signed as the endpoint has it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Response;
use ring::hmac;
use serde_json::{Value, json};
use tokensmith_mock::{Fault, MockClient, Options, Provider};
use tokensmith_runtime::{ClientAuth, Description, Endpoint, EndpointKind};

use super::acme::{CLIENT_CREDENTIALS, post, refusal};

const SECRET: &str = "a secret of more than thirty-two bytes";

static BY_KEY: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_client_auth(ClientAuth::PrivateKeyJwt)
    .with_operations(&[&CLIENT_CREDENTIALS]);

/// Initech's clients authenticate by `private_key_jwt`.
static INITECH: Description<'static> =
    Description::new("initech", "Initech").with_endpoints(&[&BY_KEY]);

/// An assertion of `id`, signed by the secret.
fn assertion(more: &Value) -> String {
    let mut claims = json!({
        "iss": "id",
        "sub": "id",
        "aud": "http://localhost/token",
        "exp": 4_000_000_000_u64,
    });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&json!({"alg": "HS256"})), encode(&claims));
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn ask(server: &Provider, assertion: &str) -> Response<Vec<u8>> {
    let kind =
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let form = format!("grant_type=client_credentials&{kind}&client_assertion={assertion}");
    post(server, "/token", &form)
}

fn options() -> Options {
    Options::new().client(MockClient::new("id", SECRET))
}

#[test]
fn an_assertion_is_not_taken_before_its_time() {
    let server = Provider::standard(options());
    for nbf in [json!(3_900_000_000_u64), json!("soon")] {
        let early = ask(&server, &assertion(&json!({"nbf": nbf})));
        assert!(refusal(&early).contains("is not valid yet"), "{nbf}");
    }
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let valid = ask(&server, &assertion(&json!({"nbf": now})));
    assert_eq!(valid.status(), 200, "{}", refusal(&valid));
}

#[test]
fn an_assertion_is_used_once() {
    let server = Provider::standard(options());
    let first = assertion(&json!({"jti": "1"}));
    // A request that is not handled uses nothing up.
    server.add_fault(Fault::status(503).times(1));
    assert_eq!(ask(&server, &first).status(), 503);
    assert_eq!(ask(&server, &first).status(), 200);
    let again = ask(&server, &first);
    assert_eq!(again.status(), 401);
    assert!(refusal(&again).contains("has a `jti` that was used before"));
    let next = assertion(&json!({"jti": "2"}));
    assert_eq!(ask(&server, &next).status(), 200);
}

#[test]
fn a_secret_signs_nothing_where_a_key_has_to() {
    let server = Provider::new(INITECH, &[], options());
    let response = ask(&server, &assertion(&json!({})));
    assert!(
        refusal(&response).contains("is not signed by a key of the client"),
        "{}",
        refusal(&response)
    );
}

/// Also of clients that nobody has registered: an assertion for another server is no proof.
#[test]
fn an_assertion_is_for_this_server() {
    let server = Provider::standard(Options::new());
    let ask = |audience: Value| ask(&server, &assertion(&json!({"aud": audience})));
    for audience in [
        json!("http://localhost/token"),
        json!("http://localhost"),
        json!("http://localhost/"),
        json!(["https://other.example", "http://localhost"]),
    ] {
        assert_eq!(ask(audience.clone()).status(), 200, "{audience}");
    }
    for audience in [
        json!("https://other.example/token"),
        json!("http://localhost.example/token"),
        json!("http://local"),
        json!("http://localhost/tok"),
        json!("http://"),
        json!("http:"),
        json!(""),
        json!([]),
    ] {
        let refused = ask(audience.clone());
        assert!(
            refusal(&refused).contains("has an `aud` of another server"),
            "{audience}"
        );
    }
}

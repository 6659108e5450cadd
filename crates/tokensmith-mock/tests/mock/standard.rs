//! A plain server of RFC 6749 and OpenID Connect.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;
use serde_json::Value;
use tokensmith_mock::{Fault, Options, Provider};

use super::acme::{basic, get, json, member};

#[test]
fn its_metadata_names_what_it_serves() {
    let server = Provider::standard(Options::new());
    for path in ["openid-configuration", "oauth-authorization-server"] {
        let metadata = json(&get(&server, &format!("/.well-known/{path}")));
        assert_eq!(metadata["issuer"], "http://localhost");
        for name in [
            "token_endpoint",
            "revocation_endpoint",
            "introspection_endpoint",
        ] {
            let url = metadata[name].as_str().unwrap();
            let path = url.strip_prefix("http://localhost").unwrap();
            let response = basic(&server, path, "");
            assert_eq!(member(&response, "/error"), "invalid_request", "{path}");
        }
    }
    assert_eq!(json(&get(&server, "/jwks"))["keys"][0]["alg"], "ES256");
    let provider = super::acme::acme(Options::new());
    assert_eq!(
        get(&provider, "/.well-known/openid-configuration").status(),
        404
    );
}

#[test]
fn the_scope_openid_gives_an_id_token_and_a_user() {
    let server = Provider::standard(Options::new());
    let grant = |scope: &str| {
        let form = format!("grant_type=password&username=u&password=p&scope={scope}");
        basic(&server, "/token", &form)
    };
    let openid = grant("openid+a");
    assert_eq!(member(&openid, "/id_token").split('.').count(), 3);
    assert_eq!(json(&grant("a")).get("id_token"), None);
    let client = json(&basic(
        &server,
        "/token",
        "grant_type=client_credentials&scope=openid",
    ));
    assert_eq!(
        (client.get("id_token"), client.get("refresh_token")),
        (None, None)
    );

    let token = member(&openid, "/access_token");
    let user = |token: &str| {
        let request = Request::get("/userinfo").header("authorization", format!("Bearer {token}"));
        server.respond(&request.body(Vec::new()).unwrap()).response
    };
    assert_eq!(member(&user(&token), "/sub"), "mock-user");
    assert_eq!(user("other").status(), 401);
}

#[test]
fn a_skewed_clock_shows_in_all_times() {
    let server = Provider::standard(Options::new());
    let form = "grant_type=password&username=u&password=p&scope=openid";
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    server.set_faults(vec![Fault::skewed(7_200)]);
    let response = basic(&server, "/token", form);
    let token = member(&response, "/id_token");
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap());
    let claims: Value = serde_json::from_slice(&claims.unwrap()).unwrap();
    let about = format!("token={}", member(&response, "/access_token"));
    let about = json(&basic(&server, "/introspect", &about));
    for times in [claims, about] {
        let off = |name: &str| times[name].as_u64().unwrap() - now;
        assert!((7_200..7_260).contains(&off("iat")), "{times}");
        assert!((10_800..10_860).contains(&off("exp")), "{times}");
    }
}

#[test]
fn a_redirect_names_the_issuer() {
    let server = Provider::standard(Options::new());
    let uri = "/authorize?response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&approve";
    let response = get(&server, uri);
    let location = response.headers()["location"].to_str().unwrap();
    assert!(
        location.ends_with("&iss=http%3A%2F%2Flocalhost"),
        "{location}"
    );
}

use serde_json::json;

use super::well_known::WellKnown;
use crate::client::search::Search;
use crate::protocol::Settings;
use crate::testing::{play, response, settings};
use crate::{ClientAuth, ErrorKind, ServerMetadata};

fn metadata(methods: serde_json::Value) -> ServerMetadata {
    let body = json!({
        "issuer": "https://auth.example.com",
        "token_endpoint": "https://auth.example.com/token",
        "token_endpoint_auth_methods_supported": methods,
        "service_documentation": "https://auth.example.com/docs"
    });
    let request = Search::of_server(&settings(), "https://auth.example.com").unwrap();
    let played = play(
        &settings(),
        request.request(),
        [response(200, &body.to_string())],
    );
    let sent = &played.sent[0];
    assert_eq!(sent.method(), "GET");
    assert_eq!(
        sent.uri(),
        "https://auth.example.com/.well-known/oauth-authorization-server"
    );
    assert!(sent.headers().get("authorization").is_none() && sent.body().is_empty());
    played.outcome.unwrap()
}

#[test]
fn the_place_is_before_the_path_or_after_it() {
    let issuer = "https://a.example:8443/tenant/1";
    assert_eq!(
        WellKnown::OAuth.url(issuer),
        "https://a.example:8443/.well-known/oauth-authorization-server/tenant/1"
    );
    assert_eq!(
        WellKnown::OpenIdBefore.url(issuer),
        "https://a.example:8443/.well-known/openid-configuration/tenant/1"
    );
    assert_eq!(
        WellKnown::OpenId.url(issuer),
        "https://a.example:8443/tenant/1/.well-known/openid-configuration"
    );
    assert_eq!(
        WellKnown::OAuth.url("https://a.example/"),
        "https://a.example/.well-known/oauth-authorization-server"
    );
}

#[test]
fn the_metadata_say_how_to_authenticate() {
    for (methods, expected) in [
        (json!(null), ClientAuth::Basic),
        (json!(["client_secret_basic"]), ClientAuth::Basic),
        (json!(["client_secret_post", "none"]), ClientAuth::Body),
        (
            json!(["client_secret_post", "client_secret_basic"]),
            ClientAuth::Auto,
        ),
        (json!(["tls_client_auth"]), ClientAuth::TlsClientAuth),
        (json!(["none"]), ClientAuth::None),
        (json!(["something_else"]), ClientAuth::Auto),
    ] {
        assert_eq!(metadata(methods).client_auth(), expected);
    }
    let metadata = metadata(json!(null));
    assert!(metadata.extra.get("service_documentation").is_some());
    assert!(!metadata.authorization_response_iss_parameter_supported);
}

#[test]
fn only_a_server_that_says_so_supports_s256() {
    for (methods, expected) in [
        (json!(null), false),
        (json!([]), false),
        (json!(["plain"]), false),
        (json!(["plain", "S256"]), true),
    ] {
        let metadata = json!({
            "issuer": "https://auth.example.com",
            "code_challenge_methods_supported": methods
        });
        let metadata: ServerMetadata = serde_json::from_value(metadata).unwrap();
        assert_eq!(metadata.supports_s256(), expected, "{methods}");
    }
}

#[test]
fn nobody_speaks_for_another_issuer() {
    let metadata = metadata(json!(null));
    let check = |issuer| {
        let outcome = Search::of_server(&settings(), issuer)
            .unwrap()
            .outcome(Ok(metadata.clone()));
        outcome.expect("no other place")
    };
    assert!(check("https://auth.example.com").is_ok());
    for other in ["https://auth.example.com/", "https://evil.example"] {
        let error = check(other).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
    }
}

/// The order is that of the Model Context Protocol, "Authorization Server Metadata Discovery".
#[test]
fn each_place_is_asked_once() {
    for (issuer, expected) in [
        (
            "https://a.example/t",
            &[
                "/.well-known/oauth-authorization-server/t",
                "/.well-known/openid-configuration/t",
                "/t/.well-known/openid-configuration",
            ][..],
        ),
        (
            "https://a.example",
            &[
                "/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration",
            ][..],
        ),
    ] {
        let mut search = Search::of_server(&settings(), issuer).unwrap();
        let mut asked = Vec::new();
        let outcome = loop {
            let played = play(&settings(), search.request(), [response(404, "{}")]);
            asked.push(played.sent[0].uri().path().to_owned());
            if let Some(outcome) = search.outcome(played.outcome) {
                break outcome;
            }
        };
        assert_eq!(asked, expected);
        assert_eq!(outcome.unwrap_err().status(), Some(404));
    }
}

/// RFC 8414 section 2.
#[test]
fn an_issuer_is_a_url_without_query_and_fragment() {
    for issuer in [
        "https://a.example/uploads/u.json?x=",
        "https://a.example?",
        "https://a.example/uploads/u.json#",
        "https://user@a.example",
        "http://a.example",
        "a.example",
        "",
    ] {
        let error = Search::of_server(&settings(), issuer).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{issuer}");
    }
}

/// A browser would run the first ones, and the client would take some for paths on its own server.
#[test]
fn an_endpoint_is_at_https() {
    let issuer = "https://a.example";
    let read = |member: &str, url: &str| {
        let value = match member {
            "mtls_endpoint_aliases" => json!({"token_endpoint": url}),
            _ => url.into(),
        };
        let body = json!({"issuer": issuer, member: value}).to_string();
        let mut search = Search::of_server(&settings(), issuer).unwrap();
        let played = play(&settings(), search.request(), [response(200, &body)]);
        search.outcome(played.outcome).expect("no other place")
    };
    for member in [
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "registration_endpoint",
        "introspection_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "end_session_endpoint",
        "device_authorization_endpoint",
        "pushed_authorization_request_endpoint",
        "mtls_endpoint_aliases",
    ] {
        for url in [
            "javascript:alert(document.domain)//https://a.example",
            "javascript://a.example/%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd",
            "ftp://a.example/token",
            "http://a.example/token",
            "//a.example/token",
            "/token",
            "token",
            "https:/a.example",
            "https://",
            "https://user@a.example/",
            "https://a.example/a b",
            "https://a.example/v1/../token",
        ] {
            let error = read(member, url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{member}: {url}");
            let error = error.to_string();
            assert!(error.contains(&format!("`{member}`")), "{url}: {error}");
        }
        for url in [
            "https://b.example:8443/x?y=z",
            "HTTPS://a.example/#/login",
            "",
        ] {
            assert!(read(member, url).is_ok(), "{member}: {url}");
        }
    }
}

/// Metadata that were not discovered are not checked before.
#[test]
fn a_request_goes_to_no_path_that_metadata_name() {
    for url in ["javascript:alert(1)", "/token", "token"] {
        let metadata = json!({
            "issuer": "https://a.example",
            "authorization_endpoint": url,
            "token_endpoint": url,
            "end_session_endpoint": url,
        });
        let metadata: ServerMetadata = serde_json::from_value(metadata).unwrap();
        let error = metadata.authorization_request().unwrap_err();
        assert!(
            error.to_string().contains("`authorization_endpoint`"),
            "{error}"
        );
        assert!(
            metadata
                .token_request(&crate::grants::CLIENT_CREDENTIALS)
                .is_err()
        );
        #[cfg(feature = "authorization")]
        assert!(metadata.logout_request().is_err());
    }
    let empty: ServerMetadata =
        serde_json::from_value(json!({"issuer": "https://a.example", "token_endpoint": ""}))
            .unwrap();
    let error = empty
        .token_request(&crate::grants::CLIENT_CREDENTIALS)
        .unwrap_err();
    assert!(
        error.to_string().contains("have no `token_endpoint`"),
        "{error}"
    );
}

#[test]
fn metadata_are_json() {
    for (body, is_read) in [
        (r#"{"issuer": "https://a.example"}"#, true),
        (r#"{"issuer": "https://a.example",}"#, false),
        ("issuer=https://a.example&token_endpoint=/t", false),
    ] {
        let request = Search::of_server(&settings(), "https://a.example").unwrap();
        let outcome = play(&settings(), request.request(), [response(200, body)]).outcome;
        assert_eq!(outcome.is_ok(), is_read, "{body}");
    }
}

#[test]
fn a_server_elsewhere_names_nothing_on_this_machine() {
    let body = |issuer: &str, member: &str, url: &str| {
        let mut body = json!({"issuer": issuer});
        body[member] = url.into();
        body.to_string()
    };
    let outcome = |settings: &Settings, issuer: &str, body: &str| {
        let mut search = Search::of_server(settings, issuer).unwrap();
        let played = play(settings, search.request(), [response(200, body)]);
        search.outcome(played.outcome).expect("no other place")
    };
    let https = "https://a.example";
    for member in [
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "registration_endpoint",
        "introspection_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "end_session_endpoint",
        "device_authorization_endpoint",
        "pushed_authorization_request_endpoint",
        "mtls_endpoint_aliases",
    ] {
        let url = "http://localhost:9200/x";
        let value = match member {
            "mtls_endpoint_aliases" => json!({"token_endpoint": url}),
            _ => url.into(),
        };
        let body = json!({"issuer": https, member: value}).to_string();
        let error = outcome(&settings(), https, &body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{member}");
        let error = error.to_string();
        assert!(
            error.contains("localhost:9200") && error.contains(&format!("`{member}`")),
            "{error}"
        );
    }
    for url in ["HTTP://127.0.0.1/", "http://[::1]:80/x#y"] {
        let body = body(https, "token_endpoint", url);
        assert!(outcome(&settings(), https, &body).is_err(), "{url}");
    }
    // Who is on this machine may name it, and what the caller named is allowed.
    let here = "http://127.0.0.1:8080";
    let body_of_here = body(here, "token_endpoint", "http://localhost:8081/token");
    assert!(outcome(&settings(), here, &body_of_here).is_ok());
    let mut settings = settings();
    settings.allow_plain_http("localhost:9200").unwrap();
    let body = |url| body(https, "token_endpoint", url);
    assert!(outcome(&settings, https, &body("http://localhost:9200/x")).is_ok());
    assert!(outcome(&settings, https, &body("http://localhost:9201/x")).is_err());
}

//! The endpoints written from the providers' pages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET, Endpoint, Style};
use tokensmith_tests::parameters::form_decode;
use tokensmith_tests::raw::{self, Reply};
use tokensmith_tests::{moov, moveworks, workiva};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const ACCEPT: (&str, &str) = ("Accept", "application/json");
/// Id and secret, form-encoded by hand.
const ENCODED: (&str, &str) = ("client+id%2F1%2B%25", "s3cret%26%3D%2F%C3%BC%7E");

fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

fn basic_form() -> String {
    basic(&format!("{}:{}", ENCODED.0, ENCODED.1))
}

fn in_body() -> String {
    format!("client_id={}&client_secret={}", ENCODED.0, ENCODED.1)
}

fn post(endpoint: &Endpoint, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    raw::send(
        endpoint.server().address(),
        &raw::post(target, headers, body),
    )
    .expect("a response")
}

#[test]
fn the_credentials_are_encoded_as_they_should_be() {
    assert_eq!(form_decode(ENCODED.0).as_deref(), Ok(CLIENT_ID));
    assert_eq!(form_decode(ENCODED.1).as_deref(), Ok(CLIENT_SECRET));
}

#[test]
fn one_authentication_is_let_in_and_only_in_a_style_that_is_accepted() {
    let endpoint = moov::start();
    let form = basic_form();
    let raw = basic(&format!("{CLIENT_ID}:{CLIENT_SECRET}"));
    let grant = "grant_type=client_credentials";
    let status = |authorization: Option<&str>, body: &str| {
        let mut headers = vec![FORM, ACCEPT];
        headers.extend(authorization.map(|value| ("Authorization", value)));
        post(&endpoint, "/oauth2/token", &headers, body).status
    };
    let both = format!("{grant}&{}", in_body());
    assert_eq!(status(Some(&form), grant), 200);
    assert_eq!(status(None, &both), 200);
    assert_eq!(status(Some(&raw), grant), 401);
    assert_eq!(
        status(None, &format!("{grant}&client_id=x&client_secret=y")),
        401
    );
    assert_eq!(status(Some(&basic("x:y")), grant), 401);
    endpoint.accept_only(&[Style::BasicRaw]);
    assert_eq!(status(Some(&raw), grant), 200);
    assert_eq!(status(Some(&form), grant), 401);
    endpoint.accept_only(&[Style::Body]);
    assert_eq!(status(Some(&form), grant), 401);
    assert_eq!(status(None, &both), 200);
    assert_eq!((endpoint.refusals(), endpoint.complaints()), (5, vec![]));

    assert_eq!(status(Some(&form), &both), 400);
    assert_eq!(status(None, grant), 400);
    assert_eq!(status(None, &format!("{grant}&client_id=x")), 400);
    assert_eq!(status(Some("Bearer x"), grant), 400);
    assert_eq!(status(Some(STANDARD.encode("x:y").as_str()), grant), 400);
    assert_eq!(
        status(Some("Basic Y2xpZW50OnNlY3JldA"), grant),
        400,
        "without padding"
    );
    assert_eq!(
        (endpoint.refusals(), endpoint.complaints().len()),
        (5, 6),
        "{:?}",
        endpoint.complaints()
    );
}

#[test]
fn moov_takes_what_its_page_says() {
    let endpoint = moov::start();
    let authorization = basic_form();
    let send = |target: &str, content_type, body: &str| {
        post(
            &endpoint,
            target,
            &[
                content_type,
                ACCEPT,
                ("Authorization", &authorization),
                ("X-Moov-Version", "v2024.01.00"),
            ],
            body,
        )
    };
    let token = send(
        "/oauth2/token",
        FORM,
        "grant_type=client_credentials&scope=%2Fping.read",
    );
    assert!(
        token.status == 200
            && token.body.contains(r#""scope":"/ping.read""#)
            && token.header("x-request-id").is_some()
    );
    assert_eq!(
        send(
            "/oauth2/token",
            JSON,
            r#"{"grant_type":"refresh_token","refresh_token":"r"}"#
        )
        .status,
        200
    );
    assert_eq!(
        send(
            "/oauth2/revoke",
            JSON,
            r#"{"token":"t","token_type_hint":"refresh_token"}"#
        )
        .status,
        204
    );
    assert_eq!(send("/oauth2/revoke", FORM, "token=t").status, 204);
    for status in moov::STATUSES {
        endpoint.respond_next(moov::response(status));
        let reply = send("/oauth2/token", FORM, "grant_type=client_credentials");
        assert_eq!(
            (reply.status, reply.header("retry-after")),
            (status, (status == 429).then_some("2"))
        );
        assert_eq!(reply.body.is_empty(), status >= 429);
    }
    assert_eq!(endpoint.complaints(), [""; 0]);

    let too_long = format!(
        "grant_type=refresh_token&refresh_token={}",
        "a".repeat(moov::TOKEN_LIMIT + 1)
    );
    for (target, content_type, body) in [
        ("/oauth2/token", FORM, "grant_type=password"),
        ("/oauth2/token", FORM, "scope=a"),
        (
            "/oauth2/token",
            FORM,
            "grant_type=client_credentials&scope=",
        ),
        (
            "/oauth2/token",
            FORM,
            "grant_type=client_credentials&scope=a&scope=b",
        ),
        (
            "/oauth2/token",
            FORM,
            "grant_type=client_credentials&audience=a",
        ),
        (
            "/oauth2/token",
            FORM,
            "grant_type=client_credentials&refresh_token=a",
        ),
        ("/oauth2/token", FORM, "grant_type=refresh_token"),
        ("/oauth2/token", FORM, &too_long),
        (
            "/oauth2/token",
            JSON,
            r#"{"grant_type":"client_credentials","scope":null}"#,
        ),
        (
            "/oauth2/token",
            ("Content-Type", "text/plain"),
            "grant_type=client_credentials",
        ),
        ("/oauth2/token?a=b", FORM, "grant_type=client_credentials"),
        ("/oauth2/token/", FORM, "grant_type=client_credentials"),
        ("/oauth2/revoke", FORM, "token_type_hint=access_token"),
        ("/oauth2/revoke", FORM, "token=t&token_type_hint=id_token"),
    ] {
        assert_eq!(
            send(target, content_type, body).status,
            400,
            "{target} {body}"
        );
    }
    assert_eq!(
        endpoint.complaints().len(),
        14,
        "{:#?}",
        endpoint.complaints()
    );

    endpoint.allow_parameter("audience");
    assert_eq!(
        send(
            "/oauth2/token",
            FORM,
            "grant_type=client_credentials&audience=a"
        )
        .status,
        200
    );
    let (address, grant) = (endpoint.server().address(), "grant_type=client_credentials");
    for headers in [
        &[FORM][..],
        &[FORM, ("Accept", "*/*")],
        &[FORM, ACCEPT, ("X-Other", "1")],
        &[ACCEPT],
    ] {
        let mut headers = headers.to_vec();
        headers.push(("Authorization", &authorization));
        assert_eq!(
            raw::send(address, &raw::post("/oauth2/token", &headers, grant))
                .map(|reply| reply.status),
            Some(400)
        );
    }
    endpoint.allow_header("X-Other");
    let reply = post(
        &endpoint,
        "/oauth2/token",
        &[
            FORM,
            ACCEPT,
            ("x-other", "1"),
            ("Authorization", &authorization),
        ],
        grant,
    );
    assert_eq!(reply.status, 200);
}

#[test]
fn moveworks_takes_what_its_page_says() {
    let endpoint = moveworks::start();
    let body = serde_json::json!({ "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "grant_type": "client_credentials" }).to_string();
    let reply = post(&endpoint, "/oauth/v1/token", &[JSON, ACCEPT], &body);
    assert!(reply.status == 200 && reply.body.starts_with(r#"{"data":{"access_token":"#));
    for status in moveworks::STATUSES {
        endpoint.respond_next(moveworks::response(status));
        let reply = post(&endpoint, "/oauth/v1/token", &[JSON, ACCEPT], &body);
        assert_eq!(
            (reply.status, reply.body.is_empty()),
            (status, status != 200)
        );
    }
    for response in [
        moveworks::bare_token(),
        moveworks::enveloped_error(401),
        moveworks::flat_error(400),
    ] {
        endpoint.respond_next(response.clone());
        assert_eq!(
            post(&endpoint, "/oauth/v1/token", &[JSON, ACCEPT], &body)
                .body
                .as_bytes(),
            response.body
        );
    }
    assert_eq!(endpoint.complaints(), [""; 0]);

    assert_eq!(
        post(
            &endpoint,
            "/oauth/v1/token",
            &[FORM, ACCEPT],
            &format!("grant_type=client_credentials&{}", in_body())
        )
        .status,
        400
    );
    let scoped = body.replace('}', r#","scope":"a"}"#);
    assert_eq!(
        post(&endpoint, "/oauth/v1/token", &[JSON, ACCEPT], &scoped).status,
        400
    );
    assert_eq!(endpoint.complaints().len(), 2);
    let grant = r#"{"grant_type":"client_credentials"}"#;
    assert_eq!(
        post(
            &endpoint,
            "/oauth/v1/token",
            &[JSON, ACCEPT, ("Authorization", &basic_form())],
            grant
        )
        .status,
        401
    );
}

#[test]
fn workiva_takes_what_its_page_says() {
    let endpoint = workiva::start();
    let authorization = basic_form();
    let headers = [FORM, ACCEPT, ("Authorization", authorization.as_str())];
    for path in workiva::PATHS {
        let reply = post(
            &endpoint,
            path,
            &headers,
            "grant_type=client_credentials&scope=file%3Aread+file%3Awrite",
        );
        assert!(
            reply.status == 200 && reply.body.contains(r#""scope":"file:read""#),
            "{reply:?}"
        );
        let body = format!("grant_type=client_credentials&{}", in_body());
        assert_eq!(post(&endpoint, path, &headers[..2], &body).status, 200);
    }
    for status in workiva::STATUSES {
        endpoint.respond_next(workiva::response(status));
        let reply = post(
            &endpoint,
            workiva::PATHS[0],
            &headers,
            "grant_type=client_credentials",
        );
        assert_eq!(
            (reply.status, reply.body.contains("error_uri")),
            (status, status != 200)
        );
    }
    assert_eq!(endpoint.complaints(), [""; 0]);

    let json = [JSON, ACCEPT, ("Authorization", authorization.as_str())];
    assert_eq!(
        post(
            &endpoint,
            workiva::PATHS[0],
            &json,
            r#"{"grant_type":"client_credentials"}"#
        )
        .status,
        400
    );
    assert_eq!(
        post(
            &endpoint,
            workiva::PATHS[0],
            &headers,
            "grant_type=refresh_token&refresh_token=r"
        )
        .status,
        400
    );
    assert_eq!(endpoint.complaints().len(), 2);
}

//! No token: what is said, and what is not.

use std::net::TcpListener;

use serde_json::{Value, json};
use tokensmith_tests::strict_server::{Received, Server, ServerResponse};
use tokensmith_tests::{moov, moveworks, workiva};

use crate::run::{Run, tokensmith, tokensmith_with};

const MEMBERS: [&str; 15] = [
    "kind",
    "status",
    "code",
    "provider_code",
    "description",
    "uri",
    "retry_after",
    "retryable",
    "sent",
    "request_id",
    "message",
    "provider",
    "endpoint",
    "host",
    "redirect_target",
];

/// What becomes of one request that gets this response.
fn responding(
    response: impl Fn(&Received) -> ServerResponse + Send + Sync + 'static,
) -> (Run, Server) {
    let server = Server::start(response);
    let run = tokensmith(&[
        "token",
        "moov",
        "--server",
        &server.url(),
        "--client-auth",
        "basic",
    ]);
    (run, server)
}

#[track_caller]
fn error(response: impl Fn(&Received) -> ServerResponse + Send + Sync + 'static) -> Value {
    let (run, _server) = responding(response);
    let error = run.error();
    let places: Vec<_> = MEMBERS
        .iter()
        .map(|name| run.stderr.find(&format!("\"{name}\":")))
        .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{}",
        run.stderr
    );
    assert_eq!(
        error.as_object().map(serde_json::Map::len),
        Some(MEMBERS.len())
    );
    error
}

#[track_caller]
fn holds(error: &Value, expected: &Value) {
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&error[name], value, "{name} of {error}");
    }
}

#[test]
fn a_refusal_says_all_that_the_server_said() {
    let error = error(|_| {
        ServerResponse::json(400, r#"{"error":"invalid_scope","error_description":"no such scope","error_uri":"https://e.example"}"#)
            .header("X-Request-Id", "abc")
    });
    let expected = json!({
        "kind": "provider", "status": 400, "code": "invalid_scope", "description": "no such scope",
        "uri": "https://e.example", "retry_after": null, "retryable": false, "sent": true, "request_id": "abc",
    });
    holds(&error, &expected);
    let message = error["message"].as_str().expect("a message");
    assert!(
        message.contains("invalid_scope") && message.contains("no such scope"),
        "{message}"
    );
}

#[test]
fn each_failure_has_its_kind() {
    let cases = [
        (
            error(|_| ServerResponse::json(401, r#"{"error":"invalid_client"}"#)),
            json!({"kind": "provider", "status": 401, "code": "invalid_client"}),
        ),
        (
            error(|_| ServerResponse::new(500)),
            json!({"kind": "server", "status": 500, "code": null, "retryable": false, "sent": true}),
        ),
        (
            error(|_| ServerResponse::new(302).header("Location", "https://elsewhere.example")),
            json!({"kind": "redirect", "status": 302, "redirect_target": "https://elsewhere.example"}),
        ),
        (
            error(|_| ServerResponse::new(200).body("<html>")),
            json!({"kind": "malformed", "status": 200, "sent": true}),
        ),
        (
            error(|_| ServerResponse::json(200, r#"{"access_token":""}"#)),
            json!({"kind": "malformed", "status": 200}),
        ),
        (
            error(|_| ServerResponse::json(200, r#"{"error":"access_denied","access_token":"t"}"#)),
            json!({"kind": "provider", "code": "access_denied"}),
        ),
        (
            error(|_| ServerResponse::new(200).body(vec![b' '; 1 << 21])),
            json!({"kind": "too_large"}),
        ),
        (
            error(|_| ServerResponse::hang_up()),
            json!({"kind": "transport", "status": null, "sent": true, "retryable": false}),
        ),
    ];
    for (error, expected) in &cases {
        holds(error, expected);
    }
}

#[test]
fn a_limit_says_when_to_come_back() {
    let (run, server) = responding(|_| ServerResponse::new(429).header("Retry-After", "3600"));
    holds(
        &run.error(),
        &json!({"kind": "rate_limited", "status": 429, "retry_after": 3600, "retryable": true}),
    );
    assert_eq!(server.count(), 1);

    let human = tokensmith(&[
        "token",
        "moov",
        "--server",
        &server.url(),
        "--output",
        "token",
    ]);
    assert_eq!((human.code, human.stdout.as_str()), (Some(1), ""));
    assert!(
        human
            .stderr
            .starts_with("error: Moov asks for fewer requests: wait 3600 s\n")
            && human.stderr.contains("request   POST 127.0.0.1:")
            && human.stderr.contains("HTTP 429 Too Many Requests"),
        "{}",
        human.stderr
    );
}

#[test]
fn nothing_was_sent_where_nobody_listens() {
    let address = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port");
    let error = tokensmith(&["token", "moov", "--server", &format!("http://{address}")]).error();
    holds(
        &error,
        &json!({"kind": "transport", "status": null, "sent": false, "retryable": true}),
    );
}

#[test]
fn no_response_is_shown_where_there_is_none() {
    let address = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port");
    let url = format!("http://{address}");
    let nobody = Server::start(|_| ServerResponse::hang_up());
    for (more, is_sent) in [
        (["--server", &url], true),
        (["--server", &nobody.url()], true),
        (["--param", "client_id=me"], false),
    ] {
        let run = tokensmith(&[&["token", "moov", "--verbose"], &more[..]].concat());
        assert_eq!(run.error()["status"], Value::Null);
        assert!(!run.stderr.contains("\n< "), "{}", run.stderr);
        assert_eq!(
            run.stderr.contains("> POST http"),
            is_sent,
            "{}",
            run.stderr
        );
    }
}

#[test]
fn of_two_refusals_the_first_is_the_error_and_the_message_has_both() {
    let server = Server::start(|request| match request.header("authorization") {
        Some(_) => ServerResponse::json(
            401,
            r#"{"error":"invalid_client","error_description":"not by Basic"}"#,
        ),
        None => ServerResponse::json(
            400,
            r#"{"error":"unauthorized_client","error_description":"not by body"}"#,
        ),
    });
    let error = tokensmith(&["token", "moov", "--server", &server.url()]).error();
    holds(
        &error,
        &json!({"status": 401, "code": "invalid_client", "description": "not by Basic"}),
    );
    let message = error["message"].as_str().expect("a message");
    assert!(
        message.contains("not by Basic") && message.contains("not by body"),
        "{message}"
    );
    assert_eq!(server.count(), 2);
}

#[test]
fn documented_refusals_are_understood() {
    let endpoint = moov::start();
    endpoint.respond_next(moov::response(422));
    let error = tokensmith(&["token", "moov", "--server", &endpoint.url()]).error();
    holds(&error, &json!({"kind": "provider", "status": 422}));

    let endpoint = workiva::start();
    endpoint.respond_next(workiva::response(400));
    let error = tokensmith(&["token", "workiva", "--server", &endpoint.url()]).error();
    assert!(
        error["code"].is_string() && error["description"].is_string() && error["uri"].is_string(),
        "{error}"
    );

    for response in [moveworks::enveloped_error(400), moveworks::flat_error(400)] {
        let endpoint = moveworks::start();
        endpoint.respond_next(response);
        let error = tokensmith(&["token", "moveworks", "--server", &endpoint.url()]).error();
        assert!(
            error["code"].is_string() && error["description"].is_string(),
            "{error}"
        );
    }
}

#[test]
fn wrong_requests_are_not_sent() {
    let server = Server::start(|_| ServerResponse::new(500));
    let url = server.url();
    let moov = |arguments: &[&str]| {
        tokensmith(&[&["token", "moov", "--server", &url], arguments].concat()).error()
    };
    holds(
        &moov(&["--grant", "refresh_token"]),
        &json!({"kind": "request", "sent": false, "status": null}),
    );
    holds(
        &moov(&["--param", "client_id=me"]),
        &json!({"kind": "request"}),
    );
    holds(
        &moov(&["--scope", "a", "--param", "scope=b"]),
        &json!({"kind": "request"}),
    );
    holds(
        &moov(&["--header", "Authorization=Bearer x"]),
        &json!({"kind": "config"}),
    );
    let error = tokensmith(&["token", "moov", "--server", "http://example.com"]).error();
    holds(&error, &json!({"kind": "config", "sent": false}));
    let error = tokensmith(&[
        "token",
        "--token-url",
        &url,
        "--grant",
        "authorization_code",
    ])
    .error();
    holds(&error, &json!({"kind": "request"}));
    assert_eq!(server.count(), 0);
}

#[test]
fn missing_credentials_are_named() {
    let cases: [(&[(&str, &str)], &str); 2] = [
        (&[], "TOKENSMITH_CLIENT_ID"),
        (&[("TOKENSMITH_CLIENT_ID", "a")], "TOKENSMITH_CLIENT_SECRET"),
    ];
    for (variables, missing) in cases {
        let error = tokensmith_with(&["token", "moov"], variables).error();
        holds(&error, &json!({"kind": "config", "sent": false}));
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|message| message.contains(missing)),
            "{error}"
        );
    }
}

#[test]
fn a_document_that_cannot_be_used_is_a_wrong_setting() {
    let error = tokensmith(&["token", "--spec", "no-such-file.yaml"]).error();
    holds(&error, &json!({"kind": "config"}));
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| message.contains("no-such-file.yaml")),
        "{error}"
    );
}

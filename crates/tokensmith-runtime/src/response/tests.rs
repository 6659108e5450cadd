use std::time::Duration;

use serde_json::json;

use crate::testing::{CLIENT_CREDENTIALS, TOKEN, TOKEN_BODY, now, play, response, settings};
use crate::{Endpoint, Error, ErrorKind, Secret, Token, TokenRequest};

static ENVELOPE: Endpoint<'static> =
    TOKEN.with_access_token(&["/data/inner/access_token", "/access_token"]);

fn read_at(endpoint: &Endpoint<'_>, body: &str) -> Result<Token, Error> {
    let request = TokenRequest::new(endpoint, &CLIENT_CREDENTIALS);
    play(&settings(), &request, [response(200, body)]).outcome
}

fn read(body: &str) -> Token {
    read_at(&TOKEN, body).unwrap()
}

#[test]
fn describes_the_token_in_a_normal_form() {
    let token = read(
        r#"{"access_token":"t","expires_in":"3600","scope":"a  b","token_type":"opaque","id_token":"i","x":1}"#,
    );
    let metadata = &token.metadata;
    assert_eq!(token.access_token.expose(), "t");
    assert_eq!(token.id_token.as_ref().map(Secret::expose), Some("i"));
    assert_eq!(metadata.expires_in, Some(Duration::from_secs(3_600)));
    assert_eq!(
        metadata.expires_at,
        Some(now() + Duration::from_secs(3_600))
    );
    assert_eq!(metadata.scopes, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(metadata.token_type, "opaque");
    assert_eq!(metadata.status, Some(200));
    assert!(metadata.warnings.is_empty());
    assert_eq!(token.extra.iter().collect::<Vec<_>>(), [("x", &json!(1))]);
}

#[test]
fn reads_forms_and_scopes_in_lists() {
    let token = read("access_token=a%2Bb&expires_in=60&scope=x+y&token_type=");
    assert_eq!(token.access_token.expose(), "a+b");
    assert_eq!(token.metadata.expires_in, Some(Duration::from_secs(60)));
    assert_eq!(token.metadata.token_type, "Bearer");
    let token = read(r#"{"access_token":"t","scope":["a b","c"]}"#);
    assert_eq!(
        token.metadata.scopes,
        Some(vec!["a b".to_owned(), "c".to_owned()])
    );
    for none in [r#""""#, r#"" ""#, "[]", r#"[""]"#, r#"["", " "]"#] {
        let token = read(&format!(r#"{{"access_token":"t","scope":{none}}}"#));
        assert_eq!(token.metadata.scopes, Some(vec![]), "{none}");
        assert!(token.metadata.warnings.is_empty(), "{none}");
    }
    let token = read(r#"{"access_token":"t","scope":["", "c", ""]}"#);
    assert_eq!(token.metadata.scopes, Some(vec!["c".to_owned()]));
    let commas = TOKEN.with_scope_separator(",");
    let asked = TOKEN
        .with_scope_separator("+")
        .with_response_scope_separator(",");
    for endpoint in [commas, asked] {
        let token = read_at(&endpoint, r#"{"access_token":"t","scope":"a, b"}"#).unwrap();
        assert_eq!(
            token.metadata.scopes,
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
    }
}

#[test]
fn what_is_odd_beside_the_token_is_kept_and_named() {
    let token = read(
        r#"{"access_token":"t","expires_in":{"canary":1},"scope":7,"token_type":[],"refresh_token":{"a":1},"error":""}"#,
    );
    let metadata = &token.metadata;
    assert_eq!((metadata.expires_in, &metadata.scopes), (None, &None));
    assert_eq!(metadata.token_type, "Bearer");
    assert!(token.refresh_token.is_none());
    let pointers: Vec<_> = metadata
        .warnings
        .iter()
        .map(|warning| warning.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        ["/expires_in", "/scope", "/token_type", "/refresh_token"]
    );
    assert_eq!(metadata.set_aside.get("/scope"), Some(&json!(7)));
    assert_eq!(
        metadata.set_aside.get("/refresh_token"),
        Some(&json!({"a": 1}))
    );
    assert!(!format!("{token:?}").contains("canary"));
}

#[test]
fn the_first_pointer_with_a_usable_token_counts() {
    let body =
        r#"{"data":{"inner":{"access_token":"in","expires_in":"x","y":1},"page":2},"request":"r"}"#;
    let token = read_at(&ENVELOPE, body).unwrap();
    assert_eq!(token.access_token.expose(), "in");
    assert_eq!(
        token.metadata.envelope.get("data"),
        Some(&json!({"page": 2}))
    );
    assert_eq!(token.metadata.envelope.get("request"), Some(&json!("r")));
    assert_eq!(token.metadata.warnings[0].pointer, "/data/inner/expires_in");
    assert!(token.extra.get("y").is_some());

    let flat = read_at(
        &ENVELOPE,
        r#"{"data":{"inner":{"access_token":""}},"access_token":"out"}"#,
    );
    assert_eq!(flat.unwrap().access_token.expose(), "out");
    let only = read_at(&ENVELOPE, r#"{"data":{"inner":{"access_token":"in"}}}"#).unwrap();
    assert!(only.metadata.envelope.is_empty());
}

#[test]
fn without_a_usable_token_the_response_is_malformed() {
    let bodies = [
        "",
        " ",
        "[]",
        "null",
        "{}",
        "<html></html>",
        "plain",
        "{\"access_token\":",
        r#"{"access_token":""}"#,
        r#"{"access_token":null}"#,
        r#"{"access_token":12}"#,
        r#"{"data":{"access_token":"t"}}"#,
    ];
    for body in bodies {
        let error = read_at(&TOKEN, body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{body}");
        assert_eq!(
            (error.status(), error.raw_body()),
            (Some(200), body.as_bytes())
        );
        assert!(error.may_have_been_sent() && !error.is_retryable());
    }
}

#[test]
fn bytes_that_are_no_text_cost_the_token_only_where_they_are_in_it() {
    let mut body = br#"{"access_token":"t","scope":"?"}"#.to_vec();
    let at = body.iter().position(|byte| *byte == b'?').unwrap();
    body[at] = 0xff;
    let send = |body: Vec<u8>| {
        let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
        play(&settings(), &request, [Ok(http::Response::new(body))]).outcome
    };
    let metadata = send(body).unwrap().metadata;
    assert_eq!(metadata.warnings[0].pointer, "/scope");
    let error = send(b"{\"access_token\":\"t\xff\"}".to_vec()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[test]
fn what_is_no_json_beside_the_token_is_kept_and_named() {
    let odd = |body: &str| {
        let metadata = read(body).metadata;
        let named = metadata.warnings.iter().map(|odd| odd.pointer.clone());
        (named.collect::<Vec<_>>().join(" "), metadata)
    };
    let (named, metadata) = odd(r#"{"access_token":"t","expires_in":1e999,"x":{"y":[NaN]}}"#);
    assert_eq!(named, "/expires_in /x/y/0");
    assert_eq!(metadata.expires_in, None);
    assert_eq!(metadata.set_aside.get("/expires_in"), Some(&json!("1e999")));
    assert_eq!(metadata.set_aside.get("/x/y/0"), Some(&json!("NaN")));

    let (named, metadata) = odd("{\"access_token\":\"t\",\"scope\":\"a\tb\\ud800 c\",}");
    assert_eq!(named, "/scope ");
    let scopes = ["a\tb\u{fffd}", "c"].map(str::to_owned);
    assert_eq!(metadata.scopes, Some(scopes.to_vec()));

    let deep = format!(
        r#"{{"access_token":"t","x":{}1{}}}"#,
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    let (named, _) = odd(&deep);
    assert_eq!(named, format!("/x{}", "/0".repeat(126)));
}

#[test]
fn a_token_that_is_no_json_is_none() {
    let bodies = [
        r#"{"access_token":1e999}"#,
        r#"{"access_token":undefined}"#,
        r#"{"access_token":"t\ud800"}"#,
        r#"{"access_token":"\x41"}"#,
        r#"{"access_token":"t","expires_in":1e999"#,
        r#"{"access_token":"t","x":["#,
    ];
    for body in bodies {
        let error = read_at(&TOKEN, body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{body}");
    }
    let error = read_at(&TOKEN, &"[".repeat(1 << 20)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[test]
fn of_a_repeated_member_the_last_counts() {
    let token = read(r#"{"error":"no","access_token":"a","error":null,"access_token":"b"}"#);
    assert_eq!(token.access_token.expose(), "b");
    let body = r#"{"access_token":"a","access_token":null}"#;
    assert!(read_at(&TOKEN, body).is_err());
    let body = r#"{"error":null,"access_token":"a","error":"no"}"#;
    let error = read_at(&TOKEN, body).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Provider);
}

#[test]
fn the_token_gets_its_name_whatever_the_provider_calls_it() {
    let received = |body: serde_json::Value| crate::Received {
        endpoint: &TOKEN,
        status: 200,
        request_id: None,
        now: now(),
        body: Some(body),
        oddities: Vec::new(),
        access_token: Some("/token"),
        proves_possession: false,
        #[cfg(feature = "discovery")]
        source: None,
    };
    let read: Token = crate::Response::read(received(json!({"token": "t", "z": 1}))).unwrap();
    assert_eq!(read.access_token.expose(), "t");
    assert_eq!(read.extra.len(), 1);

    let body = json!({"token": "t", "access_token": {"id": 7}});
    let read: Token = crate::Response::read(received(body)).unwrap();
    assert_eq!(read.access_token.expose(), "t");
    let displaced = read.metadata.set_aside.get("/access_token");
    assert_eq!(displaced, Some(&json!({"id": 7})));
}

#[test]
fn the_usual_response_is_read_without_a_warning() {
    let token = read(TOKEN_BODY);
    assert!(token.metadata.warnings.is_empty() && token.metadata.set_aside.is_empty());
    assert!(token.extra.is_empty());
}

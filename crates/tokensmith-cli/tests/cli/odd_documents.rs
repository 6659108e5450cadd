//! Documents that leave RFC 6749, read at run time: what is sent, and what is made of the response.

use std::path::Path;

use serde_json::json;
use tokensmith_tests::strict_server::{Received, Server, ServerResponse};

use crate::run::{Run, tokensmith_with};

/// What came of a fixture, and what was sent for it.
fn token(fixture: &str, response: ServerResponse, arguments: &[&str]) -> (Run, Vec<Received>) {
    let server = Server::start(move |_| response.clone());
    let spec = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../../tests/fixtures/3.0/{fixture}.yaml"));
    let spec = spec.to_str().expect("UTF-8");
    let url = server.url();
    let run = tokensmith_with(
        &[&["token", "--spec", spec, "--server", &url], arguments].concat(),
        &[
            ("TOKENSMITH_CLIENT_ID", "id"),
            ("TOKENSMITH_CLIENT_SECRET", "secret"),
            ("PASSWORD", "pass"),
        ],
    );
    (run, server.requests())
}

#[test]
fn a_get_has_everything_in_its_query() {
    let response = ServerResponse::json(200, r#"{"access_token": "a"}"#);
    let arguments = [
        "--grant",
        "client_credentials",
        "--param",
        "tenant=t",
        "--client-auth",
        "query",
    ];
    let (run, requests) = token("methods", response, &arguments);
    assert_eq!(run.token()["access_token"], "a");
    let sent: Vec<_> = requests
        .iter()
        .map(|request| {
            (
                request.method.as_str(),
                request.target.as_str(),
                request.text(),
            )
        })
        .collect();
    let target =
        "/oauth2/token?grant_type=client_credentials&tenant=t&client_id=id&client_secret=secret";
    assert_eq!(sent, [("GET", target, "")]);
}

#[test]
fn no_grant_is_sent_where_none_is_known() {
    let response = ServerResponse::json(200, r#"{"jwt": "a"}"#);
    let arguments = [
        "--path",
        "/authenticate",
        "--client-auth",
        "none",
        "--param",
        "username=u",
        "--secret-param",
        "password=PASSWORD",
    ];
    let (run, requests) = token("grant-none", response, &arguments);
    assert_eq!(run.token()["access_token"], "a");
    let body: serde_json::Value = serde_json::from_str(requests[0].text()).expect("is JSON");
    assert_eq!(body, json!({"username": "u", "password": "pass"}));
}

#[test]
fn the_whole_response_is_the_token() {
    let response = ServerResponse::new(200)
        .header("Content-Type", "text/plain")
        .body("eyJ.a.b");
    let (run, requests) = token("token-whole", response, &["--path", "/oauth2/token"]);
    assert_eq!(run.token()["access_token"], "eyJ.a.b");
    assert_eq!(requests[0].header("accept"), Some("text/plain"));
}

#[test]
fn only_media_types_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("acme.yaml");
    for (media, header, expected) in [
        ("content", "", "application/json"),
        ("json", "", "application/json"),
        ("'application/'", "", "application/json"),
        ("'a b/c'", "", "application/json"),
        (
            "application/vnd.acme+json;v=2",
            "",
            "application/vnd.acme+json;v=2",
        ),
        ("application/json", "content", "application/json"),
        (
            "application/json",
            "application/vnd.acme+json, */*",
            "application/vnd.acme+json, */*",
        ),
    ] {
        let parameters = match header {
            "" => String::new(),
            header => format!(
                "parameters: [{{name: Accept, in: header, schema: {{const: '{header}'}}}}, \
                 {{name: Accept-Encoding, in: header, required: true, schema: {{type: string}}}}]"
            ),
        };
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: Acme, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\n\
             paths: {{/token: {{post: {{security: [{{basic: []}}], {parameters}{}requestBody: {{content: \
             {{application/x-www-form-urlencoded: {{schema: {{properties: {{grant_type: {{const: \
             client_credentials}}}}}}}}}}}}, responses: {{'200': {{description: ok, content: {{{media}: {{schema: \
             {{properties: {{access_token: {{type: string}}}}}}}}}}}}}}}}}}}}\n\
             components: {{securitySchemes: {{basic: {{type: http, scheme: basic}}}}}}\n",
            if parameters.is_empty() { "" } else { ", " }
        );
        std::fs::write(&spec, text).expect("a file");
        let server = Server::start(|_| ServerResponse::json(200, r#"{"access_token": "a"}"#));
        let url = server.url();
        let spec = spec.to_str().expect("UTF-8");
        let client = [
            ("TOKENSMITH_CLIENT_ID", "id"),
            ("TOKENSMITH_CLIENT_SECRET", ""),
        ];
        let run = tokensmith_with(&["token", "--spec", spec, "--server", &url], &client);
        assert_eq!(run.code, Some(0), "{media}: {}", run.stderr);
        let request = &server.requests()[0];
        assert_eq!(request.header("accept"), Some(expected), "{media}");
        assert_eq!(
            request.header("accept-encoding"),
            Some("identity"),
            "{media}"
        );
        // The document says Basic, and the client is a public one: its password is empty.
        assert_eq!(request.header("authorization"), Some("Basic aWQ6"));
    }
}

#[test]
fn constants_are_sent_by_themselves_and_numbers_are_checked() {
    let response = || ServerResponse::json(200, r#"{"access_token": "a"}"#);
    let (run, requests) = token(
        "parameter-constants",
        response(),
        &["--param", "lifetime=900"],
    );
    assert_eq!(run.token()["access_token"], "a");
    assert_eq!(
        requests[0].text(),
        "grant_type=client_credentials&lifetime=900&audience=https%3A%2F%2Fapi.example.com%2F&scope=all\
         &active=true&level=1.5&version=2"
    );
    let (run, requests) = token(
        "parameter-constants",
        response(),
        &["--param", "lifetime=60"],
    );
    assert_eq!(run.error()["kind"], "request");
    assert_eq!(requests.len(), 0);
}

#[test]
fn fields_have_the_names_of_the_rfc_wherever_they_are() {
    let response = ServerResponse::json(
        200,
        r#"{"data": {"accessToken": "a", "refreshToken": "r", "granted": ["x", "y"]}, "identity": {"token": "i"}}"#,
    );
    let (run, _) = token("token-fields", response, &[]);
    let token = run.token();
    assert_eq!(
        [
            &token["access_token"],
            &token["refresh_token"],
            &token["id_token"]
        ],
        ["a", "r", "i"]
    );
    assert_eq!(token["scope"], json!(["x", "y"]));
}

#[test]
fn an_expiry_is_read_in_its_form() {
    let response = ServerResponse::json(
        200,
        r#"{"access_token": "a", "expires_at": "2100-01-01T00:00:00Z"}"#,
    );
    let (run, _) = token("expiry-date-time", response, &[]);
    assert_eq!(run.token()["expires_at"], 4_102_444_800_u64);
    let response = ServerResponse::json(200, r#"{"access_token": "a", "validity": 60000}"#);
    let (run, _) = token("expiry-extension", response, &[]);
    assert_eq!(run.token()["expires_in"], 60);
    let response = ServerResponse::json(200, r#"{"access_token": "a"}"#);
    let (run, _) = token("expiry-extension", response, &[]);
    assert_eq!(run.token()["expires_in"], 3600);
}

#[test]
fn a_failure_at_200_is_one() {
    let response = ServerResponse::json(
        200,
        r#"{"ok": true, "code": 7, "message": "no", "access_token": "a"}"#,
    );
    let (run, _) = token("failure", response, &[]);
    let error = run.error();
    assert_eq!(
        (&error["kind"], &error["status"]),
        (&json!("provider"), &json!(200))
    );
    assert_eq!(
        (&error["code"], &error["description"]),
        (&json!("7"), &json!("no"))
    );
}

#[test]
fn lists_are_written_as_their_style_says() {
    let response = ServerResponse::json(200, r#"{"access_token": "a"}"#);
    let arguments = [
        "--scope",
        "x",
        "--scope",
        "y",
        "--param",
        "teams=1",
        "--param",
        "teams=2",
        "--param",
        "pipe=a",
        "--param",
        "pipe=b",
        "--param",
        "resource=r",
        "--param",
        "resource=s",
    ];
    let (run, requests) = token("parameter-lists", response, &arguments);
    assert_eq!(run.token()["access_token"], "a");
    assert_eq!(requests[0].target, "/oauth2/token?pipe=a%7Cb");
    assert_eq!(
        requests[0].text(),
        "grant_type=client_credentials&scope=x+y&teams=1%2C2&resource=r&resource=s"
    );
}

#[test]
fn the_grant_and_the_client_go_where_the_document_has_them() {
    let response = || ServerResponse::json(200, r#"{"access_token": "a"}"#);
    let (run, requests) = token("grant-in-header", response(), &[]);
    assert_eq!(run.token()["access_token"], "a");
    let sent = &requests[0];
    let headers = ["grant_type", "client_id", "client_secret", "authorization"];
    assert_eq!(
        headers.map(|name| sent.header(name)),
        [Some("client_credentials"), Some("id"), Some("secret"), None]
    );
    assert_eq!((sent.target.as_str(), sent.text()), ("/token", ""));

    let (run, requests) = token("grant-in-path", response(), &[]);
    assert_eq!(run.token()["access_token"], "a");
    assert_eq!(requests[0].target, "/id/client_credentials/token");
    assert_eq!(
        requests[0].text(),
        r#"{"client_id":"id","client_secret":"secret"}"#
    );
}

#[test]
fn what_must_be_in_two_places_is() {
    let response = ServerResponse::json(200, r#"{"access_token": "a"}"#);
    let arguments = [
        "--param",
        "tenant=t",
        "--param",
        "region=eu",
        "--param",
        "audience=u",
        "--param",
        "X-Source=s",
        "--secret-param",
        "api_key=PASSWORD",
    ];
    let (run, requests) = token("parameter-places-twice", response, &arguments);
    assert_eq!(run.token()["access_token"], "a");
    let sent = &requests[0];
    assert_eq!(
        sent.target,
        "/t/token?grant_type=client_credentials&client_id=id"
    );
    assert_eq!(
        ["audience", "tenant", "x-source"].map(|name| sent.header(name)),
        [Some("u"), Some("t"), Some("s")]
    );
    let mut fields: Vec<&str> = sent.text().split('&').collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "api_key=pass",
            "audience=u",
            "client_id=id",
            "client_secret=secret",
            "grant_type=client_credentials",
            "region=eu",
            "tenant=t"
        ]
    );
}

#[test]
fn a_body_may_be_in_parts() {
    let response = ServerResponse::json(200, r#"{"access_token": "a"}"#);
    let (run, requests) = token("body-multipart", response, &["--scope", "x y"]);
    assert_eq!(run.token()["access_token"], "a");
    let media_type = requests[0].header("content-type").unwrap_or_default();
    assert!(media_type.starts_with("multipart/form-data; boundary="));
    assert!(requests[0].text().contains("name=\"scope\"\r\n\r\nx y\r\n"));
}

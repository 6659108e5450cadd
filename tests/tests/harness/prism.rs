//! Prism, tried by hand on the documents before any client relies on it.

use std::fs;
use std::path::Path;

use tokensmith_tests::prism::{self, Prism};
use tokensmith_tests::raw::{self, Reply};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const BASIC: (&str, &str) = ("Authorization", "Basic YTpi");

fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../specs")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn post(prism: &Prism, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    raw::send(prism.address(), &raw::post(target, headers, body)).expect("a response")
}

#[test]
fn prism_judges_requests_and_responds_on_demand() {
    let prism = Prism::start(&document("moov.yaml"));
    let grant = "grant_type=client_credentials&scope=%2Fping.read";
    let reply = post(&prism, "/oauth2/token", &[FORM, BASIC], grant);
    assert!(
        reply.status == 200 && reply.body.contains("example-access-token-not-real"),
        "{reply:?}"
    );
    assert_eq!(
        post(
            &prism,
            "/oauth2/token",
            &[JSON, BASIC],
            r#"{"grant_type":"client_credentials"}"#
        )
        .status,
        200
    );
    assert_eq!(
        post(&prism, "/oauth2/revoke", &[FORM, BASIC], "token=t").status,
        204
    );

    for status in [200, 400, 422, 429, 500, 504] {
        let (name, value) = prism::prefer_status(status);
        let reply = post(
            &prism,
            "/oauth2/token",
            &[FORM, BASIC, (name, &value)],
            grant,
        );
        assert_eq!(
            (reply.status, reply.header("retry-after")),
            (status, (status == 429).then_some("2"))
        );
        assert!(reply.header("x-request-id").is_some());
    }
    let (name, value) = prism::prefer_example(200, "unixTime");
    assert!(
        post(
            &prism,
            "/oauth2/token",
            &[FORM, BASIC, (name, &value)],
            grant
        )
        .body
        .contains("1736964352")
    );
    assert_eq!(prism.violations(), [""; 0]);

    // What breaks the document is seen even when the response is the one that was asked for.
    let (name, value) = prism::prefer_status(400);
    post(
        &prism,
        "/oauth2/token",
        &[FORM, BASIC, (name, &value)],
        "grant_type=password",
    );
    assert_eq!(prism.violations().len(), 1, "{:?}", prism.violations());
    post(
        &prism,
        "/oauth2/token",
        &[("Content-Type", "text/plain"), BASIC],
        grant,
    );
    assert_eq!(prism.violations().len(), 2, "{:?}", prism.violations());
}

#[test]
fn prism_serves_openapi_3_0_and_documents_with_holes() {
    let workiva = Prism::start(&document("workiva.yaml"));
    for path in ["/oauth2/token", "/iam/v1/oauth2/token"] {
        assert_eq!(
            post(
                &workiva,
                path,
                &[FORM, BASIC],
                "grant_type=client_credentials"
            )
            .status,
            200
        );
    }
    assert_eq!(workiva.violations(), [""; 0]);
    post(
        &workiva,
        "/oauth2/token",
        &[FORM, BASIC],
        "grant_type=refresh_token",
    );
    assert_eq!(workiva.violations().len(), 1);

    let moveworks = Prism::start(&document("moveworks.yaml"));
    let body = r#"{"client_id":"a","client_secret":"b","grant_type":"client_credentials"}"#;
    assert!(
        post(&moveworks, "/oauth/v1/token", &[JSON], body)
            .body
            .starts_with(r#"{"data":"#)
    );
    let (name, value) = prism::prefer_status(429);
    assert_eq!(
        post(&moveworks, "/oauth/v1/token", &[JSON, (name, &value)], body).status,
        429
    );
    assert_eq!(moveworks.violations(), [""; 0]);
}

//! A refusal looks like the provider's own.

use serde_json::json as value;
use tokensmith_mock::{Fault, Options, Provider};
use tokensmith_runtime::SampleResponse;

use super::acme::{ACME, acme, basic, globex, json, member, post, refusal};

const GRANT: &str = "grant_type=client_credentials";

#[test]
fn the_example_that_means_it_is_sent_as_it_is() {
    let response = post(&globex(Options::new()), "/token", GRANT);
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["content-type"],
        "application/vnd.globex+json"
    );
    let body = r#"{"ok":false,"errors":[{"code":17,"message":"Who are you?"}]}"#;
    assert_eq!(response.body(), body.as_bytes());
    assert!(refusal(&response).starts_with("invalid_client: there is no client authentication"));
}

#[test]
fn another_code_of_the_provider_takes_the_place_of_the_examples() {
    let form = "grant_type=refresh_token&refresh_token=x&client_id=i&client_secret=s";
    let response = post(&globex(Options::new()), "/token", form);
    let body = json(&response);
    assert_eq!(body["errors"][0]["code"], 18, "{body}");
    assert_eq!(body["ok"], false);
    assert_ne!(body["errors"][0]["message"], "Who are you?");
}

#[test]
fn no_code_is_invented() {
    let form = "grant_type=other&client_id=i&client_secret=s";
    let response = post(&globex(Options::new()), "/token", form);
    assert_eq!(json(&response)["errors"][0]["code"], 17);
    assert!(refusal(&response).starts_with("unsupported_grant_type"));
}

#[test]
fn a_status_without_a_body_is_bare() {
    let globex = globex(Options::new().fault(Fault::status(403)));
    let response = post(&globex, "/token", GRANT);
    assert_eq!(response.status(), 403);
    assert!(response.body().is_empty() && !response.headers().contains_key("content-type"));
}

#[test]
fn without_examples_the_description_says_where_the_code_is() {
    let response = basic(&acme(Options::new()), "/oauth/token", "grant_type=other");
    assert_eq!(response.status(), 400);
    assert_eq!(member(&response, "/error"), "unsupported_grant_type");
    let bare = Provider::new(super::acme::GLOBEX, &[], Options::new());
    let response = post(&bare, "/token", GRANT);
    assert_eq!(response.status(), 200);
    let body = json(&response);
    assert_eq!(
        (&body["ok"], &body["errors"][0]["code"]),
        (&value!(false), &value!("17"))
    );
}

#[test]
fn a_standard_code_takes_the_place_of_another() {
    let sample = SampleResponse::new(&[0], 400).with_body(
        "application/json",
        r#"{"error":"invalid_grant","error_description":"Malformed auth code","trace":"x"}"#,
    );
    let acme = Provider::new(ACME, &[sample], Options::new());
    let response = basic(&acme, "/oauth/token", "grant_type=other");
    let body = json(&response);
    assert_eq!(
        (&body["error"], &body["trace"]),
        (&value!("unsupported_grant_type"), &value!("x"))
    );
    assert_ne!(body["error_description"], "Malformed auth code");
}

#[test]
fn a_success_keeps_what_the_example_has_beside_the_token() {
    let globex = globex(Options::new());
    globex.accept_refresh_token("r");
    let form = "grant_type=refresh_token&refresh_token=r&client_id=i&client_secret=s";
    let body = json(&post(&globex, "/token", form));
    assert_eq!(body["plan"], "free");
    // The lifetime is a text, as in the example.
    assert_eq!(body["data"]["expires_in"], "3599");
    let token = body["data"]["token"].as_str().unwrap();
    assert!(globex.is_active(token));
    assert_ne!(body["refresh"], "r");
    globex.advance(std::time::Duration::from_secs(3_600));
    assert!(!globex.is_active(token));
}

#[test]
fn an_impossible_lifetime_of_an_example_is_not_taken() {
    let example =
        r#"{"device_code":"d","user_code":"u","expires_in":9223372036854775807,"interval":-1}"#;
    let sample = SampleResponse::new(&[3], 200).with_body("application/json", example);
    let acme = Provider::new(ACME, &[sample], Options::new());
    let body = json(&post(&acme, "/oauth/device", "client_id=tv"));
    assert_eq!(
        (&body["expires_in"], &body["interval"]),
        (&value!(600), &value!(5))
    );
}

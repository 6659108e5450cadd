//! Which operations are OAuth's, and under which path.

use super::{assert_means, assert_told, plain_with, read};

#[test]
fn keys_that_are_no_paths_become_paths() {
    let key = "\n  /oauth/token:";
    for odd in ["oauth/token", "\"/oauth/token \"", "\" oauth/token\""] {
        assert_means(&[(key, &format!("\n  {odd}:"))], &[], &["TS026"]);
    }
    let tenant = [(key, "\n  /{tenant}/token:")];
    assert_means(&[(key, "\n  /<tenant>/token:")], &tenant, &["TS026"]);
    let escaped = [(key, "\n  /a%20b/token:")];
    assert_means(&[(key, "\n  /a b/token:")], &escaped, &["TS026"]);
    let elsewhere = [(
        key,
        "\n  /oauth/token:\n    servers: [{url: 'https://id.example.com'}]",
    )];
    let url = [(key, "\n  https://id.example.com/oauth/token:")];
    assert_means(&url, &elsewhere, &["TS026"]);
}

#[test]
fn a_path_may_be_the_servers_own() {
    for (path, sent, codes) in [("/", "/", [].as_slice()), ("\"\"", "", &["TS026"])] {
        let reading = read(&plain_with(&[("/oauth/token", path)]));
        assert_told(&reading, codes);
        let model = reading.model.expect("is read");
        assert_eq!(model.endpoints[0].paths[0].path, sent);
        assert_eq!(model.endpoints[0].paths[0].ident, "Root");
    }
}

#[test]
fn a_path_that_is_there_twice_counts_once() {
    let twice = "  oauth/token:\n    post: {parameters: [{name: grant_type, in: query}], responses: {}}\n  /oauth/token:";
    // The one without the slash comes after the other.
    assert_means(&[("  /oauth/token:", twice)], &[], &["TS026", "TS031"]);
}

#[test]
fn a_parameter_of_this_name_alone_makes_no_token_endpoint_beside_another() {
    let others = "paths:
  /licenses:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {grant_type: {type: string, enum: [trial]}}}}}}
      responses: {'200': {description: A license.}}
  /apps/{id}:
    get:
      parameters: [{name: grant_type, in: query, schema: {type: string}}]
      responses: {'200': {description: An app.}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {grant_type: {type: string}, client_secret: {type: string}}}}}}
      responses: {'200': {description: An app.}}
";
    assert_means(&[("paths:\n", others)], &[], &["TS031", "TS031", "TS031"]);
}

#[test]
fn a_token_url_is_an_operations_by_its_server() {
    let flows = |url: &str| {
        format!(
            "components:\n  securitySchemes: {{o: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: '{url}', scopes: {{}}}}}}}}}}\n"
        )
    };
    let free = ("string, enum: [client_credentials]", "string");
    for url in [
        "oauth/token",
        "./oauth/token",
        "/oauth/token/",
        "/v1/oauth/token",
        "https://auth.example.com/v1/oauth/token/",
        "https://login.example.com/tenant/oauth/token",
    ] {
        let flows = flows(url);
        assert_means(
            &[free, ("components:\n", &flows)],
            &[("components:\n", &flows)],
            &[],
        );
    }
    let push = "paths:\n  /token:\n    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {device: {type: string}}}}}}, responses: {}}\n";
    let flows = flows("https://auth.example.com/v1/oauth/token");
    assert_means(
        &[("components:\n", &flows), ("paths:\n", push)],
        &[("components:\n", &flows)],
        &[],
    );
    let unnamed = [
        ("grant_type", "type"),
        ("/oauth/token", "/token"),
        ("components:\n", flows.as_str()),
    ];
    assert_told(&read(&plain_with(&unnamed)), &["TS030"]);
}

#[test]
fn a_path_that_is_written_twice_is_merged() {
    let twice = "components:\n";
    let second =
        "  /oauth/token:\n    get: {responses: {'200': {description: Nothing.}}}\ncomponents:\n";
    assert_means(&[(twice, second)], &[], &["TS024"]);
}

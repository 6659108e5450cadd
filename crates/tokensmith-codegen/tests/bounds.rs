//! Documents of more than anybody means end in a diagnostic, however much there is of it.

use serde_json::{Map, Value, json};
use tokensmith_codegen::{Rule, Source, read};

/// A document with these servers, and token endpoints that have this request.
fn document(servers: &Value, request: &Value, endpoints: usize) -> Value {
    let token = json!({"type": "object", "properties": {"access_token": {"type": "string"}}});
    let form = json!({"application/x-www-form-urlencoded": {"schema": request}});
    let operation = json!({"post": {
        "security": [{"basic": []}],
        "requestBody": {"content": form},
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": token}}}}
    }});
    let paths: Map<String, Value> = (0..endpoints)
        .map(|number| (format!("/token/{number}"), operation.clone()))
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Example", "version": "1"},
        "servers": servers,
        "paths": paths,
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
    })
}

fn request(grants: &[String], others: usize) -> Value {
    let mut properties = Map::new();
    properties.insert(
        "grant_type".to_owned(),
        json!({"type": "string", "enum": grants}),
    );
    for number in 0..others {
        properties.insert(format!("p{number}"), json!({"type": "string"}));
    }
    json!({"type": "object", "properties": properties})
}

/// The errors of a document; none if it has a meaning.
fn errors(document: &Value) -> Vec<Rule> {
    let text = document.to_string();
    let reading = read(
        "example",
        Source::new("example.json", text.as_bytes()),
        None,
    );
    let is_error = |rule: &Rule| rule.severity() == tokensmith_codegen::Severity::Error;
    let rules = reading.diagnostics.iter().map(|diagnostic| diagnostic.rule);
    let errors: Vec<Rule> = rules.filter(is_error).collect();
    assert_eq!(reading.model.is_some(), errors.is_empty(), "{errors:?}");
    errors
}

#[test]
fn what_is_more_than_anybody_means_is_refused() {
    let servers = |count: usize| {
        let urls =
            (0..count).map(|number| json!({"url": format!("https://s{number}.example.com")}));
        Value::Array(urls.collect())
    };
    let grants = |count: usize| -> Vec<String> {
        (0..count).map(|number| format!("grant_{number}")).collect()
    };
    let one = grants(1);
    for (is_refused, document) in [
        (false, document(&servers(20), &request(&grants(20), 100), 3)),
        (true, document(&servers(30_000), &request(&one, 1), 1)),
        (true, document(&servers(1), &request(&grants(30_000), 1), 1)),
        (true, document(&servers(1), &request(&one, 30_000), 1)),
        (true, document(&servers(1), &request(&one, 1), 3_000)),
    ] {
        let errors = errors(&document);
        assert_eq!(errors.contains(&Rule::TooLarge), is_refused, "{errors:?}");
    }
}

#[test]
fn parameters_of_a_path_are_counted_before_they_are_read() {
    let of = |count: usize| {
        let mut document = document(
            &json!([{"url": "https://api.example.com"}]),
            &request(&["client_credentials".to_owned()], 0),
            1,
        );
        let mut item = document["paths"]["/token/0"].take();
        let names = |start: &str| -> String {
            let names = (0..count).map(|number| format!("{start}{{p{number}}}"));
            names.collect()
        };
        let parameters = (0..count).map(|number| {
            json!({"name": format!("p{number}"), "in": "path", "required": true, "schema": {"type": "string"}})
        });
        item["parameters"] = parameters.collect();
        document["paths"] = json!({format!("/token{}", names("/")): item});
        errors(&document)
    };
    assert_eq!(of(10), []);
    let errors = of(1_200);
    assert!(
        !errors.is_empty() && errors.iter().all(|rule| *rule == Rule::TooLarge),
        "{errors:?}"
    );
}

#[test]
fn a_path_is_measured_before_anything_in_it_is_read() {
    let of = |length: usize| {
        let servers = json!([{"url": "https://api.example.com"}]);
        let request = request(&["client_credentials".to_owned()], 0);
        let mut document = document(&servers, &request, 1);
        let item = document["paths"]["/token/0"].take();
        document["paths"] = json!({format!("/token/{}", "x".repeat(length)): item});
        errors(&document)
    };
    assert_eq!(of(1_000), []);
    assert_eq!(of(100_000), [Rule::TooLarge]);
}

#[test]
fn a_document_of_faults_has_so_many_diagnostics_and_no_more() {
    let mut document = document(
        &json!([{"url": "https://api.example.com"}]),
        &request(&["client_credentials".to_owned()], 0),
        1,
    );
    let parameters = (0..5_000).map(|number| json!({"name": format!("p{number}")}));
    document["paths"]["/token/0"]["post"]["parameters"] = parameters.collect();
    let text = document.to_string();
    let reading = read("example", Source::new("a.json", text.as_bytes()), None);
    let rules = reading.diagnostics.iter().map(|diagnostic| diagnostic.rule);
    let too_large = rules.filter(|rule| *rule == Rule::TooLarge).count();
    assert_eq!((reading.diagnostics.len(), too_large), (1_001, 1));
    assert!(reading.model.is_none());
}

#[test]
fn values_of_server_variables_are_counted_before_they_are_tried() {
    let of = |count: usize, prefix: &str| {
        let values: Vec<String> = (0..count).map(|number| format!("v{number}")).collect();
        let url = format!("{{area}}{prefix}.example.com");
        let servers = json!([
            {"url": "https://api.example.com"},
            {"url": format!("https://{url}"), "variables": {"area": {"default": "v0", "enum": values}}},
        ]);
        let request = request(&["client_credentials".to_owned()], 0);
        errors(&document(&servers, &request, 1))
    };
    assert_eq!(of(50, ""), []);
    assert_eq!(of(2_000, ""), [Rule::TooLarge]);
    assert_eq!(of(50, &".a".repeat(4_000)), [Rule::TooLarge]);
}

#[test]
fn a_property_of_as_many_parts_as_there_is_room_for_is_read() {
    let part = json!({"properties": {"same": {"type": "string"}}});
    let request = json!({
        "properties": {"grant_type": {"type": "string", "enum": ["client_credentials"]}},
        "allOf": vec![part; 20_000]
    });
    let servers = json!([{"url": "https://api.example.com"}]);
    errors(&document(&servers, &request, 1));
}

#[test]
fn media_types_are_counted_before_schemas_are_copied_into_them() {
    let of = |media: usize, operations: usize, statuses: usize| {
        let schema = json!({"type": "object", "properties": {"access_token": {"type": "string"}}});
        let grant = json!({
            "name": "grant_type", "in": "formData", "type": "string", "enum": ["client_credentials"],
        });
        let responses: Map<String, Value> = (200..200 + statuses)
            .map(|status| {
                (
                    status.to_string(),
                    json!({"description": "", "schema": schema}),
                )
            })
            .collect();
        let paths: Map<String, Value> = (0..operations)
            .map(|number| {
                let post = json!({"parameters": [grant], "responses": responses});
                (format!("/token{number}"), json!({ "post": post }))
            })
            .collect();
        let produces: Vec<String> = (0..media).map(|number| format!("a/{number}")).collect();
        errors(&json!({
            "swagger": "2.0",
            "info": {"title": "Example", "version": "1"},
            "host": "api.example.com",
            "produces": produces,
            "paths": paths,
        }))
    };
    assert_eq!(of(4, 20, 4), []);
    assert_eq!(of(40, 20, 1), []);
    assert_eq!(of(1_000, 50, 1), [Rule::TooLarge]);
    assert_eq!(of(300, 1, 150), [Rule::TooLarge]);
}

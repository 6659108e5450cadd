//! Parts that do not have OpenAPI's shape.

use super::{BODY, assert_means, plain_with, read};
use crate::documents::rendered;

#[test]
fn every_part_without_openapis_shape_is_shown_where_it_stands() {
    let text = plain_with(&[
        ("client_id: {type: string}", "client_id: {type: 5}"),
        (
            "expires_in: {type: integer}",
            "expires_in: {type: []}, x: {type: {}}",
        ),
    ]);
    let reading = read(&text);
    let pointers: Vec<&str> = reading
        .diagnostics
        .iter()
        .map(|one| one.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/components/schemas/Request/properties/client_id",
            "/components/schemas/Token/properties/x"
        ],
        "{}",
        rendered(&reading.diagnostics)
    );
}

#[test]
fn versions_are_known_by_other_names() {
    assert_means(&[("openapi: 3.0.3", "openapi: v3.0.3")], &[], &[]);
    assert_means(&[("openapi: 3.0.3", "swagger: 3.0.3")], &[], &["TS026"]);
}

#[test]
fn members_that_are_their_own_end() {
    let own = "components:\n  x-own: {a: {properties: {$ref: '#/components/x-own'}}, b: {properties: {$ref: '#/components/x-own'}}}\n";
    let scope = "scope: {type: object, properties: {$ref: '#/components/x-own'}}";
    let reading = read(&plain_with(&[
        ("components:\n", own),
        ("scope: {type: string}", scope),
    ]));
    assert!(reading.model.is_none());
    assert!(
        reading
            .diagnostics
            .iter()
            .any(|one| one.rule.code() == "TS007")
    );
    let body = "requestBody: {$ref: '#/components/requestBodies/B'}";
    let circle = "components:\n  requestBodies: {B: {content: {application/json: {schema: {$ref: '#/components/requestBodies/B'}}}}}\n";
    let reading = read(&plain_with(&[
        ("components:\n", circle),
        (&format!("requestBody: {BODY}"), body),
    ]));
    assert!(reading.model.is_none());
}

use super::*;

fn schema(mut value: Value) -> (Value, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let mut repairs = Repairs {
        is_swagger: false,
        diagnostics: &mut diagnostics,
    };
    repairs.schema(&mut value, "");
    (value, pointers(diagnostics))
}

fn pointers(diagnostics: Diagnostics) -> Vec<String> {
    let diagnostics = diagnostics.into_vec();
    assert!(diagnostics.iter().all(|one| one.rule == Rule::Repaired));
    diagnostics.into_iter().map(|one| one.pointer).collect()
}

#[track_caller]
fn becomes(before: Value, after: Value, told: &[&str]) {
    let (value, pointers) = schema(before);
    assert_eq!(value, after);
    assert_eq!(pointers, told);
}

#[test]
fn types_are_known_by_other_names() {
    becomes(
        json!({"type": "String"}),
        json!({"type": "string"}),
        &["/type"],
    );
    becomes(
        json!({"type": "int64"}),
        json!({"type": "integer"}),
        &["/type"],
    );
    becomes(
        json!({"type": "datetime"}),
        json!({"type": "string", "format": "date-time"}),
        &["/type"],
    );
    becomes(json!({"type": "any"}), json!({}), &["/type"]);
    becomes(json!({"type": 1}), json!({"type": 1}), &[]);
    becomes(json!({"type": null}), json!({"type": "null"}), &[]);
}

#[test]
fn limits_may_be_in_quotes() {
    becomes(
        json!({"minLength": "1", "maxLength": 64.0, "maximum": "9.5", "nullable": "true"}),
        json!({"minLength": 1, "maxLength": 64, "maximum": 9.5, "nullable": true}),
        &["/minLength", "/maxLength", "/maximum", "/nullable"],
    );
    becomes(
        json!({"maxLength": -1, "minimum": "none"}),
        json!({}),
        &["/maxLength", "/minimum"],
    );
}

#[test]
fn values_have_the_type_that_is_said() {
    becomes(
        json!({"type": "string", "enum": [1, true, "a", "a", null]}),
        json!({"type": "string", "enum": ["1", "true", "a", null]}),
        &[],
    );
    becomes(
        json!({"type": "integer", "enum": ["1", 2]}),
        json!({"type": "integer", "enum": [1, 2]}),
        &[],
    );
    becomes(
        json!({"type": "integer", "enum": ["a"]}),
        json!({"enum": ["a"]}),
        &["/enum"],
    );
    becomes(json!({"enum": "a"}), json!({"enum": ["a"]}), &["/enum"]);
    becomes(json!({"enum": []}), json!({}), &[]);
}

#[test]
fn required_is_a_list_of_the_object() {
    becomes(
        json!({"properties": {"a": {"required": true}, "b": {"required": false}}}),
        json!({"required": ["a"], "properties": {"a": {}, "b": {}}}),
        &["/properties/a/required", "/properties/b/required"],
    );
    becomes(
        json!({"required": "a"}),
        json!({"required": ["a"]}),
        &["/required"],
    );
    becomes(
        json!({"required": [1, null]}),
        json!({"required": ["1"]}),
        &[],
    );
}

#[test]
fn lists_of_one_may_lack_the_list() {
    becomes(
        json!({"allOf": {"type": "string"}, "oneOf": [], "items": [{"type": "string"}, {}]}),
        json!({"allOf": [{"type": "string"}], "items": {"type": "string"}}),
        &["/allOf", "/oneOf", "/items"],
    );
    becomes(
        json!({"discriminator": "a"}),
        json!({"discriminator": {"propertyName": "a"}}),
        &["/discriminator"],
    );
    becomes(json!({"discriminator": {}}), json!({}), &["/discriminator"]);
    becomes(
        json!({"properties": {"a": null}, "additionalProperties": "false"}),
        json!({"properties": {"a": {}}, "additionalProperties": false}),
        &["/properties/a"],
    );
}

#[test]
fn operations_are_repaired_throughout() {
    let mut tree = json!({
        "info": {"title": 1, "description": {"$ref": "a.md"}, "contact": "me"},
        "servers": {"url": "https://a.example", "variables": {"v": {"default": 1, "enum": [1]}}},
        "paths": {"/token": {"post": {
            "operationId": 7, "externalDocs": 1,
            "parameters": [
                {"name": "a", "in": "Query", "type": "string", "required": "true"},
                {"name": "a", "in": "query", "schema": {}},
                {"name": "p", "in": "path", "schema": {}}
            ],
            "security": {"basic": {}},
            "responses": {"2xx": null, "400 Bad Request": {"description": 1, "headers": null}, "oops": {}, "x-a": 1}
        }}},
        "components": {"schemas": {"A": 1}}
    });
    let mut diagnostics = Diagnostics::default();
    repair(&mut tree, false, &mut diagnostics);
    assert_eq!(
        tree,
        json!({
            "info": {"title": "1"},
            "servers": [{"url": "https://a.example", "variables": {"v": {"default": "1", "enum": ["1"]}}}],
            "paths": {"/token": {"post": {
                "operationId": "7",
                "parameters": [
                    {"name": "a", "in": "query", "schema": {"type": "string"}, "required": true},
                    {"name": "p", "in": "path", "schema": {}, "required": true}
                ],
                "security": [{"basic": []}],
                "responses": {"2XX": {}, "400": {"description": "1"}, "x-a": 1}
            }}},
            "components": {"schemas": {"A": {}}}
        })
    );
    let post = "/paths/~1token/post";
    assert_eq!(
        pointers(diagnostics),
        [
            "/servers".to_owned(),
            format!("{post}/parameters/0"),
            format!("{post}/parameters/1"),
            format!("{post}/security"),
            format!("{post}/security/0/basic"),
            format!("{post}/responses/2xx"),
            format!("{post}/responses/400 Bad Request"),
            format!("{post}/responses/oops"),
            "/components/schemas/A".to_owned(),
        ]
    );
}

#[test]
fn a_urn_is_not_written_as_in_a_form() {
    becomes(
        json!({"type": "string", "enum": ["urn%3Aietf%3aa", "urn:ietf:a", "b%3A"]}),
        json!({"type": "string", "enum": ["urn:ietf:a", "b%3A"]}),
        &["/enum"],
    );
}

#[test]
fn a_requirement_that_is_an_object_is_always_required() {
    let mut operation = json!({"security": [{"api_key": {"Fn::If": ["Production", []]}}]});
    let mut diagnostics = Diagnostics::default();
    let mut repairs = Repairs {
        is_swagger: false,
        diagnostics: &mut diagnostics,
    };
    repairs.security(&mut operation, "");
    assert_eq!(operation, json!({"security": [{"api_key": []}]}));
    let told = diagnostics.into_vec();
    let [only] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(only.pointer, "/security/0/api_key");
    assert!(only.message.contains("always required"), "{only:?}");
}

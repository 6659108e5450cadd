use serde_json::json;

use super::*;

const POST: &str = "/paths/~1token/post";

fn facts(root: &Value) -> Vec<Fact<'_>> {
    let operation = Operation::at(root, POST).expect("is there");
    let mut enumeration = Enumeration::new(root);
    let facts = enumeration.of(operation);
    assert!(!enumeration.is_cut());
    facts
}

/// The facts as `kind name pointer`, with a mark of what is required; each leads to what it says.
fn told(root: &Value) -> Vec<String> {
    let facts = facts(root).into_iter().map(|fact| {
        assert_eq!(root.pointer(&fact.pointer), Some(fact.value));
        let mark = if fact.is_required { "!" } else { "" };
        let at = fact.pointer.replace(POST, "POST");
        format!("{:?} {}{mark} {at}", fact.kind, fact.name)
    });
    facts.collect()
}

fn operation(operation: Value, schemas: Value) -> Value {
    json!({"paths": {"/token": {"post": operation}}, "components": {"schemas": schemas}})
}

fn request(schema: Value, schemas: Value) -> Value {
    let body = json!({"content": {"a/b": {"schema": schema}}});
    operation(json!({ "requestBody": body }), schemas)
}

const SCHEMA: &str = "POST/requestBody/content/a~1b/schema";

#[test]
fn parameters_security_and_responses_are_told() {
    let root = json!({
        "servers": [{"url": "https://a.example"}],
        "security": [{"basic": []}],
        "paths": {"/token": {
            "parameters": [{"name": "a", "in": "query", "required": true, "schema": {"minimum": 1}}],
            "post": {
                "deprecated": true,
                "parameters": [{"name": "b", "in": "header", "explode": false, "content": {"a/b": {"schema": {"default": false}}}}],
                "responses": {"200": {"$ref": "#/components/responses/R"}, "204": {}}
            }
        }},
        "components": {"responses": {"R": {
            "headers": {"X": {"deprecated": false, "schema": {"pattern": "a"}}},
            "content": {"a/b": {"encoding": {"c": {}}, "schema": {"properties": {"c": {}}}}}
        }}}
    });
    assert_eq!(
        told(&root),
        [
            "Deprecated  POST/deprecated",
            "Server  /servers/0",
            "Security  /security/0",
            "Parameter a! /paths/~1token/parameters/0",
            "Parameter b POST/parameters/0",
            "Keyword(\"explode\") b POST/parameters/0/explode",
            "Header X /components/responses/R/headers/X",
            "MediaType a/b /components/responses/R/content/a~1b",
            "Keyword(\"encoding\") c /components/responses/R/content/a~1b/encoding/c",
            "Response 200 POST/responses/200",
            "Response 204 POST/responses/204",
            "Keyword(\"minimum\") a /paths/~1token/parameters/0/schema/minimum",
            "Default b POST/parameters/0/content/a~1b/schema/default",
            "Keyword(\"pattern\") X /components/responses/R/headers/X/schema/pattern",
            "Property c /components/responses/R/content/a~1b/schema/properties/c",
        ]
    );
}

#[test]
fn everything_in_a_schema_is_told() {
    let schema = json!({
        "required": ["a", "z"],
        "properties": {
            "a": {"$ref": "#/components/schemas/A", "deprecated": true},
            "list": {"items": {"multipleOf": 2}, "uniqueItems": false}
        },
        "additionalProperties": false,
        "if": {"properties": {"a": {"const": 1}}},
        "dependentRequired": {"a": ["b"]},
        "oneOf": [{"const": "x"}, {"allOf": [{"not": {}}]}]
    });
    let root = request(
        schema,
        json!({"A": {"enum": ["x", null], "minLength": 1, "default": "x"}}),
    );
    let expected = [
        "MediaType a/b POST/requestBody/content/a~1b",
        "Keyword(\"additionalProperties\")  SCHEMA/additionalProperties",
        "Keyword(\"if\")  SCHEMA/if",
        "Keyword(\"dependentRequired\")  SCHEMA/dependentRequired",
        "Property a! SCHEMA/properties/a",
        "Property list SCHEMA/properties/list",
        "Required z! SCHEMA/required/1",
        "Branch  SCHEMA/oneOf/0",
        "Branch  SCHEMA/oneOf/1",
        "Deprecated a SCHEMA/properties/a/deprecated",
        "EnumValue  SCHEMA/oneOf/0/const",
        "Default a /components/schemas/A/default",
        "Keyword(\"minLength\") a /components/schemas/A/minLength",
        "EnumValue a /components/schemas/A/enum/0",
        "EnumValue a /components/schemas/A/enum/1",
        "Keyword(\"multipleOf\") list SCHEMA/properties/list/items/multipleOf",
        "Keyword(\"not\")  SCHEMA/oneOf/1/allOf/0/not",
    ];
    let expected = expected.map(|fact| fact.replace("SCHEMA", SCHEMA));
    assert_eq!(told(&root), expected);
}

#[test]
fn what_does_not_go_with_a_request_is_none_of_its_facts() {
    let schema = json!({"$ref": "#/components/schemas/T"});
    let content = json!({"content": {"a/b": {"schema": schema}}});
    let root = operation(
        json!({"requestBody": content, "responses": {"200": content}}),
        json!({
            "T": {"properties": {
                "id": {"$ref": "#/components/schemas/Id"},
                "grant_type": {"readOnly": true},
                "secret": {"writeOnly": true}
            }},
            "Id": {"readOnly": true, "format": "uuid"}
        }),
    );
    let found = facts(&root);
    let names = |direction: Direction| -> Vec<&str> {
        let facts = found.iter();
        let properties =
            facts.filter(|fact| fact.direction == direction && fact.kind == Kind::Property);
        properties.map(|fact| fact.name).collect()
    };
    assert_eq!(names(Direction::Request), ["grant_type", "secret"]);
    assert_eq!(names(Direction::Response), ["grant_type", "id"]);
}

#[test]
fn what_contains_itself_is_told_once_a_depth() {
    let again = json!({"$ref": "#/components/schemas/A"});
    let root = request(
        again.clone(),
        json!({"A": {"properties": {"a": again, "b": {"items": again}}, "anyOf": [again, again]}}),
    );
    let told: Vec<(Kind, Depth)> = facts(&root)
        .into_iter()
        .map(|fact| (fact.kind, fact.depth))
        .collect();
    let kinds = [Kind::Property, Kind::Property, Kind::Branch, Kind::Branch];
    let mut expected = vec![(Kind::MediaType, Depth::Body)];
    // As the value of `a`, of `b` and within either.
    for depth in [Depth::Body, Depth::Value, Depth::Value, Depth::Nested] {
        expected.extend(kinds.map(|kind| (kind, depth)));
    }
    assert_eq!(told, expected);
}

#[test]
fn what_several_parameters_refer_to_is_told_of_each() {
    let id = json!({"$ref": "#/components/schemas/Id"});
    let list = json!({"items": id});
    let root = request(
        json!({"properties": {"a": id, "b": id, "c": {"properties": {"d": id, "e": list}}}}),
        json!({"Id": {"minLength": 3}}),
    );
    let found = facts(&root);
    let limits = found
        .iter()
        .filter(|fact| fact.kind == Kind::Keyword("minLength"));
    let names: Vec<(&str, Depth)> = limits.map(|fact| (fact.name, fact.depth)).collect();
    // Within a value nothing is checked, whatever it is called.
    assert_eq!(
        names,
        [
            ("a", Depth::Value),
            ("b", Depth::Value),
            ("d", Depth::Nested)
        ]
    );
}

#[test]
fn there_is_an_end_to_what_is_looked_at() {
    let chain = (0..30_000).map(|index| {
        let next = json!({"$ref": format!("#/components/schemas/{}", index + 1)});
        (index.to_string(), json!({"properties": {"a": next}}))
    });
    let root = request(
        json!({"$ref": "#/components/schemas/0"}),
        Value::Object(chain.collect()),
    );
    let operation = Operation::at(&root, POST).expect("is there");
    let mut enumeration = Enumeration::new(&root);
    assert_eq!(enumeration.of(operation).len(), 30_001);
    assert!(!enumeration.is_cut());
    // What one operation has is read again for each, and counts again.
    assert_eq!(enumeration.of(operation).len(), 30_001);
    while !enumeration.is_cut() {
        enumeration.of(operation);
    }
    assert_eq!(enumeration.of(operation).len(), 0);
}

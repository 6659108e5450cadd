use super::*;

const FORM: &str = "application/x-www-form-urlencoded";

fn raised(mut tree: Value) -> (Value, Origins) {
    assert_eq!(is_swagger(&tree), Ok(true));
    let mut origins = Origins::default();
    raise(&mut tree, "a.yaml", &mut origins);
    (tree, origins)
}

fn servers_of(root: Value) -> Value {
    let mut root = root;
    root["swagger"] = json!("2.0");
    raised(root).0["servers"].take()
}

#[test]
fn the_version_may_be_a_number() {
    assert_eq!(is_swagger(&json!({"swagger": 2.0})), Ok(true));
    assert_eq!(is_swagger(&json!({"swagger": " 2.0 "})), Ok(true));
    assert_eq!(is_swagger(&json!({"openapi": "3.0.0"})), Ok(false));
    assert!(is_swagger(&json!({"swagger": "1.2"})).is_err());
}

#[test]
fn a_server_is_put_together() {
    let url = |url: &str| json!([{ "url": url }]);
    assert_eq!(
        servers_of(json!({"host": "a.example", "basePath": "/v1/", "schemes": ["http", "https"]})),
        url("https://a.example/v1")
    );
    assert_eq!(
        servers_of(json!({"host": "a.example:80", "basePath": "/", "schemes": ["http"]})),
        url("http://a.example:80")
    );
    assert_eq!(
        servers_of(json!({"host": "http://a.example/", "basePath": "v1"})),
        url("http://a.example/v1")
    );
    assert_eq!(servers_of(json!({"basePath": "/v1"})), url("/v1"));
    // What an overlay adds counts.
    let added = json!([{"url": "https://b.example"}]);
    assert_eq!(
        servers_of(json!({"host": "a.example", "servers": added})),
        added
    );
    assert_eq!(servers_of(json!({})), Value::Null);
}

#[test]
fn forms_become_bodies() {
    let (tree, origins) = raised(json!({
        "swagger": "2.0",
        "consumes": ["application/json"],
        "parameters": {"Scope": {"name": "scope", "in": "formData", "type": "string"}},
        "paths": {"/token": {
            "parameters": [{"name": "client_id", "in": "formData", "type": "string", "required": true}],
            "post": {"parameters": [
                {"name": "grant_type", "in": "formData", "type": "string", "enum": ["a"], "required": true, "description": "d"},
                {"name": "x", "in": "header", "type": "array", "items": {"type": "string"}},
                {"$ref": "#/parameters/Scope"},
                {"name": "roles", "in": "formData", "type": "array", "items": {"type": "string"}, "collectionFormat": "ssv"}
            ]}
        }}
    }));
    let post = &tree["paths"]["/token"]["post"];
    assert_eq!(
        post["requestBody"],
        json!({"required": true, "content": {"application/x-www-form-urlencoded": {
            "schema": {"type": "object", "required": ["grant_type", "client_id"], "properties": {
                "client_id": {"type": "string"},
                "grant_type": {"type": "string", "enum": ["a"], "description": "d"},
                "roles": {"type": "array", "items": {"type": "string"}},
                "scope": {"type": "string"}
            }},
            "encoding": {"roles": {"style": "spaceDelimited", "explode": false}}
        }}})
    );
    assert_eq!(
        post["parameters"],
        json!([{"name": "x", "in": "header", "style": "simple", "explode": false,
            "schema": {"type": "array", "items": {"type": "string"}}}])
    );
    let schema =
        "/paths/~1token/post/requestBody/content/application~1x-www-form-urlencoded/schema";
    let from = |pointer: &str| origins.of(pointer).map(|place| place.pointer);
    assert_eq!(
        from(&format!("{schema}/properties/roles/items")).as_deref(),
        Some("/paths/~1token/post/parameters/3/items")
    );
    assert_eq!(
        from(&format!("{schema}/properties/client_id")).as_deref(),
        Some("/paths/~1token/parameters/0")
    );
    assert_eq!(
        from(&format!("{schema}/properties/scope")).as_deref(),
        Some("/parameters/Scope")
    );
    assert_eq!(
        from("/paths/~1token/post/parameters/0/schema/type").as_deref(),
        Some("/paths/~1token/post/parameters/1/type")
    );
}

#[test]
fn files_make_a_form_of_parts() {
    let (tree, _) = raised(
        json!({"swagger": "2.0", "paths": {"/a": {"post": {"parameters": [
            {"name": "f", "in": "formData", "type": "file"}
        ]}}}}),
    );
    assert_eq!(
        tree["paths"]["/a"]["post"]["requestBody"]["content"],
        json!({"multipart/form-data": {"schema": {"type": "object", "properties": {
            "f": {"type": "string", "format": "binary"}
        }}}})
    );
}

#[test]
fn bodies_and_responses_get_their_media_types() {
    let (tree, origins) = raised(json!({
        "swagger": "2.0",
        "produces": ["application/json", "text/json"],
        "paths": {"/a": {"post": {
            "consumes": ["application/vnd.a+json"],
            "parameters": [{"name": "b", "in": "body", "required": true, "schema": {"$ref": "#/definitions/B"}}],
            "responses": {
                "200": {"description": "d", "schema": {"$ref": "#/definitions/B"}, "examples": {"text/json": {"a": 1}},
                    "headers": {"X": {"type": "integer", "description": "h"}}},
                "400": {"$ref": "#/responses/Bad"}
            }
        }}},
        "definitions": {"B": {"type": "object", "discriminator": "kind", "properties": {"kind": {"type": "string", "x-nullable": true}}}},
        "responses": {"Bad": {"description": "d", "schema": {"type": "string"}}}
    }));
    let post = &tree["paths"]["/a"]["post"];
    let schema = json!({"$ref": "#/components/schemas/B"});
    assert_eq!(
        post["requestBody"],
        json!({"required": true, "content": {"application/vnd.a+json": {"schema": schema}}})
    );
    assert_eq!(
        post["responses"],
        json!({
            "200": {
                "description": "d",
                "headers": {"X": {"description": "h", "schema": {"type": "integer"}}},
                "content": {"application/json": {"schema": schema}, "text/json": {"schema": schema, "example": {"a": 1}}}
            },
            "400": {"$ref": "#/components/responses/Bad"}
        })
    );
    assert_eq!(
        tree["components"]["schemas"]["B"],
        json!({"type": "object", "discriminator": {"propertyName": "kind"}, "properties": {
            "kind": {"type": "string", "x-nullable": true, "nullable": true}
        }})
    );
    assert_eq!(
        origins
            .of("/components/responses/Bad/content/text~1json/schema/type")
            .map(|place| place.pointer)
            .as_deref(),
        Some("/responses/Bad/schema/type")
    );
}

#[test]
fn security_definitions_become_schemes() {
    let (tree, _) = raised(json!({"swagger": "2.0", "securityDefinitions": {
        "basic": {"type": "basic"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "app": {"type": "oauth2", "flow": "application", "tokenUrl": "/token", "scopes": {"a": "b"}},
        "code": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "/authorize", "tokenUrl": "/token"}
    }}));
    assert_eq!(
        tree["components"]["securitySchemes"],
        json!({
            "basic": {"type": "http", "scheme": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "app": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {"a": "b"}}}},
            "code": {"type": "oauth2", "flows": {"authorizationCode":
                {"authorizationUrl": "/authorize", "tokenUrl": "/token", "scopes": {}}}}
        })
    );
}

#[test]
fn what_is_malformed_stays() {
    for tree in [
        json!({"swagger": "2.0", "paths": 1, "definitions": 2, "responses": [], "parameters": "a", "securityDefinitions": null}),
        json!({"swagger": "2.0", "paths": {"/a": 1, "/b": {"post": 1, "get": {"parameters": [1, {}, {"in": "body"}], "responses": {"200": 1}}}}}),
    ] {
        raised(tree);
    }
}

#[test]
fn examples_with_names_stand_at_the_first_media_type() {
    let named = json!({"one": {"access_token": "a"}, "two": {"value": {"access_token": "b"}}});
    let (tree, _) = raised(json!({
        "swagger": "2.0",
        "produces": ["application/json", "application/hal+json"],
        "paths": {"/token": {"post": {"responses": {"200": {
            "description": "d",
            "schema": {"type": "object"},
            "examples": named
        }}}}}
    }));
    let content = &tree["paths"]["/token"]["post"]["responses"]["200"]["content"];
    assert_eq!(
        content["application/json"]["examples"],
        json!({"one": {"value": {"access_token": "a"}}, "two": {"value": {"access_token": "b"}}})
    );
    assert_eq!(
        content["application/hal+json"],
        json!({"schema": {"type": "object"}})
    );
}

#[test]
fn examples_may_be_all_that_is_said_of_a_body() {
    let (tree, origins) = raised(json!({
        "swagger": "2.0",
        "produces": ["application/json", "application/hal+json"],
        "paths": {"/token": {"post": {"responses": {
            "400": {"description": "d", "examples": {"refused": {"error": "invalid_grant"}}},
            "500": {"description": "d", "examples": {}}
        }}}}
    }));
    let responses = &tree["paths"]["/token"]["post"]["responses"];
    assert_eq!(
        responses["400"]["content"],
        json!({"application/json": {"examples": {"refused": {"value": {"error": "invalid_grant"}}}}})
    );
    assert_eq!(responses["500"], json!({"description": "d"}));
    let at = "/paths/~1token/post/responses/400/content/application~1json/examples";
    let place = origins.of(at).map(|place| place.pointer);
    assert_eq!(
        place.as_deref(),
        Some("/paths/~1token/post/responses/400/examples")
    );
}

/// The request body of an operation with these parameters, and what is told of it.
fn body_with(parameters: Value) -> (Value, Vec<Oddity>) {
    let mut tree = json!({
        "swagger": "2.0",
        "paths": {"/token": {"post": {"parameters": parameters, "responses": {}}}},
        "definitions": {
            "Request": {"type": "object", "properties": {"grant_type": {"type": "string"}}},
            "Alias": {"$ref": "#/definitions/Request"},
            "Text": {"type": "string"}
        }
    });
    let oddities = raise(&mut tree, "a.yaml", &mut Origins::default());
    let body = tree["paths"]["/token"]["post"]["requestBody"].take();
    (
        body,
        oddities.into_iter().map(|(_, oddity)| oddity).collect(),
    )
}

#[test]
fn an_object_in_a_form_is_the_form() {
    let form = |schema: Value| json!({"required": true, "content": {FORM: {"schema": schema}}});
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    for place in ["form", "formData"] {
        for name in ["Request", "Alias"] {
            let schema = json!({"$ref": format!("#/definitions/{name}")});
            let object = json!({"name": "body", "in": place, "required": true, "schema": schema});
            let expected = (form(reference(name)), vec![Oddity::FormObject]);
            assert_eq!(body_with(json!([object])), expected);
            let tenant = json!({"name": "tenant", "in": "formData", "type": "string"});
            let fields = json!({"type": "object", "properties": {"tenant": {"type": "string"}}});
            let all = form(json!({"allOf": [reference(name), fields]}));
            let expected = (all, vec![Oddity::FormObject]);
            assert_eq!(body_with(json!([tenant, object])), expected);
        }
    }
    let text = json!({"name": "code", "in": "formData", "schema": {"$ref": "#/definitions/Text"}});
    let grant = json!({"name": "grant_type", "in": "formData", "type": "string"});
    let claims = json!({"name": "claims", "in": "formData", "schema": {"type": "object"}});
    let (body, oddities) = body_with(json!([text, grant, claims]));
    let schema = &body["content"][FORM]["schema"];
    assert_eq!(schema["properties"]["claims"], json!({"type": "object"}));
    assert_eq!(schema["properties"]["code"], reference("Text"));
    assert_eq!(oddities, []);
}

#[test]
fn fields_beside_a_body_are_its_members() {
    let (body, oddities) = body_with(json!([
        {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Request"}},
        {"name": "audience", "in": "formData", "type": "string", "required": true}
    ]));
    let fields = json!({
        "type": "object",
        "required": ["audience"],
        "properties": {"audience": {"type": "string"}}
    });
    let parts = json!([{"$ref": "#/components/schemas/Request"}, fields]);
    let content = json!({"application/json": {"schema": {"allOf": parts}}});
    assert_eq!(body, json!({"required": true, "content": content}));
    assert_eq!(oddities, [Oddity::BodyAndFields]);
}

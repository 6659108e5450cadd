//! One large part that many refer to, or that is asked for again and again.

use super::*;

/// A text and a list of names, both so long.
fn large(length: usize) -> (String, Value) {
    let scopes = object(length, |index| (format!("s{index}"), "A scope."));
    ("d".repeat(length * 10), scopes)
}

/// Properties of the request that all refer to this schema.
fn properties_of(size: Size, schema: Value) -> Document {
    changed(|tree| {
        put(tree, "/components/schemas/Large", schema);
        let properties = object(size.breadth, |index| {
            (format!("p{index}"), reference("Large"))
        });
        add(tree, REQUEST, properties);
    })
}

/// Operations that have nothing to do with OAuth.
fn operations(size: Size, operation: &Value) -> Value {
    object(size.breadth, |index| {
        (format!("/x{index}"), json!({ "post": operation }))
    })
}

pub(super) const SHAPES: &[Shape] = &[
    ("security schemes that refer to one", |size| {
        changed(|tree| {
            let (description, scopes) = large(size.repetition);
            let flow = json!({"tokenUrl": "https://api.example.com/oauth/token", "scopes": scopes});
            let scheme = json!({"type": "oauth2", "description": description, "flows": {"clientCredentials": flow}});
            put(tree, "/components/securitySchemes/large", scheme);
            let others = object(size.breadth, |index| {
                let reference = json!({"$ref": "#/components/securitySchemes/large"});
                (format!("s{index}"), reference)
            });
            add(tree, "/components/securitySchemes", others);
        })
    }),
    ("allOf of a request ladder", |size| {
        changed(|tree| {
            for level in 0..size.depth {
                let next = vec![reference(format!("S{}", level + 1)); size.repetition];
                let place = format!("/components/schemas/S{level}");
                put(tree, &place, json!({ "allOf": next }));
            }
            let last = format!("/components/schemas/S{}", size.depth);
            put(tree, &last, json!({"type": "string"}));
            let properties = object(size.breadth, |index| (format!("p{index}"), reference("S0")));
            add(tree, REQUEST, properties);
        })
    }),
    ("choices in a circle", |size| {
        changed(|tree| {
            for index in 0..size.breadth {
                let others = (1..=size.repetition.min(60))
                    .map(|step| reference(format!("C{}", (index + step) % size.breadth)));
                let place = format!("/components/schemas/C{index}");
                put(tree, &place, json!({"oneOf": others.collect::<Value>()}));
            }
            add(tree, REQUEST, json!({"circle": reference("C0")}));
        })
    }),
    ("overlay of filters from the root", |size| {
        let mut document =
            overlaid(json!([{"target": "$.x-list[?($..name)]", "update": {"a": "b"}}]));
        let items = list(size.breadth, |_| json!({"b": "c".repeat(size.repetition)}));
        document.text = with("/x-list", items).text;
        document
    }),
    ("examples that refer to one", |size| {
        changed(|tree| {
            let value = json!({"a": list(size.repetition, |_| "b")});
            let mut examples = object(size.breadth, |index| {
                let reference = json!({"$ref": "#/components/examples/Large"});
                (format!("E{index}"), reference)
            });
            let named = examples.clone();
            examples["Large"] = json!({ "value": value });
            put(tree, "/components/examples", examples);
            let place = format!("{OPERATION}/responses/200/content/application~1json/examples");
            put(tree, &place, named);
        })
    }),
    ("operations that refer to one response", |size| {
        changed(|tree| {
            let properties = object(size.repetition, |index| {
                (format!("p{index}"), json!({"type": "string"}))
            });
            let schema = json!({"type": "object", "properties": properties});
            let response =
                json!({"description": "", "content": {"application/json": {"schema": schema}}});
            put(tree, "/components/responses", json!({ "Large": response }));
            let reference = json!({"$ref": "#/components/responses/Large"});
            let more = operations(
                size,
                &json!({"responses": {"200": reference, "201": reference}}),
            );
            add(tree, "/paths", more);
        })
    }),
    ("operations that refer to one schema", |size| {
        changed(|tree| {
            let properties = object(size.repetition, |index| {
                (format!("p{index}"), json!({"type": "string"}))
            });
            let schema = json!({"type": "object", "properties": properties});
            put(tree, "/components/schemas/Large", schema);
            let media = json!({"application/json": {"schema": {"allOf": [reference("Large")]}}});
            let body = json!({"requestBody": {"content": media}, "responses": {}});
            add(tree, "/paths", operations(size, &body));
        })
    }),
    ("paths that refer to one with parameters", |size| {
        changed(|tree| {
            let parameters = object(size.repetition, |index| {
                let parameter = json!({"name": format!("p{index}"), "in": "query", "schema": {"type": "string"}});
                (format!("P{index}"), parameter)
            });
            put(tree, "/components/parameters", parameters);
            let references = list(
                size.repetition,
                |index| json!({"$ref": format!("#/components/parameters/P{index}")}),
            );
            let item = json!({"parameters": references, "post": {"responses": {}}});
            add(tree, "/paths", json!({ "/large": item }));
            let paths = object(size.breadth, |index| {
                (format!("/x{index}"), json!({"$ref": "#/paths/~1large"}))
            });
            add(tree, "/paths", paths);
        })
    }),
    ("properties of one default", |size| {
        let text = "d".repeat(size.repetition * 10);
        properties_of(size, json!({"type": "string", "default": text}))
    }),
    ("properties of one example", |size| {
        let text = "e".repeat(size.repetition * 10);
        properties_of(size, json!({"type": "string", "example": text}))
    }),
    ("properties of one list of examples", |size| {
        let texts = list(size.repetition, |index| format!("example {index}"));
        properties_of(size, json!({"type": "string", "x-examples": texts}))
    }),
    ("properties of one long value", |size| {
        let text = "v".repeat(size.repetition * 10);
        properties_of(size, json!({"type": "string", "enum": [text]}))
    }),
    ("properties of one format", |size| {
        let text = "f".repeat(size.repetition * 10);
        properties_of(size, json!({"type": "string", "format": text}))
    }),
];

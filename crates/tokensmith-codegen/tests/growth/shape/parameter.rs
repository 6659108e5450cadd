//! Parameters, headers, examples and patterns.

use super::*;

pub(super) const SHAPES: &[Shape] = &[
    ("query parameters", |size| {
        operation(
            "parameters",
            list(
                size.breadth,
                |index| json!({"name": format!("p{index}"), "in": "query", "schema": {"type": "string"}}),
            ),
        )
    }),
    ("headers", |size| {
        operation(
            "parameters",
            list(
                size.breadth,
                |index| json!({"name": format!("X-{index}"), "in": "header", "schema": {"type": "string"}}),
            ),
        )
    }),
    ("path parameters", |size| {
        changed(|tree| {
            let item = tree["paths"]["/oauth/token"].take();
            let path: String = (0..size.breadth)
                .map(|index| format!("/{{p{index}}}"))
                .collect();
            tree["paths"] = json!({format!("/oauth/token{path}"): item});
            let parameters = list(
                size.breadth,
                |index| json!({"name": format!("p{index}"), "in": "path", "required": true, "schema": {"type": "string"}}),
            );
            tree["paths"][format!("/oauth/token{path}")]["parameters"] = parameters;
        })
    }),
    ("the same parameter", |size| {
        operation(
            "parameters",
            list(
                size.breadth,
                |_| json!({"name": "p", "in": "query", "schema": {"type": "string"}}),
            ),
        )
    }),
    ("parameters by reference", |size| {
        changed(|tree| {
            put(
                tree,
                "/components/parameters",
                json!({"One": {"name": "p", "in": "query", "description": "d".repeat(size.repetition), "schema": {"type": "string"}}}),
            );
            put(
                tree,
                &format!("{OPERATION}/parameters"),
                list(
                    size.breadth,
                    |_| json!({"$ref": "#/components/parameters/One"}),
                ),
            );
        })
    }),
    ("headers of responses", |size| {
        operation(
            "responses/200/headers",
            object(size.breadth, |index| {
                (format!("X-{index}"), json!({"schema": {"type": "string"}}))
            }),
        )
    }),
    ("examples of requests", |size| {
        let value =
            json!({"grant_type": "client_credentials", "scope": "s".repeat(size.repetition)});
        let examples = object(size.breadth, |index| {
            (format!("e{index}"), json!({"value": value}))
        });
        operation(
            "requestBody/content/application~1x-www-form-urlencoded/examples",
            examples,
        )
    }),
    ("examples of responses", |size| {
        let value = json!({"access_token": "a", "token_type": "b".repeat(size.repetition)});
        let examples = object(size.breadth, |index| {
            (format!("e{index}"), json!({"value": value}))
        });
        operation("responses/200/content/application~1json/examples", examples)
    }),
    ("examples by reference", |size| {
        changed(|tree| {
            put(
                tree,
                "/components/examples",
                json!({"One": {"value": {"access_token": "a".repeat(size.repetition * 10)}}}),
            );
            let examples = object(size.breadth, |index| {
                (
                    format!("e{index}"),
                    json!({"$ref": "#/components/examples/One"}),
                )
            });
            put(
                tree,
                &format!("{OPERATION}/responses/200/content/application~1json/examples"),
                examples,
            );
        })
    }),
    ("wide example", |size| {
        operation(
            "responses/200/content/application~1json/example",
            object(size.breadth, |index| (format!("m{index}"), index)),
        )
    }),
    ("deep example", |size| {
        let deep = (0..size.depth).fold(json!("a"), |inner, _| json!({"a": [inner]}));
        operation(
            "responses/200/content/application~1json/example",
            object(size.breadth, |index| (format!("m{index}"), deep.clone())),
        )
    }),
    ("examples of a property", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            put(
                tree,
                &format!("{REQUEST}/scope/examples"),
                list(size.breadth, |index| format!("e{index}")),
            );
        })
    }),
    ("pattern with nested stars", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            let text = "a".repeat(size.repetition) + "!";
            let pattern =
                (0..size.depth).fold("a".to_owned(), |inner, _| format!("({inner}*)*")) + "$";
            put(
                tree,
                &format!("{REQUEST}/extra"),
                json!({"type": "string", "pattern": pattern, "examples": list(size.breadth, |_| text.clone())}),
            );
        })
    }),
    ("pattern with counts", |size| {
        let pattern = (0..size.depth).fold("a".to_owned(), |inner, _| {
            format!("({inner}){{{}}}", size.repetition)
        });
        members(
            REQUEST,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "string", "pattern": pattern}),
                )
            }),
        )
    }),
    ("pattern with choices", |size| {
        let pattern: Vec<String> = (0..size.repetition)
            .map(|index| format!("a{index}"))
            .collect();
        members(
            REQUEST,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "string", "pattern": pattern.join("|"), "example": "b".repeat(size.repetition)}),
                )
            }),
        )
    }),
    ("pattern with classes", |size| {
        members(
            REQUEST,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "string", "pattern": r"\w\p{L}[^a]".repeat(size.repetition)}),
                )
            }),
        )
    }),
    ("pattern and lengths", |size| {
        members(
            REQUEST,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "string", "pattern": "^a+$", "minLength": size.repetition * 1000}),
                )
            }),
        )
    }),
    ("path parameters of other names", |size| {
        changed(|tree| {
            let mut item = tree["paths"]["/oauth/token"].take();
            item["parameters"] = list(
                size.breadth,
                |index| json!({"name": format!("q{index}"), "in": "path", "required": true, "schema": {"type": "string"}}),
            );
            let path: String = (0..size.repetition.min(90))
                .map(|index| format!("/{{p{index}}}"))
                .collect();
            tree["paths"] = json!({format!("/oauth/token{path}"): item});
        })
    }),
    ("path variables", |size| {
        changed(|tree| {
            let item = tree["paths"]["/oauth/token"].take();
            let path: String = (0..size.breadth)
                .map(|index| format!("/{{p{index}}}"))
                .collect();
            tree["paths"] = json!({format!("/oauth/token{path}"): item});
        })
    }),
    ("parameters of a path and its operation", |size| {
        changed(|tree| {
            let all = list(
                size.breadth,
                |index| json!({"name": format!("p{index}"), "in": "query", "schema": {"type": "string"}}),
            );
            put(tree, "/paths/~1oauth~1token/parameters", all.clone());
            put(tree, &format!("{OPERATION}/parameters"), all);
        })
    }),
    ("headers in two cases", |size| {
        operation(
            "parameters",
            list(
                size.breadth,
                |index| json!({"name": format!("{}-{}", ["X", "x"][index % 2], index / 2), "in": "header", "schema": {"type": "string"}}),
            ),
        )
    }),
    ("cookies", |size| {
        operation(
            "parameters",
            list(
                size.breadth,
                |index| json!({"name": format!("c{index}"), "in": "cookie", "schema": {"type": "string"}}),
            ),
        )
    }),
    ("parameters without a place", |size| {
        operation(
            "parameters",
            list(size.breadth, |index| json!({"name": format!("p{index}")})),
        )
    }),
    ("parameters with content", |size| {
        operation(
            "parameters",
            list(
                size.breadth,
                |index| json!({"name": format!("p{index}"), "in": "query", "content": {"application/json": {"schema": reference("Token")}}}),
            ),
        )
    }),
    ("examples of requests that do not fit", |size| {
        let examples = object(size.breadth, |index| {
            (
                format!("e{index}"),
                json!({"value": {"grant_type": "unknown", "n": index}}),
            )
        });
        operation(
            "requestBody/content/application~1x-www-form-urlencoded/examples",
            examples,
        )
    }),
    ("examples of responses that do not fit", |size| {
        let examples = object(size.breadth, |index| {
            (format!("e{index}"), json!({"value": {"token_type": index}}))
        });
        operation("responses/200/content/application~1json/examples", examples)
    }),
    ("examples in several responses", |size| {
        let examples = object(size.breadth, |index| {
            (format!("e{index}"), json!({"value": {"error": "a"}}))
        });
        let content =
            json!({"application/json": {"schema": reference("Error"), "examples": examples}});
        changed(|tree| {
            for status in 400..400 + size.repetition.min(100) {
                let response = json!({"description": "", "content": content});
                put(tree, &format!("{OPERATION}/responses/{status}"), response);
            }
        })
    }),
    ("examples of parameters", |size| {
        let examples = object(size.repetition, |index| {
            (format!("e{index}"), json!({"value": index}))
        });
        operation(
            "parameters",
            list(
                size.breadth,
                |index| json!({"name": format!("p{index}"), "in": "query", "schema": {"type": "string"}, "examples": examples}),
            ),
        )
    }),
];

//! References, and what is odd or wrong.

use super::*;

pub(super) const SHAPES: &[Shape] = &[
    ("tags", |size| {
        with(
            "/tags",
            list(size.breadth, |index| json!({"name": format!("t{index}")})),
        )
    }),
    ("unused schemas", |size| {
        members(
            "/components/schemas",
            object(size.breadth, |index| {
                (
                    format!("Unused{index}"),
                    json!({"type": "object", "properties": {"a": {"type": "string"}}}),
                )
            }),
        )
    }),
    ("dangling references", |size| {
        members(
            TOKEN,
            object(size.breadth, |index| {
                (format!("p{index}"), reference(format!("Gone{index}")))
            }),
        )
    }),
    ("references to the middle", |size| {
        changed(|tree| {
            add(
                tree,
                TOKEN,
                object(size.breadth, |index| {
                    (
                        format!("p{index}"),
                        json!({"$ref": format!("#/x-parts/a{index}/b")}),
                    )
                }),
            );
            tree["x-parts"] = object(size.breadth, |index| {
                (format!("a{index}"), json!({"b": {"type": "string"}}))
            });
        })
    }),
    ("anchors of JSON Schema", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            add(
                tree,
                "/components/schemas",
                object(size.breadth, |index| {
                    (
                        format!("A{index}"),
                        json!({"$anchor": format!("a{index}"), "type": "string"}),
                    )
                }),
            );
            add(
                tree,
                TOKEN,
                object(size.breadth, |index| {
                    (format!("p{index}"), json!({"$ref": format!("#a{index}")}))
                }),
            );
        })
    }),
    ("words beside references", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            let property = json!({"$ref": "#/components/schemas/Error", "description": "d".repeat(size.repetition)});
            add(
                tree,
                TOKEN,
                object(size.breadth, |index| {
                    (format!("p{index}"), property.clone())
                }),
            );
        })
    }),
    ("defs", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            put(
                tree,
                "/components/schemas/Token/$defs",
                object(size.breadth, |index| {
                    (format!("d{index}"), json!({"type": "string"}))
                }),
            );
            add(
                tree,
                TOKEN,
                object(size.breadth, |index| {
                    (
                        format!("p{index}"),
                        json!({"$ref": format!("#/$defs/d{index}")}),
                    )
                }),
            );
        })
    }),
    ("types of 3.1", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            add(
                tree,
                TOKEN,
                object(size.breadth, |index| {
                    (
                        format!("p{index}"),
                        json!({"type": ["string", "null"], "const": format!("c{index}")}),
                    )
                }),
            );
        })
    }),
    ("read only and write only", |size| {
        members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "object", "properties": {"a": {"type": "string", "writeOnly": true}, "b": {"type": "string", "readOnly": true}}}),
                )
            }),
        )
    }),
    ("mistakes", |size| {
        members(
            REQUEST,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "strin", "required": true, "description": 1, "enum": {}}),
                )
            }),
        )
    }),
    ("hidden characters", |size| {
        members(
            REQUEST,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "string", "description": "a\u{202e}b"}),
                )
            }),
        )
    }),
    ("secrets of every name", |size| {
        members(
            TOKEN,
            object(size.breadth, |index| {
                (format!("client_secret_{index}"), json!({"type": "string"}))
            }),
        )
    }),
    ("long names", |size| {
        members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!("{}{index}", "n".repeat(size.repetition * 10)),
                    json!({"type": "string"}),
                )
            }),
        )
    }),
    ("references in a circle", |size| {
        changed(|tree| {
            add(
                tree,
                "/components/schemas",
                object(size.breadth, |index| {
                    (
                        format!("C{index}"),
                        reference(format!("C{}", (index + 1) % size.breadth)),
                    )
                }),
            );
            add(
                tree,
                TOKEN,
                object(size.breadth, |index| {
                    (format!("p{index}"), reference(format!("C{index}")))
                }),
            );
        })
    }),
    ("references of references", |size| {
        changed(|tree| {
            let chain = object(size.breadth, |index| {
                (
                    format!("P{index}"),
                    json!({"$ref": format!("#/components/parameters/P{}", index + 1)}),
                )
            });
            put(tree, "/components/parameters", chain);
            put(
                tree,
                &format!("/components/parameters/P{}", size.breadth),
                json!({"name": "p", "in": "query", "schema": {"type": "string"}}),
            );
            put(
                tree,
                &format!("{OPERATION}/parameters"),
                list(
                    size.repetition,
                    |index| json!({"$ref": format!("#/components/parameters/P{}", index % size.breadth)}),
                ),
            );
        })
    }),
    ("references to whole paths", |size| {
        changed(|tree| {
            add(
                tree,
                "/paths",
                object(size.breadth, |index| {
                    (
                        format!("/token/{index}"),
                        json!({"$ref": "#/paths/~1oauth~1token"}),
                    )
                }),
            );
        })
    }),
    ("references with escapes", |size| {
        members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"$ref": format!("#/components/schemas/Err{}", "%6f%72".repeat(size.repetition))}),
                )
            }),
        )
    }),
];

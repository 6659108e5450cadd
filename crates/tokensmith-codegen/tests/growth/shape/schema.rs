//! Schemas of schemas.

use super::*;

pub(super) const SHAPES: &[Shape] = &[
    ("allOf", |size| parts("allOf", size)),
    ("oneOf", |size| parts("oneOf", size)),
    ("anyOf", |size| parts("anyOf", size)),
    ("allOf of the same", |size| {
        let part = json!({"properties": {"same": {"type": "string", "description": "Same."}}});
        with(
            "/components/schemas/Token/allOf",
            list(size.breadth, |_| part.clone()),
        )
    }),
    ("allOf nested", |size| {
        nested(size, |inner, _| json!({"allOf": [inner]}))
    }),
    ("oneOf nested", |size| {
        nested(
            size,
            |inner, _| json!({"oneOf": [inner, {"type": "object"}]}),
        )
    }),
    ("objects nested", |size| {
        nested(
            size,
            |inner, level| json!({"type": "object", "properties": {format!("l{level}"): inner}}),
        )
    }),
    ("objects of one kind", |size| {
        let kind = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        changed(|tree| {
            let all = object(size.breadth, |index| (format!("p{index}"), kind.clone()));
            add(tree, "/components/schemas/Token/properties", all);
        })
    }),
    ("lists nested", |size| {
        nested(size, |inner, _| json!({"type": "array", "items": inner}))
    }),
    ("allOf ladder", |size| {
        ladder(size, |next| json!({"allOf": next}))
    }),
    ("oneOf ladder", |size| {
        ladder(size, |next| json!({"oneOf": next}))
    }),
    ("anyOf ladder", |size| {
        ladder(size, |next| json!({"anyOf": next}))
    }),
    ("properties ladder", |size| {
        ladder(size, |next| {
            let members = next
                .into_iter()
                .enumerate()
                .map(|(index, next)| (format!("q{index}"), next));
            json!({"type": "object", "properties": members.collect::<Map<_, _>>()})
        })
    }),
    ("items ladder", |size| {
        ladder(
            size,
            |next| json!({"type": "array", "items": next.into_iter().next()}),
        )
    }),
    ("reference chain", |size| {
        ladder(
            Size {
                repetition: 1,
                ..size
            },
            |next| next.into_iter().next().unwrap_or_default(),
        )
    }),
    ("types in a circle", |size| {
        changed(|tree| {
            for index in 0..size.breadth {
                let next = object(size.repetition, |hop| {
                    (
                        format!("n{hop}"),
                        reference(format!("S{}", (index + hop + 1) % size.breadth)),
                    )
                });
                put(
                    tree,
                    &format!("/components/schemas/S{index}"),
                    json!({"type": "object", "properties": next}),
                );
            }
            add(tree, TOKEN, json!({"first": reference("S0")}));
        })
    }),
    ("discriminator", |size| {
        changed(|tree| {
            for index in 0..size.breadth {
                let own = json!({"properties": {"grant_type": {"enum": [format!("grant_{index}")]}, format!("p{index}"): {"type": "string"}}});
                let parts = json!([reference("Request"), own]);
                put(
                    tree,
                    &format!("/components/schemas/Branch{index}"),
                    json!({"allOf": parts}),
                );
            }
            let mapping = object(size.breadth, |index| {
                (
                    format!("grant_{index}"),
                    format!("#/components/schemas/Branch{index}"),
                )
            });
            put(
                tree,
                "/components/schemas/Request/discriminator",
                json!({"propertyName": "grant_type", "mapping": mapping}),
            );
        })
    }),
    ("discriminator without mapping", |size| {
        changed(|tree| {
            for index in 0..size.breadth {
                let own =
                    json!({"properties": {"grant_type": {"enum": [format!("grant_{index}")]}}});
                put(
                    tree,
                    &format!("/components/schemas/Branch{index}"),
                    json!({"allOf": [reference("Request"), own]}),
                );
            }
            put(
                tree,
                "/components/schemas/Request/discriminator",
                json!({"propertyName": "grant_type"}),
            );
        })
    }),
    ("mapping to one schema", |size| {
        let mapping = object(size.breadth, |index| {
            (format!("grant_{index}"), "#/components/schemas/Error")
        });
        with(
            "/components/schemas/Request/discriminator",
            json!({"propertyName": "grant_type", "mapping": mapping}),
        )
    }),
    ("allOf in a chain of names", |size| {
        changed(|tree| {
            for index in 0..size.breadth {
                let own = json!({"type": "object", "properties": {format!("p{index}"): {"type": "string"}}});
                let parts = json!([reference(format!("Link{}", index + 1)), own]);
                put(
                    tree,
                    &format!("/components/schemas/Link{index}"),
                    json!({"allOf": parts}),
                );
            }
            put(
                tree,
                &format!("/components/schemas/Link{}", size.breadth),
                json!({"type": "object"}),
            );
            put(
                tree,
                "/components/schemas/Token/allOf",
                json!([reference("Link0")]),
            );
        })
    }),
    ("oneOf of oneOf", |size| {
        let inner = json!({"oneOf": list(size.repetition, |index| json!({"type": "object", "properties": {format!("p{index}"): {"type": "string"}}}))});
        with(
            "/components/schemas/Request/oneOf",
            list(size.breadth, |_| inner.clone()),
        )
    }),
    ("branches with enums", |size| {
        with(
            "/components/schemas/Request/oneOf",
            list(
                size.breadth,
                |index| json!({"type": "object", "properties": {"grant_type": {"enum": [format!("grant_{index}")]}, "kind": {"enum": list(size.repetition, |value| format!("v{value}"))}}}),
            ),
        )
    }),
    ("not", |size| nested(size, |inner, _| json!({"not": inner}))),
    ("additional properties nested", |size| {
        nested(
            size,
            |inner, _| json!({"type": "object", "additionalProperties": inner}),
        )
    }),
    ("if, then and else", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            let rules = list(
                size.breadth,
                |index| json!({"if": {"properties": {"grant_type": {"const": format!("g{index}")}}}, "then": {"required": [format!("p{index}")]}, "else": {"required": ["scope"]}}),
            );
            put(tree, "/components/schemas/Request/allOf", rules);
        })
    }),
    ("if in else", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            let chain = (0..size.breadth.min(60)).fold(json!({"required": ["scope"]}), |rest, index| {
                json!({"if": {"properties": {"grant_type": {"const": format!("g{index}")}}}, "then": {"required": ["scope"]}, "else": rest})
            });
            add(tree, "/components/schemas/Request", chain);
        })
    }),
    ("dependent properties", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            let names = list(size.repetition, |index| format!("p{index}"));
            put(
                tree,
                "/components/schemas/Request/dependentRequired",
                object(size.breadth, |index| (format!("p{index}"), names.clone())),
            );
        })
    }),
    ("required of every part", |size| {
        let names = list(size.repetition, |index| format!("p{index}"));
        with(
            "/components/schemas/Request/anyOf",
            list(size.breadth, |_| json!({"required": names})),
        )
    }),
    ("error schemas", |size| {
        changed(|tree| {
            let content = json!({"application/json": {"schema": {"type": "object", "properties": object(size.repetition, |index| (format!("p{index}"), json!({"type": "object", "properties": {"code": {"type": "string"}}})))}}});
            for status in 400..400 + size.breadth.min(190) {
                let response = json!({"description": "", "content": content});
                put(tree, &format!("{OPERATION}/responses/{status}"), response);
            }
        })
    }),
];

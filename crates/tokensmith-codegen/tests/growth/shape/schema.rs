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
];

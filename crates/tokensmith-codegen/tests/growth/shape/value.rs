//! Enums and properties, and what refers to them.

use super::*;

pub(super) const SHAPES: &[Shape] = &[
    ("enum", |size| {
        members(
            TOKEN,
            json!({"kind": {"type": "string", "enum": list(size.breadth, |index| format!("v{index}"))}}),
        )
    }),
    ("enum of one name", |size| {
        members(
            TOKEN,
            json!({"kind": {"type": "string", "enum": list(size.breadth, |index| format!("v{}", "-".repeat(index % 97) + &"_".repeat(index / 97)))}}),
        )
    }),
    ("enum of a parameter", |size| {
        members(
            REQUEST,
            json!({"kind": {"type": "string", "enum": list(size.breadth, |index| format!("v{index}"))}}),
        )
    }),
    ("enum of grants", |size| {
        members(
            REQUEST,
            json!({"grant_type": {"type": "string", "enum": list(size.breadth, |index| format!("grant_{index}"))}}),
        )
    }),
    ("enum in parts", |size| {
        let part =
            json!({"type": "string", "enum": list(size.breadth, |index| format!("v{index}"))});
        members(
            TOKEN,
            json!({"kind": {"allOf": list(size.repetition, |_| part.clone())}}),
        )
    }),
    ("properties", |size| {
        members(
            TOKEN,
            object(size.breadth, |index| {
                (format!("p{index}"), json!({"type": "string"}))
            }),
        )
    }),
    ("properties of one name", |size| {
        members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!("p{}{}", "-".repeat(index % 97), "_".repeat(index / 97)),
                    json!({"type": "string"}),
                )
            }),
        )
    }),
    ("properties with numbers for names", |size| {
        members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!("p{}{}", ["", "-"][index % 2], index / 2),
                    json!({"type": "string"}),
                )
            }),
        )
    }),
    ("properties of one schema", |size| {
        changed(|tree| {
            let shared = object(size.repetition, |index| {
                (format!("q{index}"), json!({"type": "string"}))
            });
            put(
                tree,
                "/components/schemas/Shared",
                json!({"type": "object", "properties": shared}),
            );
            add(
                tree,
                TOKEN,
                object(size.breadth, |index| {
                    (format!("p{index}"), reference("Shared"))
                }),
            );
        })
    }),
    ("parameters of one schema", |size| {
        changed(|tree| {
            let shared = object(size.repetition, |index| {
                (format!("q{index}"), json!({"type": "string"}))
            });
            put(
                tree,
                "/components/schemas/Shared",
                json!({"type": "object", "properties": shared}),
            );
            add(
                tree,
                REQUEST,
                object(size.breadth, |index| {
                    (format!("p{index}"), reference("Shared"))
                }),
            );
        })
    }),
    ("parameters of one enum", |size| {
        changed(|tree| {
            let values = list(size.repetition, |index| format!("v{index}"));
            put(
                tree,
                "/components/schemas/Shared",
                json!({"type": "string", "enum": values}),
            );
            add(
                tree,
                REQUEST,
                object(size.breadth, |index| {
                    (format!("p{index}"), reference("Shared"))
                }),
            );
        })
    }),
    ("description of one schema", |size| {
        changed(|tree| {
            put(
                tree,
                "/components/schemas/Shared",
                json!({"type": "string", "description": "word ".repeat(size.repetition * 10)}),
            );
            add(
                tree,
                TOKEN,
                object(size.breadth, |index| {
                    (format!("p{index}"), reference("Shared"))
                }),
            );
        })
    }),
    ("description of one parameter", |size| {
        changed(|tree| {
            put(
                tree,
                "/components/schemas/Shared",
                json!({"type": "string", "description": "word ".repeat(size.repetition * 10)}),
            );
            add(
                tree,
                REQUEST,
                object(size.breadth, |index| {
                    (format!("p{index}"), reference("Shared"))
                }),
            );
        })
    }),
    ("grants times parameters", |size| {
        changed(|tree| {
            put(
                tree,
                &format!("{REQUEST}/grant_type/enum"),
                list(size.breadth, |index| format!("grant_{index}")),
            );
            add(
                tree,
                REQUEST,
                object(size.repetition, |index| {
                    (
                        format!("p{index}"),
                        json!({"type": "string", "description": "A parameter."}),
                    )
                }),
            );
        })
    }),
    ("request properties", |size| {
        members(
            REQUEST,
            object(size.breadth, |index| {
                (format!("p{index}"), json!({"type": "string"}))
            }),
        )
    }),
    ("request properties of one name", |size| {
        members(
            REQUEST,
            object(size.breadth, |index| {
                (
                    format!("p{}{}", "-".repeat(index % 97), "_".repeat(index / 97)),
                    json!({"type": "string"}),
                )
            }),
        )
    }),
    ("required", |size| {
        with(
            "/components/schemas/Request/required",
            list(size.breadth, |index| format!("p{index}")),
        )
    }),
    ("required properties", |size| {
        changed(|tree| {
            add(
                tree,
                REQUEST,
                object(size.breadth, |index| {
                    (format!("p{index}"), json!({"type": "string"}))
                }),
            );
            put(
                tree,
                "/components/schemas/Request/required",
                list(size.breadth, |index| format!("p{index}")),
            );
        })
    }),
    ("enum of numbers", |size| {
        members(
            REQUEST,
            json!({"kind": {"type": "integer", "enum": list(size.breadth, |index| index)}}),
        )
    }),
    ("enums of every property", |size| {
        let values = list(size.repetition, |index| format!("v{index}"));
        members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "string", "enum": values}),
                )
            }),
        )
    }),
    ("long values", |size| {
        members(
            TOKEN,
            json!({"kind": {"type": "string", "enum": list(size.breadth, |index| format!("{index}{}", "v".repeat(size.repetition * 10)))}}),
        )
    }),
    ("long numbers", |size| {
        let number = "9".repeat(size.breadth * size.repetition);
        let bounds = format!(
            "{{\"type\":\"integer\",\"minimum\":{number},\"maximum\":1e{number},\"default\":{number}.5,\"description\":"
        );
        let text =
            plain()
                .to_string()
                .replacen("{\"default\":\"read\",\"description\":", &bounds, 1);
        text.into()
    }),
    ("names of signs", |size| {
        let signs = ["$", "-", "é", "字", "\u{202e}", " ", "/", "~", "\"", "\\"];
        members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!(
                        "{}{}",
                        signs[index % signs.len()].repeat(size.repetition),
                        index / signs.len()
                    ),
                    json!({"type": "string"}),
                )
            }),
        )
    }),
    ("defaults", |size| {
        members(
            REQUEST,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "string", "default": "d".repeat(size.repetition), "example": "e".repeat(size.repetition)}),
                )
            }),
        )
    }),
];

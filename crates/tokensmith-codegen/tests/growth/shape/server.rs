//! Servers and their variables.

use super::*;

pub(super) const SHAPES: &[Shape] = &[
    ("servers", |size| {
        with(
            "/servers",
            list(
                size.breadth,
                |index| json!({"url": format!("https://s{index}.example.com"), "description": "same"}),
            ),
        )
    }),
    ("servers of operations", |size| {
        changed(|tree| {
            put(
                tree,
                "/servers",
                list(
                    size.breadth,
                    |index| json!({"url": format!("https://s{index}.example.com")}),
                ),
            );
            put(
                tree,
                &format!("{OPERATION}/servers"),
                list(size.breadth, |index| json!({"url": format!("/v{index}")})),
            );
        })
    }),
    ("servers of other operations", |size| {
        changed(|tree| {
            let mut other = tree["paths"]["/oauth/token"].clone();
            other["post"]["servers"] = list(
                size.breadth,
                |index| json!({"url": format!("https://o{index}.example.com")}),
            );
            put(
                tree,
                "/servers",
                list(
                    size.breadth,
                    |index| json!({"url": format!("https://s{index}.example.com")}),
                ),
            );
            for index in 0..size.repetition {
                put(tree, &format!("/paths/~1token{index}"), other.clone());
            }
        })
    }),
    ("server variables", |size| {
        let url: String = (0..size.breadth)
            .map(|index| format!("/{{v{index}}}"))
            .collect();
        let values = list(size.repetition, |value| format!("w{value}"));
        let variables = object(size.breadth, |index| {
            (
                format!("v{index}"),
                json!({"default": "w0", "enum": values}),
            )
        });
        with(
            "/servers",
            json!([{"url": format!("https://a.example{url}"), "variables": variables}]),
        )
    }),
    ("server variables in the host", |size| {
        let url: String = (0..size.breadth)
            .map(|index| format!("{{v{index}}}."))
            .collect();
        let values = list(size.repetition, |value| format!("https://w{value}.example"));
        let variables = object(size.breadth, |index| {
            (
                format!("v{index}"),
                json!({"default": "w0", "enum": values}),
            )
        });
        with(
            "/servers",
            json!([{"url": format!("{url}example"), "variables": variables}]),
        )
    }),
];

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
    ("servers without a host", |size| {
        with(
            "/servers",
            list(size.breadth, |index| json!({"url": format!("/v{index}")})),
        )
    }),
    ("servers of one name", |size| {
        with(
            "/servers",
            list(
                size.breadth,
                |index| json!({"url": format!("https://s.example/{}{}", "-".repeat(index % 97), "_".repeat(index / 97))}),
            ),
        )
    }),
    ("servers of a path", |size| {
        let servers = list(
            size.breadth,
            |index| json!({"url": format!("https://s{index}.example.com"), "description": format!("Region {index}")}),
        );
        with("/paths/~1oauth~1token/servers", servers)
    }),
    ("servers of two operations with variables", |size| {
        changed(|tree| {
            let servers = |host: &str| {
                list(
                    size.breadth,
                    |index| json!({"url": format!("https://{{region}}.{host}{index}.example.com"), "variables": {"region": {"default": "r0", "enum": list(size.repetition, |value| format!("r{value}"))}}}),
                )
            };
            let mut other = tree["paths"]["/oauth/token"].clone();
            other["post"]["servers"] = servers("b");
            put(tree, &format!("{OPERATION}/servers"), servers("a"));
            put(tree, "/paths/~1oauth~1revoke", other);
        })
    }),
    ("a long server", |size| {
        let url = format!("https://a.example/{}", "p/".repeat(size.breadth));
        with(
            "/servers",
            json!([{"url": url, "description": "d".repeat(size.repetition)}]),
        )
    }),
];

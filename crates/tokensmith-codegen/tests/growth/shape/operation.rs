//! Responses, security and paths.

use super::*;

pub(super) const SHAPES: &[Shape] = &[
    ("responses", |size| {
        let ok = plain()
            .pointer(&format!("{OPERATION}/responses/200"))
            .cloned();
        operation(
            "responses",
            object(size.breadth.min(400), |index| {
                (format!("{}", 200 + index), ok.clone())
            }),
        )
    }),
    ("media types of responses", |size| {
        operation(
            "responses/200/content",
            object(size.breadth, |index| {
                (
                    format!("application/x-{index}+json"),
                    json!({"schema": reference("Token")}),
                )
            }),
        )
    }),
    ("media types of requests", |size| {
        operation(
            "requestBody/content",
            object(size.breadth, |index| {
                (
                    format!("application/x-{index}+json"),
                    json!({"schema": reference("Request")}),
                )
            }),
        )
    }),
    ("media type with parameters", |size| {
        operation(
            "requestBody/content",
            object(size.breadth, |index| {
                (
                    format!("application/x-www-form-urlencoded; p={index}"),
                    json!({"schema": reference("Request")}),
                )
            }),
        )
    }),
    ("encoding", |size| {
        operation(
            "requestBody/content/application~1x-www-form-urlencoded/encoding",
            object(size.breadth, |index| {
                (format!("p{index}"), json!({"style": "form"}))
            }),
        )
    }),
    ("security schemes", |size| {
        changed(|tree| {
            add(
                tree,
                "/components/securitySchemes",
                object(size.breadth, |index| {
                    (
                        format!("s{index}"),
                        json!({"type": "http", "scheme": "basic"}),
                    )
                }),
            );
            put(
                tree,
                &format!("{OPERATION}/security"),
                list(size.breadth, |index| json!({format!("s{index}"): []})),
            );
        })
    }),
    ("security alternatives", |size| {
        operation(
            "security",
            list(size.breadth, |_| {
                object(size.repetition, |index| (format!("s{index}"), json!([])))
            }),
        )
    }),
    ("flows and scopes", |size| {
        changed(|tree| {
            let scopes = object(size.repetition, |index| {
                (format!("scope:{index}"), "A scope.")
            });
            let flow = json!({"tokenUrl": "https://api.example.com/oauth/token", "scopes": scopes});
            let scheme =
                json!({"type": "oauth2", "flows": {"clientCredentials": flow, "password": flow}});
            add(
                tree,
                "/components/securitySchemes",
                object(size.breadth, |index| (format!("o{index}"), scheme.clone())),
            );
        })
    }),
    ("scopes of one name", |size| {
        changed(|tree| {
            let scopes = object(size.breadth, |index| {
                (
                    format!("s{}{}", ":".repeat(index % 97), ".".repeat(index / 97)),
                    "A scope.",
                )
            });
            let flow = json!({"tokenUrl": "https://api.example.com/oauth/token", "scopes": scopes});
            put(
                tree,
                "/components/securitySchemes/o",
                json!({"type": "oauth2", "flows": {"clientCredentials": flow}}),
            );
        })
    }),
    ("scope with variables", |size| {
        changed(|tree| {
            let scope: String = (0..size.repetition)
                .map(|index| format!("{{v{index}}}:"))
                .collect();
            let scopes = object(size.breadth, |index| {
                (format!("{scope}{index}"), "A scope.")
            });
            let flow = json!({"tokenUrl": "https://api.example.com/oauth/token", "scopes": scopes});
            put(
                tree,
                "/components/securitySchemes/o",
                json!({"type": "oauth2", "flows": {"clientCredentials": flow}}),
            );
        })
    }),
    ("token URLs", |size| {
        changed(|tree| {
            let scheme = |index: usize| json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": format!("https://api.example.com/p{index}"), "scopes": {}}}});
            add(
                tree,
                "/components/securitySchemes",
                object(size.breadth, |index| (format!("o{index}"), scheme(index))),
            );
            add(
                tree,
                "/paths",
                object(size.breadth, |index| {
                    (format!("/p{index}"), json!({"get": {"responses": {}}}))
                }),
            );
        })
    }),
    ("callbacks", |size| {
        operation(
            "callbacks",
            object(size.breadth, |index| {
                (
                    format!("c{index}"),
                    json!({"/x": {"post": {"requestBody": {"content": {}}}}}),
                )
            }),
        )
    }),
    ("other paths", |size| {
        members(
            "/paths",
            object(size.breadth, |index| {
                (
                    format!("/pets/{index}"),
                    json!({"get": {"responses": {"200": {"description": "x".repeat(size.repetition)}}}}),
                )
            }),
        )
    }),
    ("token paths", |size| {
        let item = plain()["paths"]["/oauth/token"].clone();
        members(
            "/paths",
            object(size.breadth, |index| {
                (format!("/token/{index}"), item.clone())
            }),
        )
    }),
    ("alternative paths", |size| {
        changed(|tree| {
            let item =
                json!({"post": {"x-tokensmith": {"alternative-of": "one"}, "responses": {}}});
            put(tree, &format!("{OPERATION}/operationId"), json!("one"));
            add(
                tree,
                "/paths",
                object(size.breadth, |index| {
                    (format!("/other/{index}"), item.clone())
                }),
            );
        })
    }),
    ("likely paths", |size| {
        changed(|tree| {
            tree["paths"] = object(size.breadth, |index| {
                (
                    format!("/auth/{index}"),
                    json!({"post": {"requestBody": {"content": {"application/json": {"schema": reference("Token")}}}, "responses": {"200": {"description": "token", "content": {"application/json": {"schema": reference("Token")}}}}}}),
                )
            });
        })
    }),
];

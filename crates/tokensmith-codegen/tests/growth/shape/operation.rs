//! Responses, security and paths.

use super::*;

/// The plain document with so many keys of an application, and this as `security`.
fn with_keys(size: Size, security: Value) -> Document {
    changed(|tree| {
        let scheme = |index: usize| json!({"type": "apiKey", "in": "header", "name": format!("X-Key-{index}")});
        let schemes = object(size.breadth, |index| (format!("k{index}"), scheme(index)));
        add(tree, "/components/securitySchemes", schemes);
        put(tree, &format!("{OPERATION}/security"), security);
    })
}

/// The plain document with as many properties in a schema as media types that have it.
fn broad_media(size: Size, schema: &str, content: &str) -> Document {
    changed(|tree| {
        let property = |index| (format!("p{index}"), json!({"type": "string"}));
        let at = format!("/components/schemas/{schema}/properties");
        add(tree, &at, object(size.breadth, property));
        let media = |index| {
            let media = json!({"schema": reference(schema)});
            (format!("application/x-{index}+json"), media)
        };
        add(tree, content, object(size.breadth, media));
    })
}

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
    ("keys as alternatives", |size| {
        with_keys(
            size,
            list(size.breadth, |index| json!({format!("k{index}"): []})),
        )
    }),
    ("keys at once", |size| {
        let all = object(size.breadth, |index| (format!("k{index}"), json!([])));
        with_keys(size, json!([all]))
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
    ("token URLs of other paths", |size| {
        changed(|tree| {
            let scheme = |index: usize| json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": format!("https://api.example.com/a/b{index}/token"), "scopes": {}}}});
            add(
                tree,
                "/components/securitySchemes",
                object(size.breadth, |index| (format!("o{index}"), scheme(index))),
            );
            add(
                tree,
                "/paths",
                object(size.breadth, |index| {
                    (format!("/x/y{index}"), json!({"get": {"responses": {}}}))
                }),
            );
        })
    }),
    ("media types of a broad response", |size| {
        broad_media(size, "Token", &format!("{OPERATION}/responses/200/content"))
    }),
    ("media types of a broad refusal", |size| {
        broad_media(size, "Error", &format!("{OPERATION}/responses/400/content"))
    }),
    ("media types of a broad request", |size| {
        broad_media(size, "Request", &format!("{OPERATION}/requestBody/content"))
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
    ("scopes of a requirement", |size| {
        operation(
            "security",
            json!([{"basic": list(size.breadth, |index| format!("s{index}"))}]),
        )
    }),
    ("scopes that another operation asks for", |size| {
        changed(|tree| {
            // A single scope is too short to show in the smallest documents that are compared.
            let scopes = list(32 * size.breadth, |index| format!("s{index}"));
            let path = "/things".repeat(size.repetition);
            let operation = json!({"security": [{"bearer": scopes}], "responses": {}});
            put(
                tree,
                "/components/securitySchemes/bearer",
                json!({"type": "http", "scheme": "bearer"}),
            );
            tree["paths"][path] = json!({"get": operation});
        })
    }),
    ("scopes in words", |size| {
        let words: String = (0..size.breadth)
            .map(|index| format!("`scope:{index}` reads, "))
            .collect();
        with(
            "/components/schemas/Request/properties/scope/description",
            json!(words),
        )
    }),
    ("callbacks within callbacks", |size| {
        let inner = (0..size.depth).fold(json!({"responses": {}}), |inner, _| {
            let mut callbacks = object(size.breadth, |index| {
                (
                    format!("c{index}"),
                    json!({"/x": {"post": {"responses": {}}}}),
                )
            });
            callbacks["inner"] = json!({"/x": {"post": inner}});
            json!({"responses": {}, "callbacks": callbacks})
        });
        operation("callbacks", json!({"c": {"/x": {"post": inner}}}))
    }),
    ("links of responses", |size| {
        operation(
            "responses/200/links",
            object(size.breadth, |index| {
                (
                    format!("l{index}"),
                    json!({"operationId": format!("o{index}")}),
                )
            }),
        )
    }),
    ("responses by reference", |size| {
        changed(|tree| {
            let chain = object(size.breadth, |index| {
                (
                    format!("R{index}"),
                    json!({"$ref": format!("#/components/responses/R{}", index + 1)}),
                )
            });
            put(tree, "/components/responses", chain);
            let last = json!({"description": "A token.", "content": {"application/json": {"schema": reference("Token")}}});
            put(
                tree,
                &format!("/components/responses/R{}", size.breadth),
                last,
            );
            put(
                tree,
                &format!("{OPERATION}/responses/200"),
                json!({"$ref": "#/components/responses/R0"}),
            );
        })
    }),
    ("webhooks", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            tree["webhooks"] = object(size.breadth, |index| {
                (format!("w{index}"), json!({"post": {"responses": {}}}))
            });
        })
    }),
    ("security schemes of every type", |size| {
        changed(|tree| {
            let kinds = [
                json!({"type": "apiKey", "in": "header", "name": "X-Key"}),
                json!({"type": "http", "scheme": "bearer"}),
                json!({"type": "openIdConnect", "openIdConnectUrl": "https://a.example/.well-known/openid-configuration"}),
                json!({"type": "mutualTLS"}),
                json!({"type": "unknown"}),
            ];
            add(
                tree,
                "/components/securitySchemes",
                object(size.breadth, |index| {
                    (format!("s{index}"), kinds[index % kinds.len()].clone())
                }),
            );
            let all = object(size.breadth, |index| (format!("s{index}"), json!([])));
            put(tree, &format!("{OPERATION}/security"), json!([all]));
        })
    }),
    ("other endpoints", |size| {
        changed(|tree| {
            let kinds = ["revoke", "introspect", "device_authorization", "authorize"];
            let item = tree["paths"]["/oauth/token"].clone();
            add(
                tree,
                "/paths",
                object(size.breadth, |index| {
                    let kind = kinds[index % kinds.len()];
                    (
                        format!("/oauth{}/{kind}", index / kinds.len()),
                        item.clone(),
                    )
                }),
            );
        })
    }),
];

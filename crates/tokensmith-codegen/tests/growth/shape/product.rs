//! What one part has times what another has: two keywords that are looked at together.

use super::*;

const MEDIA: &str =
    "/paths/~1oauth~1token/post/requestBody/content/application~1x-www-form-urlencoded";

fn text_properties(count: usize, prefix: &str) -> Value {
    object(count, |index| {
        (format!("{prefix}{index}"), json!({"type": "string"}))
    })
}

/// A branch of a body, for the grants of these numbers.
fn branch(grants: impl Iterator<Item = usize>) -> Value {
    let grants: Vec<String> = grants.map(|grant| format!("grant_{grant}")).collect();
    json!({"type": "object", "properties": {"grant_type": {"type": "string", "enum": grants}}})
}

/// A body of so many branches, which a mapping tells apart.
fn mapped_branches(size: Size, branch: impl Fn(usize) -> Value) -> Document {
    changed(|tree| {
        for index in 0..size.breadth {
            put(
                tree,
                &format!("/components/schemas/Branch{index}"),
                branch(index),
            );
        }
        let mapping = object(size.breadth, |index| {
            (
                format!("grant_{index}"),
                format!("#/components/schemas/Branch{index}"),
            )
        });
        let body = json!({
            "oneOf": list(size.breadth, |index| reference(format!("Branch{index}"))),
            "discriminator": {"propertyName": "grant_type", "mapping": mapping}
        });
        put(tree, &format!("{MEDIA}/schema"), body);
    })
}

pub(super) const SHAPES: &[Shape] = &[
    ("examples without properties", |size| {
        changed(|tree| {
            add(tree, REQUEST, text_properties(size.repetition, "p"));
            let examples = object(size.breadth, |index| {
                (format!("e{index}"), json!({"value": {}}))
            });
            put(tree, &format!("{MEDIA}/examples"), examples);
        })
    }),
    ("examples of responses without properties", |size| {
        changed(|tree| {
            add(tree, TOKEN, text_properties(size.repetition, "p"));
            let examples = object(size.breadth, |index| {
                (format!("e{index}"), json!({"value": {}}))
            });
            let place = format!("{OPERATION}/responses/200/content/application~1json/examples");
            put(tree, &place, examples);
        })
    }),
    ("branches of a mapping", |size| {
        mapped_branches(size, |index| branch(index..index + 1))
    }),
    ("branches of several grants", |size| {
        mapped_branches(size, |index| branch(index..index + size.repetition + 1))
    }),
    ("two branches of many grants", |size| {
        let other = |_| branch(0..size.breadth);
        mapped_branches(Size { breadth: 2, ..size }, other)
    }),
    ("branches of the same properties", |size| {
        changed(|tree| {
            add(tree, REQUEST, text_properties(size.repetition, "p"));
            let branches = list(
                size.breadth,
                |index| json!({"allOf": [reference("Request"), branch(index..index + 1)]}),
            );
            put(tree, &format!("{MEDIA}/schema"), json!({"oneOf": branches}));
        })
    }),
    ("branches without grants", |size| {
        let properties = |index: usize| text_properties(size.repetition, &format!("p{index}_"));
        let branches = list(
            size.breadth,
            |index| json!({"type": "object", "properties": properties(index)}),
        );
        with("/components/schemas/Request/oneOf", branches)
    }),
    ("long paths", |size| {
        changed(|tree| {
            let item = tree["paths"]["/oauth/token"].take();
            let long = "p".repeat(1_900);
            tree["paths"] = object(size.breadth, |index| {
                (format!("/token/{long}{index}"), item.clone())
            });
            add(tree, REQUEST, text_properties(size.repetition, "p"));
        })
    }),
    ("a long path of many parameters", |size| {
        changed(|tree| {
            let mut item = tree["paths"]["/oauth/token"].take();
            item["post"]["parameters"] = list(
                size.breadth,
                |index| json!({"name": format!("p{index}"), "in": "query", "description": "A parameter.", "schema": {"type": "string", "enum": list(size.repetition, |value| format!("v{value}"))}}),
            );
            let path: String = (0..99)
                .map(|index| format!("/{{variable{index}}}"))
                .collect();
            tree["paths"] = json!({format!("/oauth/token{path}"): item});
        })
    }),
    ("requirements of several schemes", |size| {
        changed(|tree| {
            let scheme = json!({"type": "apiKey", "in": "header", "name": "X-Key"});
            let schemes = object(size.repetition, |index| {
                (format!("k{index}"), scheme.clone())
            });
            add(tree, "/components/securitySchemes", schemes);
            let requirement = object(size.repetition, |index| (format!("k{index}"), json!([])));
            put(
                tree,
                &format!("{OPERATION}/security"),
                list(size.breadth, |_| requirement.clone()),
            );
        })
    }),
    ("schemes of the same scopes", |size| {
        changed(|tree| {
            let scopes = object(size.repetition, |index| (format!("s{index}"), "A scope."));
            let flow = json!({"tokenUrl": "https://api.example.com/oauth/token", "authorizationUrl": "https://api.example.com/oauth/authorize", "scopes": scopes});
            let flows: Value = [
                "clientCredentials",
                "authorizationCode",
                "password",
                "implicit",
            ]
            .into_iter()
            .map(|kind| (kind.to_owned(), flow.clone()))
            .collect::<Map<String, Value>>()
            .into();
            let schemes = object(size.breadth, |index| {
                (
                    format!("o{index}"),
                    json!({"type": "oauth2", "flows": flows}),
                )
            });
            add(tree, "/components/securitySchemes", schemes);
        })
    }),
    ("scopes that parameters list", |size| {
        changed(|tree| {
            let scopes = object(size.breadth, |index| (format!("s{index}"), "A scope."));
            let flow = json!({"tokenUrl": "https://api.example.com/oauth/token", "scopes": scopes});
            add(
                tree,
                "/components/securitySchemes",
                json!({"o": {"type": "oauth2", "flows": {"clientCredentials": flow}}}),
            );
            put(
                tree,
                &format!("{REQUEST}/scope/enum"),
                list(size.repetition, |index| format!("s{index}")),
            );
        })
    }),
    ("words of grants and parameters", |size| {
        changed(|tree| {
            let grants = list(size.repetition.min(190), |index| format!("grant_{index}"));
            put(tree, &format!("{REQUEST}/grant_type/enum"), grants);
            let sentence =
                "Required for grant_1 and the grant type `grant_2`, unless p1 is given. ";
            let parameter = |index| {
                let said = json!({"type": "string", "description": sentence});
                (format!("p{index}"), said)
            };
            add(tree, REQUEST, object(size.breadth.min(900), parameter));
            let said = json!(sentence.repeat(size.breadth));
            put(tree, &format!("{OPERATION}/description"), said);
        })
    }),
    ("a description that names every parameter", |size| {
        changed(|tree| {
            add(tree, REQUEST, text_properties(size.breadth, "p"));
            let words: String = (0..size.repetition)
                .map(|index| {
                    format!("`p{index}` is required if grant_type is client_credentials. ")
                })
                .collect();
            put(tree, &format!("{OPERATION}/description"), json!(words));
        })
    }),
    ("responses of one schema", |size| {
        changed(|tree| {
            add(
                tree,
                "/components/schemas/Error/properties",
                text_properties(size.repetition, "p"),
            );
            let content = json!({"application/json": {"schema": reference("Error")}});
            for status in 400..400 + size.breadth.min(190) {
                let response = json!({"description": "A refusal.", "content": content});
                put(tree, &format!("{OPERATION}/responses/{status}"), response);
            }
        })
    }),
    ("error codes of many responses", |size| {
        changed(|tree| {
            let codes = list(size.repetition, |index| format!("code_{index}"));
            for status in 400..400 + size.breadth.min(190) {
                let schema = json!({"type": "object", "properties": {"error": {"type": "string", "enum": codes}}});
                let response = json!({"description": "A refusal.", "content": {"application/json": {"schema": schema}}});
                put(tree, &format!("{OPERATION}/responses/{status}"), response);
            }
        })
    }),
    ("error codes in words", |size| {
        let codes = object(size.breadth, |index| {
            (format!("code_{index}"), "d".repeat(size.repetition))
        });
        operation(
            "x-tokensmith",
            json!({"error": {"code": "/error", "codes": codes}}),
        )
    }),
    ("servers with variables of one enum", |size| {
        let values = list(size.repetition, |value| format!("r{value}"));
        with(
            "/servers",
            list(size.breadth, |index| {
                json!({
                    "url": format!("https://{{region}}.s{index}.example.com"),
                    "variables": {"region": {"default": "r0", "enum": values, "description": "A region."}}
                })
            }),
        )
    }),
    ("variables with patterns", |size| {
        let url: String = (0..size.breadth)
            .map(|index| format!("/{{v{index}}}"))
            .collect();
        let variables = object(size.breadth, |index| {
            (
                format!("v{index}"),
                json!({"default": "a", "x-tokensmith": {"pattern": "[a-z]+".repeat(size.repetition)}}),
            )
        });
        with(
            "/servers",
            json!([{"url": format!("https://a.example{url}"), "variables": variables}]),
        )
    }),
    ("servers with issuers", |size| {
        with(
            "/servers",
            list(size.breadth, |index| {
                json!({
                    "url": format!("https://s{index}.example.com"),
                    "x-tokensmith": {"name": format!("S{index}"), "issuer": format!("https://s{index}.example.com/{}", "i".repeat(size.repetition))}
                })
            }),
        )
    }),
    ("client authentications and required scopes", |size| {
        operation(
            "x-tokensmith",
            json!({
                "client-auth": list(size.breadth, |_| "basic"),
                "required-scopes": list(size.breadth, |index| format!("s{index}")),
                "required-in-redirect": list(size.repetition, |index| format!("p{index}")),
                "server-in-redirect": object(size.breadth, |index| (format!("q{index}"), json!("{a}"))),
            }),
        )
    }),
    ("if of many parameters", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            add(tree, REQUEST, text_properties(size.repetition, "p"));
            let required = list(size.repetition, |index| format!("p{index}"));
            let conditions = list(size.breadth, |index| {
                json!({
                    "if": {"properties": {"grant_type": {"const": format!("grant_{index}")}}},
                    "then": {"required": required}
                })
            });
            put(tree, "/components/schemas/Request/allOf", conditions);
        })
    }),
    ("patterns of properties", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            let patterns = object(size.breadth, |index| {
                (
                    format!("^p{index}"),
                    json!({"const": "c".repeat(size.repetition)}),
                )
            });
            for schema in ["Token", "Request"] {
                put(
                    tree,
                    &format!("/components/schemas/{schema}/patternProperties"),
                    patterns.clone(),
                );
                put(
                    tree,
                    &format!("/components/schemas/{schema}/propertyNames"),
                    json!({"enum": list(size.breadth, |index| format!("p{index}"))}),
                );
            }
        })
    }),
    ("prefix items", |size| {
        changed(|tree| {
            tree["openapi"] = json!("3.1.0");
            let items = list(size.breadth, |index| json!({"const": format!("v{index}")}));
            let lists = object(size.repetition, |index| {
                (
                    format!("p{index}"),
                    json!({"type": "array", "prefixItems": items}),
                )
            });
            add(tree, TOKEN, lists);
        })
    }),
    ("Swagger media types of one schema", |size| {
        swagger(|tree| {
            tree["produces"] = list(size.breadth, |index| format!("application/x-{index}+json"));
            tree["paths"]["/token"]["post"]["responses"]["200"]["schema"]["properties"] =
                text_properties(size.repetition, "p");
            tree["paths"]["/token"]["post"]["responses"]["200"]["schema"]["properties"]["access_token"] =
                json!({"type": "string"});
        })
    }),
    ("Swagger shared parameters and responses", |size| {
        swagger(|tree| {
            tree["parameters"] = object(size.breadth, |index| {
                (
                    format!("P{index}"),
                    json!({"name": format!("p{index}"), "in": "formData", "type": "array", "items": {"type": "string", "enum": list(size.repetition, |value| format!("v{value}"))}, "collectionFormat": "csv"}),
                )
            });
            tree["responses"] = object(size.breadth, |index| {
                (
                    format!("R{index}"),
                    json!({"description": "d".repeat(size.repetition)}),
                )
            });
            let known = tree["paths"]["/token"]["post"]["parameters"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let more =
                (0..size.breadth).map(|index| json!({"$ref": format!("#/parameters/P{index}")}));
            tree["paths"]["/token"]["post"]["parameters"] = known.into_iter().chain(more).collect();
            for status in 0..size.breadth.min(190) {
                tree["paths"]["/token"]["post"]["responses"][format!("{}", 400 + status)] =
                    json!({"$ref": format!("#/responses/R{status}")});
            }
        })
    }),
    ("Swagger definitions with a discriminator", |size| {
        swagger(|tree| {
            tree["definitions"] = object(size.breadth, |index| {
                (
                    format!("D{index}"),
                    json!({"allOf": [{"$ref": "#/definitions/Base"}, {"properties": text_properties(size.repetition, "p")}]}),
                )
            });
            tree["definitions"]["Base"] = json!({"type": "object", "discriminator": "kind", "properties": {"kind": {"type": "string"}, "access_token": {"type": "string"}}});
            tree["paths"]["/token"]["post"]["responses"]["200"]["schema"] =
                json!({"$ref": "#/definitions/Base"});
        })
    }),
    ("overlay of unions", |size| {
        // Each level doubles the list: deeper ones are no longer below a megabyte.
        let depth = size.depth.min(16);
        let mut document = overlaid(list(
            size.breadth,
            |_| json!({"target": format!("$.x-list{}", "[*,*]".repeat(depth)), "update": {"a": "b"}}),
        ));
        let deep = (0..depth).fold(json!({}), |inner, _| json!([inner.clone(), inner]));
        document.text = with("/x-list", deep).text;
        document
    }),
    ("overlay of patterns", |size| {
        let mut document = overlaid(list(
            size.breadth,
            |_| json!({"target": "$.x-list[?search(@, '(a*)*b')]", "remove": true}),
        ));
        document.text = with(
            "/x-list",
            list(size.breadth, |_| "a".repeat(size.repetition)),
        )
        .text;
        document
    }),
    ("overlay of comparisons", |size| {
        let mut document = overlaid(list(
            size.depth,
            |_| json!({"target": "$.x-list[?@ == $.x-list[0]]", "update": {"a": 1}}),
        ));
        let same = object(size.repetition, |index| (format!("k{index}"), index));
        document.text = with("/x-list", list(size.breadth, |_| same.clone())).text;
        document
    }),
    ("overlay of slices", |size| {
        let mut document = overlaid(list(
            size.breadth,
            |index| json!({"target": format!("$.x-list[{index}:{}:1]", size.breadth), "update": {"a": "u".repeat(size.repetition)}}),
        ));
        document.text = with("/x-list", list(size.breadth, |_| json!({}))).text;
        document
    }),
];

//! Extensions, YAML, overlays, Swagger and other files.

use super::*;

pub(super) const SHAPES: &[Shape] = &[
    ("extension fields", |size| {
        let fields = object(size.breadth, |index| {
            (format!("f{index}"), format!("/data/f{index}"))
        });
        operation("x-tokensmith", json!({"fields": fields}))
    }),
    ("extension failures", |size| {
        operation(
            "x-tokensmith",
            json!({"failure": list(size.breadth, |index| json!({"at": format!("/f{index}"), "values": list(size.repetition, |value| format!("{value}"))}))}),
        )
    }),
    ("extension keys", |size| {
        operation(
            "x-tokensmith",
            object(size.breadth, |index| (format!("k{index}"), index)),
        )
    }),
    ("extension grants", |size| {
        operation(
            "x-tokensmith",
            json!({"grants": list(size.breadth, |index| format!("grant_{index}"))}),
        )
    }),
    ("extension pointers", |size| {
        operation(
            "x-tokensmith",
            json!({"access-token": list(size.breadth, |index| format!("/a{index}"))}),
        )
    }),
    ("other extensions", |size| {
        operation(
            "x-other",
            object(size.breadth, |index| (format!("k{index}"), index)),
        )
    }),
    ("aliases", |size| {
        let properties: String = (0..size.repetition)
            .map(|index| format!("      q{index}: {{type: string}}\n"))
            .collect();
        let mut tree = plain();
        tree["openapi"] = json!("3.0.3");
        let uses: String = (0..size.breadth)
            .map(|index| format!("    a{index}: *shared\n"))
            .collect();
        block(
            &tree,
            &format!(
                "x-shared:\n  one: &shared\n    type: object\n    properties:\n{properties}x-used:\n  all:\n{uses}"
            ),
        )
    }),
    ("aliases of aliases", |size| {
        let levels: String = (1..=size.depth)
            .map(|level| {
                format!(
                    "x-l{level}: &l{level} [{}]\n",
                    vec![format!("*l{}", level - 1); size.repetition].join(", ")
                )
            })
            .collect();
        block(&plain(), &format!("x-l0: &l0 [a]\n{levels}"))
    }),
    ("merge keys", |size| {
        let sources: String = (0..size.breadth)
            .map(|index| format!("x-m{index}: &m{index} {{p{index}: {{type: string}}}}\n"))
            .collect();
        let all: Vec<String> = (0..size.breadth)
            .map(|index| format!("*m{index}"))
            .collect();
        block(
            &plain(),
            &format!("{sources}x-all:\n  <<: [{}]\n", all.join(", ")),
        )
    }),
    ("merge keys in a chain", |size| {
        let sources: String = (1..=size.breadth)
            .map(|index| {
                format!(
                    "x-m{index}: &m{index} {{<<: *m{}, p{index}: 1}}\n",
                    index - 1
                )
            })
            .collect();
        block(&plain(), &format!("x-m0: &m0 {{p: 1}}\n{sources}"))
    }),
    ("repeated keys", |size| {
        let lines: String = (0..size.breadth)
            .map(|index| format!("\"k{}\":{index},", index / 2))
            .collect();
        let text =
            plain()
                .to_string()
                .replacen("\"token_type\":", &format!("{lines}\"token_type\":"), 1);
        text.into()
    }),
    ("lines of YAML", |size| {
        let lines: String = (0..size.breadth)
            .map(|index| format!("  k{index}:\n    - a: b\n      c: [d]\n"))
            .collect();
        block(&plain(), &format!("x-lines:\n{lines}"))
    }),
    ("brackets of YAML", |size| {
        let lines = format!("{}a{}", "[".repeat(size.depth), "]".repeat(size.depth));
        block(
            &plain(),
            &format!("x-lines: [{}]\n", vec![lines; size.breadth].join(", ")),
        )
    }),
    ("comments of YAML", |size| {
        block(&plain(), &"# a comment with a token\n".repeat(size.breadth))
    }),
    ("JSON with comments", |size| {
        format!("{}{}", "// a\n".repeat(size.breadth), plain()).into()
    }),
    ("several documents", |size| {
        (block(&plain(), "").text + &"---\na: b\n".repeat(size.breadth)).into()
    }),
    ("overlay updates", |size| {
        overlaid(list(
            size.breadth,
            |index| json!({"target": "$.info", "update": {format!("x-{index}"): index}}),
        ))
    }),
    ("overlay of everything", |size| {
        let mut document = overlaid(list(
            size.depth,
            |_| json!({"target": "$..*", "update": {"x-a": "a".repeat(size.repetition)}}),
        ));
        document.text = members(
            TOKEN,
            object(size.breadth, |index| {
                (format!("p{index}"), json!({"type": "string"}))
            }),
        )
        .text;
        document
    }),
    ("overlay removes from a list", |size| {
        let mut document = overlaid(json!([{"target": "$.x-list[*]", "remove": true}]));
        document.text = with("/x-list", list(size.breadth, |index| index)).text;
        document
    }),
    ("overlay adds to a list", |size| {
        overlaid(list(
            size.breadth,
            |index| json!({"target": "$.servers", "update": {"url": format!("https://s{index}.example")}}),
        ))
    }),
    ("overlay without effect", |size| {
        overlaid(list(
            size.breadth,
            |index| json!({"target": format!("$.nothing{index}"), "remove": true}),
        ))
    }),
    ("overlay mistakes", |size| {
        overlaid(list(
            size.breadth,
            |index| json!({"target": format!("$[{index}"), "remov": true}),
        ))
    }),
    ("Swagger definitions", |size| {
        swagger(|tree| {
            tree["definitions"] = object(size.breadth, |index| {
                (
                    format!("D{index}"),
                    json!({"type": "object", "properties": {"n": {"$ref": format!("#/definitions/D{}", index + 1)}}}),
                )
            });
            tree["paths"]["/token"]["post"]["responses"]["200"]["schema"] =
                json!({"$ref": "#/definitions/D0"});
        })
    }),
    ("Swagger parameters", |size| {
        swagger(|tree| {
            let parameters = list(
                size.breadth,
                |index| json!({"name": format!("p{index}"), "in": "formData", "type": "string"}),
            );
            let known = tree["paths"]["/token"]["post"]["parameters"]
                .as_array_mut()
                .expect("is a list");
            known.extend(parameters.as_array().into_iter().flatten().cloned());
        })
    }),
    ("Swagger types", |size| {
        swagger(|tree| {
            let types = list(size.breadth, |index| format!("application/x-{index}+json"));
            (tree["produces"], tree["consumes"]) = (types.clone(), types);
            let schema = json!({"type": "object", "properties": object(size.repetition, |index| (format!("p{index}"), json!({"type": "string"})))});
            tree["paths"]["/token"]["post"]["responses"]["200"]["schema"] = schema;
        })
    }),
    ("Swagger schemes", |size| {
        swagger(|tree| tree["schemes"] = list(size.breadth, |index| ["https", "http"][index % 2]))
    }),
    ("Swagger security", |size| {
        swagger(|tree| {
            let scopes = object(size.repetition, |index| (format!("s{index}"), "A scope."));
            tree["securityDefinitions"] = object(size.breadth, |index| {
                (
                    format!("o{index}"),
                    json!({"type": "oauth2", "flow": "application", "tokenUrl": "https://a.example/token", "scopes": scopes}),
                )
            });
        })
    }),
    ("files in a chain", |size| {
        let mut document = members(TOKEN, json!({"first": {"$ref": "f0.yaml"}}));
        document.beside = (0..size.breadth)
            .map(|index| {
                (
                    format!("f{index}.yaml"),
                    format!(
                        "type: object\nproperties: {{n: {{$ref: f{}.yaml}}}}\n",
                        index + 1
                    ),
                )
            })
            .chain([(
                format!("f{}.yaml", size.breadth),
                "type: string\n".to_owned(),
            )])
            .collect();
        document
    }),
    ("files beside each other", |size| {
        let mut document = members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"$ref": format!("f{index}.yaml")}),
                )
            }),
        );
        document.beside = (0..size.breadth)
            .map(|index| (format!("f{index}.yaml"), "type: string\n".to_owned()))
            .collect();
        document
    }),
    ("references into one file", |size| {
        let mut document = members(
            TOKEN,
            object(size.breadth, |index| {
                (
                    format!("p{index}"),
                    json!({"$ref": format!("f.yaml#/a{index}")}),
                )
            }),
        );
        let parts: String = (0..size.breadth)
            .map(|index| {
                format!(
                    "a{index}: {{type: string, description: {}}}\n",
                    "d".repeat(size.repetition)
                )
            })
            .collect();
        document.beside = vec![("f.yaml".to_owned(), parts)];
        document
    }),
    ("texts in every place", |size| {
        changed(|tree| {
            PLACES.iter().for_each(|place| {
                put(
                    tree,
                    place,
                    json!("word ".repeat(size.repetition * size.breadth)),
                )
            })
        })
    }),
    ("overlay of one place", |size| {
        overlaid(list(
            size.breadth,
            |index| json!({"target": "$.info", "update": {"x-list": list(size.repetition, |_| index)}}),
        ))
    }),
    ("overlay with filters", |size| {
        let mut document = overlaid(list(
            size.depth,
            |index| json!({"target": format!("$.components.schemas.Token.properties[?@.type == 'string' && @.n != {index}]"), "update": {"description": "d".repeat(size.repetition)}}),
        ));
        document.text = members(
            TOKEN,
            object(size.breadth, |index| {
                (format!("p{index}"), json!({"type": "string", "n": index}))
            }),
        )
        .text;
        document
    }),
    ("overlay that removes each of many", |size| {
        let mut document = overlaid(list(
            size.breadth,
            |index| json!({"target": format!("$.x-list[{index}]"), "remove": true}),
        ));
        document.text = with("/x-list", list(size.breadth, |index| index)).text;
        document
    }),
    ("keys of YAML", |size| {
        let keys: String = (0..size.breadth)
            .map(|index| format!("  ? {{a: {index}}}\n  : {}\n", "v".repeat(size.repetition)))
            .collect();
        block(&plain(), &format!("x-keys:\n{keys}"))
    }),
    ("tags of YAML", |size| {
        let lines: String = (0..size.breadth)
            .map(|index| format!("  - !a{index} {}\n", "v".repeat(size.repetition)))
            .collect();
        block(&plain(), &format!("x-tags:\n{lines}"))
    }),
    ("texts of YAML", |size| {
        let lines: String = (0..size.breadth)
            .map(|index| {
                format!(
                    "  k{index}: >-\n    {}\n\n    b\n",
                    "word ".repeat(size.repetition)
                )
            })
            .collect();
        block(&plain(), &format!("x-texts:\n{lines}"))
    }),
    ("anchors that nobody names", |size| {
        let lines: String = (0..size.breadth)
            .map(|index| format!("  - &a{index} {{b: {index}}}\n"))
            .collect();
        block(&plain(), &format!("x-anchors:\n{lines}"))
    }),
    ("one alias at a time", |size| {
        let lines: String = (1..=size.breadth)
            .map(|index| format!("  - &a{index} [*a{}]\n", index - 1))
            .collect();
        block(&plain(), &format!("x-a: &a0 a\nx-anchors:\n{lines}"))
    }),
    ("faults behind aliases", |size| {
        let shared = "x-shared: &shared\n  requestBody: 1\n".to_owned();
        let paths: String = (0..size.breadth)
            .map(|index| format!("x-p{index}: {{post: *shared}}\n"))
            .collect();
        block(&plain(), &format!("{shared}{paths}"))
    }),
    ("deep JSON", |size| {
        let deep = format!("{}1{}", "[".repeat(size.breadth), "]".repeat(size.breadth));
        let text = plain().to_string();
        format!(
            "{{\"x-deep\":{deep},{}",
            text.strip_prefix('{').unwrap_or_default()
        )
        .into()
    }),
];

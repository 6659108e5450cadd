//! What references lead to, and what may be missing there.

use super::{BODY, assert_means, assert_refused};

#[test]
fn references_of_other_versions_and_by_name_are_understood() {
    for odd in [
        "#/definitions/Request",
        "#/components/schema/Request",
        "#Request",
        "Request",
        "#components/schemas/Request",
    ] {
        assert_means(&[("#/components/schemas/Request", odd)], &[], &["TS026"]);
    }
    let anchors = "    Request:\n      $anchor: ask\n      $id: https://a.example/ask\n";
    for named in ["#ask", "https://a.example/ask"] {
        let changes = [
            ("#/components/schemas/Request", named),
            ("    Request:\n", anchors),
        ];
        assert_means(&changes, &[], &[]);
    }
    let within = [
        (
            "    Request:\n",
            "    Request:\n      $id: /ask\n      $defs: {s: {type: string}}\n",
        ),
        ("scope: {type: string}", "scope: {$ref: '#/$defs/s'}"),
    ];
    assert_means(&within, &[], &[]);
}

#[test]
fn references_to_other_kinds_of_parts_are_understood() {
    assert_means(
        &[(BODY, "{$ref: '#/components/schemas/Request'}")],
        &[],
        &["TS026"],
    );
    assert_means(
        &[(BODY, "{schema: {$ref: '#/components/schemas/Request'}}")],
        &[],
        &["TS026"],
    );
    let content = "content: {application/json: {schema: {$ref: \"#/components/schemas/Token\"}}}";
    let schema = "schema: {$ref: '#/components/schemas/Token'}";
    assert_means(&[(content, schema)], &[], &["TS026"]);
    let success = "{description: A token., content: {application/json: {schema: {$ref: \"#/components/schemas/Token\"}}}}";
    assert_means(
        &[(success, "{$ref: '#/components/schemas/Token'}")],
        &[("description: A token., ", "")],
        &["TS026"],
    );
    let shared = "components:\n  requestBodies:\n    B: {content: {text/x: {schema: {$ref: '#/components/schemas/Request'}}}}\n";
    let body = [
        ("components:\n", shared),
        (
            "schema: {$ref: \"#/components/schemas/Request\"}",
            "schema: {$ref: '#/components/requestBodies/B'}",
        ),
    ];
    assert_means(&body, &[], &["TS026"]);
    let whole = |key: &str, value: &str| format!("components:\n  x-{key}: {value}\n");
    let part = whole(
        "content",
        "{application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Request'}}}",
    );
    assert_means(
        &[
            ("components:\n", &part),
            (BODY, "{content: {$ref: '#/components/x-content'}}"),
        ],
        &[],
        &["TS026"],
    );
    let part = whole("media", "{schema: {$ref: '#/components/schemas/Request'}}");
    assert_means(
        &[
            ("components:\n", &part),
            (
                BODY,
                "{content: {application/x-www-form-urlencoded: {$ref: '#/components/x-media'}}}",
            ),
        ],
        &[],
        &["TS026"],
    );
    let part = whole("values", "[client_credentials]");
    assert_means(
        &[
            ("components:\n", &part),
            (
                "enum: [client_credentials]",
                "enum: {$ref: '#/components/x-values'}",
            ),
        ],
        &[],
        &["TS026"],
    );
    assert_means(
        &[("description: A token.", "description: A token., $ref: 5")],
        &[],
        &["TS026"],
    );
}

#[test]
fn what_nothing_depends_on_may_be_missing() {
    for gone in [
        "#/nowhere",
        "https://a.example/b.yaml#/c",
        "missing.yaml",
        "../outside.yaml",
    ] {
        let gone = format!("{{$ref: '{gone}'}}");
        let error = [(
            "schema: {$ref: \"#/components/schemas/Error\"}",
            format!("schema: {gone}"),
        )];
        let error: Vec<(&str, &str)> = error
            .iter()
            .map(|(from, to)| (*from, to.as_str()))
            .collect();
        assert_means(
            &error,
            &[(
                "schema: {$ref: \"#/components/schemas/Error\"}",
                "schema: {}",
            )],
            &["TS026"],
        );
        let header = format!("description: A token., headers: {{X: {gone}}}");
        assert_means(&[("description: A token.", &header)], &[], &["TS026"]);
        let scope = format!("scope: {gone}");
        assert_means(
            &[("scope: {type: string}", &scope)],
            &[("scope: {type: string}", "scope: {}")],
            &["TS026"],
        );
        let success = format!("schema: {gone}");
        assert_means(
            &[("schema: {$ref: \"#/components/schemas/Token\"}", &success)],
            &[(
                "schema: {$ref: \"#/components/schemas/Token\"}",
                "schema: {}",
            )],
            &["TS030", "TS026"],
        );
        let required = [
            ("scope: {type: string}", scope.as_str()),
            ("[grant_type]", "[grant_type, scope]"),
        ];
        let code = if gone.contains('#') && gone.contains("nowhere") {
            "TS006"
        } else {
            "TS025"
        };
        assert_refused(&required, &[code]);
    }
}

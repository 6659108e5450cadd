//! Parameters, bodies and their media types.

use super::{BODY, assert_means, assert_refused, plain_with};
use crate::documents::{PROVIDER, rendered};
use tokensmith_codegen::Source;

#[test]
fn parameters_are_read_as_they_were_meant() {
    let with = |parameters: &str| format!("    post:\n      parameters: {parameters}\n");
    let plain = with("[{name: a, in: query, schema: {type: string}}]");
    for (odd, codes) in [
        (
            "{a: {in: query, schema: {type: string}}}",
            ["TS026"].as_slice(),
        ),
        ("[{name: a, in: query}]", &["TS026"]),
        (
            "[{name: a, in: query, style: bogus, schema: {type: string}}]",
            &["TS026"],
        ),
        (
            "[{name: b, schema: {type: string}}, {name: a, in: query, schema: {type: string}}]",
            &["TS031"],
        ),
        (
            "[{name: b, in: url, schema: {}}, {in: query}, {name: a, in: query, schema: {type: string}}]",
            &["TS031", "TS031"],
        ),
        (
            "[{name: b, in: query, style: tabs, schema: {type: array}}, {name: a, in: query, schema: {type: string}}]",
            &["TS031"],
        ),
        (
            "[{$ref: '#/components/parameters/Nope'}, {name: a, in: query, schema: {type: string}}]",
            &["TS026"],
        ),
    ] {
        assert_means(
            &[("    post:\n", &with(odd))],
            &[("    post:\n", &plain)],
            codes,
        );
    }
    let schema = with("[{$ref: '#/components/schemas/Error'}]");
    assert_means(&[("    post:\n", &schema)], &[], &["TS031"]);
    let required = with("[{name: b, required: true, schema: {type: string}}]");
    assert_refused(&[("    post:\n", &required)], &["TS008"]);
    let path = ("\n  /oauth/token:", "\n  /{a}/token:");
    let unplaced = with("[{name: a, schema: {type: string}}]");
    let placed = with("[{name: a, in: path, required: true, schema: {type: string}}]");
    assert_means(
        &[path, ("    post:\n", &unplaced)],
        &[path, ("    post:\n", &placed)],
        &["TS026"],
    );
    let bounds = |limits: &str| format!("scope: {{type: integer, {limits}}}");
    assert_means(
        &[(
            "scope: {type: string}",
            &bounds("exclusiveMaximum: \"10\", exclusiveMinimum: \"true\""),
        )],
        &[(
            "scope: {type: string}",
            &bounds("exclusiveMaximum: 10, exclusiveMinimum: true"),
        )],
        &["TS033", "TS026", "TS026"],
    );
}

#[test]
fn fields_may_be_parameters_of_the_body() {
    let body = "      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: \"#/components/schemas/Request\"}}}}\n";
    let fields = "      parameters:
        - {name: grant_type, in: formData, required: true, type: string, enum: [client_credentials]}
        - {name: client_id, in: formData, type: string}
        - {name: client_secret, in: form, type: string, format: password}
        - {name: scope, in: FormData, type: string}\n";
    assert_means(&[(body, fields)], &[], &["TS026"; 4]);
    let one = "    post:\n      parameters: [{name: audience, in: formData, required: true, type: string}]\n";
    let audience = "        scope: {type: string}\n        audience: {type: string}\n";
    assert_means(
        &[("    post:\n", one)],
        &[
            ("        scope: {type: string}\n", audience),
            ("[grant_type]", "[grant_type, audience]"),
        ],
        &["TS026"],
    );
    let whole = "      parameters: [{name: body, in: body, schema: {$ref: \"#/components/schemas/Request\"}}]\n";
    assert_means(
        &[(body, whole)],
        &[("application/x-www-form-urlencoded", "application/json")],
        &["TS026"],
    );
}

#[test]
fn bodies_may_be_described_by_an_example_only() {
    let schema = "{schema: {$ref: \"#/components/schemas/Request\"}}";
    let made = "{schema: {properties: {grant_type: {type: string, enum: [client_credentials]}, client_id: {type: string}, client_secret: {type: string}, n: {type: integer}}}, example: {grant_type: client_credentials, client_id: a, client_secret: b, n: 1}}";
    for odd in [
        "{example: {grant_type: client_credentials, client_id: a, client_secret: b, n: 1}}",
        "{schema: {type: object, example: {grant_type: client_credentials, client_id: a, client_secret: b, n: 1}}}",
        "{schema: {type: string}, example: '{\"grant_type\": \"client_credentials\", \"client_id\": \"a\", \"client_secret\": \"b\", \"n\": 1}'}",
    ] {
        assert_means(&[(schema, odd)], &[(schema, made)], &["TS030"]);
    }
    let made = "{schema: {properties: {grant_type: {type: string, enum: [client_credentials]}, client_id: {type: string}, client_secret: {type: string}, scope: {type: string}}}, example: {grant_type: client_credentials, client_id: a, client_secret: b, scope: a b}}";
    let form = "{schema: {type: string, example: 'grant_type=client_credentials&client_id=a&client_secret=b&scope=a+b'}}";
    assert_means(&[(schema, form)], &[(schema, made)], &["TS030"]);
    let response = "{schema: {$ref: \"#/components/schemas/Token\"}}";
    assert_means(
        &[(response, "{example: {token: abc, access_token: abc}}")],
        &[(
            response,
            "{schema: {properties: {token: {type: string}, access_token: {type: string}}}, example: {token: abc, access_token: abc}}",
        )],
        &["TS030"],
    );
}

#[test]
fn the_example_of_a_parameter_counts() {
    let body = format!("      requestBody: {BODY}\n");
    let query = |rest: &str| {
        format!(
            "      parameters: [{{name: grant_type, in: query, required: true, {rest}}}, {{name: client_id, in: query, schema: {{type: string}}}}, {{name: client_secret, in: query, schema: {{type: string}}}}]\n"
        )
    };
    let meant = query("schema: {type: string, example: client_credentials}");
    for odd in [
        "schema: {type: string}, example: client_credentials",
        "schema: {type: string}, examples: {a: {value: client_credentials}}",
    ] {
        assert_means(&[(&body, &query(odd))], &[(&body, &meant)], &["TS030"]);
    }
}

#[test]
fn media_types_and_bodies_are_read_as_they_were_meant() {
    let form = "application/x-www-form-urlencoded";
    for odd in [
        "application/x-www-form-urlencode",
        "x-www-form-urlencoded",
        "application/form-urlencoded",
    ] {
        assert_means(&[(form, odd)], &[], &["TS026"]);
    }
    assert_means(
        &[(form, "'application/json, text/csv'")],
        &[(form, "application/json")],
        // Of the two that are meant, requests are written in one.
        &["TS033", "TS026"],
    );
    let body = format!("      requestBody: {BODY}\n");
    let query = "      parameters: [{name: grant_type, in: query, schema: {type: string, enum: [client_credentials]}}, {name: client_id, in: query}, {name: client_secret, in: query}]\n";
    let query = &query.replace("in: query}", "in: query, schema: {type: string}}");
    for unsent in [
        "{content: {}}",
        "{content: {text/plain: {schema: {type: string}}}}",
    ] {
        let odd = format!("{query}      requestBody: {unsent}\n");
        assert_means(&[(&body, &odd)], &[(&body, query)], &["TS031"]);
    }
}

#[test]
fn read_only_properties_are_not_sent() {
    assert_means(
        &[
            (
                "scope: {type: string}",
                "scope: {type: string}\n        id: {type: string, readOnly: true}",
            ),
            ("[grant_type]", "[grant_type, id]"),
        ],
        &[],
        &[],
    );
    assert_means(
        &[(
            "Token: {type: object, properties: {",
            "Token: {type: object, properties: {secret: {type: string, writeOnly: true}, ",
        )],
        &[],
        &[],
    );
    let example = "{schema: {$ref: \"#/components/schemas/Request\"}, example: {grant_type: client_credentials, client_id: a, client_secret: b}}";
    let text = plain_with(&[
        (
            "{schema: {$ref: \"#/components/schemas/Request\"}}",
            example,
        ),
        (
            "scope: {type: string}",
            "scope: {type: string}\n        id: {type: string, readOnly: true}",
        ),
        ("[grant_type]", "[grant_type, id]"),
    ]);
    let reading = tokensmith_codegen::read(PROVIDER, Source::new("a.yaml", text.as_bytes()), None);
    assert!(
        !reading
            .diagnostics
            .iter()
            .any(|one| one.rule.code() == "TS046"),
        "{}",
        rendered(&reading.diagnostics)
    );
}

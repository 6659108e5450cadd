//! Mistakes whose meaning is clear: the document means what one without them does.

use tokensmith_codegen::{Reading, Source};

use crate::documents::{PROVIDER, rendered, without_lints};

const PLAIN: &str = r##"
openapi: 3.0.3
info: {title: Example, version: "1"}
servers: [{url: "https://auth.example.com/v1"}]
paths:
  /oauth/token:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Request"}}}}
      responses:
        "200": {description: A token., content: {application/json: {schema: {$ref: "#/components/schemas/Token"}}}}
        "400": {description: An error., content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
components:
  schemas:
    Request:
      type: object
      required: [grant_type]
      properties:
        grant_type: {type: string, enum: [client_credentials]}
        client_id: {type: string}
        client_secret: {type: string, format: password}
        scope: {type: string}
    Token: {type: object, properties: {access_token: {type: string}, expires_in: {type: integer}}}
    Error: {type: object, properties: {error: {type: string}, hint: {type: string}}}
"##;

fn read(text: &str) -> Reading {
    let source = Source::new("specs/main.yaml", text.as_bytes());
    without_lints(tokensmith_codegen::read(PROVIDER, source, None))
}

/// The plain document with some of its text replaced.
#[track_caller]
fn plain_with(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(PLAIN.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "there is no {from}");
        text.replace(from, to)
    })
}

#[track_caller]
fn assert_told(reading: &Reading, codes: &[&str]) {
    let shown = rendered(&reading.diagnostics);
    let told: Vec<&str> = reading
        .diagnostics
        .iter()
        .map(|one| one.rule.code())
        .collect();
    assert_eq!(told, codes, "{shown}");
    assert!(
        reading
            .diagnostics
            .iter()
            .all(|one| one.position.is_some() && one.help.is_some()),
        "{shown}"
    );
}

/// The mistakes mean what the other changes say, and are told by these rules.
#[track_caller]
fn assert_means(mistakes: &[(&str, &str)], meant: &[(&str, &str)], codes: &[&str]) {
    let reading = read(&plain_with(mistakes));
    assert_told(&reading, codes);
    let twin = read(&plain_with(meant));
    assert!(twin.model.is_some(), "{}", rendered(&twin.diagnostics));
    assert_eq!(reading.model, twin.model);
}

#[track_caller]
fn assert_refused(mistakes: &[(&str, &str)], codes: &[&str]) {
    let reading = read(&plain_with(mistakes));
    assert_told(&reading, codes);
    assert!(reading.model.is_none());
}

#[test]
fn keys_that_are_no_paths_become_paths() {
    let key = "\n  /oauth/token:";
    for odd in ["oauth/token", "\"/oauth/token \"", "\" oauth/token\""] {
        assert_means(&[(key, &format!("\n  {odd}:"))], &[], &["TS026"]);
    }
    let tenant = [(key, "\n  /{tenant}/token:")];
    assert_means(&[(key, "\n  /<tenant>/token:")], &tenant, &["TS026"]);
    let escaped = [(key, "\n  /a%20b/token:")];
    assert_means(&[(key, "\n  /a b/token:")], &escaped, &["TS026"]);
    let elsewhere = [
        (key, "\n  /oauth/token:"),
        ("https://auth.example.com/v1", "https://id.example.com"),
    ];
    let url = [(key, "\n  https://id.example.com/oauth/token:")];
    assert_means(&url, &elsewhere, &["TS026"]);
}

#[test]
fn a_path_may_be_the_servers_own() {
    for (path, sent, codes) in [("/", "/", [].as_slice()), ("\"\"", "", &["TS026"])] {
        let reading = read(&plain_with(&[("/oauth/token", path)]));
        assert_told(&reading, codes);
        let model = reading.model.expect("is read");
        assert_eq!(model.endpoints[0].paths[0].path, sent);
        assert_eq!(model.endpoints[0].paths[0].ident, "Root");
    }
}

#[test]
fn a_path_that_is_there_twice_counts_once() {
    let twice = "  oauth/token:\n    post: {parameters: [{name: grant_type, in: query}], responses: {}}\n  /oauth/token:";
    // The one without the slash comes after the other.
    assert_means(&[("  /oauth/token:", twice)], &[], &["TS026", "TS031"]);
}

#[test]
fn a_parameter_of_this_name_alone_makes_no_token_endpoint_beside_another() {
    let others = "paths:
  /licenses:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {grant_type: {type: string, enum: [trial]}}}}}}
      responses: {'200': {description: A license.}}
  /apps/{id}:
    get:
      parameters: [{name: grant_type, in: query, schema: {type: string}}]
      responses: {'200': {description: An app.}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {grant_type: {type: string}, client_secret: {type: string}}}}}}
      responses: {'200': {description: An app.}}
";
    assert_means(&[("paths:\n", others)], &[], &["TS031", "TS031", "TS031"]);
}

#[test]
fn a_token_url_is_an_operations_by_its_server() {
    let flows = |url: &str| {
        format!(
            "components:\n  securitySchemes: {{o: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: '{url}', scopes: {{}}}}}}}}}}\n"
        )
    };
    let free = ("string, enum: [client_credentials]", "string");
    for url in [
        "oauth/token",
        "./oauth/token",
        "/oauth/token/",
        "/v1/oauth/token",
        "https://auth.example.com/v1/oauth/token/",
        "https://login.example.com/tenant/oauth/token",
    ] {
        let flows = flows(url);
        assert_means(
            &[free, ("components:\n", &flows)],
            &[("components:\n", &flows)],
            &[],
        );
    }
    let push = "paths:\n  /token:\n    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {device: {type: string}}}}}}, responses: {}}\n";
    let flows = flows("https://auth.example.com/v1/oauth/token");
    assert_means(
        &[("components:\n", &flows), ("paths:\n", push)],
        &[("components:\n", &flows)],
        &[],
    );
    let unnamed = [
        ("grant_type", "type"),
        ("/oauth/token", "/token"),
        ("components:\n", flows.as_str()),
    ];
    assert_told(&read(&plain_with(&unnamed)), &["TS030"]);
}

#[test]
fn servers_and_security_are_read_as_they_were_meant() {
    let tenant = |variables: &str| {
        format!("servers: [{{url: \"https://{{tenant}}.example.com\", variables: {variables}}}]")
    };
    let server = "servers: [{url: \"https://auth.example.com/v1\"}]";
    assert_means(
        &[(
            server,
            &tenant("{tenant: {description: Yours., enum: [a, b]}}"),
        )],
        &[(
            server,
            &tenant("{tenant: {description: Yours., enum: [a, b], default: ''}}"),
        )],
        &["TS026"],
    );
    assert_means(
        &[(server, &tenant("{tenant: acme}"))],
        &[(server, &tenant("{tenant: {default: acme}}"))],
        &["TS026"],
    );
    assert_means(
        &[("openapi:", "externalDocs: nope\nopenapi:")],
        &[],
        &["TS026"],
    );
    let basic = "components:\n  securitySchemes: {basic: {type: http, scheme: basic}}\n";
    for (security, codes) in [
        ("[basic]", ["TS026"].as_slice()),
        ("basic", &["TS026", "TS026"]),
        ("[5, basic: []]", &["TS026"]),
        ("{basic: null}", &["TS026", "TS026"]),
    ] {
        let post = |security: &str| format!("    post:\n      security: {security}\n");
        assert_means(
            &[("components:\n", basic), ("    post:\n", &post(security))],
            &[
                ("components:\n", basic),
                ("    post:\n", &post("[basic: []]")),
            ],
            codes,
        );
        let root = |security: &str| format!("security: {security}\nopenapi:");
        assert_means(
            &[("components:\n", basic), ("openapi:", &root(security))],
            &[("components:\n", basic), ("openapi:", &root("[basic: []]"))],
            codes,
        );
    }
}

#[test]
fn flows_are_read_as_they_were_meant() {
    let free = ("string, enum: [client_credentials]", "string");
    let scheme =
        |rest: &str| format!("components:\n  securitySchemes: {{o: {{type: oauth2, {rest}}}}}\n");
    let plain = scheme("flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {}}}");
    let scoped =
        scheme("flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {a: '', b: '5'}}}");
    for (odd, meant, codes) in [
        (
            "flows: {clientCredentials: {tokenUrl: /oauth/token}}",
            &plain,
            [].as_slice(),
        ),
        (
            "flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: null}}",
            &plain,
            &[],
        ),
        (
            "flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {a: null, b: 5}}}",
            &scoped,
            &[],
        ),
        (
            "flows: {clientCredentials: {tokenUrl: /oauth/token}, implicit: {scopes: {}}, password: 5}",
            &plain,
            &["TS026", "TS026"],
        ),
        (
            "flows: [{clientCredentials: {tokenUrl: /oauth/token}}]",
            &plain,
            &["TS026"],
        ),
        (
            "flows: {client_credentials: {tokenUrl: /oauth/token}}",
            &plain,
            &["TS026"],
        ),
        (
            "flow: application, tokenUrl: /oauth/token",
            &plain,
            &["TS026"],
        ),
    ] {
        let odd = scheme(odd);
        assert_means(
            &[free, ("components:\n", &odd)],
            &[free, ("components:\n", meant)],
            codes,
        );
    }
    let both = scheme(
        "flows: {clientCredentials: {tokenUrl: /oauth/token}, authorizationCode: {tokenUrl: /oauth/token}}",
    );
    let reading = read(&plain_with(&[free, ("components:\n", &both)]));
    // The authorization code has no `code` there.
    assert_told(&reading, &["TS030", "TS026"]);
    let model = reading.model.expect("is read");
    let grants: Vec<_> = model.endpoints[0]
        .operations
        .iter()
        .filter_map(|one| one.grant.as_deref())
        .collect();
    assert_eq!(grants, ["client_credentials", "authorization_code"]);
    for (broken, codes) in [
        ("flows: 5", [].as_slice()),
        ("flows: 5, tokenUrl: /oauth/token", &["TS031"]),
    ] {
        assert_means(&[("components:\n", &scheme(broken))], &[], codes);
    }
}

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
        &["TS026", "TS026"],
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

const BODY: &str = "{content: {application/x-www-form-urlencoded: {schema: {$ref: \"#/components/schemas/Request\"}}}}";

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
            &["TS026"],
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
    let answer = "{schema: {$ref: \"#/components/schemas/Token\"}}";
    assert_means(
        &[(answer, "{example: {token: abc, access_token: abc}}")],
        &[(
            answer,
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
        assert_means(&[(&body, &query(odd))], &[(&body, &meant)], &[]);
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
        &["TS026"],
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

#[test]
fn every_part_without_openapis_shape_is_shown_where_it_stands() {
    let text = plain_with(&[
        ("client_id: {type: string}", "client_id: {type: 5}"),
        (
            "expires_in: {type: integer}",
            "expires_in: {type: []}, x: {type: {}}",
        ),
    ]);
    let reading = read(&text);
    let pointers: Vec<&str> = reading
        .diagnostics
        .iter()
        .map(|one| one.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/components/schemas/Request/properties/client_id",
            "/components/schemas/Token/properties/x"
        ],
        "{}",
        rendered(&reading.diagnostics)
    );
}

#[test]
fn versions_are_known_by_other_names() {
    assert_means(&[("openapi: 3.0.3", "openapi: v3.0.3")], &[], &[]);
    assert_means(&[("openapi: 3.0.3", "swagger: 3.0.3")], &[], &["TS026"]);
}

#[test]
fn a_path_that_is_written_twice_is_merged() {
    let twice = "components:\n";
    let second =
        "  /oauth/token:\n    get: {responses: {'200': {description: Nothing.}}}\ncomponents:\n";
    assert_means(&[(twice, second)], &[], &["TS024"]);
}

#[test]
fn members_that_are_their_own_end() {
    let own = "components:\n  x-own: {a: {properties: {$ref: '#/components/x-own'}}, b: {properties: {$ref: '#/components/x-own'}}}\n";
    let scope = "scope: {type: object, properties: {$ref: '#/components/x-own'}}";
    let reading = read(&plain_with(&[
        ("components:\n", own),
        ("scope: {type: string}", scope),
    ]));
    assert!(reading.model.is_none());
    assert!(
        reading
            .diagnostics
            .iter()
            .any(|one| one.rule.code() == "TS007")
    );
    let body = "requestBody: {$ref: '#/components/requestBodies/B'}";
    let circle = "components:\n  requestBodies: {B: {content: {application/json: {schema: {$ref: '#/components/requestBodies/B'}}}}}\n";
    let reading = read(&plain_with(&[
        ("components:\n", circle),
        (&format!("requestBody: {BODY}"), body),
    ]));
    assert!(reading.model.is_none());
}

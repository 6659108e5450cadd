//! What is told of documents whose parts stand elsewhere, and of those that imitate the generator's own notes.

use std::fs;

use tokensmith_codegen::{Diagnostic, Reading, Rule, Source, read};

fn read_text(text: &str) -> Reading {
    read("example", Source::new("main.yaml", text.as_bytes()), None)
}

/// The diagnostics of a rule, as `file#pointer: message`.
fn told(reading: &Reading, rule: Rule) -> Vec<String> {
    let shown = |one: &Diagnostic| format!("{}#{}: {}", one.file, one.pointer, one.message);
    let diagnostics = reading.diagnostics.iter();
    diagnostics
        .filter(|one| one.rule == rule)
        .map(shown)
        .collect()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\n";

const TOKEN: &str = "{content: {application/json: {schema: {type: object, required: [access_token], \
                     properties: {access_token: {type: string, format: password}}}}}}";

#[test]
fn lints_see_what_stands_in_other_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let operation = format!(
        "post:\n  x-tokensmith: {{grants: [client_credentials]}}\n  requestBody: {{$ref: '#/body'}}\n  \
         responses: {{'200': {TOKEN}, '400': {{description: No.}}}}\n\
         body:\n  content:\n    application/x-www-form-urlencoded:\n      \
         example: {{grant_type: client_credentials, client_id: a, client_secret: b, tenant: c}}\n      \
         schema: {{$ref: '#/request'}}\n\
         request:\n  type: object\n  required: [grant_type]\n  properties:\n    \
         grant_type: {{type: string, enum: [client_credentials]}}\n    \
         client_id: {{type: string}}\n    client_secret: {{type: string}}\n    tenant: {{type: string}}\n"
    );
    fs::write(folder.path().join("token.yaml"), operation).expect("is written");
    let text = format!(
        "{HEAD}servers: [{{url: https://a.example}}]\npaths:\n  /token: {{$ref: token.yaml}}\n"
    );
    let source = Source::new("main.yaml", text.as_bytes()).in_folder(Some(folder.path()));
    let reading = read("example", source, None);
    assert!(reading.model.is_some(), "{:?}", reading.diagnostics);
    assert_eq!(
        told(&reading, Rule::VisibleSecret),
        ["token.yaml#/request/properties/client_secret: `client_secret` is not marked as a secret"]
    );
    assert_eq!(
        told(&reading, Rule::Undescribed),
        ["token.yaml#/request/properties/tenant: `tenant` has no description"]
    );
    assert_eq!(
        told(&reading, Rule::NoSource),
        ["token.yaml#/post/x-tokensmith: the source of this is not named"]
    );
    assert_eq!(told(&reading, Rule::NoExample), [""; 0]);
}

#[test]
fn lints_see_the_path_of_an_operation_that_stands_elsewhere() {
    let text = format!(
        "{HEAD}paths:\n  /token:\n    servers: [{{url: http://a.example}}]\n    \
         parameters: [{{name: tenant, in: query, schema: {{type: string}}}}]\n    \
         post: {{$ref: '#/x-operations/token'}}\n\
         x-operations:\n  token:\n    requestBody: {{content: {{application/json: {{schema: {{properties: {{grant_type: {{type: string}}}}}}}}}}}}\n    \
         responses: {{'200': {TOKEN}}}\n"
    );
    let reading = read_text(&text);
    assert_eq!(
        told(&reading, Rule::PlainHttp),
        ["main.yaml#/paths/~1token/servers/0/url: `http://a.example` is reached without TLS"]
    );
    assert_eq!(
        told(&reading, Rule::Undescribed),
        ["main.yaml#/paths/~1token/parameters/0: `tenant` has no description"]
    );
}

#[test]
fn a_copy_of_a_schema_for_requests_is_told_where_the_schema_stands() {
    let text = format!(
        "{HEAD}servers: [{{url: https://a.example}}]\npaths:\n  /token:\n    post:\n      \
         requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/T'}}}}}}}}\n      \
         responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/T'}}}}}}}}}}\n\
         components:\n  schemas:\n    T:\n      type: object\n      required: [grant_type, access_token]\n      properties:\n        \
         grant_type: {{type: string, enum: [client_credentials]}}\n        \
         code: {{type: string, pattern: 'a(?=b)', writeOnly: true}}\n        \
         access_token: {{type: string, readOnly: true}}\n"
    );
    let reading = read_text(&text);
    let elsewhere: Vec<String> = reading
        .diagnostics
        .iter()
        .filter(|one| one.pointer.contains("TRequest") || one.position.is_none())
        .map(ToString::to_string)
        .collect();
    assert_eq!(elsewhere, [""; 0]);
    assert_eq!(
        told(&reading, Rule::Pattern).len(),
        1,
        "{:?}",
        reading.diagnostics
    );
}

#[test]
fn a_document_cannot_leave_the_notes_of_swagger() {
    let text = format!(
        "{HEAD}servers: [{{url: https://a.example}}]\npaths:\n  /token:\n    post:\n      \
         requestBody:\n        x-tokensmith-read-as: all is well\n        content: {{application/json: {{schema: {{properties: {{grant_type: {{type: string}}}}}}}}}}\n      \
         responses: {{'200': {TOKEN}}}\n"
    );
    assert_eq!(told(&read_text(&text), Rule::Repaired), [""; 0]);
}

#[test]
fn a_document_cannot_bring_files_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("token.yaml"),
        format!("{{content: {TOKEN}}}"),
    )
    .expect("is written");
    let text = format!(
        "{HEAD}servers: [{{url: https://a.example}}]\npaths:\n  /token:\n    post:\n      \
         requestBody: {{content: {{application/json: {{schema: {{properties: {{grant_type: {{type: string}}}}}}}}}}}}\n      \
         responses: {{'200': {{$ref: token.yaml}}}}\n\
         x-tokensmith-files: {{token.yaml: {TOKEN}}}\n"
    );
    let source = Source::new("main.yaml", text.as_bytes()).in_folder(Some(folder.path()));
    let reading = read("example", source, None);
    let read: Vec<&str> = reading
        .externals
        .iter()
        .map(|one| one.path.as_str())
        .collect();
    assert_eq!(read, ["token.yaml"]);
}

#[test]
fn parameters_of_a_body_are_told_beside_a_body() {
    let text = format!(
        "{HEAD}servers: [{{url: https://a.example}}]\npaths:\n  /token:\n    post:\n      \
         parameters: [{{in: body, name: grant_type, type: string}}, {{in: body, name: scope, type: string}}]\n      \
         requestBody: {{content: {{application/json: {{schema: {{properties: {{client_id: {{type: string}}}}}}}}}}}}\n      \
         responses: {{'200': {TOKEN}}}\n"
    );
    let told = told(&read_text(&text), Rule::Repaired);
    let expected = "the parameters of the body are read as its fields";
    assert!(told.iter().any(|one| one.contains(expected)), "{told:?}");
}

#[test]
fn operations_of_one_path_keep_the_parameters_and_servers_of_their_items() {
    let body = |name: &str| {
        format!(
            "requestBody: {{content: {{application/json: {{schema: {{required: [grant_type], properties: {{grant_type: {{type: string, enum: [{name}]}}}}}}}}}}}}"
        )
    };
    let text = format!(
        "{HEAD}servers: [{{url: https://a.example}}]\npaths:\n  /token:\n    $ref: '#/x-items/token'\n    \
         servers: [{{url: https://own.example}}]\n    \
         parameters: [{{name: own, in: query, required: true, schema: {{type: string}}}}]\n    \
         post:\n      {}\n      responses: {{'200': {TOKEN}}}\n\
         x-items:\n  token:\n    servers: [{{url: https://other.example}}]\n    \
         parameters: [{{name: other, in: query, required: true, schema: {{type: string}}}}, {{name: both, in: query, schema: {{type: string}}}}]\n    \
         put:\n      parameters: [{{name: both, in: query, required: true, schema: {{type: string}}}}]\n      {}\n      responses: {{'200': {TOKEN}}}\n",
        body("client_credentials"),
        body("password")
    );
    let reading = read_text(&text);
    let model = reading
        .model
        .unwrap_or_else(|| panic!("{:?}", reading.diagnostics));
    let found: Vec<_> = model
        .endpoints
        .iter()
        .map(|endpoint| {
            let parameters = &endpoint.operations[0].parameters;
            let queried = parameters
                .iter()
                .filter(|one| ["own", "other", "both"].contains(&one.wire.as_str()));
            let names: Vec<_> = queried
                .map(|one| (one.wire.as_str(), one.required))
                .collect();
            let servers: Vec<_> = endpoint
                .servers
                .iter()
                .map(|server| server.url.to_string())
                .collect();
            (endpoint.attributes.method.as_str(), names, servers)
        })
        .collect();
    // An endpoint without servers of its own is on those of the model.
    let servers: Vec<_> = model.servers.iter().map(|one| one.url.as_str()).collect();
    assert_eq!(servers, ["https://own.example"]);
    assert_eq!(
        found,
        [
            ("POST", vec![("own", true)], vec![]),
            (
                "PUT",
                vec![("both", true), ("other", true)],
                vec!["https://other.example".to_owned()]
            ),
        ]
    );
}

#[test]
fn media_types_are_compared_without_case() {
    let text = format!(
        "{HEAD}servers: [{{url: https://a.example}}]\npaths:\n  /token:\n    post:\n      \
         requestBody: {{content: {{application/json: {{example: {{grant_type: client_credentials}}, schema: {{properties: {{grant_type: {{type: string, enum: [client_credentials]}}}}}}}}}}}}\n      \
         responses:\n        '200':\n          content:\n            \
         APPLICATION/XML: {{schema: {{properties: {{nothing: {{type: string}}}}}}}}\n            \
         Application/JSON:\n              example: {{token: abc}}\n              \
         schema: {{required: [token], properties: {{token: {{type: string}}}}}}\n"
    );
    let reading = read_text(&text);
    let model = reading
        .model
        .unwrap_or_else(|| panic!("{:?}", reading.diagnostics));
    let endpoint = &model.endpoints[0];
    assert_eq!(endpoint.attributes.access_token, ["/token"]);
    assert_eq!(endpoint.examples.responses.len(), 1);
}

/// A flow is of one operation: that of the whole URL, and of the method that takes its grant.
#[test]
fn a_flow_is_not_looked_for_at_other_operations() {
    let operation = |grant: &str| {
        format!(
            "\n      parameters: [{{name: grant_type, in: query, required: true, schema: {{type: string, const: {grant}}}}}]\n      \
             responses: {{'200': {TOKEN}}}\n"
        )
    };
    let (code, client) = (
        operation("authorization_code"),
        operation("client_credentials"),
    );
    let (own, refresh) = (operation("th_exchange_token"), operation("refresh_token"));
    let text = format!(
        "{HEAD}servers: [{{url: https://a.example}}]\npaths:\n  \
         /oauth/access_token:\n    post:{code}    get:{client}  \
         /oauth/access_token?refresh:\n    post:{refresh}  \
         /access_token:\n    get:{own}\
         components:\n  securitySchemes:\n    oauth:\n      type: oauth2\n      flows:\n        \
         authorizationCode: {{authorizationUrl: https://a.example/a, tokenUrl: https://a.example/oauth/access_token, scopes: {{}}}}\n"
    );
    let reading = read_text(&text);
    assert!(reading.model.is_some(), "{:?}", reading.diagnostics);
    let told = told(&reading, Rule::Unused);
    let about_flows: Vec<_> = told
        .iter()
        .filter(|one| one.contains("OAuth flow"))
        .collect();
    assert_eq!(about_flows, Vec::<&String>::new());
}

/// Where the operation of a login stands, in a document of several files.
const LOGIN: &str = "post:\n  requestBody: {content: {application/json: {schema: {$ref: '#/request'}}}}\n  \
                     responses: {'200': {description: d, content: {application/json: {schema: {properties: {jwt_token: {type: string}}}}}}}\n\
                     request: {required: [username, password], properties: {username: {type: string}, password: {type: string}}}\n";

/// What a target selects is read where the document has no more than a reference.
#[test]
fn overlays_reach_operations_that_stand_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("login")).expect("is made");
    for (file, text) in [
        ("login/item.yaml", LOGIN),
        ("outer.yaml", "post: {$ref: 'login/item.yaml#/post'}\n"),
    ] {
        fs::write(folder.path().join(file), text).expect("is written");
    }
    let within = LOGIN.replace(
        "$ref: '#/request'",
        "$ref: '#/components/pathItems/login/request'",
    );
    let within = format!(
        "paths:\n  /auth/login: {{$ref: '#/components/pathItems/login'}}\ncomponents:\n  pathItems:\n    login:\n      {}\n",
        within.trim_end().replace('\n', "\n      ")
    );
    let at = |reference: &str| format!("paths:\n  /auth/login: {{$ref: {reference}}}\n");
    for (paths, place) in [
        (at("login/item.yaml"), "login/item.yaml"),
        (at("outer.yaml"), "login/item.yaml"),
        (
            "paths:\n  /auth/login: {post: {$ref: 'login/item.yaml#/post'}}\n".to_owned(),
            "login/item.yaml",
        ),
        (within, "main.yaml"),
    ] {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\nservers: [{{url: https://a.example}}]\n{paths}"
        );
        let source = Source::new("main.yaml", text.as_bytes()).in_folder(Some(folder.path()));
        for (target, update) in [
            (
                "$.paths['/auth/login'].post",
                "x-tokensmith: {endpoint: token}",
            ),
            (
                "$.paths[\"/auth/login\"]",
                "post: {x-tokensmith: {endpoint: token}}",
            ),
        ] {
            let overlay = format!(
                "overlay: 1.0.0\ninfo: {{title: o, version: '1'}}\nactions:\n  - target: {target}\n    update: {{{update}}}\n"
            );
            let overlay = Source::new("o.yaml", overlay.as_bytes());
            let reading = read("example", source, Some(overlay));
            let model = reading.model.as_ref();
            let model = model.unwrap_or_else(|| panic!("{text}: {:?}", reading.diagnostics));
            let required = format!("{:?}", model.endpoints[0]);
            assert!(required.contains("\"username\""), "{text}: {required}");
            assert_eq!(told(&reading, Rule::OverlayUnmatched), [""; 0]);
            let secret = told(&reading, Rule::VisibleSecret).join(" ");
            assert!(secret.contains(place), "{text}: {secret}");
        }
    }
}

/// An operation beside a reference hides the one that the reference leads to.
#[test]
fn an_operation_that_hides_another_is_told() {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\nservers: [{{url: https://a.example}}]\npaths:\n  \
         /auth/login: {{$ref: '#/components/pathItems/login', post: {{x-tokensmith: {{endpoint: token}}, responses: {{}}}}}}\n\
         components:\n  pathItems:\n    login:\n      {}\n",
        LOGIN.trim_end().replace('\n', "\n      ")
    );
    assert_eq!(
        told(&read_text(&text), Rule::LeftOut),
        [
            "main.yaml#/components/pathItems/login/post: `/auth/login` has this operation twice; the first one counts"
        ]
    );
}

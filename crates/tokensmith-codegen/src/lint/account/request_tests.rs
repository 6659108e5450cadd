//! What is told of requests that only words describe.

use serde_json::{Value, json};

use crate::{Reading, Rule, Source};

fn read(operation: &Value) -> Reading {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/auth/token": operation}
    });
    let text = document.to_string();
    let reading = crate::read("a", Source::new("a.json", text.as_bytes()), None);
    assert!(reading.model.is_some(), "{:?}", reading.diagnostics);
    reading
}

/// What is unused of a token endpoint: message and help.
fn unused(post: Value) -> Vec<String> {
    let told = read(&json!({"post": token(post)})).diagnostics.into_iter();
    let told = told.filter(|one| one.rule == Rule::Unused);
    told.map(|one| format!("{}\n{}", one.message, one.help.unwrap_or_default()))
        .collect()
}

/// An operation with a success that has a token.
fn token(mut operation: Value) -> Value {
    let schema = json!({"properties": {"access_token": {"type": "string"}}});
    let success = json!({"description": "d", "content": {"application/json": {"schema": schema}}});
    operation["x-tokensmith"]["endpoint"] = json!("token");
    operation["responses"]["200"] = success;
    operation
}

fn body(properties: Value) -> Value {
    json!({"content": {"application/json": {"schema": {"properties": properties}}}})
}

#[track_caller]
fn says(told: &[String], parts: &[&str]) {
    let has = |one: &String| parts.iter().all(|part| one.contains(part));
    assert!(told.iter().any(has), "{parts:?} is not in {told:#?}");
}

#[test]
fn a_token_request_with_nothing_in_it_is_told() {
    let text = "Exchange a refresh token, OR make a client credentials grant request.";
    let extension = json!({"client-auth": "basic"});
    says(
        &unused(json!({"description": text, "x-tokensmith": extension})),
        &[
            "sent with nothing in them; its description names the grants `client_credentials` and `refresh_token`",
            "grants: [client_credentials, refresh_token]",
        ],
    );
    says(&unused(json!({})), &["sent with nothing in them\n"]);
    let basic = json!({"x-tokensmith": extension, "description": "Gives a token."});
    assert_eq!(unused(basic), [""; 0]);
}

#[test]
fn headers_of_error_texts_are_told() {
    let refusal = json!({"401": {"description": "Y016 : Api-Version header missing"}});
    let request = body(json!({"user": {"type": "string"}}));
    let told = unused(json!({"requestBody": request, "responses": refusal}));
    says(
        &told,
        &[
            "`Api-Version`: by the description of an error",
            "- {name: Api-Version, in: header, required: true",
        ],
    );
    let parameter = json!([{"name": "api-version", "in": "header", "schema": {"type": "string"}}]);
    let declared = json!({"requestBody": request, "parameters": parameter, "responses": refusal});
    assert_eq!(unused(declared), [""; 0]);
}

#[test]
fn optional_parameters_that_words_demand_are_told() {
    let request = body(json!({"userId": {"type": "string"}, "password": {"type": "string"}}));
    let text = "The userId and password properties are mandatory in the request body.";
    let mut operation = json!({"description": text, "requestBody": request});
    says(
        &unused(operation.clone()),
        &["`password` and `userId`: by the description of the operation, requests must have them"],
    );
    operation["requestBody"]["content"]["application/json"]["schema"]["required"] =
        json!(["userId", "password"]);
    assert_eq!(unused(operation), [""; 0]);
}

/// The secret of a client has a shorter name beside its identifier.
#[test]
fn a_secret_beside_the_clients_identifier_is_the_clients() {
    let text = json!({"type": "string"});
    let secret = |request: Value| {
        let model = read(&json!({"post": token(json!({"requestBody": body(request)}))})).model;
        let endpoints = model.map(|model| model.endpoints).unwrap_or_default();
        let authentication = endpoints[0].attributes.authentication.clone();
        (authentication.method.as_str(), authentication.client_secret)
    };
    let found = secret(json!({"clientId": text, "secret": text}));
    assert_eq!(found, ("body", "secret".to_owned()));
    assert_eq!(secret(json!({"user": text, "secret": text})).0, "none");
}

/// The method alone tells them apart.
#[test]
fn requests_of_one_path_are_named_after_their_operations() {
    let operation = |id: &str, parameter: &str| {
        let request = body(json!({parameter: {"type": "string"}}));
        token(json!({"operationId": id, "requestBody": request}))
    };
    let item = json!({
        "post": operation("create_token", "username"),
        "put": operation("renew_token", "old")
    });
    let model = read(&item).model.expect("there is one");
    let named = model.endpoints.iter().map(|endpoint| {
        let ident = endpoint.operations[0].ident.clone();
        (endpoint.attributes.method.as_str(), ident)
    });
    let mut named: Vec<(&str, String)> = named.collect();
    named.sort();
    assert_eq!(
        named,
        [
            ("POST", "CreateToken".to_owned()),
            ("PUT", "RenewToken".to_owned())
        ]
    );
    let options = crate::emit::Options {
        source: "a.yaml".to_owned(),
        command: "make".to_owned(),
        manifest: crate::emit::Manifest::Workspace,
    };
    let files = crate::emit::emit(&model, &options);
    let readme = format!("{files:?}");
    assert!(readme.contains("| PUT `/auth/token` |"), "{readme}");
}

#[test]
fn headers_that_only_the_transport_knows_are_told() {
    let header = |name: &str, schema: Value, text: &str| json!({"name": name, "in": "header", "required": true, "schema": schema, "description": text});
    let text = json!({"type": "string"});
    let of = |header: Value| {
        let request = body(json!({"user": {"type": "string"}}));
        unused(json!({"requestBody": request, "parameters": [header]}))
    };
    let encodings = |list: Value| {
        header(
            "Accept-Encoding",
            json!({"type": "string", "enum": list}),
            "",
        )
    };
    says(
        &of(encodings(json!(["gzip", "deflate"]))),
        &["requests ask for `identity`"],
    );
    assert_eq!(of(encodings(json!(["gzip", "identity"]))), [""; 0]);
    let signature = header(
        "X-JWS-SIGNATURE",
        text.clone(),
        "Detached JWS signature of the body",
    );
    says(
        &of(signature),
        &["`X-JWS-SIGNATURE`: by its description, it is a signature of the body"],
    );
    assert_eq!(
        of(header("X-Signature", text.clone(), "Of the client.")),
        [""; 0]
    );
    let algorithm = header(
        "Signature-Alg",
        text,
        "Algorithm of the signature of the body",
    );
    assert_eq!(of(algorithm), [""; 0]);
}

/// A document with this authorization URL and operation, of which something is told.
fn told_of_authorization(method: &str) -> String {
    let names = ["response_type", "client_id", "redirect_uri"];
    let request: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"type": "string"})))
        .collect();
    let request = body(Value::Object(request));
    let mut exchange = token(json!({"requestBody": body(json!({
        "grant_type": {"type": "string", "enum": ["authorization_code"]}, "code": {"type": "string"}
    }))}));
    exchange["security"] = json!([]);
    let flow = json!({"authorizationUrl": "https://a.example/authorize", "tokenUrl": "https://a.example/token", "scopes": {}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {
            "/authorize": {method: {"requestBody": request, "responses": {"200": {"description": "d"}}}},
            "/token": {"post": exchange}
        },
        "components": {"securitySchemes": {"o": {"type": "oauth2", "flows": {"authorizationCode": flow}}}}
    });
    let text = document.to_string();
    let told = crate::read("a", Source::new("a.json", text.as_bytes()), None).diagnostics;
    told.iter().map(|one| one.message.as_str()).collect()
}

#[test]
fn a_flow_that_leads_to_an_operation_by_post_is_told() {
    let by_get = "`Authorize` sends the browser by GET";
    assert!(told_of_authorization("post").contains(by_get));
    assert!(!told_of_authorization("get").contains(by_get));
}

/// Where nothing is asked for as well, nothing is lost.
#[test]
fn an_optional_token_at_the_token_endpoint_is_not_told() {
    let told = |security: Value| {
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "A", "version": "1"},
            "servers": [{"url": "http://localhost:8081"}, {"url": "http://localhost:8080"}],
            "security": security,
            "paths": {"/token": {"post": token(json!({"requestBody": body(json!({"user": {"type": "string"}}))}))}},
            "components": {"securitySchemes": {"jwt": {"type": "http", "scheme": "bearer"}}}
        });
        let text = document.to_string();
        let told = crate::read("a", Source::new("a.json", text.as_bytes()), None).diagnostics;
        told.iter()
            .map(|one| one.message.as_str())
            .collect::<String>()
    };
    let asks = "asks for a token or a key";
    assert!(told(json!([{"jwt": []}])).contains(asks));
    let optional = told(json!([{}, {"jwt": []}]));
    assert!(!optional.contains(asks), "{optional}");
    assert!(
        optional.contains(
            "`http://localhost:8080` and `http://localhost:8081`, which are on the machine"
        ),
        "{optional}"
    );
}

/// What stands beside the media type that is meant, and what is relative to a host that nobody knows.
#[test]
fn ranges_of_json_and_servers_of_this_machine_mean_nothing_more() {
    let schema = json!({"schema": {"properties": {"user": {"type": "string"}}}});
    let content = json!({"application/json": schema, "application/*+json": schema});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": "http://localhost:5000"}, {"url": "/", "description": "Other instances"}],
        "paths": {"/token": {"post": token(json!({"requestBody": {"content": content}}))}}
    });
    let text = document.to_string();
    let reading = crate::read("a", Source::new("a.json", text.as_bytes()), None);
    let told: Vec<&str> = reading
        .diagnostics
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert!(
        !told.iter().any(|one| one.contains("is not a media type")),
        "{told:?}"
    );
    let model = reading.model.expect("there is one");
    let urls: Vec<&str> = model
        .servers
        .iter()
        .map(|server| server.url.as_str())
        .collect();
    assert_eq!(urls, ["http://localhost:5000"], "{told:?}");
    assert!(told.iter().any(|one| one.contains("`/`")), "{told:?}");
}

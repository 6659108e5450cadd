use serde_json::{Value, json};

use crate::{Rule, Source};

/// What is told to be unused in a document with these operations, by path and method.
fn unused(paths: Value, components: Value) -> Vec<String> {
    let mut components = components;
    components["securitySchemes"] = json!({"basic": {"type": "http", "scheme": "basic"}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "security": [{"basic": []}],
        "paths": paths,
        "components": components,
    });
    told_of(&document)
}

/// What is told to be unused in a document.
fn told_of(document: &Value) -> Vec<String> {
    let reading = crate::read(
        "a",
        Source::new("a.json", document.to_string().as_bytes()),
        None,
    );
    let errors: Vec<_> = reading.diagnostics.iter().collect();
    assert!(reading.model.is_some(), "{errors:?}");
    let found = reading.diagnostics.into_iter();
    let unused = found.filter(|found| found.rule == Rule::Unused);
    unused
        .map(|found| format!("{}: {}", found.pointer, found.message))
        .collect()
}

/// An operation with this body and a standard response.
fn operation(schema: Value) -> Value {
    let response = json!({"type": "object", "properties": {"access_token": {"type": "string"}}});
    json!({"post": {
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}},
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": response}}}}
    }})
}

fn grant(properties: Value) -> Value {
    let mut properties = properties;
    properties["grant_type"] = json!({"type": "string", "enum": ["client_credentials"]});
    json!({"type": "object", "properties": properties})
}

#[test]
fn a_whole_document_has_nothing_to_tell() {
    let body = grant(json!({"scope": {"type": "string"}, "tenant": {"type": "string"}}));
    assert!(unused(json!({"/token": operation(body)}), json!({})).is_empty());
}

#[test]
fn each_endpoint_answers_for_its_own_parameters() {
    // The second endpoint takes what the first has not, and the other way round.
    let second = json!({"type": "object", "properties": {
        "grant_type": {"type": "string", "enum": ["password"]},
        "limit": {"type": "integer", "minimum": 1}
    }});
    let first = grant(json!({"limit": {"type": "integer"}}));
    let told = unused(
        json!({"/token": operation(first), "/v2/token": operation(second)}),
        json!({}),
    );
    let [told] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert!(told.starts_with("/paths/~1v2~1token/"), "{told}");
    assert!(told.ends_with("`limit`: not checked before a request is sent: `minimum`"));
}

#[test]
fn values_that_are_told_or_stated_otherwise_are_no_loss() {
    let shared = json!({"$ref": "#/components/schemas/Grant"});
    let body = |extra: Value| {
        let mut operation =
            operation(json!({"type": "object", "properties": {"grant_type": shared}}));
        operation["post"]["x-tokensmith"] = extra;
        operation
    };
    let schemas = json!({"schemas": {"Grant": {"type": "string", "enum": ["client_credentials", "implicit"]}}});
    let told = unused(json!({"/token": body(json!({}))}), schemas.clone());
    assert!(told.is_empty(), "it is left out, which is told: {told:?}");
    // What the extension states is what the document's author wants.
    let stated = body(json!({"grants": ["client_credentials"]}));
    assert!(unused(json!({"/token": stated}), schemas).is_empty());
}

#[test]
fn what_is_within_a_value_is_not_checked() {
    let areas = json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}});
    let plmn = json!({"type": "object", "required": ["mnc"], "properties": {"mcc": {"type": "string", "pattern": "^[0-9]{3}$"}}});
    let body =
        grant(json!({"areas": areas, "plmn": plmn, "one": {"type": "string", "enum": ["c", "d"]}}));
    let told = unused(json!({"/token": operation(body)}), json!({}));
    // What has other limits is told by itself.
    let [areas, members, mcc] = told.as_slice() else {
        panic!("{told:?}");
    };
    let unchecked = "not checked before a request is sent";
    assert!(
        areas.ends_with(&format!("`areas`: {unchecked}: `enum`")),
        "{areas}"
    );
    assert!(
        members.ends_with("its members are not checked: required `mnc`, optional `mcc`"),
        "{members}"
    );
    assert!(
        mcc.ends_with(&format!("`mcc`: {unchecked}: `pattern`")),
        "{mcc}"
    );
}

#[test]
fn items_of_lists_and_scopes_of_callers_are_not_checked() {
    let photo = json!({"type": "string", "contentEncoding": "base64"});
    let encoded = unused(
        json!({"/token": operation(grant(json!({"photo": photo})))}),
        json!({}),
    );
    let expected = "`photo`: not checked before a request is sent: `contentEncoding`";
    assert!(
        encoded.len() == 1 && encoded[0].ends_with(expected),
        "{encoded:?}"
    );
    let resource =
        json!({"type": "array", "items": {"type": "string", "maxLength": 9, "pattern": "^a"}});
    let scope = json!({"type": "string", "enum": ["read", "write"]});
    let body = grant(json!({"resource": resource, "scope": scope}));
    let told = unused(json!({"/token": operation(body)}), json!({}));
    let [items, scopes] = told.as_slice() else {
        panic!("{told:?}");
    };
    let unchecked = "not checked before a request is sent";
    assert!(
        items.ends_with(&format!(
            "`resource`: {unchecked}: `maxLength` and `pattern`"
        )),
        "{items}"
    );
    assert!(
        scopes.ends_with(&format!("`scope`: {unchecked}: `enum`")),
        "{scopes}"
    );
}

#[test]
fn what_the_client_makes_is_held_against_its_limits() {
    let of = |state: Value, nonce: Value| {
        let parameter =
            |name: &str, schema: Value| json!({"name": name, "in": "query", "schema": schema});
        let text = || json!({"type": "string"});
        let get = json!({"get": {
            "parameters": [
                parameter("response_type", json!({"type": "string", "enum": ["code"]})),
                parameter("client_id", text()),
                parameter("redirect_uri", text()),
                parameter("scope", text()),
                parameter("state", state),
                parameter("nonce", nonce),
            ],
            "responses": {"302": {"description": "Back."}}
        }});
        let mut told = unused(
            json!({"/token": operation(grant(json!({}))), "/authorize": get}),
            json!({}),
        );
        told.retain(|told| told.contains("the client makes"));
        told
    };
    let made = "the client makes 43 characters of base64url, which";
    for (state, key) in [
        (json!({"type": "string", "maxLength": 32}), "maxLength"),
        (json!({"type": "string", "minLength": 44}), "minLength"),
        (json!({"type": "string", "pattern": "^[a-z]+$"}), "pattern"),
    ] {
        let told = of(state, json!({"type": "string"}));
        let [told] = told.as_slice() else {
            panic!("{told:?}");
        };
        let expected = format!("`state`: {made} `{key}` of the document may not allow");
        assert!(told.ends_with(&expected), "{told}");
    }
    let fits =
        json!({"type": "string", "minLength": 8, "maxLength": 43, "pattern": "^[A-Za-z0-9_-]+$"});
    assert!(of(fits.clone(), fits).is_empty());
}

#[test]
fn what_is_not_sent_is_told_at_the_top_of_the_body_only() {
    let nested = json!({"type": "object", "properties": {"deep": {"type": "string"}}});
    let body = grant(json!({"profile": nested}));
    let told = unused(json!({"/token": operation(body)}), json!({}));
    assert!(
        told.iter().all(|told| !told.contains("no request has it")),
        "{told:?}"
    );
    // One schema may be the body and a part of it.
    let again = json!({"$ref": "#/components/schemas/Request"});
    let schema = grant(json!({"parent": again, "lost": {"readOnly": false, "not": {}}}));
    let told = unused(
        json!({"/token": operation(again.clone())}),
        json!({"schemas": {"Request": schema}}),
    );
    assert!(told.iter().any(|told| told.contains("`not`")), "{told:?}");
    let mut body = grant(json!({}));
    body["required"] = json!(["grant_type", "gone"]);
    let told = unused(json!({"/token": operation(body)}), json!({}));
    let [told] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert!(
        told.contains("`gone`: the body requires it and declares it nowhere"),
        "{told}"
    );
}

#[test]
fn a_limit_is_told_beside_what_else_is_told_of_the_part() {
    let mut body = grant(json!({"client_id": {"type": "integer", "maximum": 9}}));
    body["required"] = json!(["client_id"]);
    let mut token = operation(grant(json!({})));
    token["post"]["requestBody"]["content"] = json!({"application/json": {"schema": body}});
    let told = unused(json!({"/token": token}), json!({}));
    let has = |part: &str| told.iter().any(|told| told.contains(part));
    assert!(has("`client_id` is declared as a number"), "{told:?}");
    assert!(
        has("`client_id`: not checked before a request is sent: `maximum`"),
        "{told:?}"
    );
}

#[test]
fn what_is_not_read_of_a_response_is_told() {
    let mut token = operation(grant(json!({})));
    let response = &mut token["post"]["responses"]["200"];
    response["headers"] = json!({"X-Quota": {"schema": {"type": "integer"}}, "Retry-After": {}});
    let told = unused(json!({"/token": token}), json!({}));
    let [told] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert!(
        told.ends_with("headers of responses are not read: `X-Quota`"),
        "{told}"
    );
}

#[test]
fn whoever_follows_the_help_about_an_envelope_hears_no_more_of_it() {
    let text = json!({"type": "string"});
    let envelope = |properties: Value, extension: Value| {
        let mut token = operation(grant(json!({})));
        let schema = json!({"type": "object", "properties": properties});
        token["post"]["responses"]["200"]["content"]["application/json"]["schema"] = schema;
        token["post"]["x-tokensmith"] = extension;
        unused(json!({"/token": token}), json!({}))
    };
    let errors = json!({"access_token": text, "errors": {"type": "array", "items": {"type": "object", "properties": {"code": text, "detail": text}}}});
    assert_eq!(envelope(errors.clone(), json!({})).len(), 1);
    let stated = json!({"error": {"code": "/errors/0/code", "description": "/errors/0/detail"}});
    assert!(envelope(errors, stated).is_empty());
    let data = json!({"type": "object", "properties": {"access_token": text}});
    let flagged = json!({"success": {"type": "boolean"}, "data": data});
    assert_eq!(envelope(flagged.clone(), json!({})).len(), 1);
    let stated = json!({"failure": [{"at": "/success", "is": [false]}]});
    assert!(envelope(flagged, stated).is_empty());
}

#[test]
fn operations_that_look_like_oauth_are_told() {
    let body = json!({"required": true, "content": {"application/json": {"schema": {"type": "object", "properties": {"token": {"type": "string"}}}}}});
    for (path, method, told) in [
        ("/oauth/par", "post", "a pushed authorization request"),
        ("/oauth/tokens/{id}", "delete", "a revocation endpoint"),
        (
            "/oauth/refresh-tokens/{id}",
            "delete",
            "a revocation endpoint",
        ),
        ("/graphql/introspection", "get", ""),
        ("/uploads/{token}", "delete", ""),
        ("/oauth/par", "get", ""),
    ] {
        let mut other = json!({"responses": {"200": {"description": ""}}});
        if method == "post" {
            other["requestBody"] = body.clone();
        }
        if path.contains('{') {
            let name = path
                .rsplit('{')
                .next()
                .expect("a name")
                .trim_end_matches('}');
            other["parameters"] = json!([{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}]);
        }
        let paths = json!({"/oauth/token": operation(grant(json!({}))), path: {method: other}});
        let found = unused(paths, json!({}));
        match found.as_slice() {
            [] => assert_eq!(told, "", "{method} {path}"),
            [one] => assert!(!told.is_empty() && one.contains(told), "{one}"),
            more => panic!("{more:?}"),
        }
    }
}

#[test]
fn headers_that_a_vendors_own_keys_name_are_told_unless_requests_have_them() {
    let of = |headers: Value, body: Value| {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "A", "version": "1"},
            "servers": [{"url": "https://a.example"}],
            "x-acme-global-headers": headers,
            "x-acme-tags": ["token"],
            "security": [{"basic": []}],
            "paths": {"/token": body},
            "components": {"securitySchemes": {
                "basic": {"type": "http", "scheme": "basic", "x-additional-headers": {"Acme-Trace": {}}},
                "unused": {"type": "apiKey", "name": "k", "in": "header", "x-additional-headers": ["Other"]}
            }}
        });
        told_of(&document)
    };
    let headers = json!([{"header": "Acme-Version", "name": "version"}]);
    let token = operation(grant(json!({})));
    let [scheme, root] = of(headers.clone(), token.clone())
        .try_into()
        .expect("two keys are told");
    assert_eq!(
        root,
        "/x-acme-global-headers: keys of the vendor's own are not read: `x-acme-global-headers`; \
         no request has `Acme-Version`"
    );
    assert!(scheme.starts_with("/components/securitySchemes/basic/x-additional-headers: "));
    assert!(scheme.ends_with("no request has `Acme-Trace`"), "{scheme}");
    let mut declared = token;
    declared["post"]["parameters"] = json!([
        {"name": "acme-version", "in": "header", "schema": {"type": "string"}},
        {"name": "Acme-Trace", "in": "header", "schema": {"type": "string"}}
    ]);
    assert!(of(headers, declared).is_empty());
}

#[test]
fn a_mapping_to_no_branch_is_told() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let mapped = |name: &str| format!("#/components/schemas/{name}");
    let body = json!({
        "oneOf": [reference("A"), reference("B")],
        "discriminator": {"propertyName": "grant_type", "mapping": {
            "client_credentials": mapped("A"), "urn:b": mapped("B"), "legacy": mapped("C")
        }}
    });
    let schema = || grant(json!({}));
    let mut schemas = json!({"A": schema(), "B": schema(), "C": schema()});
    for name in ["A", "B", "C"] {
        schemas[name]["properties"]["grant_type"] = json!({"type": "string"});
    }
    let told = unused(
        json!({"/token": operation(body)}),
        json!({ "schemas": schemas }),
    );
    let expected = "`legacy`: mapped by the discriminator to a schema that is not among";
    assert!(told.iter().any(|one| one.contains(expected)), "{told:?}");
}

#[test]
fn a_flow_on_another_host_beside_one_on_the_server_is_told() {
    let told = |urls: [&str; 2]| {
        let [client, password] = urls.map(|url| json!({"tokenUrl": url, "scopes": {}}));
        let flows = json!({"clientCredentials": client, "password": password});
        let mut document = json!({
            "openapi": "3.0.3",
            "info": {"title": "A", "version": "1"},
            "servers": [{"url": "https://a.example"}],
            "paths": {"/token": operation(grant(json!({})))},
        });
        document["components"] =
            json!({"securitySchemes": {"o": {"type": "oauth2", "flows": flows}}});
        let told = told_of(&document);
        told.iter()
            .any(|one| one.contains("no operation is at the `tokenUrl`"))
    };
    assert!(told(["https://other.example/token", "/token"]));
    assert!(!told(["https://a.example/token", "/token"]));
    // One that all flows name is where the provider is.
    let other = "https://other.example/token";
    assert!(!told([other, other]));
}

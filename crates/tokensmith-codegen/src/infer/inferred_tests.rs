//! What is read by names, words and habits is told.

mod client_auth;
mod parameters;

use serde_json::{Value, json};

use crate::diagnostic::finding::EvidenceKind;
use crate::model::{EndpointKind, Model, ParameterKind};
use crate::{Source, explain};

mod grants;
mod sign_in;
mod vendor_documents;

/// What is said of a document whose token operation has these members.
struct Told {
    model: Model,
    messages: Vec<String>,
    /// What to write instead.
    helps: Vec<String>,
    /// What was asked of, and what answers it.
    evidence: Vec<(String, Vec<EvidenceKind>)>,
}

impl Told {
    fn of(operation: Value) -> Self {
        Self::beside(operation, json!({}))
    }

    /// The same with other paths beside it.
    fn beside(operation: Value, others: Value) -> Self {
        Self::of_several(operation, others, &json!({}))
    }

    /// The same with other security schemes as well.
    fn of_several(operation: Value, others: Value, schemes: &Value) -> Self {
        let mut token = json!({
            "security": [{"basic": []}],
            "requestBody": form(json!({"grant_type": {"enum": ["client_credentials"]}})),
            "responses": {"200": json_body(json!({"access_token": {"type": "string"}}))}
        });
        for (key, value) in operation.as_object().into_iter().flatten() {
            token[key] = value.clone();
        }
        let mut paths = others;
        paths["/token"] = json!({"post": token});
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {"title": "A", "version": "1"},
            "servers": [{"url": "https://a.example"}],
            "paths": paths,
            "components": {
                "schemas": {"Raw": {"title": "any JSON"}},
                "securitySchemes": {
                    "basic": {"type": "http", "scheme": "basic"},
                    "bearer": {"type": "http", "scheme": "bearer"}
                }
            }
        });
        for (key, value) in schemes.as_object().into_iter().flatten() {
            document["components"]["securitySchemes"][key] = value.clone();
        }
        let text = document.to_string();
        let (reading, findings) = explain("a", Source::new("a.json", text.as_bytes()), None);
        let evidence = findings.iter().map(|finding| {
            let kinds = finding.evidence.iter().map(|evidence| evidence.kind);
            (finding.answer.clone(), kinds.collect())
        });
        Self {
            evidence: evidence.collect(),
            messages: reading
                .diagnostics
                .iter()
                .map(|found| found.message.clone())
                .collect(),
            helps: reading
                .diagnostics
                .iter()
                .filter_map(|found| found.help.clone())
                .collect(),
            model: reading
                .model
                .unwrap_or_else(|| panic!("{:?}", reading.diagnostics)),
        }
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) {
        let has = |one: &String| parts.iter().all(|part| one.contains(part));
        assert!(
            self.messages.iter().any(has),
            "{parts:?} is not in {:#?}",
            self.messages
        );
    }

    #[track_caller]
    fn advises(&self, part: &str) {
        let mut helps = self.helps.iter();
        assert!(helps.any(|one| one.contains(part)), "{:#?}", self.helps);
    }

    #[track_caller]
    fn is_silent_of(&self, part: &str) {
        let mut messages = self.messages.iter();
        let found = messages.find(|one| one.contains(part));
        assert!(found.is_none(), "{found:?}");
    }
}

fn form(properties: Value) -> Value {
    json!({"content": {"application/x-www-form-urlencoded": {"schema": {"properties": properties}}}})
}

fn json_body(properties: Value) -> Value {
    json!({"description": "d", "content": {"application/json": {"schema": {
        "type": "object", "properties": properties
    }}}})
}

#[test]
fn a_parameter_is_required_by_its_reading_only_where_the_document_does_not_say_so() {
    let read = "`email` is read as the `username`";
    let with = |required: &[&str]| {
        let mut body = form(json!({
            "grant_type": {"enum": ["password"]},
            "email": {"type": "string"},
            "password": {"type": "string"}
        }));
        body["content"]["application/x-www-form-urlencoded"]["schema"]["required"] =
            json!(required);
        Told::of(json!({"requestBody": body}))
    };
    with(&["grant_type", "password"]).says(&[read, "it is required"]);
    let told = with(&["grant_type", "password", "email"]);
    told.is_silent_of("it is required");
    told.says(&["`email`, which is required, is read as the `username`"]);
}

#[test]
fn a_member_of_json_without_a_type_is_any_json() {
    let told = Told::of(json!({"requestBody": json_body(json!({
        "grant_type": {"enum": ["client_credentials"]},
        "metadata": {"$ref": "#/components/schemas/Raw"},
        "tenant": {"example": "acme"},
        "scope": {}
    }))}));
    let operation = &told.model.endpoints[0].operations[0];
    let kind = |name: &str| {
        let mut parameters = operation.parameters.iter();
        let found = parameters.find(|parameter| parameter.wire == name);
        found.map(|parameter| parameter.kind.clone())
    };
    assert_eq!(kind("metadata"), Some(ParameterKind::Json { list: false }));
    assert_eq!(kind("tenant"), Some(ParameterKind::Text));
    assert_eq!(kind("scope"), Some(ParameterKind::Scopes { list: false }));
    told.says(&["the schema of `metadata` has no type", "any JSON"]);
    // A form has texts only.
    let told = Told::of(json!({"requestBody": form(json!({
        "grant_type": {"enum": ["client_credentials"]}, "metadata": {}
    }))}));
    told.is_silent_of("has no type");
}

#[test]
fn words_and_marks_of_a_vendor_deprecate_an_operation() {
    let read = "the operation is read as deprecated";
    Told::of(json!({"summary": "**Deprecated**"})).says(&[read]);
    Told::of(json!({"x-release-status": "DEPRECATED"})).says(&[read]);
    Told::of(json!({"summary": "**Deprecated**", "deprecated": false}))
        .says(&[read, "although `deprecated: false` stands there"]);
    Told::of(json!({"x-release-status": "BETA"})).is_silent_of(read);
}

#[test]
fn one_of_several_errors_is_not_all_of_them() {
    let standard = json_body(json!({
        "error": {"type": "string"}, "error_description": {"type": "string"}
    }));
    let own = json_body(json!({"title": {"type": "string"}}));
    let token = json_body(json!({"access_token": {"type": "string"}}));
    let told = Told::of(json!({"responses": {"200": token, "400": standard, "500": own}}));
    told.says(&["one of the error responses has no"]);
    let told = Told::of(json!({"responses": {"200": token, "400": own}}));
    told.says(&["the error response has no"]);
}

/// Nothing that a document does not say is called a statement of it.
#[test]
fn names_in_camel_case_are_read_by_name() {
    let told = Told::of(json!({"security": [], "requestBody": json_body(json!({
        "grantType": {"type": "string", "enum": ["client_credentials"]},
        "clientId": {"type": "string"},
        "clientSecret": {"type": "string"}
    }))}));
    told.says(&["`grantType` is read as `grant_type`"]);
    let mut evidence = told.evidence.iter();
    let found = evidence.find(|(answer, _)| answer == "grantType");
    assert_eq!(
        found.map(|(_, kinds)| kinds.as_slice()),
        Some(&[EvidenceKind::Name][..])
    );
}

/// A generated crate asks no server that the runtime refuses.
#[test]
fn dot_segments_are_read_or_refused() {
    let read = |server: &str, path: &str| {
        let token = json!({
            "security": [{"basic": []}],
            "requestBody": form(json!({"grant_type": {"enum": ["client_credentials"]}})),
            "responses": {"200": json_body(json!({"access_token": {"type": "string"}}))}
        });
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {"title": "A", "version": "1"},
            "servers": [{"url": server}],
            "paths": {},
            "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
        });
        document["paths"][path] = json!({"post": token});
        let text = document.to_string();
        crate::read("a", Source::new("a.json", text.as_bytes()), None)
    };
    let reading = read("https://a.example/v1/../oauth", "/token");
    let model = reading.model.expect("the server is clear");
    assert_eq!(model.servers[0].url, "https://a.example/oauth");
    let mut told = reading.diagnostics.iter();
    assert!(told.any(|told| {
        told.message
            .contains("is read as `https://a.example/oauth`")
    }));
    let reading = read("https://a.example", "/v1/../token");
    assert!(reading.model.is_none());
    let mut told = reading.diagnostics.iter();
    assert!(told.any(|told| told.message.contains("`.` or `..` as a segment")));
}

/// `Client::authorize` pushes what the caller's request has: a token that it has not would refuse every request.
#[test]
fn a_pushed_request_has_no_token_yet() {
    let authorize = json!({"get": {
        "parameters": [
            {"name": "response_type", "in": "query", "schema": {"enum": ["code"]}},
            {"name": "redirect_uri", "in": "query", "schema": {"type": "string"}}
        ],
        "responses": {}
    }});
    let pushed = json!({"post": {
        "security": [{"bearer": []}],
        "requestBody": form(json!({
            "client_id": {"type": "string"},
            "client_secret": {"type": "string"},
            "redirect_uri": {"type": "string"}
        })),
        "responses": {"201": json_body(json!({"request_uri": {"type": "string"}}))}
    }});
    let grants = json!({"requestBody": form(json!({
        "grant_type": {"enum": ["authorization_code"]}, "code": {"type": "string"}
    }))});
    let told = Told::beside(grants, json!({"/authorize": authorize, "/par": pushed}));
    let pushed = told.model.endpoints.iter();
    let pushed = pushed
        .filter(|endpoint| endpoint.kind == EndpointKind::PushedAuthorization)
        .flat_map(|endpoint| &endpoint.operations)
        .flat_map(|operation| &operation.parameters);
    let names: Vec<&str> = pushed.map(|parameter| parameter.wire.as_str()).collect();
    assert!(
        !names.is_empty() && !names.contains(&"Authorization"),
        "{names:?}"
    );
    told.says(&["where authorization requests are pushed", "no token yet"]);
}

#[test]
fn hints_of_id_tokens_are_not_only_for_logouts() {
    let post = |properties: Value| {
        json!({"post": {
            "requestBody": form(properties), "responses": {"200": json_body(json!({}))}
        }})
    };
    let text = json!({"type": "string"});
    let told = Told::beside(
        json!({}),
        json!({
            "/oauth2/bc-authorize": post(json!({"id_token_hint": text, "login_hint": text})),
            "/oauth2/logout": post(json!({"id_token_hint": text}))
        }),
    );
    told.says(&["`POST /oauth2/bc-authorize` looks like a backchannel authentication request"]);
    told.says(&["`POST /oauth2/logout` looks like the end of a session"]);
}

#[test]
fn one_of_several_json_bodies_is_sent() {
    let body = |more: Value| {
        let mut properties = json!({"grant_type": {"enum": ["client_credentials"]}});
        for (key, value) in more.as_object().into_iter().flatten() {
            properties[key] = value.clone();
        }
        json!({"schema": {"required": ["grant_type"], "properties": properties}})
    };
    let of = |description: &str| {
        Told::of(
            json!({"description": description, "requestBody": {"content": {
                "application/json": body(json!({})),
                "application/vnd.acme+json": body(json!({"tenant": {"type": "string"}}))
            }}}),
        )
    };
    let sent = |told: &Told| told.model.endpoints[0].attributes.json_media_type.clone();
    let told = of("Gives a token.");
    told.says(&[
        "`application/vnd.acme+json` is not used",
        "sent as `application/json`",
        "the body of `application/vnd.acme+json` differs",
    ]);
    assert_eq!(sent(&told), None);
    assert!(told.model.endpoints[0].operations[0].parameters.is_empty());
    let told = of("Be sure to set the Content-Type to `application/vnd.acme+json`.");
    told.says(&[
        "`application/json` is not used",
        "sent as `application/vnd.acme+json`",
    ]);
    assert_eq!(sent(&told).as_deref(), Some("application/vnd.acme+json"));
    assert_eq!(told.model.endpoints[0].operations[0].parameters.len(), 1);
    let same = Told::of(json!({"requestBody": {"content": {
        "application/json": body(json!({})),
        "application/vnd.acme+json": body(json!({})),
        "text/json": body(json!({}))
    }}}));
    same.says(&["`application/vnd.acme+json` is not used"]);
    same.is_silent_of("differs");
}

#[test]
fn the_http_status_is_not_the_code_of_an_error() {
    let status = json!({"type": "integer", "description": "The HTTP status code."});
    let of = |first: Value, second: Value| {
        Told::of(json!({"responses": {
            "200": json_body(json!({"access_token": {"type": "string"}})),
            "400": json_body(first),
            "429": json_body(second)
        }}))
    };
    let code = |told: &Told| told.model.endpoints[0].attributes.error_code.clone();
    let text = json!({"type": "string"});
    let told = of(
        json!({"error": text, "code": status, "error_code": text}),
        json!({"code": {"type": "integer", "example": 429}, "msg": text}),
    );
    assert_eq!(code(&told), ["/error", "/error_code"]);
    told.says(&[
        "`/code` of the error response is the HTTP status",
        "`/error_code` is read",
    ]);
    // Where there is no other, it is all that there is.
    let told = of(
        json!({"code": status, "msg": text}),
        json!({"code": status, "msg": text}),
    );
    assert_eq!(code(&told), ["/error", "/code"]);
    told.says(&[
        "`/code` is read as the error code",
        "though the document describes it as the HTTP status",
    ]);
}

#[test]
fn a_grant_by_its_short_name_redeems_and_is_not_polled() {
    let text = json!({"type": "string"});
    let device = json!({"post": {
        "requestBody": form(json!({"client_id": text})),
        "responses": {"200": json_body(json!({
            "device_code": text, "user_code": text, "verification_uri": text
        }))}
    }});
    let of = |grant: &str| {
        let properties = json!({"grant_type": {"enum": [grant]}, "code": text});
        let token = json!({"requestBody": form(properties)});
        Told::beside(token, json!({"/device": device}))
    };
    let missing = "no token endpoint takes the grant";
    let told = of("device_code");
    told.is_silent_of(missing);
    told.says(&["does not poll with the grant `device_code`"]);
    let told = of("client_credentials");
    told.says(&[missing]);
    told.advises("enum: [client_credentials, urn:ietf:params:oauth:grant-type:device_code]");
}

#[test]
fn a_host_that_stands_for_another_is_told() {
    let of = |host: &str, paths: &Value| {
        let flow = json!({
            "authorizationUrl": format!("https://{host}/oauth/authorize"),
            "tokenUrl": "https://a.example/token",
            "scopes": {}
        });
        let scheme = json!({"type": "oauth2", "flows": {"authorizationCode": flow}});
        let grant = json!({"grant_type": {"enum": ["authorization_code"]}, "code": {}});
        let token = json!({"requestBody": form(grant)});
        Told::of_several(token, paths.clone(), &json!({"oauth": scheme}))
    };
    let placeholder = "looks like a placeholder";
    let none = json!({});
    let written = "`authorizationUrl` `https://base_url/oauth/authorize`";
    of("base_url", &none).says(&[written, placeholder]);
    of("login.example", &none).is_silent_of(placeholder);
    let header = json!({"name": "X-System", "in": "header", "schema": {"type": "string"}});
    let paths = json!({"/v1/oauth/authorize": {"get": {
        "parameters": [header], "responses": {"302": {"description": "A redirect"}}
    }}});
    let told = of("base_url", &paths);
    told.says(&[
        "no operation is at the `authorizationUrl`",
        "`/v1/oauth/authorize`",
    ]);
    let mut endpoints = told.model.endpoints.iter();
    let found = endpoints.find(|endpoint| endpoint.kind == EndpointKind::Authorization);
    let found = found.expect("the operation is taken");
    assert_eq!(found.paths[0].path, "/v1/oauth/authorize");
    assert!(found.servers.is_empty(), "it is on those of the document");
    let operation = &found.operations[0];
    let has = |name| operation.parameters.iter().any(|one| one.wire == name);
    assert!(has("redirect_uri") && !has("X-System"));
}

#[test]
fn polling_needs_a_code_in_error_responses() {
    let of = |grant: &str, error: Value| {
        let properties = json!({"grant_type": {"enum": [grant]}, "device_code": {}});
        Told::of(json!({"requestBody": form(properties), "responses": {
            "200": json_body(json!({"access_token": {"type": "string"}})),
            "486": {"description": "Pending", "content": {"application/json": {"schema": error}}}
        }}))
    };
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let lost = "no declared error response has an error code";
    of(device, json!({})).says(&[device, lost]);
    of("client_credentials", json!({})).is_silent_of(lost);
    let error = json!({"type": "object", "properties": {"error": {"type": "string"}}});
    of(device, error).is_silent_of(lost);
}

#[test]
fn a_member_that_only_an_example_has_is_told() {
    let body = |example: Value| {
        let properties = json!({"grant_type": {"enum": ["client_credentials"]}});
        Told::of(json!({"requestBody": {"content": {"application/json": {
            "schema": {"properties": properties}, "example": example
        }}}}))
    };
    let told = "`scope`: in the example, and declared nowhere for the request `ClientCredentials`";
    body(json!({"grant_type": "client_credentials", "scope": "admin"})).says(&[told]);
    body(json!({"grant_type": "client_credentials"})).is_silent_of("in the example");
}

#[test]
fn an_example_without_the_grant_of_the_query_goes_by_its_name() {
    let of = |name: &str| {
        let grants = json!(["password", "refresh_token"]);
        let properties = json!({"username": {}, "password": {}, "refresh_token": {}});
        let example = json!({"value": {"username": "a", "password": "b"}});
        Told::of(json!({
            "parameters": [{
                "name": "grant_type", "in": "query", "required": true, "schema": {"enum": grants}
            }],
            "requestBody": {"content": {"application/json": {
                "schema": {"properties": properties}, "examples": {name: example}
            }}}
        }))
    };
    let told = of("grant_type=password");
    told.is_silent_of("the example does not fit");
    assert_eq!(told.model.endpoints[0].examples.requests.len(), 1);
    of("login").says(&["`grant_type` is not in the body, and the name of the example"]);
}

#[test]
fn the_value_of_an_identifier_is_said() {
    let id = json!({"type": "string", "default": "anonymous", "description": "The client"});
    let grants = json!({"enum": ["client_credentials"]});
    let body = form(json!({"grant_type": grants, "client_id": id}));
    let told = Told::of(json!({"requestBody": body}));
    let said = &told.model.endpoints[0].client.id[0].text;
    assert_eq!(
        said,
        "The client. The document gives `anonymous` as its value."
    );
}

#[test]
fn a_url_for_refreshed_tokens_is_told_where_no_operation_is() {
    let of = |url: &str| {
        let scheme = json!({"flow": {"type": "oauth2", "flows": {"clientCredentials": {
            "tokenUrl": "/token", "refreshUrl": url, "scopes": {}
        }}}});
        Told::of_several(json!({}), json!({}), &scheme)
    };
    of("/refresh").says(&["no operation is at the `refreshUrl` `/refresh`"]);
    of("/token").is_silent_of("refreshUrl");
    of("https://a.example/token").is_silent_of("`refreshUrl`");
}

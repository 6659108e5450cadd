//! What vendors' own documents have, and few others.

use super::*;

#[test]
fn an_error_that_is_a_sentence_is_no_code_beside_a_code() {
    let error = json!({"error": {"type": "string", "example": "Something strange occurred."},
        "error_code": {"type": "number", "example": 8001}});
    let token = json_body(json!({"access_token": {"type": "string"}}));
    let told = Told::of(json!({"responses": {"200": token, "401": json_body(error)}}));
    let attributes = &told.model.endpoints[0].attributes;
    assert_eq!(attributes.error_code, ["/error_code"]);
    assert_eq!(
        attributes.error_description,
        ["/error_description", "/error"]
    );
}

#[test]
fn values_of_a_vendors_own_enum_are_shown() {
    let told = Told::of(json!({"requestBody": form(json!({
        "grant_type": {"enum": ["client_credentials"]},
        "audience": {"type": "string", "x-enum": ["https://api.a.example/"]}
    }))}));
    let audience = &told.model.endpoints[0].operations[0].parameters[0];
    let description = audience.description.as_deref().unwrap_or_default();
    assert_eq!(description, "Known values: `https://api.a.example/`.");
    assert_eq!(audience.example.as_deref(), Some("https://api.a.example/"));
    assert_eq!(audience.kind, ParameterKind::Text);
}

#[test]
fn the_example_of_a_body_is_that_of_its_parameters() {
    let mut body = form(json!({
        "grant_type": {"enum": ["client_credentials"]}, "audience": {"type": "string"}
    }));
    let schema = &mut body["content"]["application/x-www-form-urlencoded"]["schema"];
    schema["example"] = json!({"grant_type": "client_credentials", "audience": "api"});
    let told = Told::of(json!({"requestBody": body}));
    let audience = &told.model.endpoints[0].operations[0].parameters[0];
    assert_eq!(audience.example.as_deref(), Some("api"));
}

#[test]
fn information_about_a_token_is_told() {
    let told = "`GET /v1/token_info` looks like a check of a token";
    let info = |summary: &str| {
        let responses = json!({"200": {"description": "d"}});
        let get = json!({"get": {"summary": summary, "responses": responses}});
        Told::beside(json!({}), json!({"/v1/token_info": get}))
    };
    info("Get info about the current access token").says(&[told]);
    info("Get the price of a token").is_silent_of(told);
}

#[test]
fn a_parameter_that_asks_for_a_token_is_removed_to_hide_it() {
    let header = json!({"name": "Authorization", "in": "header", "required": true,
        "description": "Bearer authentication", "schema": {"type": "string"}});
    let told = Told::of(
        json!({"security": [], "parameters": [header], "requestBody": form(json!({
            "grant_type": {"enum": ["client_credentials"]},
            "client_id": {"type": "string"}, "client_secret": {"type": "string"}
        }))}),
    );
    told.says(&["asks for a token or a key in the `Authorization` header"]);
    told.advises("where it does not, remove the parameter");
    assert!(!told.helps.iter().any(|help| help.contains("security: []")));
}

#[test]
fn parameters_of_other_grants_in_an_example_are_not_called_undeclared() {
    let mut body = form(json!({
        "grant_type": {"enum": ["authorization_code", "client_credentials"]},
        "code": {"type": "string"}
    }));
    body["content"]["application/x-www-form-urlencoded"]["example"] =
        json!({"grant_type": "client_credentials", "code": ""});
    let told = Told::of(json!({"requestBody": body}));
    told.says(&[
        "`code`: in the example of the request `ClientCredentials`, and declared for other grants",
    ]);
    told.is_silent_of("declared nowhere");
}

#[test]
fn a_scope_that_is_a_user_is_told() {
    let response = |words: &str| {
        let scope = json!({"type": "string", "description": words});
        let members = json!({"access_token": {"type": "string"}, "scope": scope});
        Told::of(json!({"responses": {"200": json_body(members)}}))
    };
    let told = "`scope` of the token response is a user";
    response("The owning user of the service.").says(&[told]);
    response("What the user allows.").is_silent_of(told);
}

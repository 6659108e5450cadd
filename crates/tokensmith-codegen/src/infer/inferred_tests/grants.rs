//! Grants that only words name.

use super::*;

#[test]
fn implicit_in_a_list_of_grants_is_told() {
    let told = "a description names the grant implicit";
    let described = |text: &str| {
        Told::of(json!({"requestBody": form(json!({
            "grant_type": {"type": "string", "description": text}
        }))}))
    };
    let found = described("One of `client_credentials` or `implicit`");
    found.says(&[told]);
    found.advises("x-tokensmith: {grants: [client_credentials, implicit]}");
    described("One of `client_credentials`; consent is implicit.").is_silent_of(told);
    let flow = json!({"description": "`client_credentials`, not the `implicit` flow"});
    Told::of(flow).is_silent_of(told);
    let stated = json!({
        "x-tokensmith": {"grants": ["client_credentials", "implicit"]},
        "requestBody": form(json!({"grant_type": {"type": "string"}}))
    });
    let grants: Vec<_> = Told::of(stated).model.endpoints[0]
        .grants()
        .map(str::to_owned)
        .collect();
    assert_eq!(grants, ["client_credentials", "implicit"]);
}

#[test]
fn a_grant_that_the_words_on_a_response_name_is_told() {
    let response = |words: &str| {
        let refresh = json!({"type": "string", "description": words});
        let members = json!({"access_token": {"type": "string"}, "refresh_token": refresh});
        Told::of(json!({"responses": {"200": json_body(members)}}))
    };
    let told = "`refresh_token`: the response's description calls it a value of `grant_type`";
    let found = response("Send it with `grant_type=refresh_token`.");
    found.says(&[told]);
    found.advises("on the token endpoint:\nenum: [client_credentials, refresh_token]");
    response("Gets the next token.").is_silent_of(told);
}

#[test]
fn a_list_of_grants_to_write_has_those_that_are_read() {
    let request = |grant_type: Value, others: Value| {
        let mut properties = others;
        properties["grant_type"] = grant_type;
        Told::of(json!({"requestBody": form(properties)}))
    };
    let advises = |grant_type: Value, list: &str| {
        request(grant_type, json!({})).advises(&format!("enum: [{list}]"));
    };
    let text = "`authorization_code`, `refresh_token`, and `migration_token`";
    // Where nothing is listed yet, and where something is.
    let all = "authorization_code, refresh_token, migration_token";
    advises(json!({"type": "string", "description": text}), all);
    let listed = json!(["authorization_code", "refresh_token"]);
    advises(json!({"description": text, "enum": listed}), all);
    let default = json!({"default": "password", "enum": ["client_credentials"]});
    advises(default, "client_credentials, password");
    let parameters = json!({"username": {"type": "string"}, "password": {"type": "string"}});
    request(json!({"enum": ["client_credentials"]}), parameters)
        .advises("enum: [client_credentials, password]");
    let with_implicit = json!({"enum": ["client_credentials", "implicit"]});
    request(with_implicit, json!({})).advises("grants: [client_credentials, implicit]");
}

#[test]
fn a_grant_of_a_flow_is_listed_with_those_that_are_read() {
    let flows = json!({"password": {"tokenUrl": "https://a.example/token", "scopes": {}}});
    let scheme = json!({"flows": {"type": "oauth2", "flows": flows}});
    Told::of_several(json!({}), json!({}), &scheme).advises("enum: [client_credentials, password]");
}

//! Where users sign in.

use super::*;

fn query(names: &[&str]) -> Value {
    let one = |name: &&str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
    names.iter().map(one).collect()
}

fn code_grant() -> Value {
    json!({"requestBody": form(json!({
        "grant_type": {"enum": ["authorization_code"]},
        "code": {"type": "string"}, "redirect_uri": {"type": "string"}
    }))})
}

#[test]
fn an_authorization_endpoint_may_write_names_in_another_way() {
    let authorize = json!({"get": {
        "x-tokensmith": {"endpoint": "authorization"},
        "parameters": query(&["ResponseType", "ClientId", "RedirectUri", "State"]),
        "responses": {"302": {"description": "d"}}
    }});
    let told = Told::beside(code_grant(), json!({"/authorize": authorize}));
    told.says(&["`ResponseType` for `response_type` and `ClientId` for `client_id`"]);
    told.says(&["`RedirectUri` for `redirect_uri` and `State` for `state`"]);
    told.is_silent_of("declares no `state`");
    let mut endpoints = told.model.endpoints.iter();
    let endpoint = endpoints.find(|endpoint| endpoint.kind == EndpointKind::Authorization);
    let attributes = &endpoint.expect("is there").attributes;
    assert_eq!(attributes.grant_type.0, "ResponseType");
    assert_eq!(attributes.authentication.client_id, "ClientId");
}

#[test]
fn an_authorization_endpoint_without_parameters_is_told() {
    let looks = "`GET /oauth2/authorize` looks like an authorization endpoint";
    let authorize = |parameters: Value| {
        let operation = json!({"get": {
            "parameters": parameters, "responses": {"200": {"description": "d"}}
        }});
        Told::beside(code_grant(), json!({"/oauth2/authorize": operation}))
    };
    authorize(json!([])).says(&[looks]);
    authorize(query(&["order"])).is_silent_of(looks);
}

#[test]
fn an_openid_provider_is_told_unless_a_server_has_its_issuer() {
    let url = "https://id.a.example/.well-known/openid-configuration";
    let scheme = json!({"oidc": {"type": "openIdConnect", "openIdConnectUrl": url}});
    let told = Told::of_several(json!({}), json!({}), &scheme);
    told.says(&["`openIdConnectUrl`", "is not read"]);
    told.advises("x-tokensmith: {issuer: 'https://id.a.example'}");
    let servers =
        json!([{"url": "https://a.example", "x-tokensmith": {"issuer": "https://id.a.example"}}]);
    Told::of_several(json!({"servers": servers}), json!({}), &json!({}))
        .is_silent_of("is not read");
}

#[test]
fn a_scope_with_a_plus_may_be_several() {
    let told = "the scope `read+write` may be several scopes";
    let scopes = |scopes: Value, description: &str| {
        let flow = json!({"tokenUrl": "https://a.example/token", "scopes": scopes});
        let flows = json!({"clientCredentials": flow});
        let scheme = json!({"type": "oauth2", "description": description, "flows": flows});
        Told::of_several(json!({}), json!({}), &json!({"flow": scheme}))
    };
    scopes(json!({"read+write": "Both.", "read": "One."}), "").says(&[told]);
    let url = "https://a.example/authorize?scope=read+write&response_type=code";
    scopes(json!({"read+write": "Both."}), url).says(&[told]);
    scopes(json!({"read+write": "Both."}), "").is_silent_of(told);
}

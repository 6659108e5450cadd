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

/// What is said of a code grant on these servers, with the flow that it belongs to.
fn on_servers(urls: &[&str], authorization_url: &str) -> Told {
    let mut token = code_grant();
    token["servers"] = urls.iter().map(|url| json!({ "url": url })).collect();
    let flow = json!({
        "authorizationUrl": authorization_url, "tokenUrl": "/token", "scopes": {}
    });
    let scheme = json!({"type": "oauth2", "flows": {"authorizationCode": flow}});
    Told::of_several(token, json!({}), &json!({"oauth": scheme}))
}

#[test]
fn a_reserved_host_of_a_flow_stands_for_another_beside_a_real_one() {
    let told = "looks like a placeholder, and no operation is at the URL";
    let example = "https://example.com/oauth/dialog";
    on_servers(&["https://api.acme.dev"], example).says(&[example, told]);
    on_servers(&["https://api.example.com"], example).is_silent_of(told);
    on_servers(&["https://api.acme.dev"], "https://acme.dev/oauth/dialog").is_silent_of(told);
}

#[test]
fn base_paths_of_one_host_are_no_environments() {
    let told = "is known for the server";
    let url = "https://www.acme.dev/authorize";
    let [first, second] = ["https://api.acme.dev/v1", "https://api.acme.dev/v2"];
    on_servers(&[first, second], url).is_silent_of(told);
    on_servers(&[first, "https://api.sandbox.acme.dev"], url).says(&[told]);
}

#[test]
fn the_keys_of_a_client_are_not_those_of_the_server() {
    let told = "looks like a set of keys";
    let keys = |path: &str| {
        let get = json!({"get": {"responses": {"200": json_body(json!({"keys": {}}))}}});
        Told::beside(json!({}), json!({ path: get }))
    };
    keys("/v1/apps/{appId}/jwks").is_silent_of(told);
    keys("/v1/{tenant}/jwks").says(&[told]);
}

#[test]
fn a_code_verifier_is_advised_where_the_code_is() {
    let authorize = json!({"get": {
        "x-tokensmith": {"endpoint": "authorization"},
        "parameters": query(&["response_type", "client_id", "state"]),
        "responses": {"302": {"description": "d"}}
    }});
    let grant = form(json!({"grant_type": {"enum": ["authorization_code"]}}));
    let token = json!({"parameters": query(&["code"]), "requestBody": grant});
    let told = Told::beside(token, json!({"/authorize": authorize}));
    told.advises("parameters:\n- {name: code_verifier, in: query, schema: {type: string}}");
}

#[test]
fn the_feature_oidc_is_named_only_where_the_crate_has_it() {
    let well_known = json!({"get": {"responses": {"200": {"description": "d"}}}});
    let authorize = json!({"get": {
        "x-tokensmith": {"endpoint": "authorization"},
        "parameters": query(&["response_type", "client_id", "redirect_uri", "state"]),
        "responses": {"302": {"description": "d"}}
    }});
    let of = |members: Value| {
        let mut token = code_grant();
        token["responses"] = json!({"200": json_body(members)});
        let metadata = "/.well-known/openid-configuration";
        Told::beside(
            token,
            json!({metadata: well_known, "/authorize": authorize}),
        )
    };
    let silenced = "to hide this message, add to `GET /.well-known/openid-configuration`:\n\
                    x-tokensmith: {endpoint: none}";
    let unread = "no code is generated from `GET /.well-known/openid-configuration`";
    let text = json!({"type": "string"});
    of(json!({"access_token": text})).advises(&format!("{unread}; {silenced}"));
    of(json!({"access_token": text, "id_token": text})).advises(&format!(
        "{unread}: a client with an issuer, and the feature `oidc`, find it by discovery; {silenced}"
    ));
}

//! What the documentation says beside deviations.

use serde_json::json;

use super::tests::notes;

const NONCE: &str = "Requests for the scope `openid` have a `nonce` (OpenID Connect Core, section 3.1.2.1), which the document does not declare.";

#[test]
fn an_undeclared_nonce_is_told_where_requests_may_have_one() {
    let code = json!({"properties": {"grant_type": {"enum": ["authorization_code"]}, "code": {}}});
    let token = json!({"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": code}}}});
    let with = |names: &[&str], scope: &str| {
        let parameter =
            |name: &&str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
        let mut parameters: Vec<_> = names.iter().map(parameter).collect();
        let scopes = json!({"type": "string", "enum": [scope]});
        parameters.push(json!({"name": "scope", "in": "query", "schema": scopes}));
        let operation = json!({"parameters": parameters, "responses": {}});
        notes(&token, &json!({"/authorize": {"get": operation}}))
    };
    assert_eq!(with(&["response_type", "state"], "openid"), [NONCE]);
    assert_eq!(
        with(&["response_type", "state", "nonce"], "openid"),
        [""; 0]
    );
    assert_eq!(with(&["response_type", "state"], "orders"), [""; 0]);
}

#[test]
fn a_client_without_a_secret_is_not_advised_where_words_forbid_it() {
    let body = json!({"required": ["client_id"], "properties": {
        "grant_type": {"enum": ["refresh_token"]}, "client_id": {"type": "string"},
        "client_secret": {"type": "string"}, "refresh_token": {"type": "string"}
    }});
    let with = |description: &str| {
        let operation = json!({
            "description": description,
            "security": [],
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": body}}}
        });
        notes(&operation, &json!({}))
    };
    let advised = |notes: &[String]| {
        notes
            .iter()
            .any(|note| note.contains("Credentials::public"))
    };
    assert!(advised(&with("Gives a token.")));
    let forbidden = with("For these requests,\nyou cannot use public client_ids.");
    assert!(!advised(&forbidden), "{forbidden:?}");
    assert!(
        forbidden[0].contains("takes no public clients"),
        "{forbidden:?}"
    );
}

#[test]
fn an_identifier_beside_basic_is_told() {
    let with = |required: &[&str]| {
        let body = json!({"required": required, "properties": {
            "grant_type": {"enum": ["client_credentials"]}, "client_id": {"type": "string"}
        }});
        let content = json!({"application/x-www-form-urlencoded": {"schema": body}});
        notes(&json!({"requestBody": {"content": content}}), &json!({}))
    };
    let optional = with(&[]);
    assert!(
        optional[0].contains("`client_id` in the body as well"),
        "{optional:?}"
    );
    let required = with(&["client_id"]);
    assert!(
        !required.iter().any(|note| note.contains("as well")),
        "{required:?}"
    );
}

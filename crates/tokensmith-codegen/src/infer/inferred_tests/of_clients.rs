//! What is told of how clients authenticate.

use serde_json::{Value, json};

use super::{Told, form};

fn header(description: &str) -> Value {
    json!({"security": [], "parameters": [{
        "name": "authorization", "in": "header", "description": description,
        "schema": {"type": "string"}
    }]})
}

#[test]
fn a_header_with_the_secret_is_basic_where_it_says_so() {
    let guess = "is read as HTTP Basic";
    Told::of(header("encoded client_id and client_secret pair")).says(&[
        "`Authorization` header is described as the identifier and the secret",
        guess,
    ]);
    Told::of(header("Base64 of client_id:client_secret")).is_silent_of(guess);
}

#[test]
fn an_assertion_is_signed_by_a_key_where_nothing_is_said() {
    let assertion = |more: Value| {
        let mut operation = json!({"security": [], "requestBody": form(json!({
            "grant_type": {"enum": ["client_credentials"]},
            "client_assertion": {"type": "string"},
            "client_assertion_type": {"type": "string"}
        }))});
        operation["x-tokensmith"] = more;
        Told::of(operation)
    };
    let guess = "nothing is said of how `client_assertion` is signed";
    assertion(json!({})).says(&[guess, "`private-key-jwt`"]);
    assertion(json!({"client-auth": "client-secret-jwt"})).is_silent_of(guess);
}

#[test]
fn a_secret_that_words_have_in_basic_is_told() {
    let read = "`client_secret` may be sent by HTTP Basic";
    let with = |words: &str| {
        Told::of(json!({"security": [], "requestBody": form(json!({
            "grant_type": {"enum": ["client_credentials"]},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string", "description": words}
        }))}))
    };
    with("It can be in the body, but OAuth2\nrecommends a Basic Authorization header.")
        .says(&[read]);
    with("It must not be sent in a Basic Authorization header.").is_silent_of(read);
    with("The secret.").is_silent_of(read);
}

#[test]
fn assertions_are_signed_as_those_of_the_token_endpoint() {
    let guess = "nothing is said of how `client_assertion` is signed";
    let with = |description: &str| {
        let assertion = json!({
            "client_assertion": {"type": "string"}, "client_assertion_type": {"type": "string"}
        });
        let mut token = assertion.clone();
        token["grant_type"] = json!({"enum": ["client_credentials"]});
        let mut revoked = assertion;
        revoked["token"] = json!({"type": "string"});
        let revocation = json!({"post": {
            "security": [], "requestBody": form(revoked), "responses": {"200": {}}
        }});
        let operation =
            json!({"description": description, "security": [], "requestBody": form(token)});
        Told::beside(operation, json!({"/oauth/revoke": revocation}))
    };
    with("A token.").says(&[guess]);
    let told = with("Clients authenticate by `private_key_jwt`.");
    told.is_silent_of(guess);
    let told = with("Clients authenticate by client_secret_jwt.");
    told.is_silent_of(guess);
    let methods = told.model.endpoints.iter();
    let methods: Vec<&str> = methods
        .map(|endpoint| endpoint.attributes.authentication.method.as_str())
        .collect();
    assert_eq!(methods, ["client-secret-jwt"; 2]);
}

#[test]
fn an_operation_that_needs_no_authentication_is_not_silent_of_it() {
    let of = |grant: &str, security: Value| {
        let grant = json!({"grant_type": {"enum": [grant]}, "device": {"type": "string"}});
        Told::of(json!({"security": security, "requestBody": form(grant)}))
    };
    let silent = "the document does not say how the client authenticates";
    let told = of("client_credentials", json!([]));
    told.is_silent_of(silent);
    told.says(&[
        "`security` of the operation asks for nothing",
        "Basic is tried first",
    ]);
    let nobody = "declares neither a client authentication nor a `client_id`";
    of("password", json!([])).is_silent_of(nobody);
}

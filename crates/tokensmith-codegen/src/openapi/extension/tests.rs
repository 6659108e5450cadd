use std::collections::BTreeSet;

use tokensmith_description::ClientAuth;

use super::*;

/// A definition of the schema for editors.
fn definition(name: &str) -> Value {
    let text = include_str!("../../../../../specs/x-tokensmith.schema.json");
    let schema: Value = serde_json::from_str(text).expect("is JSON");
    schema["$defs"][name].clone()
}

/// What the schema for editors says of the extension of an object.
fn schema(of: &str) -> Value {
    definition(of)["properties"].clone()
}

/// The names that serde expects, as it says when it meets another.
fn expected<T: for<'de> Deserialize<'de> + std::fmt::Debug>(extension: Value) -> BTreeSet<String> {
    let error = serde_json::from_value::<T>(extension).expect_err("is odd");
    let text = error.to_string();
    let (_, list) = text.split_once("expected ").expect("lists the names");
    let names = list.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

fn keys(of: &Value) -> BTreeSet<String> {
    of.as_object()
        .expect("is an object")
        .keys()
        .cloned()
        .collect()
}

fn values(of: &Value) -> BTreeSet<String> {
    let values = of.as_array().expect("is a list").iter();
    values
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_schema_for_editors_has_the_same_keys_and_values() {
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("is JSON");
    let of_value = expected::<ValueExtension>(json(r#"{"?": 1}"#));
    assert_eq!(of_value, keys(&schema("value")));
    let of_variable = expected::<VariableExtension>(json(r#"{"?": 1}"#));
    assert_eq!(of_variable, keys(&schema("variable")));
    let schema = schema("operation");
    let odd = |text: &str| expected::<OperationExtension>(json(text));
    assert_eq!(odd(r#"{"?": 1}"#), keys(&schema));
    let methods = ClientAuth::ALL.iter().map(|auth| auth.to_string());
    let method = definition("client-auth-method");
    assert_eq!(methods.collect::<BTreeSet<_>>(), values(&method["enum"]));
    let members = &schema["client-auth"]["oneOf"][1]["properties"];
    assert_eq!(odd(r#"{"client-auth": {"?": 1}}"#), keys(members));
    assert_eq!(
        odd(r#"{"expiry": {"?": 1}}"#),
        keys(&schema["expiry"]["properties"])
    );
    let error = &schema["error"]["properties"];
    assert_eq!(odd(r#"{"error": {"?": 1}}"#), keys(error));
    let meanings = &error["codes"]["additionalProperties"]["enum"];
    assert_eq!(odd(r#"{"error": {"codes": {"x": "?"}}}"#), values(meanings));
    let failure = &schema["failure"]["items"]["properties"];
    assert_eq!(odd(r#"{"failure": [{"?": 1}]}"#), keys(failure));
    assert_eq!(
        odd(r#"{"endpoint": "?"}"#),
        values(&schema["endpoint"]["enum"])
    );
    let token_use = &schema["token-use"]["properties"];
    assert_eq!(odd(r#"{"token-use": {"?": 1}}"#), keys(token_use));
    let refresh_token = &schema["refresh-token"]["properties"];
    assert_eq!(odd(r#"{"refresh-token": {"?": 1}}"#), keys(refresh_token));
    let rotations = &refresh_token["rotates"]["enum"];
    assert_eq!(
        odd(r#"{"refresh-token": {"rotates": "?"}}"#),
        values(rotations)
    );
    let zeros = &schema["expiry"]["properties"]["zero"]["enum"];
    assert_eq!(odd(r#"{"expiry": {"zero": "?"}}"#), values(zeros));
    let publics = &members["public"]["enum"];
    assert_eq!(odd(r#"{"client-auth": {"public": "?"}}"#), values(publics));
    let formats = &schema["expiry"]["properties"]["format"]["enum"];
    assert_eq!(odd(r#"{"expiry": {"format": "?"}}"#), values(formats));
    let pushed = &schema["pushed-authorization"]["enum"];
    assert_eq!(odd(r#"{"pushed-authorization": "?"}"#), values(pushed));
    let methods = &schema["code-challenge"]["enum"];
    assert_eq!(odd(r#"{"code-challenge": "?"}"#), values(methods));
}

#[test]
fn a_method_may_stand_alone_or_among_others() {
    let read = |json: &str| {
        let extension: OperationExtension = serde_json::from_str(json).expect("is readable");
        extension.client_auth
    };
    let alone = read(r#"{"client-auth": "private-key-jwt"}"#);
    assert_eq!(alone.method, Some(ClientAuth::PrivateKeyJwt));
    let among = read(r#"{"client-auth": {"scheme": "ID", "client-id": "app_id"}}"#);
    assert_eq!(among.method, None);
    assert_eq!(among.scheme.as_deref(), Some("ID"));
    assert_eq!(among.client_id.as_deref(), Some("app_id"));
}

#[test]
fn a_failure_is_written_as_in_json() {
    let read = |json: &str| serde_json::from_str::<FailureExtension>(json);
    let marks = read(r#"{"at": "/a", "is-not": [0, 1.5, -2, true, "x"]}"#).expect("is readable");
    assert_eq!(marks.values, ["0", "1.5", "-2", "true", "x"]);
    assert!(marks.negated);
    assert!(read(r#"{"at": "/a"}"#).is_err());
    assert!(read(r#"{"at": "/a", "is": [null]}"#).is_err());
}

//! Security schemes: Swagger has one flow in each, and a type of its own for Basic.

use serde_json::{Map, Value, json};

use super::Moves;
use crate::pointer;

/// Raises the scheme of this name.
pub(super) fn raise(scheme: &mut Value, name: &str, moves: &mut Moves) {
    let Some(members) = scheme.as_object_mut() else {
        return;
    };
    match members.get("type").and_then(Value::as_str) {
        Some("basic") => {
            members.insert("type".to_owned(), json!("http"));
            members.insert("scheme".to_owned(), json!("basic"));
        }
        Some("oauth2") => flow(members, name, moves),
        _ => {}
    }
}

fn flow(members: &mut Map<String, Value>, name: &str, moves: &mut Moves) {
    let Some(name_of_flow) = raise_flow(members) else {
        return;
    };
    let from = pointer::join("/securityDefinitions", name);
    let to = pointer::join("/components/securitySchemes", name);
    moves.push((pointer::join_all(&to, &["flows", name_of_flow]), from));
}

/// The flow of this name, as OpenAPI 3.0 calls it.
pub(crate) fn flow_name(name: &str) -> Option<&'static str> {
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let letters: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    Some(match letters.as_str() {
        "application" | "clientcredentials" | "clientcredential" => "clientCredentials",
        "accesscode" | "authorizationcode" => "authorizationCode",
        "password" => "password",
        "implicit" => "implicit",
        _ => return None,
    })
}

/// Moves the one flow of a scheme below `flows`. Its name there.
pub(crate) fn raise_flow(members: &mut Map<String, Value>) -> Option<&'static str> {
    let name = members.remove("flow")?;
    let name_of_flow = flow_name(name.as_str()?)?;
    let mut flow = Map::new();
    for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
        if let Some(value) = members.remove(key) {
            flow.insert(key.to_owned(), value);
        }
    }
    let scopes = members.remove("scopes").unwrap_or_else(|| json!({}));
    flow.insert("scopes".to_owned(), scopes);
    members.insert("flows".to_owned(), json!({ name_of_flow: flow }));
    Some(name_of_flow)
}

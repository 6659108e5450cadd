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
    let name_of_flow = match members.remove("flow").as_ref().and_then(Value::as_str) {
        Some("application") => "clientCredentials",
        Some("accessCode") => "authorizationCode",
        Some("password") => "password",
        Some("implicit") => "implicit",
        _ => return,
    };
    let mut flow = Map::new();
    for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
        if let Some(value) = members.remove(key) {
            flow.insert(key.to_owned(), value);
        }
    }
    let scopes = members.remove("scopes").unwrap_or_else(|| json!({}));
    flow.insert("scopes".to_owned(), scopes);
    let from = pointer::join("/securityDefinitions", name);
    let to = pointer::join("/components/securitySchemes", name);
    moves.push((pointer::join_all(&to, &["flows", name_of_flow]), from));
    members.insert("flows".to_owned(), json!({ name_of_flow: flow }));
}

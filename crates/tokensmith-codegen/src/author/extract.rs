//! The part of a document that matters, for tools that the whole is too much for.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, Severity};
use crate::openapi::extension::Role;
use crate::openapi::grammar::{Part, walk_mut};
use crate::openapi::reference::resolve;
use crate::openapi::security_scheme::is_for_tokens;
use crate::select::Selected;
use crate::stages::{Files, Prepared, prepare};
use crate::{Source, repair};

/// The OAuth operations of a document with its overlay, and what they refer to, as JSON: one file in OpenAPI 3.
///
/// Security that asks for an access token is left out: at an endpoint that gives one it is circular. So are extensions, and examples
/// that are `null`; a response of any media type is JSON; and a token endpoint that declares no response responds as in RFC 6749,
/// section 5.1, which is how it is read.
///
/// # Errors
///
/// The first thing that keeps the operations from being found.
pub fn extract(document: Source<'_>, overlay: Option<Source<'_>>) -> Result<String, Diagnostic> {
    let mut diagnostics = Diagnostics::default();
    let prepared = prepare(document, overlay, &mut diagnostics, &mut Files::default());
    let prepared = prepared.filter(|_| !diagnostics.has_errors());
    let first_error = || {
        let mut all = diagnostics.into_vec().into_iter();
        all.find(|diagnostic| diagnostic.severity() == Severity::Error)
            .unwrap_or_else(|| {
                Diagnostic::new(Rule::NoTokenEndpoint, "", "there is nothing to keep")
            })
    };
    let Prepared {
        selected,
        is_swagger,
        ..
    } = prepared.ok_or_else(first_error)?;
    let Selected {
        mut tree, sites, ..
    } = selected;
    repair::repair(&mut tree, is_swagger, &mut Diagnostics::default());
    for site in sites.iter().filter(|site| site.role == Role::Token) {
        complete_response(&mut tree, &site.in_selected().pointer);
    }
    break_circles(&mut tree);
    drop_extensions(&mut tree);
    settle_media_types(&mut tree);
    Ok(tree.to_string())
}

/// Has a token endpoint respond with a token, where nothing is said of any success.
fn complete_response(tree: &mut Value, at: &str) {
    let says_something = |response: &Value| {
        let response = resolve(tree, response, "").map_or(response, |found| found.value);
        let content = response.get("content").and_then(Value::as_object);
        content.is_some_and(|content| !content.is_empty())
    };
    let responses = tree
        .pointer(at)
        .and_then(|operation| operation.get("responses")?.as_object());
    let successes: Vec<String> = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(status, _)| status.clone())
        .collect();
    let is_said = responses.is_some_and(|responses| {
        let said = |status: &str| responses.get(status).is_some_and(says_something);
        let without_success = successes.is_empty() && said("default");
        without_success || successes.iter().any(|status| said(status))
    });
    if is_said {
        return;
    }
    let status = successes
        .into_iter()
        .next()
        .unwrap_or_else(|| "200".to_owned());
    let text = || json!({"type": "string"});
    let token = json!({
        "type": "object",
        "required": ["access_token", "token_type"],
        "properties": {"access_token": text(), "token_type": text(), "expires_in": {"type": "integer"}}
    });
    if let Some(Value::Object(operation)) = tree.pointer_mut(at) {
        let responses = operation.entry("responses").or_insert_with(|| json!({}));
        responses[status] = json!({
            "description": "The token.",
            "content": {"application/json": {"schema": token}}
        });
    }
}

/// Leaves those ways to call an operation that need no access token; without any it needs nothing.
fn break_circles(tree: &mut Value) {
    let schemes = tree
        .pointer("/components/securitySchemes")
        .cloned()
        .unwrap_or_default();
    let general = tree
        .as_object_mut()
        .and_then(|tree| tree.remove("security"));
    let needs_token = |requirement: &Value| {
        let names = requirement.as_object().into_iter().flatten();
        names.map(|(name, _)| &schemes[name]).any(is_for_tokens)
    };
    let operations = tree["paths"].as_object_mut().into_iter().flatten();
    for (_, operation) in operations
        .filter_map(|(_, item)| item.as_object_mut())
        .flatten()
    {
        if operation.get("responses").is_none() {
            continue;
        }
        let own = operation.get("security").or(general.as_ref());
        let Some(requirements) = own.and_then(Value::as_array) else {
            continue;
        };
        let left = requirements
            .iter()
            .filter(|requirement| !needs_token(requirement));
        operation["security"] = json!(left.collect::<Vec<_>>());
    }
}

/// Extensions refer to whatever they like, and `null` is no example of anything.
fn drop_extensions(tree: &mut Value) {
    walk_mut(tree, Part::Document, &mut |_, members| {
        members
            .retain(|key, member| !(key.starts_with("x-") || key == "example" && member.is_null()));
    });
}

/// What is read of a response of any media type is JSON.
fn settle_media_types(tree: &mut Value) {
    let responses = |owner: &mut Value| match owner.get_mut("responses") {
        Some(Value::Object(responses)) => std::mem::take(responses),
        _ => Map::new(),
    };
    let settle = |owner: &mut Value| {
        let mut found = responses(owner);
        for response in found.values_mut() {
            let Some(Value::Object(content)) = response.get_mut("content") else {
                continue;
            };
            for any in ["*/*", "application/*"] {
                if let Some(media) = content.remove(any) {
                    content.entry("application/json").or_insert(media);
                }
            }
        }
        if !found.is_empty() {
            owner["responses"] = Value::Object(found);
        }
    };
    if let Some(components) = tree.get_mut("components") {
        settle(components);
    }
    let items = tree["paths"].as_object_mut().into_iter().flatten();
    let operations = items.filter_map(|(_, item)| item.as_object_mut()).flatten();
    operations
        .filter(|(_, operation)| operation.is_object())
        .for_each(|(_, operation)| settle(operation));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extract_has_the_token_endpoint_without_circles() {
        let document = br#"{
            "openapi": "3.0.0",
            "info": {"title": "Example", "version": "1"},
            "security": [{"bearer": []}, {"basic": []}],
            "paths": {
                "/pets": {"get": {"responses": {}}},
                "/token": {"post": {
                    "parameters": [{"name": "grant_type", "in": "query", "schema": {"type": "string"}}],
                    "responses": {"200": {"description": ""}}
                }}
            },
            "components": {"securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"}
            }}
        }"#;
        let text = extract(Source::new("a.json", document), None).expect("has a token endpoint");
        let tree: Value = serde_json::from_str(&text).expect("is JSON");
        assert!(tree["paths"].get("/pets").is_none());
        assert_eq!(
            tree["paths"]["/token"]["post"]["security"],
            json!([{"basic": []}])
        );
        let response = &tree["paths"]["/token"]["post"]["responses"]["200"];
        let schema = &response["content"]["application/json"]["schema"];
        assert_eq!(schema["properties"]["access_token"]["type"], "string");
        let empty = extract(
            Source::new("a.json", br#"{"openapi": "3.0.0", "paths": {}}"#),
            None,
        );
        assert_eq!(
            empty.err().map(|error| error.rule),
            Some(Rule::NoTokenEndpoint)
        );
    }
}

//! The part of a document that matters, for tools that the whole is too much for.

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, Severity};
use crate::openapi::grammar::{Part, walk_mut};
use crate::openapi::operation::{Operation, Response};
use crate::openapi::security_scheme::SecurityScheme;
use crate::select::Selected;
use crate::stages::{Files, Prepared, prepare};
use crate::{Source, repair};
use tokensmith_description::EndpointKind;

/// The OAuth operations of a document with its overlay, and what they refer to, as JSON: one file in OpenAPI 3.
///
/// Security that asks for an access token is left out: at an endpoint that gives one it is circular. So are extensions, and examples
/// that are `null`; a response of any media type is JSON; and a token endpoint that declares no response responds as in RFC 6749,
/// section 5.1, which is how it is read.
///
/// # Errors
///
/// The first thing that keeps the operations from being found.
pub fn excerpt(document: Source<'_>, overlay: Option<Source<'_>>) -> Result<String, Diagnostic> {
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
    for site in sites.iter().filter(|site| site.kind == EndpointKind::Token) {
        complete_response(&mut tree, &site.in_selected().pointer);
    }
    break_circles(&mut tree);
    drop_extensions(&mut tree);
    settle_media_types(&mut tree);
    Ok(tree.to_string())
}

/// Has a token endpoint respond with a token, where nothing is said of any success.
fn complete_response(tree: &mut Value, at: &str) {
    let Some(operation) = Operation::at(tree, at) else {
        return;
    };
    let responses = operation.responses();
    let is_success = |response: &&Response<'_>| response.status.starts_with('2');
    let success = responses.iter().find(is_success);
    let status = success.map_or_else(|| "200".to_owned(), |success| success.status.to_owned());
    let is_said = responses.iter().any(|response| {
        let without_success = success.is_none() && response.status == "default";
        (is_success(&response) || without_success) && !response.bodies(tree).is_empty()
    });
    if is_said {
        return;
    }
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
        let mut schemes = names.map(|(name, _)| SecurityScheme(&schemes[name]));
        schemes.any(SecurityScheme::is_for_tokens)
    };
    walk_mut(tree, Part::Document, &mut |part, operation| {
        if part != Part::Operation || !operation.contains_key("responses") {
            return;
        }
        let own = operation.get("security").or(general.as_ref());
        let Some(requirements) = own.and_then(Value::as_array) else {
            return;
        };
        let left = requirements
            .iter()
            .filter(|requirement| !needs_token(requirement));
        let left = left.cloned().collect();
        operation.insert("security".to_owned(), Value::Array(left));
    });
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
    walk_mut(tree, Part::Document, &mut |part, members| {
        let content = members.get_mut("content").and_then(Value::as_object_mut);
        let Some(content) = content.filter(|_| part == Part::Response) else {
            return;
        };
        for any in ["*/*", "application/*"] {
            if let Some(media) = content.remove(any) {
                content.entry("application/json").or_insert(media);
            }
        }
    });
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
        let text = excerpt(Source::new("a.json", document), None).expect("has a token endpoint");
        let tree: Value = serde_json::from_str(&text).expect("is JSON");
        assert!(tree["paths"].get("/pets").is_none());
        assert_eq!(
            tree["paths"]["/token"]["post"]["security"],
            json!([{"basic": []}])
        );
        let response = &tree["paths"]["/token"]["post"]["responses"]["200"];
        let schema = &response["content"]["application/json"]["schema"];
        assert_eq!(schema["properties"]["access_token"]["type"], "string");
        let empty = excerpt(
            Source::new("a.json", br#"{"openapi": "3.0.0", "paths": {}}"#),
            None,
        );
        assert_eq!(
            empty.err().map(|error| error.rule),
            Some(Rule::NoTokenEndpoint)
        );
    }
}

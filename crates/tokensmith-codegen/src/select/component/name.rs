//! What a component is: its kind, its name, and where it stands.

use serde_json::Value;

use crate::openapi::grammar::Part;
use crate::pointer;
use crate::source::external;

/// The section of the schemas.
pub(super) const SCHEMAS: &str = "schemas";

/// The key of `components` under which parts of a kind are gathered; what has none of its own is among the schemas.
pub(super) fn section(part: Part) -> &'static str {
    part.section().unwrap_or(SCHEMAS)
}

/// Where a component stands: its kind's key, and its name.
pub(super) type ComponentKey = (String, String);

/// Where the schema stands within something else that was taken for one: a body, a response or a parameter.
pub(super) fn of_schema(value: &Value) -> Option<String> {
    let content = value.get("content").and_then(Value::as_object);
    if let Some(content) = content {
        let mut media = content
            .iter()
            .filter(|(_, media)| media.get("schema").is_some());
        return media
            .next()
            .map(|(name, _)| pointer::join_all("", &["content", name, "schema"]));
    }
    let is_parameter = value.get("in").is_some_and(Value::is_string)
        && value.get("name").is_some_and(Value::is_string);
    let has_schema = value.get("schema").is_some_and(Value::is_object);
    (is_parameter && has_schema).then(|| "/schema".to_owned())
}

pub(super) fn own_key(pointer: &str) -> Option<ComponentKey> {
    let mut tokens = pointer::tokens(pointer);
    let (first, kind, name) = (tokens.next()?, tokens.next()?, tokens.next()?);
    (first == "components" && tokens.next().is_none()).then_some((kind, name))
}

pub(super) fn is_component(pointer: &str) -> bool {
    own_key(pointer).is_some()
}

/// A name for what stands at `pointer`: that of its own, or of what it belongs to; a file's is its stem.
pub(super) fn name_of(pointer: &str) -> String {
    /// Keys under which names stand.
    const NAMED: [&str; 10] = [
        "schemas",
        "definitions",
        "$defs",
        "parameters",
        "responses",
        "requestBodies",
        "headers",
        "examples",
        "components",
        "properties",
    ];
    let mut tokens: Vec<String> = pointer::tokens(pointer).collect();
    let mut stem = None;
    if external::is_external(pointer) && tokens.len() > 1 {
        let file = tokens.remove(1);
        tokens.remove(0);
        let name = file.rsplit('/').next().unwrap_or(&file);
        stem = Some(name.split('.').next().unwrap_or(name).to_owned());
    }
    // From the last component on, without the keys in between.
    let component = tokens
        .iter()
        .rposition(|token| NAMED[..NAMED.len() - 1].contains(&token.as_str()))
        .map_or(0, |index| index + 1);
    let words: Vec<&str> = tokens[component..]
        .iter()
        .map(String::as_str)
        .filter(|token| !NAMED.contains(token) && *token != "paths")
        .map(|token| token.trim_matches('/'))
        .collect();
    match (words.is_empty(), stem) {
        (true, Some(stem)) => stem,
        _ => words.join("_"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_what_is_meant() {
        let external =
            |file: &str, rest: &str| pointer::join_all("", &[external::KEY, file]) + rest;
        assert_eq!(name_of("/components/schemas/A/properties/b"), "A_b");
        assert_eq!(name_of("/definitions/A"), "A");
        assert_eq!(name_of(&external("a/Token.v1.yaml", "")), "Token");
        assert_eq!(name_of(&external("a.yaml", "/components/schemas/B")), "B");
        assert_eq!(name_of(&external("a.yaml", "/B")), "B");
        assert_eq!(
            name_of("/paths/~1token/post/requestBody/content/application~1json/schema"),
            "token_post_requestBody_content_application/json_schema"
        );
    }
}

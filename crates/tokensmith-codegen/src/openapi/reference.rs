//! Follows `$ref` in a value tree.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name::letters;
use crate::pointer;

/// More hops than this lead back to where they came from.
const MAX_HOPS: usize = 64;

/// A value and the pointer under which the document has it.
#[derive(Debug, Clone)]
pub(crate) struct Located<'a> {
    pub(crate) value: &'a Value,
    pub(crate) pointer: String,
}

/// The value at `pointer`, or the one its chain of `$ref` ends at, in a document that is all there is.
pub(crate) fn resolve<'a>(
    root: &'a Value,
    value: &'a Value,
    at: &str,
) -> Result<Located<'a>, Diagnostic> {
    follow(value, at, |reference, place| {
        target(root, reference).ok_or_else(|| dangling(place, reference))
    })
}

/// The end of the chain of `$ref` that `value` begins; `target` is told each reference and where it stands.
pub(crate) fn follow<'a>(
    value: &'a Value,
    at: &str,
    mut target: impl FnMut(&str, &str) -> Result<Located<'a>, Diagnostic>,
) -> Result<Located<'a>, Diagnostic> {
    let mut located = Located {
        value,
        pointer: at.to_owned(),
    };
    for _ in 0..MAX_HOPS {
        let Some(reference) = located.value.get("$ref").and_then(Value::as_str) else {
            return Ok(located);
        };
        let place = pointer::join(&located.pointer, "$ref");
        located = target(reference, &place)?;
    }
    Err(circular(&pointer::join(at, "$ref")))
}

pub(crate) fn circular(place: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::CircularReference,
        place,
        "the `$ref` leads back to itself",
    )
    .help("point it at a component that is not a `$ref` to this one")
}

/// What a reference into the same document points at.
fn target<'a>(root: &'a Value, reference: &str) -> Option<Located<'a>> {
    let pointer = pointer::of_reference(reference)?;
    let value = root.pointer(&pointer)?;
    Some(Located { value, pointer })
}

/// The name of the component of this kind that a reference means; escapes are undone.
pub(crate) fn component_name(reference: &str, kind: &str) -> Option<String> {
    let pointer = pointer::of_reference(reference)?;
    let mut tokens = pointer::tokens(&pointer);
    let (first, second, name) = (tokens.next()?, tokens.next()?, tokens.next()?);
    (first == "components" && second == kind && tokens.next().is_none()).then_some(name)
}

/// Whether a schema has a discriminator that says which grant a request is of, and no list of the schemas that it tells apart: these
/// are then the ones that extend it.
pub(crate) fn tells_grants(schema: &Map<String, Value>) -> bool {
    let Some(discriminator) = schema.get("discriminator") else {
        return false;
    };
    let property = discriminator.get("propertyName").and_then(Value::as_str);
    let has_list = ["oneOf", "anyOf"]
        .iter()
        .any(|key| schema.contains_key(*key))
        || discriminator.get("mapping").is_some();
    property.is_some_and(is_grant_type) && !has_list
}

/// Whether a property is called like `grant_type`, in whatever way words are put together.
pub(crate) fn is_grant_type(property: &str) -> bool {
    letters(property) == "granttype"
}

pub(crate) fn dangling(place: &str, reference: &str) -> Diagnostic {
    let (file, _) = pointer::split_reference(reference);
    let (place_of_it, help) = if file.is_empty() {
        (
            "this document".to_owned(),
            "add the component, or correct the reference",
        )
    } else {
        (
            format!("`{file}`"),
            "add it to that file, or correct the reference",
        )
    };
    let message = format!("`{reference}` points at nothing in {place_of_it}");
    Diagnostic::new(Rule::DanglingReference, place, message).help(help)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_component_is_known_by_its_plain_name() {
        let name = |reference| component_name(reference, "schemas");
        assert_eq!(
            name("#/components/schemas/a~1b%20c").as_deref(),
            Some("a/b c")
        );
        assert_eq!(name("#/components/schemas/A/properties/b"), None);
        assert_eq!(name("#/components/responses/A"), None);
        assert_eq!(name("other.yaml#/components/schemas/A"), None);
    }

    #[test]
    fn chains_are_followed_and_circles_told() {
        let root = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": 1, "x": {"$ref": "#/y"}, "y": {"$ref": "#/x"}});
        assert_eq!(
            resolve(&root, &root["a"], "/a")
                .map(|located| located.pointer)
                .as_deref(),
            Ok("/c")
        );
        assert_eq!(
            resolve(&root, &root["x"], "/x")
                .map_err(|error| error.rule)
                .err(),
            Some(Rule::CircularReference)
        );
    }
}

//! Follows `$ref`.

use openapiv3::ReferenceOr;
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
    let first = Located {
        value,
        pointer: at.to_owned(),
    };
    let end = end(first, |here| {
        let Some(reference) = here.value.get("$ref").and_then(Value::as_str) else {
            return Ok(None);
        };
        let place = pointer::join(&here.pointer, "$ref");
        target(reference, &place).map(Some)
    });
    end?.ok_or_else(|| circular(&pointer::join(at, "$ref")))
}

/// The same for a value whose references mean components of one section, which is all there is.
pub(crate) fn in_section<'a>(
    value: &'a Value,
    at: &str,
    key: &str,
    section: &'a Value,
) -> Option<Located<'a>> {
    let located = follow(value, at, |reference, place| {
        let dangling = || dangling(place, reference);
        let name = component_name(reference, key).ok_or_else(dangling)?;
        Ok(Located {
            value: section.get(&name).ok_or_else(dangling)?,
            pointer: pointer::join_all("/components", &[key, &name]),
        })
    });
    located.ok()
}

/// The same for a part of the typed model; `component` has the section of components that its references mean.
pub(crate) fn typed<'a, T>(
    part: &'a ReferenceOr<T>,
    at: String,
    key: &str,
    component: impl Fn(&str) -> Option<&'a ReferenceOr<T>>,
) -> Option<(&'a T, String)> {
    let end: Result<_, ()> = end((part, at), |(part, _)| match part {
        ReferenceOr::Item(_) => Ok(None),
        ReferenceOr::Reference { reference } => {
            let name = component_name(reference, key).ok_or(())?;
            let target = component(&name).ok_or(())?;
            Ok(Some((
                target,
                pointer::join_all("/components", &[key, &name]),
            )))
        }
    });
    match end {
        Ok(Some((ReferenceOr::Item(part), at))) => Some((part, at)),
        _ => None,
    }
}

/// Goes from one value to the next until there is none; nothing if there always is.
fn end<V, E>(first: V, mut next: impl FnMut(&V) -> Result<Option<V>, E>) -> Result<Option<V>, E> {
    let mut here = first;
    for _ in 0..MAX_HOPS {
        match next(&here)? {
            Some(there) => here = there,
            None => return Ok(Some(here)),
        }
    }
    Ok(None)
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
    let value = pointer::find(root, &pointer)?;
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
    use std::collections::BTreeMap;

    use openapiv3::Header;
    use serde::Deserialize;
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
    fn sections_are_followed_in_both_forms() {
        let tree = json!({
            "A": {"$ref": "#/components/headers/B~1"}, "B/": {"required": true, "schema": {}},
            "C": {"$ref": "#/components/headers/C"}, "D": {"$ref": "#/components/schemas/A"}
        });
        let typed_tree: BTreeMap<String, ReferenceOr<Header>> =
            Deserialize::deserialize(&tree).expect("are headers");
        for (name, expected) in [
            ("A", Some("/components/headers/B~1")),
            ("B/", Some("")),
            ("C", None),
            ("D", None),
        ] {
            let end = in_section(&tree[name], "", "headers", &tree);
            let end = end.map(|end| end.pointer);
            assert_eq!(end.as_deref(), expected, "{name}");
            let component = |name: &str| typed_tree.get(name);
            let end = typed(&typed_tree[name], String::new(), "headers", component);
            assert!(end.as_ref().is_none_or(|(header, _)| header.required));
            assert_eq!(end.map(|(_, at)| at).as_deref(), expected, "{name}");
        }
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

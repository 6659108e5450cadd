//! What openapiv3's types have no place for, taken out of the tree before it becomes these types: examples behind references,
//! security schemes as they are written, patterns of server variables, parameters that say `required: false`, operations that say
//! `deprecated: false`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::openapi::grammar::{Part, walk};
use crate::openapi::media::{self, Example};
use crate::openapi::reference::{Located, in_section};
use crate::pointer::Trail;

/// What was taken out of a tree, by where it stood there.
#[derive(Debug, Default)]
pub(crate) struct Untyped {
    /// The examples of each media type: their names, and where their values stand.
    examples: BTreeMap<String, Vec<(String, String)>>,
    /// An example that many media types refer to is here once.
    values: BTreeMap<String, Value>,
    schemes: Value,
    patterns: BTreeMap<String, String>,
    /// The parameters with `required: false`, which the types do not tell from those without `required`.
    optional: BTreeSet<String>,
    /// The operations with `deprecated: false`.
    current: BTreeSet<String>,
}

impl Untyped {
    pub(crate) fn of(tree: &Value) -> Self {
        let schemes = tree.pointer("/components/securitySchemes");
        let mut untyped = Self {
            schemes: schemes.cloned().unwrap_or_default(),
            ..Self::default()
        };
        walk(
            tree,
            Part::Document,
            &Trail::Start(""),
            &mut |part, members, at| match part {
                Part::Media => untyped.examples_of(tree, members, at),
                Part::Parameter if members.get("required") == Some(&Value::Bool(false)) => {
                    untyped.optional.insert(at.pointer());
                }
                Part::Operation if members.get("deprecated") == Some(&Value::Bool(false)) => {
                    untyped.current.insert(at.pointer());
                }
                Part::Variable => {
                    if let Some(pattern) = members.get("pattern").and_then(Value::as_str) {
                        let at = at.pointer();
                        untyped.patterns.insert(at, pattern.to_owned());
                    }
                }
                _ => {}
            },
        );
        untyped
    }

    fn examples_of(&mut self, tree: &Value, media: &Map<String, Value>, at: &Trail<'_>) {
        let keys = ["example", "examples", "schema"];
        if !keys.iter().any(|key| media.contains_key(*key)) {
            return;
        }
        let at = at.pointer();
        let found = media::examples(tree, media, &at);
        let found = found.into_iter().map(|example| {
            self.values
                .entry(example.pointer.clone())
                .or_insert_with(|| example.value.clone());
            (example.name.to_owned(), example.pointer)
        });
        let found: Vec<(String, String)> = found.collect();
        if !found.is_empty() {
            self.examples.insert(at, found);
        }
    }

    /// The examples of the media type at a pointer.
    pub(crate) fn examples<'a>(
        &'a self,
        media: &str,
    ) -> impl Iterator<Item = Example<'a>> + use<'a> {
        let named = self.examples.get(media).into_iter().flatten();
        named.filter_map(|(name, pointer)| {
            Some(Example {
                name,
                value: self.values.get(pointer)?,
                pointer: pointer.clone(),
            })
        })
    }

    /// The security scheme of a name, as the document has it.
    pub(crate) fn security_scheme(&self, name: &str) -> Option<Located<'_>> {
        const KEY: &str = "securitySchemes";
        let at = Trail::Start("/components/securitySchemes");
        let scheme = self.schemes.get(name)?;
        in_section(scheme, &at.key(name).pointer(), KEY, &self.schemes)
    }

    /// What the security scheme of a name refers to, where that could not be read.
    pub(crate) fn unread_security_scheme(&self, name: &str) -> Option<&str> {
        let scheme = self.schemes.get(name)?;
        let reference = scheme.get("$ref")?.as_str()?;
        self.security_scheme(name).is_none().then_some(reference)
    }

    /// Whether the parameter at a pointer says that it is optional.
    pub(crate) fn is_stated_optional(&self, parameter: &str) -> bool {
        self.optional.contains(parameter)
    }

    /// Whether the operation at a pointer says that it is not deprecated.
    pub(crate) fn is_stated_current(&self, operation: &str) -> bool {
        self.current.contains(operation)
    }

    /// What the values of the server variable at a pointer look like.
    pub(crate) fn pattern(&self, variable: &str) -> Option<&str> {
        self.patterns.get(variable).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_types_do_not_know_is_found_where_it_stood() {
        let shared = json!({"$ref": "#/components/examples/E"});
        let untyped = Untyped::of(&json!({
            "servers": [{"url": "https://{a}.example", "variables": {"a": {"pattern": "[a-z]+"}, "b": {}}}],
            "paths": {"/t": {"post": {"parameters": [{"name": "a", "required": false}, {"name": "b"}], "requestBody": {"content": {
                "a/b": {"example": 1, "examples": {"x": shared, "y": {"value": 2}, "z": {"$ref": "#/nowhere"}}},
                "c/d": {"examples": {"w": shared}}
            }}}}},
            "components": {
                "examples": {"E": {"value": 3}},
                "securitySchemes": {"a": {"$ref": "#/components/securitySchemes/b"}, "b": {"type": "mutualTLS"}, "c": {"$ref": "#/x"}}
            }
        }));
        let content = "/paths/~1t/post/requestBody/content";
        let examples = |media: &str| -> Vec<String> {
            let found = untyped.examples(&format!("{content}/{media}"));
            let shown = found.map(|one| format!("{} {} {}", one.name, one.value, one.pointer));
            shown.collect()
        };
        assert_eq!(
            examples("a~1b"),
            [
                format!(" 1 {content}/a~1b/example"),
                "x 3 /components/examples/E/value".to_owned(),
                format!("y 2 {content}/a~1b/examples/y/value"),
            ]
        );
        assert_eq!(examples("c~1d"), ["w 3 /components/examples/E/value"]);
        let scheme = |name: &str| untyped.security_scheme(name).map(|scheme| scheme.pointer);
        assert_eq!(
            scheme("a").as_deref(),
            Some("/components/securitySchemes/b")
        );
        assert_eq!(scheme("c"), None);
        let is_stated_optional = |index: usize| {
            untyped.is_stated_optional(&format!("/paths/~1t/post/parameters/{index}"))
        };
        assert!(is_stated_optional(0));
        assert!(!is_stated_optional(1));
        assert_eq!(untyped.pattern("/servers/0/variables/a"), Some("[a-z]+"));
        assert_eq!(untyped.pattern("/servers/0/variables/b"), None);
    }
}

//! Stage one: bytes become a value tree.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Excerpt, Position, Rule};

/// A file that was read: its name, its text and the values in it.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) tree: Value,
}

/// Reads a YAML or JSON file whose name is used in diagnostics only.
pub(crate) fn load(file: &str, bytes: &[u8]) -> Result<Loaded, Diagnostic> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Diagnostic::new(
            Rule::Unreadable,
            "",
            format!(
                "the file is not UTF-8: byte {} is invalid",
                error.valid_up_to()
            ),
        )
        .help("save the document as UTF-8")
        .in_file(file)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Diagnostic::new(Rule::Unreadable, "", "the file is empty")
            .help("start with `openapi: 3.1.0`, `info:` and `paths:`")
            .in_file(file));
    }
    let mut tree = read(text).map_err(|mut diagnostic| {
        diagnostic.excerpt = diagnostic
            .position
            .and_then(|place| Excerpt::around(text, place));
        diagnostic.in_file(file)
    })?;
    merge_keys(&mut tree);
    Ok(Loaded {
        file: file.to_owned(),
        text: text.to_owned(),
        tree,
    })
}

/// The one place that knows which crates read YAML and JSON.
fn read(text: &str) -> Result<Value, Diagnostic> {
    if text.trim_start().starts_with('{') {
        match serde_json::from_str(text) {
            Ok(tree) => return Ok(tree),
            // A flow mapping is YAML, and so is JSON with comments or a trailing comma.
            Err(error) => {
                return serde_yaml::from_str(text).map_err(|_| {
                    syntax(
                        "JSON",
                        error.to_string(),
                        Some((error.line(), error.column())),
                    )
                });
            }
        }
    }
    serde_yaml::from_str(text).map_err(|error| {
        let place = error
            .location()
            .map(|location| (location.line(), location.column()));
        syntax("YAML", error.to_string(), place)
    })
}

fn syntax(language: &str, error: String, place: Option<(usize, usize)>) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Rule::Syntax,
        "",
        format!("the file cannot be read as {language}: {error}"),
    )
    .help("write an OpenAPI document in YAML or JSON");
    diagnostic.position = place.map(|(line, column)| Position::new(line, column));
    diagnostic
}

/// Applies YAML merge keys (`<<: *anchor`), which the reader hands over as plain members.
fn merge_keys(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(merged) = members.remove("<<") {
                let sources = match merged {
                    Value::Array(sources) => sources,
                    source => vec![source],
                };
                for source in sources {
                    merge_defaults(members, source);
                }
            }
            members.values_mut().for_each(merge_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(merge_keys),
        _ => {}
    }
}

fn merge_defaults(members: &mut Map<String, Value>, source: Value) {
    if let Value::Object(source) = source {
        for (key, value) in source {
            members.entry(key).or_insert(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree(text: &str) -> Value {
        load("a.yaml", text.as_bytes()).expect("loads").tree
    }

    #[test]
    fn keys_that_are_no_strings_become_strings() {
        assert_eq!(
            tree("responses:\n  200: {}\n  true: 1\n"),
            json!({"responses": {"200": {}, "true": 1}})
        );
    }

    #[test]
    fn anchors_and_merge_keys_apply() {
        assert_eq!(
            tree("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n"),
            json!({"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}})
        );
    }

    #[test]
    fn a_byte_order_mark_and_crlf_are_no_matter() {
        assert_eq!(tree("\u{feff}a: 1\r\nb: 2\r\n"), json!({"a": 1, "b": 2}));
    }

    #[test]
    fn yaml_may_begin_with_a_brace() {
        assert_eq!(tree("{a: 1, b: [x]}"), json!({"a": 1, "b": ["x"]}));
    }

    #[test]
    fn errors_say_where() {
        let error = load("a.yaml", b"a: [1\nb: 2").expect_err("is no YAML");
        assert_eq!(error.rule, Rule::Syntax);
        assert!(error.position.is_some());
        let error = load("a.json", b"{\"a\": ]}").expect_err("is no JSON");
        assert_eq!(error.position, Some(Position { line: 1, column: 7 }));
        assert_eq!(
            load("a.yaml", b" \n").expect_err("is empty").rule,
            Rule::Unreadable
        );
        assert_eq!(
            load("a.yaml", b"\xff").expect_err("is no UTF-8").rule,
            Rule::Unreadable
        );
    }
}

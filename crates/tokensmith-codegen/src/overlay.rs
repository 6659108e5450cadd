//! The actions of an OpenAPI Overlay are applied.
//!
//! [Overlay Specification 1.0](https://spec.openapis.org/overlay/v1.0.0.html): targets are JSONPath ([RFC 9535](https://www.rfc-editor.org/rfc/rfc9535)), `update`
//! is merged into what they select, `remove` removes it.

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::load::Loaded;
use crate::origin::Origins;
use crate::pointer;

/// Most values that an overlay may add, each as often as its target selects.
const MAX_ADDED: usize = 1_000_000;
/// The deepest nesting that a document may have with its overlay: what readers take.
const MAX_DEPTH: usize = 127;

#[derive(Deserialize)]
struct Overlay {
    overlay: String,
    actions: Vec<Action>,
}

#[derive(Deserialize)]
struct Action {
    target: String,
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
}

/// Applies the overlay's actions in order. What does not fit is reported and left out.
pub(crate) fn apply(
    tree: &mut Value,
    overlay: &Loaded,
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) {
    let report = |rule, pointer: &str, message: String| {
        Diagnostic::new(rule, pointer, message).in_file(&overlay.file)
    };
    let actions = match serde_path_to_error::deserialize::<_, Overlay>(&overlay.tree) {
        Ok(Overlay {
            overlay: version,
            actions,
        }) if version.starts_with("1.") => actions,
        Ok(Overlay {
            overlay: version, ..
        }) => {
            let message = format!("overlay version `{version}` is not read");
            diagnostics
                .push(report(Rule::Overlay, "/overlay", message).help("write `overlay: 1.0.0`"));
            return;
        }
        Err(error) => {
            let message = format!("this is no OpenAPI Overlay 1.0 document: {}", error.inner());
            diagnostics.push(
                report(Rule::Overlay, &crate::parse::pointer_of(error.path()), message)
                    .help("an overlay has `overlay: 1.0.0`, `info:` and a list `actions:`, each with a `target:`"),
            );
            return;
        }
    };
    let mut added = 0_usize;
    for (index, action) in actions.into_iter().enumerate() {
        let place = pointer::join_all("/actions", &[&index.to_string(), "target"]);
        let path = match JsonPath::parse(&action.target) {
            Ok(path) => path,
            Err(error) => {
                let message = format!("`{}` is no JSONPath: {error}", action.target);
                let help = "write a JSONPath (RFC 9535), such as $.paths['/oauth/token'].post";
                diagnostics.push(report(Rule::Overlay, &place, message).help(help));
                continue;
            }
        };
        let mut locations: Vec<String> = path
            .query_located(tree)
            .locations()
            .map(|location| location.to_json_pointer())
            .collect();
        if locations.is_empty() {
            let message = format!(
                "the target `{}` selects nothing in the document",
                action.target
            );
            diagnostics.push(
                report(Rule::OverlayUnmatched, &place, message)
                    .help("the document has changed, or the target is misspelt: correct it or remove the action"),
            );
        }
        if action.remove {
            // From the end, so that the indices of an array stay right.
            locations.sort_by_key(|location| {
                pointer::tokens(location)
                    .map(Index::from)
                    .collect::<Vec<_>>()
            });
            for location in locations.iter().rev() {
                remove(tree, location);
            }
        } else if let Some(update) = action.update {
            let from = pointer::join_all("/actions", &[&index.to_string(), "update"]);
            added += locations.len().saturating_mul(values(&update));
            let deepest = locations.iter().map(|one| one.split('/').count()).max();
            let levels = deepest.unwrap_or_default() + depth(&update);
            if added > MAX_ADDED || levels > MAX_DEPTH {
                let message = format!(
                    "the target `{}` puts too much into the document",
                    action.target
                );
                diagnostics.push(
                    report(Rule::TooLarge, &place, message)
                        .help("select only the values that are to be changed"),
                );
                return;
            }
            let mut merge = Merge {
                file: &overlay.file,
                origins,
            };
            for location in locations {
                if let Some(target) = tree.pointer_mut(&location) {
                    merge.merge(target, update.clone(), &location, &from);
                }
            }
        } else {
            let message = "the action neither updates nor removes".to_owned();
            diagnostics.push(
                report(Rule::OverlayUnmatched, &place, message)
                    .help("add `update:` or `remove: true`"),
            );
        }
    }
}

/// How many values there are in this one, itself included.
fn values(value: &Value) -> usize {
    let below: usize = match value {
        Value::Object(members) => members.values().map(values).sum(),
        Value::Array(items) => items.iter().map(values).sum(),
        _ => 0,
    };
    below + 1
}

fn depth(value: &Value) -> usize {
    let below = match value {
        Value::Object(members) => members.values().map(depth).max(),
        Value::Array(items) => items.iter().map(depth).max(),
        _ => return 0,
    };
    below.unwrap_or_default() + 1
}

/// A pointer token in the order of the tree: array indices by number.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Index {
    Number(usize),
    Name(String),
}

impl From<String> for Index {
    fn from(token: String) -> Self {
        token.parse().map_or(Self::Name(token), Self::Number)
    }
}

fn remove(tree: &mut Value, location: &str) {
    let Some((parent, _)) = location.rsplit_once('/') else {
        return;
    };
    let Some(token) = pointer::tokens(location).last() else {
        return;
    };
    match tree.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.remove(&token);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// Merges updates into the tree, and notes what came from where.
struct Merge<'a> {
    file: &'a str,
    origins: &'a mut Origins,
}

impl Merge<'_> {
    /// Objects are merged member by member, lists are appended to, anything else is replaced.
    fn merge(&mut self, target: &mut Value, update: Value, to: &str, from: &str) {
        match (target, update) {
            (Value::Object(members), Value::Object(update)) => {
                for (key, value) in update {
                    let (to, from) = (pointer::join(to, &key), pointer::join(from, &key));
                    match members.get_mut(&key) {
                        Some(member) => self.merge(member, value, &to, &from),
                        None => {
                            self.note(&to, &from);
                            members.insert(key, value);
                        }
                    }
                }
            }
            (Value::Array(items), Value::Array(update)) => {
                for (index, item) in update.into_iter().enumerate() {
                    let to = pointer::join(to, &items.len().to_string());
                    self.note(&to, &pointer::join(from, &index.to_string()));
                    items.push(item);
                }
            }
            (Value::Array(items), update) => {
                self.note(&pointer::join(to, &items.len().to_string()), from);
                items.push(update);
            }
            (target, update) => {
                self.note(to, from);
                *target = update;
            }
        }
    }

    fn note(&mut self, to: &str, from: &str) {
        self.origins.note(to, self.file, from);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::load::load;

    fn applied(mut tree: Value, actions: Value) -> (Value, Vec<&'static str>) {
        let overlay = json!({"overlay": "1.0.0", "info": {}, "actions": actions}).to_string();
        let overlay = load("a.overlay.yaml", overlay.as_bytes()).expect("loads");
        let mut diagnostics = Diagnostics::default();
        let mut origins = Origins::default();
        apply(&mut tree, &overlay, &mut origins, &mut diagnostics);
        (
            tree,
            diagnostics
                .into_vec()
                .iter()
                .map(|diagnostic| diagnostic.rule.code())
                .collect(),
        )
    }

    #[test]
    fn updates_are_merged_and_lists_appended_to() {
        let (tree, codes) = applied(
            json!({"a": {"b": 1, "list": [1]}}),
            json!([{"target": "$.a", "update": {"c": 2, "list": [2]}}, {"target": "$", "update": {"servers": []}}]),
        );
        assert_eq!(
            tree,
            json!({"a": {"b": 1, "c": 2, "list": [1, 2]}, "servers": []})
        );
        assert!(codes.is_empty());
    }

    #[test]
    fn removal_keeps_the_indices_of_a_list_right() {
        let list: Vec<usize> = (0..12).collect();
        let (tree, _) = applied(
            json!({"a": list}),
            json!([{"target": "$.a[?@ > 0]", "remove": true}]),
        );
        assert_eq!(tree, json!({"a": [0]}));
    }

    #[test]
    fn what_an_overlay_wrote_is_found_there() {
        let overlay = json!({"overlay": "1.0.0", "info": {}, "actions": [
            {"target": "$.a", "update": {"b": {"c": 1}, "list": [2]}}
        ]});
        let overlay = load("a.overlay.yaml", overlay.to_string().as_bytes()).expect("loads");
        let mut origins = Origins::default();
        let mut tree = json!({"a": {"list": [1]}});
        apply(
            &mut tree,
            &overlay,
            &mut origins,
            &mut Diagnostics::default(),
        );
        let from = |pointer: &str| origins.of(pointer).map(|place| place.pointer);
        assert_eq!(from("/a/b/c").as_deref(), Some("/actions/0/update/b/c"));
        assert_eq!(
            from("/a/list/1").as_deref(),
            Some("/actions/0/update/list/0")
        );
        assert_eq!(from("/a/list/0"), None);
    }

    #[test]
    fn an_overlay_cannot_grow_a_document_without_end() {
        let update = json!({"target": "$..*", "update": {"a": {}, "b": {}, "c": {}}});
        let (_, codes) = applied(json!({"a": {}}), json!(vec![update; 100]));
        assert_eq!(codes, ["TS022"]);
        let deep = (0..60).fold(json!({}), |inner, _| json!({ "a": inner }));
        let target = format!("${}", ".a".repeat(60));
        let update = json!({"target": target, "update": deep});
        let again = json!({"target": format!("{target}{}", ".a".repeat(60)), "update": deep});
        let (_, codes) = applied(deep.clone(), json!([update, again]));
        assert_eq!(codes, ["TS022"]);
    }

    #[test]
    fn what_does_not_fit_is_reported() {
        let (_, codes) = applied(
            json!({}),
            json!([{"target": "$.a", "remove": true}, {"target": "a["}, {"target": "$"}]),
        );
        assert_eq!(codes, ["TS015", "TS014", "TS015"]);
    }
}

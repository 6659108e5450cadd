//! The actions that an overlay has.

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::cost::Cost;
use super::{Reports, path};
use crate::diagnostic::Rule;
use crate::pointer;
use crate::source::load::Loaded;

/// The members of an [Overlay Object](https://spec.openapis.org/overlay/v1.0.0.html#overlay-object).
const OVERLAY: [&str; 4] = ["overlay", "info", "extends", "actions"];
/// The members of an [Action Object](https://spec.openapis.org/overlay/v1.0.0.html#action-object).
const ACTION: [&str; 4] = ["target", "description", "update", "remove"];

#[derive(Deserialize)]
struct Overlay {
    overlay: String,
    info: Option<Info>,
    actions: Vec<Written>,
}

#[derive(Deserialize)]
struct Info {
    title: Option<Value>,
    version: Option<Value>,
}

#[derive(Deserialize)]
struct Written {
    target: String,
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
}

/// An action that can be carried out.
pub(super) struct Action {
    index: usize,
    pub(super) target: String,
    path: JsonPath,
    pub(super) cost: Cost,
    pub(super) update: Option<Value>,
    pub(super) remove: bool,
}

impl Action {
    /// JSON Pointer of a member of the action in the overlay.
    pub(super) fn at(&self, member: &str) -> String {
        at(self.index, member)
    }

    /// How many values the target selects.
    pub(super) fn count(&self, tree: &Value) -> usize {
        self.path.query(tree).len()
    }

    /// What the target selects, as JSON Pointers in the order of the tree.
    pub(super) fn locations(&self, tree: &Value) -> Vec<String> {
        let found = self.path.query_located(tree);
        let locations = found.locations().map(|location| location.to_json_pointer());
        let mut locations: Vec<String> = locations.collect();
        locations.sort_by_cached_key(|location| {
            pointer::tokens(location)
                .map(Index::from)
                .collect::<Vec<_>>()
        });
        locations
    }
}

fn at(index: usize, member: &str) -> String {
    pointer::join_all("/actions", &[&index.to_string(), member])
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

/// The actions of an overlay in order; what cannot be carried out is reported and left out.
pub(super) fn read(overlay: &Loaded, reports: &mut Reports<'_>) -> Vec<Action> {
    let read = match serde_path_to_error::deserialize::<_, Overlay>(&overlay.tree) {
        Ok(read) => read,
        Err(error) => {
            let message = format!(
                "this is not an OpenAPI Overlay 1.0 document: {}",
                error.inner()
            );
            let help = "an overlay has `overlay: 1.0.0`, `info:` and a list `actions:`, each with a `target:`";
            reports.push(
                Rule::Overlay,
                &pointer::of_path(error.path()),
                message,
                help,
            );
            return Vec::new();
        }
    };
    if !read.overlay.starts_with("1.") {
        let message = format!("overlay version `{}` is not read", read.overlay);
        reports.push(Rule::Overlay, "/overlay", message, "write `overlay: 1.0.0`");
        return Vec::new();
    }
    check(&read, &overlay.tree, reports);
    let actions = read.actions.into_iter().enumerate();
    actions
        .filter_map(|(index, written)| action(index, written, reports))
        .collect()
}

/// What the specification asks for and nothing here needs.
fn check(read: &Overlay, tree: &Value, reports: &mut Reports<'_>) {
    let is_named = read
        .info
        .as_ref()
        .is_some_and(|info| info.title.is_some() && info.version.is_some());
    if !is_named {
        let message = "an overlay has a title and a version".to_owned();
        let help = "write `info: {title: What the vendor does not say, version: 1.0.0}`";
        reports.push(Rule::OverlayUnmatched, "/info", message, help);
    }
    if read.actions.is_empty() {
        let message = "the overlay has no actions".to_owned();
        reports.push(
            Rule::OverlayUnmatched,
            "/actions",
            message,
            "add an action, or remove the file",
        );
    }
    unknown(tree, "", &OVERLAY, reports);
    let actions = tree.get("actions").and_then(Value::as_array);
    for (index, action) in actions.into_iter().flatten().enumerate() {
        unknown(
            action,
            &pointer::join("/actions", &index.to_string()),
            &ACTION,
            reports,
        );
    }
}

fn unknown(value: &Value, at: &str, known: &[&str], reports: &mut Reports<'_>) {
    let keys = value.as_object().into_iter().flatten().map(|(key, _)| key);
    for key in keys.filter(|key| !known.contains(&key.as_str()) && !key.starts_with("x-")) {
        let message = format!("an overlay has no `{}` here", key.escape_debug());
        let help = format!("remove it, or write one of {}", known.join(", "));
        reports.push(
            Rule::OverlayUnmatched,
            &pointer::join(at, key),
            message,
            &help,
        );
    }
}

fn action(index: usize, written: Written, reports: &mut Reports<'_>) -> Option<Action> {
    let Written {
        target,
        update,
        remove,
    } = written;
    let cost = match Cost::of(&target) {
        Ok(cost) => cost,
        Err(fault) => {
            let message = format!("the target asks for too much: {fault}");
            let help =
                "name the way to what is to be changed, such as $.paths['/oauth/token'].post";
            reports.push(Rule::TooLarge, &at(index, "target"), message, help);
            return None;
        }
    };
    let path = match path::parse(&target) {
        Ok(path) => path,
        Err((message, help)) => {
            reports.push(Rule::Overlay, &at(index, "target"), message, &help);
            return None;
        }
    };
    if update.is_some() && remove {
        let message = "the action updates and removes: it removes".to_owned();
        let help = "write one of `update:` and `remove: true`; both are two actions";
        reports.push(Rule::OverlayUnmatched, &at(index, "update"), message, help);
    }
    if update.is_none() && !remove {
        let message = "the action neither updates nor removes".to_owned();
        reports.push(
            Rule::OverlayUnmatched,
            &at(index, "target"),
            message,
            "add `update:` or `remove: true`",
        );
        return None;
    }
    Some(Action {
        index,
        target,
        path,
        cost,
        update,
        remove,
    })
}

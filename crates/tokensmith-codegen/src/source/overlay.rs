//! The actions of an OpenAPI Overlay are applied.
//!
//! [Overlay Specification 1.0](https://spec.openapis.org/overlay/v1.0.0.html): targets are JSONPath ([RFC 9535](https://www.rfc-editor.org/rfc/rfc9535)), `update`
//! is merged into what they select, `remove` removes it.

mod action;
mod cost;
mod extends;
mod fit;
mod merge;
mod path;
mod path_items;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::diagnostic::budget::Counter;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::source::external::Files;
use crate::source::hidden_text;
use crate::source::load::{self, Loaded};
use crate::source::origin::Origins;
use crate::{Source, pointer};

use action::Action;
pub(crate) use fit::fits;
pub use fit::{Fit, Misfit};
use merge::{Merge, depth, remove_all, size, weight};
use path_items::PathItems;

/// Values that all actions together may add: a target that matches everything, twice, would double the document each time.
const MAX_ADDED: usize = 200_000;
/// Values that one action may select.
const MAX_SELECTED: usize = 100_000;
/// The deepest nesting that a document may have with its overlay: what readers take.
const MAX_DEPTH: usize = 127;

/// Reads an overlay as a tree.
pub(crate) fn load(overlay: Source<'_>) -> Result<Loaded, Diagnostic> {
    load::load(overlay.name, overlay.bytes).map_err(|diagnostic| match diagnostic.rule {
        // The advice of other rules is about any file.
        Rule::Syntax | Rule::TooLarge => {
            diagnostic.help("write an OpenAPI Overlay in YAML or JSON")
        }
        Rule::Unreadable if overlay.bytes.trim_ascii().is_empty() => diagnostic
            .help("start with `overlay: 1.0.0`, `info:` and `actions:`, or remove the file"),
        _ => diagnostic,
    })
}

/// Applies the overlay's actions in order to the document that stands beside these files. What does not fit is reported and left
/// out.
pub(crate) fn apply(
    tree: &mut Value,
    beside: &Files<'_>,
    overlay: &Loaded,
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) {
    let mut reports = Reports {
        file: &overlay.file,
        diagnostics,
    };
    extends::check(&overlay.tree, beside.document(), &mut reports);
    hidden_text::look_through(&overlay.tree, &mut |at, message| {
        reports.push(Rule::HiddenCharacter, at, message, hidden_text::HELP);
    });
    let (values, levels) = (size(tree), depth(tree));
    let (added, steps) = (Counter::default(), Counter::default());
    let path_items = PathItems::new(beside, &added, MAX_ADDED);
    for action in action::read(overlay, &mut reports) {
        let steps = steps.add(
            action
                .cost
                .steps(values.saturating_add(added.sum()), levels),
        );
        path_items.bring(&action.target, tree, origins);
        if steps > cost::most_steps(values) || action.count(tree) > MAX_SELECTED {
            let message = format!(
                "the target `{}` goes through too many values of this document",
                action.target
            );
            let help =
                "name the way to what is to be changed, such as $.paths['/oauth/token'].post";
            reports.push(Rule::TooLarge, &action.at("target"), message, help);
            return;
        }
        let locations = action.locations(tree);
        if locations.is_empty() {
            let message = format!(
                "the target `{}` selects nothing in the document",
                action.target
            );
            reports.push(
                Rule::OverlayUnmatched,
                &action.at("target"),
                message,
                unmatched_help(tree),
            );
        }
        if action.remove {
            remove(tree, &locations, &action, &mut reports);
        } else if let Some(update) = &action.update {
            let added = added.add(locations.len().saturating_mul(weight(update)));
            let deepest = locations
                .iter()
                .map(|location| location.split('/').count())
                .max();
            if added > MAX_ADDED || deepest.unwrap_or_default() + depth(update) > MAX_DEPTH {
                let message = format!(
                    "the target `{}` puts too much into the document",
                    action.target
                );
                let help = "select only the values that are to be changed: a document has a few token endpoints";
                reports.push(Rule::TooLarge, &action.at("target"), message, help);
                return;
            }
            let mut merge = Merge {
                file: &overlay.file,
                origins,
            };
            for location in &locations {
                merge_at(tree, location, &action, update, &mut merge, &mut reports);
            }
        }
    }
}

/// What to do about a target that selects nothing.
fn unmatched_help(tree: &Value) -> &'static str {
    let paths = tree.get("paths").and_then(Value::as_object);
    let mut items = paths.into_iter().flat_map(serde_json::Map::values);
    match items.any(|item| item.get("$ref").is_some()) {
        true => {
            "the document has changed, or the target is misspelt: correct it or remove the action; what a path refers to is selected where the target names the path, as $.paths['/oauth/token'].post does"
        }
        false => {
            "the document has changed, or the target is misspelt: correct it or remove the action"
        }
    }
}

/// Removes what an action selects, as far as a document can be without it.
fn remove(tree: &mut Value, locations: &[String], action: &Action, reports: &mut Reports<'_>) {
    let (kept, removed): (Vec<_>, Vec<_>) = locations
        .iter()
        .partition(|location| is_kept(location).is_some());
    for message in kept.into_iter().filter_map(|location| is_kept(location)) {
        let message = format!("the target `{}` selects {message}", action.target);
        let help = "select what is to be removed and nothing else";
        reports.push(Rule::Overlay, &action.at("target"), message, help);
    }
    remove_all(tree, &removed);
}

/// What a document cannot be without, in words.
fn is_kept(location: &str) -> Option<&'static str> {
    match location {
        "" => Some("the whole document, which cannot be removed"),
        "/openapi" | "/swagger" => {
            Some("the document's OpenAPI version, without which it cannot be read")
        }
        _ => None,
    }
}

fn merge_at(
    tree: &mut Value,
    location: &str,
    action: &Action,
    update: &Value,
    merge: &mut Merge<'_>,
    reports: &mut Reports<'_>,
) {
    let version = ["openapi", "swagger"].map(|key| (key, tree.get(key).cloned()));
    let Some(target) = tree.pointer_mut(location) else {
        return;
    };
    let from = action.at("update");
    match (&target, update) {
        (Value::Object(_), Value::Object(_)) | (Value::Array(_), _) => {
            merge.merge(target, update.clone(), location, &from);
        }
        (Value::Object(_), _) => {
            let message = format!(
                "the target `{}` selects an object, which nothing but an object can update",
                action.target
            );
            let help = "write the members that it is to have: `update: {name: value}`";
            reports.push(Rule::Overlay, &from, message, help);
        }
        _ => {
            let message = format!(
                "the target `{}` selects a plain value, which cannot be updated",
                action.target
            );
            let help = "select the object that has it, and update its member";
            reports.push(Rule::Overlay, &action.at("target"), message, help);
        }
    }
    for (key, was) in version.into_iter().filter(|_| location.is_empty()) {
        if was.is_some_and(|was| was.is_string()) && !tree[key].is_string() {
            let message = format!("the document's version, `{key}`, is made something else");
            let help = "write a version in quotes, or leave it as the document has it";
            reports.push(Rule::Overlay, &pointer::join(&from, key), message, help);
        }
    }
}

/// Diagnostics about the overlay itself.
struct Reports<'a> {
    file: &'a str,
    diagnostics: &'a mut Diagnostics,
}

impl Reports<'_> {
    fn push(&mut self, rule: Rule, at: &str, message: String, help: &str) {
        self.diagnostics.push(
            Diagnostic::new(rule, at, message)
                .help(help)
                .in_file(self.file),
        );
    }
}

//! Stage two: the actions of an OpenAPI Overlay are applied.
//!
//! [Overlay Specification 1.0](https://spec.openapis.org/overlay/v1.0.0.html): targets are JSONPath ([RFC 9535](https://www.rfc-editor.org/rfc/rfc9535)), `update`
//! is merged into what they select, `remove` removes it.

mod action;
mod cost;
mod fit;
mod merge;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::load::Loaded;
use crate::origin::Origins;

pub(crate) use fit::fits;
pub use fit::{Fit, Misfit};
use merge::{Merge, depth, remove, size};

/// Values that all actions together may add: a target that matches everything, twice, would double the document each time.
const MAX_ADDED: usize = 200_000;
/// Values that one action may select.
const MAX_SELECTED: usize = 100_000;
/// The deepest nesting that a document may have with its overlay: what readers take.
const MAX_DEPTH: usize = 127;

/// Applies the overlay's actions in order. What does not fit is reported and left out.
pub(crate) fn apply(
    tree: &mut Value,
    overlay: &Loaded,
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) {
    let mut reports = Reports {
        file: &overlay.file,
        diagnostics,
    };
    let (values, levels) = (size(tree), depth(tree));
    let (mut added, mut steps) = (0_usize, 0_usize);
    for action in action::read(overlay, &mut reports) {
        steps = steps.saturating_add(action.cost.steps(values + added, levels));
        if steps > cost::MAX_STEPS || action.count(tree) > MAX_SELECTED {
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
                "the document has changed, or the target is misspelt: correct it or remove the action",
            );
        }
        if action.remove {
            locations
                .iter()
                .rev()
                .for_each(|location| remove(tree, location));
        } else if let Some(update) = &action.update {
            let from = action.at("update");
            added = added.saturating_add(locations.len().saturating_mul(size(update)));
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
                match tree.pointer_mut(location) {
                    Some(target @ (Value::Object(_) | Value::Array(_))) => {
                        merge.merge(target, update.clone(), location, &from);
                    }
                    Some(_) => {
                        let message = format!(
                            "the target `{}` selects a plain value, which cannot be updated",
                            action.target
                        );
                        let help = "select the object that has it, and update its member";
                        reports.push(Rule::Overlay, &action.at("target"), message, help);
                    }
                    None => {}
                }
            }
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

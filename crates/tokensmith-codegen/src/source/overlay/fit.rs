//! What an overlay still does to a newer document of its vendor's.

use serde_json::Value;

use super::Reports;
use super::action::{self, Action};
use super::merge::{Merge, remove_all};
use crate::diagnostic::Diagnostics;
use crate::pointer;
use crate::source::load::Loaded;
use crate::source::origin::Origins;

/// Why an action has to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// It selected something, and selects nothing now.
    Gone,
    /// It changes nothing: the vendor says the same now, or no longer has what it removes.
    Needless,
    /// What it replaces or removes is another value than it was.
    Changed,
}

/// An action that has to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The action's target, as it is written.
    pub target: String,
    /// JSON Pointer of the action in the overlay.
    pub pointer: String,
    /// What is the matter with it.
    pub misfit: Misfit,
}

/// The actions that fit `new` less well than `old`.
pub(crate) fn fits(mut old: Value, mut new: Value, overlay: &Loaded) -> Vec<Fit> {
    let mut unused = Diagnostics::default();
    let mut reports = Reports {
        file: &overlay.file,
        diagnostics: &mut unused,
    };
    let mut fits = Vec::new();
    for action in action::read(overlay, &mut reports) {
        let before = replaced(&action, &old);
        let after = replaced(&action, &new);
        let unchanged = new.clone();
        carry_out(&action, &mut old);
        carry_out(&action, &mut new);
        let misfit = match (before.is_empty(), after.is_empty()) {
            (false, true) => Some(Misfit::Gone),
            _ if new == unchanged && !after.is_empty() => Some(Misfit::Needless),
            _ if before != after => Some(Misfit::Changed),
            _ => None,
        };
        if let Some(misfit) = misfit {
            let place = action.at("target");
            fits.push(Fit {
                target: action.target,
                pointer: place,
                misfit,
            });
        }
    }
    fits
}

/// For each value that the action selects, what of it the action replaces or removes.
fn replaced(action: &Action, tree: &Value) -> Vec<Value> {
    let locations = action.locations(tree);
    let targets = locations
        .iter()
        .filter_map(|location| tree.pointer(location));
    targets
        .map(|target| match &action.update {
            Some(update) if !action.remove => shared(target, update),
            _ => target.clone(),
        })
        .collect()
}

/// What a value has where an update writes.
fn shared(target: &Value, update: &Value) -> Value {
    match (target, update) {
        (Value::Object(members), Value::Object(update)) => {
            let shared = update
                .iter()
                .filter_map(|(key, update)| Some((key.clone(), shared(members.get(key)?, update))));
            Value::Object(shared.collect())
        }
        // Lists are appended to.
        (Value::Array(_), _) => Value::Null,
        (target, _) => target.clone(),
    }
}

fn carry_out(action: &Action, tree: &mut Value) {
    let mut origins = Origins::default();
    let mut merge = Merge {
        file: "",
        origins: &mut origins,
    };
    let locations = action.locations(tree);
    if action.remove {
        remove_all(tree, &locations.iter().collect::<Vec<_>>());
        return;
    }
    for location in locations.iter().rev() {
        if let (Some(update), Some(target)) = (&action.update, tree.pointer_mut(location)) {
            merge.merge(
                target,
                update.clone(),
                location,
                &pointer::join("", "update"),
            );
        }
    }
}

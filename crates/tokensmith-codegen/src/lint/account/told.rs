//! What is told already, of which the account says nothing.

use std::collections::BTreeSet;

use super::loss::Loss;
use crate::diagnostic::{Diagnostics, Rule};
use crate::pointer;

/// The places that diagnostics are about.
pub(super) struct Told {
    /// Of which nothing became of anything, as is told.
    left_out: BTreeSet<String>,
    /// Of which something is told: perhaps all, and perhaps not the limits of its values.
    partly: BTreeSet<String>,
}

impl Told {
    pub(super) fn of(diagnostics: &Diagnostics) -> Self {
        let is_partly = |rule: Rule| {
            [
                Rule::Unused,
                Rule::Repaired,
                Rule::UnknownClientAuth,
                Rule::DuplicateKey,
            ]
            .contains(&rule)
        };
        // How a part is read says nothing of what was lost of it.
        let is_left_out =
            |rule: Rule| !rule.is_lint() && rule != Rule::Inferred && !is_partly(rule);
        Self {
            left_out: diagnostics.pointers(is_left_out),
            partly: diagnostics.pointers(is_partly),
        }
    }

    /// Whether a diagnostic is about what was lost of a part.
    pub(super) fn is_about(&self, place: &str, loss: Loss) -> bool {
        is_about(&self.left_out, place) || !loss.is_of_limits() && is_about(&self.partly, place)
    }
}

/// Whether one of the places is a part, is in it, or is the parameter or property that it is in.
fn is_about(places: &BTreeSet<String>, place: &str) -> bool {
    let is_in_value = |at: &&str| at.contains("/properties/") || at.contains("/parameters/");
    let mut around = Some(place).filter(is_in_value);
    while let Some(at) = around {
        if places.contains(at) {
            return true;
        }
        around = pointer::parent(at).filter(is_in_value);
    }
    let schema = place.rsplit_once("/enum/").map(|(schema, _)| schema);
    if schema.is_some_and(|schema| places.contains(schema)) {
        return true;
    }
    let below = places.range(format!("{place}/")..).next();
    below.is_some_and(|below| pointer::is_within(below, place))
}

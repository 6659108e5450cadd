//! What is told already, of which the account says nothing.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostics;
use crate::pointer;

/// The places that diagnostics are about.
pub(super) struct Told {
    places: BTreeSet<String>,
}

impl Told {
    pub(super) fn of(diagnostics: &Diagnostics) -> Self {
        Self {
            places: diagnostics.pointers(),
        }
    }

    /// Whether a diagnostic is about a part, about what is in it, or about the parameter or property that it is in.
    pub(super) fn is_about(&self, place: &str) -> bool {
        let is_in_value = |at: &&str| at.contains("/properties/") || at.contains("/parameters/");
        let mut around = Some(place).filter(is_in_value);
        while let Some(at) = around {
            if self.places.contains(at) {
                return true;
            }
            around = pointer::parent(at).filter(is_in_value);
        }
        let schema = place.rsplit_once("/enum/").map(|(schema, _)| schema);
        if schema.is_some_and(|schema| self.places.contains(schema)) {
            return true;
        }
        let below = self.places.range(format!("{place}/")..).next();
        below.is_some_and(|below| pointer::is_within(below, place))
    }
}

//! What depends on a part of the document: it decides what becomes of a reference that cannot be followed.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Rule};

/// How much depends on a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Importance {
    /// A request cannot be written without it.
    Request,
    /// What it says of a success is what RFC 6749 says, where it says nothing.
    Success,
    /// Errors, optional fields, other endpoints than those of tokens.
    Nothing,
}

impl Importance {
    /// Whether what could not be found or read can be done without.
    pub(super) fn allows(self, failure: &Diagnostic) -> bool {
        match self {
            Self::Request => false,
            Self::Success => {
                matches!(failure.rule, Rule::DanglingReference | Rule::ExternalFile)
            }
            Self::Nothing => failure.rule != Rule::CircularReference,
        }
    }

    /// The need of a schema's property, which may be an optional one. What OAuth itself sends has to be known.
    pub(super) fn of_property(self, required: &BTreeSet<&str>, name: &str) -> Self {
        if ["grant_type", "client_id", "client_secret"].contains(&name) {
            return self;
        }
        if required.contains(name) {
            self
        } else {
            Self::Nothing
        }
    }
}

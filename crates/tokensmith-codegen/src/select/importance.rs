//! What depends on a part of the document: it decides what becomes of a reference that cannot be followed.

use serde_json::Value;

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
    pub(super) fn of_property(self, schema_requires: Option<&Value>, name: &str) -> Self {
        if ["grant_type", "client_id", "client_secret"].contains(&name) {
            return self;
        }
        let requires = schema_requires.and_then(Value::as_array);
        let is_required = requires.is_some_and(|names| names.iter().any(|one| one == name));
        if is_required { self } else { Self::Nothing }
    }
}

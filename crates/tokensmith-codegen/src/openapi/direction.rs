//! Which way a schema goes, and what does not go with it.

use serde_json::Value;

use crate::openapi::reference::resolve;

/// Which way a schema goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl Direction {
    /// What properties are marked by that do not go this way.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }

    /// Whether a schema itself is marked as one that does not go this way.
    pub(crate) fn is_against(self, schema: &Value) -> bool {
        schema.get(self.mark()) == Some(&Value::Bool(true))
    }

    /// Whether a property, or the component that it is, does not go this way.
    pub(crate) fn excludes(self, root: &Value, property: &Value) -> bool {
        self.is_against(property)
            || resolve(root, property, "").is_ok_and(|end| self.is_against(end.value))
    }

    /// Names that OAuth sends, whatever the marks say: some mark a value so that nobody may choose.
    pub(crate) fn always(self) -> &'static [&'static str] {
        match self {
            Self::Request => &["grant_type", "client_id", "client_secret"],
            Self::Response => &["access_token"],
        }
    }
}

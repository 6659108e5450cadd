//! Which way a schema goes, and what does not go with it.

use serde_json::{Map, Value};

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

    /// Whether a schema is marked as one that does not go this way.
    pub(crate) fn excludes(self, schema: &Map<String, Value>) -> bool {
        schema.get(self.mark()) == Some(&Value::Bool(true))
    }

    /// Names that OAuth sends, whatever the marks say: some mark a value so that nobody may choose.
    pub(crate) fn always(self) -> &'static [&'static str] {
        match self {
            Self::Request => &["grant_type", "client_id", "client_secret"],
            Self::Response => &["access_token"],
        }
    }
}

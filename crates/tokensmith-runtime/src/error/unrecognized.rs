//! Values that a document does not know.

use std::fmt;

use serde::Deserialize;

/// A value of an open enum that the document does not know, kept as it came.
///
/// It is opaque so that a later version may give the value a variant of its own: compare with
/// [`as_str`](Self::as_str) only as long as there is none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "String")]
pub struct Unrecognized(Box<str>);

impl Unrecognized {
    /// The value as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Unrecognized {
    fn from(value: String) -> Self {
        Self(value.into())
    }
}

impl From<&str> for Unrecognized {
    fn from(value: &str) -> Self {
        Self(value.into())
    }
}

impl fmt::Debug for Unrecognized {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl fmt::Display for Unrecognized {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

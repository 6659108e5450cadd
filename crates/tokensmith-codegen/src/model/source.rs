//! Where the facts of a document come from.

pub use tokensmith_description::SourceKind;

/// A source of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactSource {
    /// Its URL.
    pub url: String,
    /// The day on which it was looked at, as `2026-11-29`.
    pub date: String,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// What it says, in Markdown.
    pub facts: Option<String>,
}

//! What a document's Markdown looks like where people read it: rustdoc renders the documentation of a crate and GitHub
//! its README, and an HTML parser says what came of it.

mod judge;
mod readme;
mod rustdoc;
mod texts;

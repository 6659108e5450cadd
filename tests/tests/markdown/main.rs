//! What a document's Markdown looks like where people read it: rustdoc renders the documentation of a crate and GitHub
//! its README and comments on pull requests, and an HTML parser says what came of it.

mod comment;
mod judge;
mod readme;
mod rustdoc;
mod texts;

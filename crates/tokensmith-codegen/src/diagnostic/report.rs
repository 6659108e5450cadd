//! Diagnostics as people and programs read them.
//!
//! Whatever is quoted comes from a document that may be anybody's, so nothing of it can move a terminal's cursor, turn text around or end a
//! command of GitHub's.

use crate::diagnostic::shortened;
use crate::diagnostic::visible::{visible, without_commands};

mod github;
mod grouped;
mod human;
mod json;

pub use github::github;
pub(crate) use github::github_message;
pub use grouped::{alike, grouped};
pub use human::human;
pub(crate) use json::json_escaped;
pub use json::{json, json_text};

/// A text of several lines without what a terminal or a runner would obey, or what hides how it reads: that is written
/// out.
pub fn plain(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    without_commands(&lines.join("\n"))
}

/// A JSON Pointer as people read it. The names in one may be as long as a document.
fn place(pointer: &str) -> String {
    visible(&shortened(pointer))
}

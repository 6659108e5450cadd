//! Diagnostics as people and programs read them.
//!
//! Whatever is quoted comes from a document that may be anybody's, so nothing of it can move a terminal's cursor, turn text around or end a
//! command of GitHub's.

use crate::diagnostic::shortened;

mod github;
mod human;
mod json;

pub use github::github;
pub use human::human;
pub use json::{json, json_text};

/// A text of several lines without what a terminal would obey or what hides how it reads: that is written out.
pub fn plain(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join("\n")
}

/// A text without control characters and those that reverse its direction; they are written out. Tabs become spaces.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => shown.push(' '),
            '\r' => {}
            hidden if is_hidden(hidden) => shown.extend(hidden.escape_unicode()),
            other => shown.push(other),
        }
    }
    shown
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// A JSON Pointer as people read it. The names in one may be as long as a document.
fn place(pointer: &str) -> String {
    visible(&shortened(pointer))
}

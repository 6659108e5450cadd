//! Tokens become text, as rustfmt would leave it.
//!
//! prettyplease does the work. It leaves no blank lines between items and breaks some statements where rustfmt does not, so those
//! are laid out again in [`statement`]. The shapes that the emitter uses are few; a test has rustfmt check every fixture.

mod statement;

use proc_macro2::TokenStream;
use syn::File;

/// rustfmt's `max_width`.
const MAX_WIDTH: usize = 100;

/// Formats a module.
pub(crate) fn format(tokens: TokenStream) -> String {
    // The emitter's own tokens: if they do not parse, the emitter is wrong, and no document can make it so.
    let file: File = syn::parse2(tokens).expect("the emitter writes valid Rust");
    tidy(&prettyplease::unparse(&file))
}

fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut pending = text.lines();
    while let Some(line) = pending.next() {
        if lines.last().is_some_and(|previous| needs_blank(previous, line)) {
            lines.push(String::new());
        }
        match statement::end_of(line) {
            Some(end) => {
                let mut whole = line.trim_end().to_owned();
                while !whole.ends_with(end) {
                    let Some(next) = pending.next() else { break };
                    statement::append(&mut whole, next.trim());
                }
                lines.extend(statement::lay_out(&whole));
            }
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

/// Whether a line without indentation begins an item; imports, and declarations of modules, stand together.
fn starts_item(previous: &str, line: &str) -> bool {
    let together = |kind: &str| previous.starts_with(kind) && line.starts_with(kind);
    let is_module = |line: &str| line.ends_with(';') && (line.starts_with("mod ") || line.starts_with("pub mod "));
    let after_item = previous.ends_with(';') || previous == "}";
    let after_docs = previous.starts_with("//!") && !line.starts_with("//!");
    let same = together("use ") || together("pub use ") || is_module(previous) && is_module(line);
    (after_item || after_docs) && !line.is_empty() && !same
}

/// Items and methods are set apart from what stands before them.
fn needs_blank(previous: &str, line: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    if indent(line) != indent(previous) {
        return false;
    }
    if indent(line) == 0 {
        return starts_item(previous, line);
    }
    let starts = |starts: &[&str], line: &str| starts.iter().any(|start| line.trim_start().starts_with(start));
    let is_method = starts(&["fn ", "pub fn ", "///", "#["], line);
    let is_const = starts(&["const "], line);
    let after_type = starts(&["type ", "const "], previous);
    (previous.trim() == "}" || after_type) && is_method || starts(&["type "], previous) && is_const
}

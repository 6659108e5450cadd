//! What a build script tells cargo, a line each.

use std::io;
use std::path::Path;

use super::{Printable, write_line};
use crate::diagnostic::visible::{is_control, visible};

/// Has cargo run the build script again when this file changes.
///
/// # Errors
///
/// When the path holds control characters, such as a line feed: what stands behind it would be an instruction of its own.
pub fn rerun_if_changed(path: &Path) -> io::Result<()> {
    let path = path.to_string_lossy();
    if path.contains(is_control) {
        let message = format!(
            "cargo cannot watch `{}`: there are control characters in the path; rename the folder or file",
            visible(&path)
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    instruct("rerun-if-changed", &path)
}

/// Has cargo show a warning, in one line.
///
/// # Errors
///
/// When standard output cannot be written to.
pub fn warning(text: &str) -> io::Result<()> {
    instruct("warning", &visible(&text.replace('\n', " ")))
}

/// Tells cargo that code may ask for these features, whether the crate has them or not.
///
/// # Errors
///
/// When standard output cannot be written to.
pub fn expect_features(names: &[&str]) -> io::Result<()> {
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    let condition = format!("cfg(feature, values({}))", names.join(", "));
    instruct("rustc-check-cfg", &condition)
}

fn instruct(key: &'static str, value: &str) -> io::Result<()> {
    write_line(
        &mut super::stdout().lock(),
        &Printable::instruction(key, value),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_would_be_several_instructions_is_refused() {
        for path in [
            "a\ncargo:rustc-link-arg=-x",
            "a\rb",
            "a\u{2028}b",
            "a\x1b[2J",
        ] {
            let refused = rerun_if_changed(Path::new(path)).map_err(|error| error.to_string());
            assert!(
                refused.is_err_and(|message| message.contains("\\u{") || message.contains("a b")),
                "{path:?}"
            );
        }
    }
}

//! Checks the width of Markdown, and the words of messages.

mod literals;
mod markdown;

use std::fmt;
use std::fs;
use std::path::Path;

use tokensmith_codegen::diagnostic::output;

/// Folders that hold generated, recorded or foreign files, relative to the root.
const SKIPPED: [&str; 6] = [
    "crates/providers",
    "fuzz/artifacts",
    "fuzz/corpus",
    "target",
    "tests/peers/node_modules",
    "tests/tests/snapshots",
];

/// A line that breaks a rule of CONTRIBUTING.md's "How we write".
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    line: usize,
    message: String,
}

/// Checks every Markdown file and every message, and prints what is wrong.
pub(crate) fn run(root: &Path) -> Result<bool, String> {
    let mut is_clean = true;
    let mut report = |file: &str, findings: Vec<Finding>| {
        for finding in findings {
            is_clean = false;
            output::print(format!("{file}:{finding}"));
        }
    };
    for file in files(root, "")? {
        if markdown::is_checked(&file) {
            report(&file, markdown::check(&read(root, &file)?));
        } else if literals::is_checked(&file) {
            report(&file, literals::check(&read(root, &file)?));
        }
    }
    Ok(is_clean)
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))
}

/// The files below a folder, relative to the root with `/` as separator, in order. Links are not
/// followed.
fn files(root: &Path, folder: &str) -> Result<Vec<String>, String> {
    let unreadable = |error| format!("{}: {error}", root.join(folder).display());
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = match folder {
            "" => name.clone(),
            _ => format!("{folder}/{name}"),
        };
        let kind = entry.file_type().map_err(unreadable)?;
        let is_hidden = name.starts_with('.') && name != ".github";
        if kind.is_file() {
            found.push(path);
        } else if kind.is_dir() && !is_hidden && !SKIPPED.contains(&path.as_str()) {
            found.extend(files(root, &path)?);
        }
    }
    found.sort();
    Ok(found)
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.line, self.message)
    }
}

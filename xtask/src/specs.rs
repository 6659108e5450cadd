//! The folder of documents, for the commands that write there.

use std::fs;
use std::path::{Path, PathBuf};

use tokensmith_codegen::diagnostic::output::{self, Printable};
use tokensmith_codegen::source::file;
use tokensmith_codegen::{Diagnostic, Severity};

/// Where a new document of this name goes; an error if there is one, or if the name cannot be a provider's.
pub(crate) fn vacant(root: &Path, name: &str) -> Result<PathBuf, String> {
    if tokensmith_codegen::provider_name(name) != name {
        return Err(format!(
            "`{name}` cannot be a provider's name: use lower-case letters, digits and hyphens"
        ));
    }
    for ending in ["yaml", "yml", "json"] {
        let path = root.join("specs").join(format!("{name}.{ending}"));
        if path.exists() {
            let shown = shown(root, &path);
            return Err(format!(
                "{shown} is there already: edit it, or choose another name. If the vendor wrote it, this takes a newer file:\n    cargo xtask update {name} FILE"
            ));
        }
    }
    Ok(root.join("specs").join(format!("{name}.yaml")))
}

/// Writes a file that must not be there.
pub(crate) fn create(path: &Path, text: &str) -> Result<(), String> {
    use std::io::Write as _;
    let file = fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    file.map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads a file that somebody names, such as a vendor's.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    file::read_named(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads a file of the project's own.
pub(crate) fn read_own(path: &Path) -> Result<Vec<u8>, String> {
    file::read_own(path).map_err(|error| error.to_string())
}

/// A path below the root as messages name it.
pub(crate) fn shown(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

/// Prints diagnostics, and says how many are errors.
pub(crate) fn print(diagnostics: &[Diagnostic]) -> usize {
    let coloured = output::is_coloured(output::is_error_terminal());
    for diagnostic in diagnostics {
        output::print_error(Printable::diagnostic(diagnostic, coloured));
        output::print_error("");
    }
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error);
    errors.count()
}

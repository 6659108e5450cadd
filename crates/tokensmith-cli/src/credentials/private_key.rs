//! Files that hold a private key.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use tokensmith_codegen::diagnostic::output::print_error;
use tokensmith_runtime::Secret;

use crate::failure::Failure;

/// Reads a file with a private key. If its group or others may read it as well, a warning on
/// standard error says so.
pub(crate) fn read(path: &Path) -> Result<Secret, Failure> {
    let shown = path.display().to_string();
    let shown = shown.escape_debug();
    let failed = |error: io::Error| Failure::Failed(format!("{shown}: {error}"));
    let mut file = File::open(path).map_err(failed)?;
    if let Some(mode) = mode_for_others(&file).map_err(failed)? {
        print_error(format!(
            "warning: {shown}: users other than its owner can read this private key (mode {mode:o}): \
             run `chmod 600` on it"
        ));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    Ok(Secret::from(text))
}

/// The permissions of a file, if its group or others may read it. A pipe, such as a shell's
/// `<(command)`, is nobody else's.
#[cfg(unix)]
fn mode_for_others(file: &File) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = file.metadata()?;
    let mode = metadata.permissions().mode() & 0o777;
    Ok((metadata.is_file() && mode & 0o044 != 0).then_some(mode))
}

/// Elsewhere permissions are not a number of three digits.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is fallible where there are permissions"
)]
fn mode_for_others(_file: &File) -> io::Result<Option<u32>> {
    Ok(None)
}

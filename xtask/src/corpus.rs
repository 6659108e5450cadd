//! `cargo xtask corpus`: runs `tests/corpus`.

use std::path::Path;
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output;

use crate::package;
use crate::setup;

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    // Without Prism all but the tokens can be tried.
    if let Err(message) = setup::npm_packages(root) {
        output::print_error(message);
    }
    package::run(root, "tokensmith-corpus", arguments)
}

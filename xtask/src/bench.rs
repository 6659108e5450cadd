//! `cargo xtask bench`: runs the benchmarks of `tests/bench`.

use std::path::Path;
use std::process::ExitCode;

use crate::package;

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    package::run(root, "tokensmith-bench", arguments)
}

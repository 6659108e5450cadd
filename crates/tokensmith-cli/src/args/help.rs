//! The arguments of `tokensmith completions` and `tokensmith man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Print a shell's completions
///
/// Prints a script on standard output. The examples say where each shell looks for it.
#[derive(Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}

/// Write the manual pages
///
/// Writes tokensmith.1 and a page for each subcommand, such as tokensmith-token.1.
#[derive(Args)]
pub(crate) struct ManArgs {
    /// The folder to write them to; it is made if it is missing
    pub(crate) dir: PathBuf,
}

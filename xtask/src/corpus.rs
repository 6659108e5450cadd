//! `cargo xtask corpus`: runs `tests/corpus`.

use crate::command::{Subcommand, flag, option};
use std::path::Path;
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output;

use crate::package;
use crate::setup;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "corpus",
    usage: "DIR [OPTION...]",
    about: "Says how far each document of a folder comes: check, generate, compile, token.",
    details: "",
    options: &[
        option(
            "--overlays",
            "DIR",
            "where the overlays are, SLUG.overlay.yaml [default: beside the documents]",
        ),
        option("--only", "SLUG...", "these documents only"),
        flag("--json", "the result as JSON"),
    ],
    examples: &[("~/openapi --only acme", "Try one document of a folder")],
    run,
};

fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    // Without Prism all but the tokens can be tried.
    if let Err(message) = setup::npm_packages(root) {
        output::print_error(message);
    }
    package::run(root, "tokensmith-corpus", arguments)
}

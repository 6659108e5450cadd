//! `cargo xtask bench`: runs the benchmarks of `tests/bench`.

use crate::command::{Subcommand, flag};
use std::path::Path;
use std::process::ExitCode;

use crate::package;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "bench",
    usage: "[NAME...]",
    about: "Measures, and writes docs/BENCHMARKS.md.",
    details: "Without a name everything is measured.",
    options: &[
        flag(
            "codegen",
            "how fast codegen is, for few documents and for many",
        ),
        flag("stages", "where codegen spends its time"),
        flag(
            "generators",
            "a document as a whole process, beside other generators",
        ),
        flag("intake", "a vendor's document of 10 MB, and a small one"),
        flag(
            "exchange",
            "CPU time and allocations of a token exchange, beside other clients",
        ),
        flag(
            "build",
            "an application from nothing, beside one with the crate oauth2",
        ),
        flag(
            "cache",
            "a cached token, beside other caches; herds; memory; Redis",
        ),
        flag(
            "mock",
            "how soon a mock is there, and tokens a second, beside another mock",
        ),
    ],
    examples: &[
        ("", "Measure everything"),
        (
            "codegen stages",
            "Measure two things, and replace their sections",
        ),
    ],
    run,
};

fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    package::run(root, "tokensmith-bench", arguments)
}

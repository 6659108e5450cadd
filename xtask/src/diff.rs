//! `cargo xtask diff`: what changed documents mean for the users of the crates.

pub(crate) mod base;
mod code;
mod crates;

use crate::command::{Subcommand, flag, option};
use std::path::Path;
use std::process::ExitCode;

use tokensmith_author::comparison::{Comparison, compare};
use tokensmith_codegen::diagnostic::output;

use crate::options::Arguments;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "diff",
    usage: "[--base REV] [--format FORMAT] [--without-semver-checks]",
    about: "Says what changed documents mean for users, and which versions they ask for.",
    details: "",
    options: &[
        option(
            "--base",
            "REV",
            "the revision to compare with [default: where the branch left main]",
        ),
        option(
            "--format",
            "FORMAT",
            "text, json or markdown [default: text]",
        ),
        flag("--without-semver-checks", "do not run cargo-semver-checks"),
    ],
    examples: &[
        ("", "Compare with main"),
        (
            "--base v0.1.0 --format markdown",
            "Compare with a release, for a pull request",
        ),
    ],
    run,
};

/// Compares the documents of the working tree with those of a revision; fails where a version is too low.
fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let arguments = Arguments::read(arguments, &SUBCOMMAND)?;
    if let Some(odd) = arguments.plain.first() {
        return Err(format!("`{odd}` is not an option: {}", SUBCOMMAND.call()));
    }
    let format = arguments
        .one("--format")?
        .unwrap_or_else(|| "text".to_owned());
    let print: fn(&Comparison) -> String = match format.as_str() {
        "text" => Comparison::text,
        "json" => Comparison::json,
        "markdown" => Comparison::markdown,
        other => {
            return Err(format!(
                "`{other}` is not a format: the choices are text, json and markdown"
            ));
        }
    };
    let base = base::find(root, arguments.one("--base")?)?;
    let folder = root.join("target/diff");
    base.write_specs(root, &folder.join("base"))?;
    let comparison = Comparison {
        providers: compare(&folder.join("base"), root)?,
        code: code::changed(root, &base)?,
        base: base.name,
    };
    output::print(print(&comparison).trim_end());
    let mut is_right = comparison.is_right();
    if !arguments.has("--without-semver-checks") {
        is_right &= crates::agree(root, &folder, &comparison.providers)?;
    }
    Ok(if is_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

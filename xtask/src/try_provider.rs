//! `cargo xtask try`: all that a pull request with one provider has to pass, and nothing else.

use crate::command::Subcommand;
use std::path::Path;
use std::process::ExitCode;

use tokensmith_codegen::project;

use crate::checks::{self, Step, timed};
use crate::{codegen, setup};

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "try",
    usage: "NAME",
    about: "Generates one crate, and runs all that a pull request with it has to pass.",
    details: "Every check runs, whatever the ones before it say. A table of them comes at the end.",
    options: &[],
    examples: &[("acme", "Try specs/acme.yaml")],
    run,
};

/// Generates the crate of a provider and makes each check, whatever the ones before it say.
fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let [name] = arguments else {
        return Err("give one provider: cargo xtask try NAME".to_owned());
    };
    let documents = project::documents(root).map_err(|error| error.to_string())?;
    if !documents.iter().any(|document| document.name == *name) {
        return Err(format!(
            "there is no document of `{name}` in specs: to begin one, run\n    cargo xtask new {name}"
        ));
    }
    let mut outcomes = vec![
        // Prism judges the examples.
        timed("set-up", || setup::npm_packages(root).map(|()| true))?,
        timed("codegen", || {
            succeeds(codegen::run(root, std::slice::from_ref(name)))
        })?,
        timed("sources", || {
            codegen::is_settled(root, std::slice::from_ref(name))
        })?,
    ];
    let package = format!("tokensmith-{name}");
    let test = ["test", "--quiet", "--package", &package, "--all-features"];
    let examples = [
        "test",
        "--quiet",
        "--package",
        "tokensmith-tests",
        "--test",
        "examples",
    ];
    let clippy = [
        "clippy",
        "--quiet",
        "--package",
        &package,
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ];
    let doc = [
        "doc",
        "--quiet",
        "--package",
        &package,
        "--no-deps",
        "--all-features",
    ];
    // The pages that a reviewer reads: what is written is part of the pull request.
    let pages = [
        "test",
        "--quiet",
        "--package",
        "tokensmith-tests",
        "--test",
        "codegen",
        "--",
        "meanings",
        "visible",
    ];
    let only = [("TOKENSMITH_PROVIDER", name.as_str())];
    // Others that are begun are left alone: their pages belong to other pull requests.
    let written = [only[0], ("INSTA_UPDATE", "always")];
    let steps = [
        step("the crate's tests", &test, &[]),
        step("examples, and Prism", &examples, &only),
        step("snapshots", &pages, &written),
        step("clippy", &clippy, &[]),
        step("docs", &doc, &[("RUSTDOCFLAGS", "-D warnings")]),
    ];
    for step in &steps {
        outcomes.push(timed(step.name, || checks::spawn(root, step))?);
    }
    Ok(checks::summary(&outcomes))
}

fn succeeds(code: Result<ExitCode, String>) -> Result<bool, String> {
    Ok(code? == ExitCode::SUCCESS)
}

fn step<'a>(
    name: &'static str,
    arguments: &'a [&'a str],
    environment: &'a [(&'a str, &'a str)],
) -> Step<'a> {
    Step {
        name,
        program: "cargo",
        arguments,
        environment,
    }
}

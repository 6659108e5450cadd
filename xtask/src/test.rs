//! `cargo xtask test`: everything that has to hold, in the order in which it fails fastest.

use crate::command::Subcommand;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::checks::{self, Step, timed};
use crate::{circles, codegen, prose, setup};
use tokensmith_codegen::diagnostic::output;

const STEPS: [Step<'static>; 7] = [
    Step {
        name: "format",
        program: "cargo",
        arguments: &["fmt", "--all", "--check"],
        environment: &[],
    },
    Step {
        name: "clippy",
        program: "cargo",
        arguments: &[
            "clippy",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ],
        environment: &[],
    },
    Step {
        name: "runtime alone",
        program: "cargo",
        arguments: &[
            "test",
            "--package",
            "tokensmith-runtime",
            "--no-default-features",
        ],
        environment: &[],
    },
    // Unit, snapshot, compile and wire tests, and outside peers. Without `--workspace`, since
    // `tokensmith-providers` has the tests of the generated crates.
    Step {
        name: "tests",
        program: "cargo",
        arguments: &["test", "--all-features", "--no-fail-fast"],
        environment: &[("INSTA_UPDATE", "no"), ("INSTA_FORCE_PASS", "0")],
    },
    // Built apart: shuttle takes the place of the standard library's locks and atomics.
    Step {
        name: "orders of threads",
        program: "cargo",
        arguments: &[
            "test",
            "--package",
            "tokensmith-cache",
            "--lib",
            "interleavings",
            "--target-dir",
            "target/shuttle",
        ],
        environment: &[("RUSTFLAGS", "--cfg shuttle")],
    },
    Step {
        name: "instruction counts",
        program: "cargo",
        arguments: &[
            "run",
            "--quiet",
            "--package",
            "tokensmith-instructions",
            "--profile",
            "tool",
            "--",
            "check",
        ],
        environment: &[],
    },
    // Whether a release could be packaged. Nothing is compiled again: the steps before it did that.
    Step {
        name: "packages",
        program: "cargo",
        arguments: &[
            "package",
            "--workspace",
            "--exclude=private-provider",
            "--exclude=tokensmith-bench",
            "--exclude=tokensmith-corpus",
            "--exclude=tokensmith-hosts",
            "--exclude=tokensmith-instructions",
            "--exclude=tokensmith-misuse",
            "--exclude=tokensmith-tests",
            "--exclude=xtask",
            "--allow-dirty",
            "--no-verify",
            "--offline",
            "--quiet",
        ],
        environment: &[],
    },
];

/// Crates that must not be there when the runtime and the cache are used without features.
const OPTIONAL: [&str; 7] = [
    "reqwest",
    "ureq",
    "hyper",
    "tokio",
    "rustls",
    "native-tls",
    "tracing",
];

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "test",
    usage: "",
    about: "Runs every check that has to pass.",
    details: "Continuous integration runs it. Parts of it are plain `cargo test`: CONTRIBUTING.md has a table.",
    options: &[],
    examples: &[("", "Run every check")],
    run,
};

fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    if let Some(unknown) = arguments.first() {
        return Err(format!(
            "`cargo xtask test` takes no arguments, not `{unknown}`; use `cargo test` for a part of it"
        ));
    }
    let mut outcomes = vec![
        timed("set-up", || setup::install(root).map(|()| true))?,
        timed("prose", || prose::run(root))?,
        timed("codegen --check", || {
            Ok(codegen::run(root, &["--check".to_owned()])? == ExitCode::SUCCESS)
        })?,
        timed("no circles of modules", || circles::has_none(root))?,
        timed("no HTTP stack and no tracing without features", || {
            has_nothing_optional(root)
        })?,
    ];
    for step in &STEPS {
        outcomes.push(timed(step.name, || checks::spawn(root, step))?);
    }
    outcomes.push(timed("samples of the providers", || {
        run_providers_samples(root)
    })?);
    outcomes.push(timed("docs, as docs.rs builds them", || docs(root))?);
    Ok(checks::summary(&outcomes))
}

/// The documentation tests of the generated crates.
fn run_providers_samples(root: &Path) -> Result<bool, String> {
    let folder = root.join("crates/providers");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut packages: Vec<String> = names
        .map(|name| format!("--package=tokensmith-{name}"))
        .collect();
    packages.sort();
    let mut arguments = vec!["test", "--doc", "--all-features", "--no-fail-fast"];
    arguments.extend(packages.iter().map(String::as_str));
    let step = Step {
        name: "samples of the providers",
        program: "cargo",
        arguments: &arguments,
        environment: &[],
    };
    checks::spawn(root, &step)
}

/// Builds the pages with docs.rs's flags. What docs.rs has and this has not is its nightly.
fn docs(root: &Path) -> Result<bool, String> {
    let rustdoc = root.join(".ci/rustdoc");
    let rustdoc = rustdoc.to_string_lossy();
    let step = Step {
        name: "docs",
        program: "cargo",
        arguments: &["doc", "--workspace", "--no-deps", "--all-features"],
        environment: &[
            ("RUSTDOC", &rustdoc),
            ("RUSTDOCFLAGS", "--cfg docsrs -D warnings"),
        ],
    };
    checks::spawn(root, &step)
}

fn has_nothing_optional(root: &Path) -> Result<bool, String> {
    let mut has_none = true;
    for package in ["tokensmith-runtime", "tokensmith-cache"] {
        let found = optional_crates(root, package)?;
        if !found.is_empty() {
            output::print(format!(
                "without features {package} still has {}",
                found.join(", ")
            ));
            has_none = false;
        }
    }
    Ok(has_none)
}

fn optional_crates(root: &Path, package: &str) -> Result<Vec<&'static str>, String> {
    let arguments = [
        "tree",
        "--package",
        package,
        "--no-default-features",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ];
    let output = Command::new("cargo")
        .args(arguments)
        .current_dir(root)
        .output()
        .map_err(|error| format!("`cargo tree` cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let tree = String::from_utf8_lossy(&output.stdout);
    let names = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let names: Vec<&str> = names.collect();
    Ok(OPTIONAL
        .into_iter()
        .filter(|name| names.contains(name))
        .collect())
}

//! What is generated compiles without a warning, and so does its documentation; and the tests in it pass.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokensmith_codegen::emit::Manifest;

use crate::stability::Random;
use crate::{documents, hostile};

#[test]
fn no_warnings_and_examples_hold() {
    let workspace = workspace();
    cargo(
        &workspace,
        "",
        [
            "clippy",
            "--workspace",
            "--all-features",
            "--all-targets",
            "--",
            "-D",
            "warnings",
            "-D",
            "missing_docs",
        ],
    );
    // The examples of the documents.
    cargo(
        &workspace,
        "",
        [
            "test",
            "--workspace",
            "--no-default-features",
            "--test",
            "examples",
        ],
    );
    cargo(
        &workspace,
        "-D warnings",
        ["doc", "--workspace", "--all-features", "--no-deps"],
    );
}

/// Providers that are called like something that each crate, or the language, has already.
const PROVIDERS: [&str; 8] = [
    "server",
    "client-credentials",
    "error-kind",
    "option",
    "result",
    "string",
    "vec",
    "box",
];

/// How many random documents are compiled too.
const RANDOM: u64 = 12;

/// A workspace of its own with the crates of all fixtures; kept, so that a second run has little to do.
fn workspace() -> PathBuf {
    let root = documents::tests()
        .join("..")
        .canonicalize()
        .expect("the project has a folder");
    let workspace = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    let crates = workspace.join("crates");
    let runtime = Manifest::Standalone {
        runtime_path: Some(root.join("crates/tokensmith-runtime")),
    };
    let mut members = Vec::new();
    for fixture in documents::fixtures() {
        let files = fixture.generate_as(&fixture.name, runtime.clone()).0;
        for (name, text) in &files {
            write(&crates.join(&fixture.name).join(name), text);
        }
        write(
            &crates.join(&fixture.name).join("examples/documented.rs"),
            &documented(&files["src/lib.rs"]),
        );
        members.push(fixture.name);
    }
    let minimal = documents::fixtures()
        .into_iter()
        .find(|fixture| fixture.name == "minimal");
    let minimal = minimal.expect("there is a minimal fixture");
    for provider in PROVIDERS {
        for (name, text) in &minimal.generate_as(provider, runtime.clone()).0 {
            write(&crates.join(provider).join(name), text);
        }
        members.push(provider.to_owned());
    }
    for seed in 0..RANDOM {
        let name = format!("random-{seed}");
        let mut random = Random::new(seed);
        let length = random.below(600);
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(random.below(256)).unwrap_or_default())
            .collect();
        let document = hostile::random(&name, &bytes);
        for (file, text) in &document.generate_as(&name, runtime.clone()).0 {
            write(&crates.join(&name).join(file), text);
        }
        members.push(name);
    }
    for left in fs::read_dir(&crates).expect("is readable") {
        let left = left.expect("is readable");
        if !members
            .iter()
            .any(|name| left.file_name() == OsStr::new(name))
        {
            fs::remove_dir_all(left.path()).expect("is removable");
        }
    }
    write(
        &workspace.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[profile.dev]\ndebug = false\n",
    );
    // The versions that the project itself is tested with. Cargo leaves out of its lock file what is not needed here.
    let lock = fs::read_to_string(root.join("Cargo.lock")).expect("there is a lock file");
    if write(&workspace.join("project.lock"), &lock) || !workspace.join("Cargo.lock").is_file() {
        write(&workspace.join("Cargo.lock"), &lock);
    }
    workspace
}

/// The examples in a crate's documentation as a program of its own.
fn documented(library: &str) -> String {
    let lines: Vec<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let blocks = lines.split(|line| line.starts_with("```"));
    // Text and code take turns.
    let examples: Vec<String> = blocks
        .skip(1)
        .step_by(2)
        .filter(|block| block.iter().any(|line| line.contains("fn example(")))
        .map(|block| {
            let code = block
                .iter()
                .map(|line| line.strip_prefix("# ").unwrap_or(line));
            code.map(|line| format!("    {line}\n")).collect()
        })
        .collect();
    assert!(
        examples.len() > 3,
        "the documentation has too few examples:\n{library}"
    );
    let numbered = || examples.iter().enumerate();
    let modules: String = numbered()
        .map(|(index, code)| format!("mod example_{index} {{\n{code}}}\n\n"))
        .collect();
    let uses: String = numbered()
        .map(|(index, _)| format!("    let _ = example_{index}::example;\n"))
        .collect();
    // Private modules do not export what they define.
    let modules = modules.replace("async fn example(", "pub(super) async fn example(");
    let modules = modules.replace("    fn example(", "    pub(super) fn example(");
    format!("//! The examples in the documentation.\n\n{modules}fn main() {{\n{uses}}}\n")
}

/// Writes a file if it changed: cargo goes by the time. Says whether it did.
fn write(path: &Path, text: &str) -> bool {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return false;
    }
    fs::create_dir_all(path.parent().unwrap_or(path)).expect("is writable");
    fs::write(path, text).expect("is writable");
    true
}

fn cargo<'a>(workspace: &Path, rustdoc_flags: &str, arguments: impl IntoIterator<Item = &'a str>) {
    let arguments: Vec<&str> = arguments.into_iter().collect();
    let output = Command::new(env!("CARGO"))
        .args(&arguments)
        .current_dir(workspace)
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .env("RUSTDOCFLAGS", rustdoc_flags)
        .env_remove("RUSTFLAGS")
        .output();
    let output = output.unwrap_or_else(|error| panic!("cargo cannot be run: {error}"));
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(
        !shown.contains("is not installed"),
        "clippy is missing: rustup component add clippy\n{shown}"
    );
    let errors: String = shown
        .lines()
        .skip_while(|line| !line.starts_with("error") && !line.starts_with("warning"))
        .take(300)
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(
        output.status.success(),
        "cargo {}\n{}",
        arguments.join(" "),
        if errors.is_empty() {
            &shown
        } else {
            errors.as_str()
        }
    );
}

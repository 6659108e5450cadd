//! What is generated compiles without a warning, and so does its documentation; and the tests in it pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokensmith_codegen::emit::{Files, Manifest};

use crate::documents::{self, Document};
use crate::hostile;
use crate::stability::Random;

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

/// Fixtures that are crates of their own, so that manifests are tried too. All others are modules.
const CRATES: [&str; 2] = ["minimal", "authorization"];

/// How many crates have the other fixtures as modules: one for each core of a usual machine.
const GROUPS: usize = 4;

/// A workspace of its own with the code of all fixtures; kept, so that a second run has little to do.
fn workspace() -> PathBuf {
    let root = documents::tests()
        .join("..")
        .canonicalize()
        .expect("the project has a folder");
    let workspace = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    let runtime = root.join("crates/tokensmith-runtime");
    let manifest = Manifest::Standalone {
        runtime_path: Some(runtime.clone()),
    };
    let mut wanted = BTreeMap::new();
    let mut groups: Vec<Group> = (0..GROUPS)
        .map(|index| Group::new(index, &runtime))
        .collect();
    for (index, (name, document)) in documents().into_iter().enumerate() {
        let files = document.generate_as(&name, manifest.clone()).0;
        let documented = documented(&files["src/lib.rs"]);
        if CRATES.contains(&name.as_str()) {
            let examples = [("examples/documented.rs".to_owned(), documented)];
            for (file, text) in files.into_iter().chain(examples) {
                wanted.insert(format!("crates/{name}/{file}"), text);
            }
        } else {
            groups[index % GROUPS].add(&name, &files, &documented);
        }
    }
    for group in groups {
        wanted.extend(group.files());
    }
    wanted.insert(
        "Cargo.toml".to_owned(),
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[profile.dev]\ndebug = false\n"
            .to_owned(),
    );
    remove_others(&workspace, &workspace.join("crates"), &wanted);
    for (file, text) in &wanted {
        write(&workspace.join(file), text);
    }
    // The versions that the project itself is tested with. Cargo leaves out of its lock file what is not needed here.
    let lock = fs::read_to_string(root.join("Cargo.lock")).expect("there is a lock file");
    if write(&workspace.join("project.lock"), &lock) || !workspace.join("Cargo.lock").is_file() {
        write(&workspace.join("Cargo.lock"), &lock);
    }
    workspace
}

/// What is compiled, under the name of its provider.
fn documents() -> Vec<(String, Document)> {
    let fixtures = documents::fixtures();
    let minimal = fixtures.iter().find(|fixture| fixture.name == "minimal");
    let minimal = minimal.expect("there is a minimal fixture").clone();
    let called = PROVIDERS.map(|provider| (provider.to_owned(), minimal.clone()));
    let random = (0..RANDOM).map(|seed| {
        let name = format!("random-{seed}");
        let mut random = Random::new(seed);
        let length = random.below(600);
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(random.below(256)).unwrap_or_default())
            .collect();
        let document = hostile::random(&name, &bytes);
        (name, document)
    });
    let fixtures = fixtures
        .into_iter()
        .map(|fixture| (fixture.name.clone(), fixture));
    fixtures.chain(called).chain(random).collect()
}

/// A crate with many providers as modules, as a build script has one.
struct Group {
    name: String,
    files: BTreeMap<String, String>,
    modules: Vec<String>,
}

impl Group {
    fn new(index: usize, runtime: &Path) -> Self {
        let name = format!("modules_{index}");
        let runtime = format!("path = {runtime:?}, default-features = false");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [features]\ndefault = [\"hyper\"]\nhyper = [\"tokensmith-runtime/hyper\"]\n\
             blocking = [\"tokensmith-runtime/blocking\"]\noidc = [\"tokensmith-runtime/oidc\"]\n\n\
             [dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\n\
             tokensmith-runtime = {{ {runtime}, features = [\"authorization\", \"device\", \"discovery\", \"dpop\", \"jwt\", \
             \"pattern\", \"time\", \"tls-client-auth\"] }}\n\n\
             [dev-dependencies]\ntokensmith-runtime = {{ {runtime}, features = [\"testing\"] }}\n\n\
             [[example]]\nname = \"all\"\nrequired-features = [\"blocking\"]\n\n\
             [package.metadata.docs.rs]\nall-features = true\n"
        );
        Self {
            files: BTreeMap::from([("Cargo.toml".to_owned(), manifest)]),
            modules: Vec::new(),
            name,
        }
    }

    fn add(&mut self, provider: &str, files: &Files, documented: &str) {
        let module = format!("tokensmith_{}", provider.replace('-', "_"));
        let own = format!("{}::{module}", self.name);
        let outside = |text: &str| {
            text.replace(&module, &own)
                .replace("use crate::support", "use super::support")
        };
        for (file, text) in files {
            let (file, text) = match file.split_once('/') {
                // Attributes of a crate.
                Some(("src", "lib.rs")) => {
                    let lines = text.lines().filter(|line| !line.starts_with("#!["));
                    let text = lines.map(|line| format!("{line}\n")).collect();
                    (format!("src/{module}/mod.rs"), text)
                }
                Some(("src", file)) => (format!("src/{module}/{file}"), text.clone()),
                Some(("examples", "token.rs")) => {
                    (format!("examples/all/{module}.rs"), outside(text))
                }
                Some(("tests", file)) => {
                    let file = file.trim_start_matches("examples/").replace("main", "mod");
                    (format!("tests/examples/{module}/{file}"), outside(text))
                }
                _ => continue,
            };
            self.files.insert(file, text);
        }
        let file = format!("examples/all/{module}_documented.rs");
        self.files.insert(file, outside(documented));
        self.modules.push(module);
    }

    /// Its files, with those that declare the modules.
    fn files(mut self) -> BTreeMap<String, String> {
        let declared = |head: &str, modules: &mut dyn Iterator<Item = String>| {
            let modules: String = modules.map(|module| format!("{module};\n")).collect();
            format!("{head}\n\n{modules}")
        };
        let modules = || self.modules.iter();
        let has_tests = |module: &&String| {
            let file = format!("tests/examples/{module}/mod.rs");
            self.files.contains_key(&file)
        };
        let roots = [
            (
                "src/lib.rs",
                declared(
                    "//! Fixtures.",
                    &mut modules().map(|module| format!("pub mod {module}")),
                ),
            ),
            (
                "tests/examples/main.rs",
                declared(
                    "//! The examples of fixtures.",
                    &mut modules()
                        .filter(has_tests)
                        .map(|module| format!("mod {module}")),
                ),
            ),
            (
                "examples/all/main.rs",
                declared(
                    "//! The examples in the documentation of fixtures.\n#![allow(dead_code)]",
                    &mut modules().flat_map(|module| {
                        [format!("mod {module}"), format!("mod {module}_documented")]
                    }),
                ) + "\nfn main() {}\n",
            ),
        ];
        let roots = roots.map(|(file, text)| (file.to_owned(), text));
        self.files.extend(roots);
        let files = self.files.into_iter();
        files
            .map(|(file, text)| (format!("crates/{}/{file}", self.name), text))
            .collect()
    }
}

/// Removes what an earlier run left and this one does not want.
fn remove_others(workspace: &Path, folder: &Path, wanted: &BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("is readable").path();
        let name = path.strip_prefix(workspace).expect("is inside");
        let name = name.to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            let inside = format!("{name}/");
            if wanted.keys().any(|file| file.starts_with(&inside)) {
                remove_others(workspace, &path, wanted);
            } else {
                fs::remove_dir_all(&path).expect("is removable");
            }
        } else if !wanted.contains_key(&name) {
            fs::remove_file(&path).expect("is removable");
        }
    }
}

/// The examples in a crate's documentation as a program of its own.
fn documented(library: &str) -> String {
    /// The functions of the first examples and of the others.
    const HEADS: [&str; 3] = ["sign_in", "get_token", "example"];
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
        .filter(|block| {
            let has_function = |name| {
                let head = format!("fn {name}(");
                block.iter().any(|line| line.contains(&head))
            };
            HEADS.into_iter().any(has_function)
        })
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
        .map(|(index, code)| {
            let name = HEADS
                .iter()
                .find(|name| code.contains(&format!("fn {name}(")));
            let name = name.expect("each has a function");
            format!("    let _ = example_{index}::{name};\n")
        })
        .collect();
    // Private modules do not export what they define.
    let modules = modules.replace("    async fn ", "    pub(super) async fn ");
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

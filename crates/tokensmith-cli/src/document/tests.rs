//! What is read at run time is what is generated.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokensmith_codegen::Model;
use tokensmith_codegen::emit::{self, Manifest, Options};
use tokensmith_description::Shelves;
use tokensmith_providers::PROVIDERS;

use crate::document;

#[test]
fn a_document_reads_as_the_crate_generated_from_it() {
    for provider in PROVIDERS.iter().map(|entry| entry.description) {
        let name = provider.name();
        let model = model(name, &root().join(format!("specs/{name}.yaml")));
        assert_same(name, &described(&model), &format!("{provider:#?}"));
    }
}

/// The tables that are generated from every fixture, in one program that shows them.
#[test]
fn a_fixture_reads_as_the_code_generated_from_it() {
    let models: Vec<Model> = fixtures()
        .iter()
        // Some are called like a folder of Rust's.
        .map(|file| model(&format!("of-{}", document::provider(file)), file))
        .collect();
    let program = root().join("target/tmp/descriptions");
    fs::create_dir_all(program.join("src")).expect("is writable");
    let runtime = root().join("crates/tokensmith-runtime");
    let manifest = format!(
        "[package]\nname = \"descriptions\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\ntokensmith-runtime = {{ path = {runtime:?}, default-features = false }}\n"
    );
    fs::write(program.join("Cargo.toml"), manifest).expect("is writable");
    fs::copy(root().join("Cargo.lock"), program.join("Cargo.lock")).expect("is writable");
    let mut modules = String::new();
    let mut lines = String::new();
    for model in &models {
        let module = model.name.replace('-', "_");
        fs::write(program.join(format!("src/{module}.rs")), tables(model)).expect("is writable");
        modules.push_str(&format!("mod {module};\n"));
        lines.push_str(&format!(
            "    println!(\"{{:#?}}\\u{{c}}\", {module}::DESCRIPTION);\n"
        ));
    }
    let main = format!("#![allow(dead_code)]\n{modules}\nfn main() {{\n{lines}}}\n");
    fs::write(program.join("src/main.rs"), main).expect("is writable");

    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(&program)
        .env("CARGO_TARGET_DIR", program.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo can be run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let shown = String::from_utf8(output.stdout).expect("is UTF-8");
    // A form feed stands between two tables: within one it would be escaped.
    let tables = shown.split('\u{c}').map(str::trim);
    let generated: Vec<&str> = tables.filter(|table| !table.is_empty()).collect();
    assert_eq!(generated.len(), models.len());
    for (model, generated) in models.iter().zip(generated) {
        assert_same(&model.name, &described(model), generated);
    }
}

fn described(model: &Model) -> String {
    let shelves = Shelves::default();
    format!("{:#?}", model.describe(&shelves))
}

fn assert_same(name: &str, described: &str, generated: &str) {
    assert_eq!(
        described.lines().collect::<Vec<_>>(),
        generated.lines().collect::<Vec<_>>(),
        "{name}"
    );
}

fn tables(model: &Model) -> String {
    let options = Options {
        source: model.name.clone(),
        command: "cargo test".to_owned(),
        manifest: Manifest::Workspace,
    };
    let mut files = emit::emit(model, &options);
    files.remove("src/endpoint.rs").unwrap_or_default()
}

fn fixtures() -> Vec<PathBuf> {
    let folder = root().join("tests/fixtures/3.0");
    let entries = fs::read_dir(&folder).expect("there are fixtures");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("is readable").path())
        .collect();
    files.sort();
    assert!(files.len() > 40, "only {} fixtures were found", files.len());
    files
}

fn model(name: &str, file: &Path) -> Model {
    let Ok(reading) = document::load(name, file, None) else {
        panic!("no {}", file.display())
    };
    match document::model(reading) {
        Ok(model) => model,
        Err(failure) => panic!("{}: {}", file.display(), failure.message()),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the project has a folder")
}

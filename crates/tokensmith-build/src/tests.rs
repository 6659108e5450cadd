//! Builds that fail, and how.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::{Config, Error, module};

const ACME: &str = include_str!("../../../tests/private-provider/specs/acme.yaml");

/// A folder with a document in it.
fn crate_with(document: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("specs")).expect("a folder");
    fs::write(folder.path().join("specs/acme.yaml"), document).expect("a file");
    folder
}

fn generate(config: &Config, document: &str) -> Result<String, Error> {
    let (root, out) = (crate_with(document), tempfile::tempdir().expect("a folder"));
    module::generate(
        &config.levels()?,
        Path::new("specs/acme.yaml"),
        root.path(),
        out.path(),
    )?;
    Ok(fs::read_to_string(out.path().join("acme.rs")).expect("the entry was written"))
}

/// The text of the error, which is what cargo shows.
fn error(config: &Config, document: &str) -> String {
    let error = generate(config, document).expect_err("fails");
    assert_eq!(format!("{error:?}"), error.to_string());
    error.to_string()
}

/// A document that TS033 warns of.
fn unchecked() -> String {
    ACME.replace(
        "description: The tenant that the token is for.",
        "description: The tenant that the token is for.\n                  not: {const: none}",
    )
}

/// A document with a note, TS040.
fn undescribed() -> String {
    ACME.replace(
        "description: The tenant that the token is for.",
        "title: Tenant",
    )
}

#[test]
fn a_warning_fails_the_build_that_denies_it_only() {
    let document = unchecked();
    assert!(generate(&Config::new(), &document).is_ok());
    let denied = error(&Config::new().deny_warnings(), &document);
    assert!(
        denied.starts_with("specs/acme.yaml breaks TS033, as"),
        "{denied}"
    );
    let noted = undescribed();
    assert!(generate(&Config::new().deny_warnings(), &noted).is_ok());
    let allowed = Config::new().deny_warnings().allow("unused");
    assert!(generate(&allowed, &document).is_ok());
    assert!(generate(&Config::new().deny_warnings(), ACME).is_ok());
}

#[test]
fn only_rules_that_warn_can_be_silenced() {
    for rule in ["TS999", "TS006", ""] {
        let error = error(&Config::new().allow(rule), ACME);
        assert!(
            error.contains("code or name of a warning") && error.ends_with(&format!("`{rule}`")),
            "{error}"
        );
    }
}

#[test]
fn a_success_without_a_token_fails_the_build_unless_it_is_allowed() {
    let document = ACME
        .replace("required: [access_token]", "required: [session]")
        .replace("access_token:\n", "session:\n")
        .replace("{access_token: abc, ", "{session: abc, ");
    let denied = error(&Config::new(), &document);
    assert!(denied.contains("breaks TS032"), "{denied}");
    assert!(generate(&Config::new().allow("TS032"), &document).is_ok());
}

#[test]
fn errors_read_as_text() {
    let malformed = error(&Config::new(), "openapi: 3.1.0\npaths: 1\n");
    assert_eq!(
        malformed,
        "specs/acme.yaml has errors, which are listed above"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let missing = module::generate(
        &Config::new().levels().expect("no rules"),
        Path::new("specs/globex.yaml"),
        folder.path(),
        folder.path(),
    );
    let missing = format!("{:?}", missing.expect_err("fails"));
    assert!(missing.contains("globex.yaml: No such file"), "{missing}");
}

/// Compiles a crate that includes the module, with these features of the runtime. Returns what the
/// compiler says.
fn compile(entry: &str, features: &str) -> (bool, String) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let project = project.canonicalize().expect("the project has a folder");
    let target = project.join("target/tmp/module-features");
    let package = tempfile::tempdir().expect("a folder");
    let file = |name: &str| -> PathBuf { package.path().join(name) };
    fs::create_dir(file("src")).expect("a folder");
    let manifest = format!(
        "[package]\nname = \"features\"\nedition = \"2024\"\n[workspace]\n[profile.dev]\ndebug = false\n[dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         tokensmith-runtime = {{ path = {:?}, default-features = false, features = [{features}] }}\n",
        project.join("crates/tokensmith-runtime")
    );
    fs::write(file("Cargo.toml"), manifest).expect("a file");
    fs::copy(project.join("Cargo.lock"), file("Cargo.lock")).expect("a file");
    // The assertion is told beside other errors, such as that of a method that needs the feature.
    let library = format!("{entry}\npub fn missing(number: u8) {{ number.authorize() }}\n");
    let library = if features.is_empty() {
        library
    } else {
        entry.to_owned()
    };
    fs::write(file("src/lib.rs"), library).expect("a file");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--target-dir"])
        .arg(&target)
        .current_dir(package.path())
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), text)
}

#[test]
fn the_compiler_names_the_feature_that_is_missing_and_the_line_that_turns_it_on() {
    let document = ACME.replace("maxLength: 64", "pattern: '^[a-z]+$'");
    let (root, out) = (
        crate_with(&document),
        tempfile::tempdir().expect("a folder"),
    );
    let path = Path::new("specs/acme.yaml");
    module::generate(
        &Config::new().levels().expect("no rules"),
        path,
        root.path(),
        out.path(),
    )
    .expect("has no errors");
    let entry = fs::read_to_string(out.path().join("acme.rs")).expect("the entry was written");
    let (compiled, text) = compile(&entry, "");
    assert!(!compiled);
    let line = format!(
        "specs/acme.yaml needs the feature `pattern` of tokensmith-runtime; write in Cargo.toml: \
         tokensmith-runtime = {{ version = \"{}\", features = [\"pattern\"] }}",
        env!("CARGO_PKG_VERSION")
    );
    assert!(text.contains(&line), "{text}");
    let (compiled, text) = compile(&entry, "\"pattern\"");
    assert!(compiled, "{text}");
}

#[test]
fn a_document_that_needs_no_feature_checks_none() {
    let entry = generate(&Config::new(), ACME).expect("has no errors");
    assert!(!entry.contains("features"), "{entry}");
}

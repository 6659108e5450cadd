//! What changed documents mean for users: each pair is a document and one line of it that is another.

use std::process::Command;

use semver::Version;
use tokensmith_codegen::author::diff::{Kind, Step, diff, least, step};
use tokensmith_codegen::emit::Manifest;
use tokensmith_codegen::{Model, Source, read};

use crate::documents::{files, rendered, tests};

const DOCUMENT: &str = "\
openapi: 3.1.0
info:
  title: Acme
  description: Tokens.
servers:
  - url: https://api.example.com
    description: First
paths:
  /token:
    post:
      security: [{basic: []}]
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              required: [grant_type]
              properties:
                grant_type: {enum: [client_credentials, refresh_token]}
                refresh_token: {type: string}
                scope: {type: string}
                tenant: {type: string, maxLength: 9}
                level: {enum: [low, high]}
      responses:
        '200':
          content:
            application/json:
              schema:
                properties:
                  access_token: {type: string}
                  region: {type: string}
        '400':
          content:
            application/json:
              schema:
                title: Refusal
                properties:
                  error: {type: string}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
";

use Step::{Major, Minor, Patch};

/// A text of the document, another in its place, the step there and the step back.
const PAIRS: &[(&str, &str, Step, Step)] = &[
    (
        "description: Tokens.",
        "description: More tokens.",
        Patch,
        Patch,
    ),
    // Requests.
    (
        "client_credentials, refresh_token",
        "client_credentials, refresh_token, password",
        Minor,
        Major,
    ),
    (
        "                scope: {type: string}\n",
        "                scope: {type: string}\n                extra_one: {type: string}\n",
        Minor,
        Major,
    ),
    (
        "required: [grant_type]",
        "required: [grant_type, tenant]",
        Major,
        Major,
    ),
    ("maxLength: 9", "maxLength: 8", Major, Minor),
    (
        ", maxLength: 9",
        ", maxLength: 9, pattern: '^[a-z]+$'",
        Major,
        Minor,
    ),
    (
        "tenant: {type: string",
        "tenant: {type: integer",
        Major,
        Major,
    ),
    ("enum: [low, high]", "enum: [low, high, mid]", Minor, Major),
    // Sorted before another: what number a variant has is no promise.
    (
        "enum: [low, high]",
        "enum: [low, high, higher]",
        Minor,
        Major,
    ),
    (
        "tenant: {type: string, maxLength: 9}",
        "tenant: {type: string, maxLength: 9, format: password}",
        Major,
        Major,
    ),
    // Where requests go, and how.
    ("/token:", "/oauth/token:", Minor, Minor),
    (
        "https://api.example.com",
        "https://auth.example.com",
        Major,
        Major,
    ),
    (
        "    description: First\n",
        "    description: First\n  - url: https://eu.example.com\n    description: Second\n",
        Minor,
        Major,
    ),
    (
        "application/x-www-form-urlencoded",
        "application/json",
        Minor,
        Minor,
    ),
    (
        "security: [{basic: []}]",
        "x-tokensmith: {client-auth: body}",
        Minor,
        Minor,
    ),
    (
        "security: [{basic: []}]",
        "x-tokensmith: {client-auth: private-key-jwt}",
        Major,
        Major,
    ),
    // Responses.
    (
        "region: {type: string}",
        "region: {type: string}\n                  zone: {type: string}",
        Minor,
        Major,
    ),
    (
        "region: {type: string}",
        "region: {type: integer}",
        Major,
        Major,
    ),
    (
        "        '400':",
        "        '401': {description: Unknown.}\n        '400':",
        Minor,
        Major,
    ),
    (
        "region: {type: string}",
        "region: {enum: [a, b]}",
        Major,
        Major,
    ),
    (
        "    basic: {type: http, scheme: basic}\n",
        "    basic: {type: http, scheme: basic}\n    flow: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://api.example.com/token', scopes: {read: Reads.}}}}\n",
        Minor,
        Major,
    ),
    (
        "    description: First\n",
        "    description: First\n  - url: https://{region}.example.com\n    description: Second\n    variables: {region: {default: eu}}\n",
        Major,
        Major,
    ),
    (
        "                  error: {type: string}\n",
        "                  error: {type: string}\n                  hint: {type: number}\n",
        Minor,
        Major,
    ),
];

fn model(text: &str) -> Model {
    let reading = read("acme", Source::new("acme.yaml", text.as_bytes()), None);
    reading
        .model
        .unwrap_or_else(|| panic!("{}\n{text}", rendered(&reading.diagnostics)))
}

/// What replacing one text by another comes to, there and back.
fn steps(from: &str, to: &str) -> (Option<Step>, Option<Step>) {
    assert!(DOCUMENT.contains(from), "{from}");
    let (before, after) = (model(DOCUMENT), model(&DOCUMENT.replacen(from, to, 1)));
    (step(&diff(&before, &after)), step(&diff(&after, &before)))
}

#[test]
fn equal_documents_ask_for_nothing() {
    let model = model(DOCUMENT);
    assert_eq!(diff(&model, &model), []);
    let version = Version::new(0, 1, 0);
    assert_eq!(least(&version, &[]), version);
}

#[test]
fn each_kind_of_change_has_its_step() {
    for (from, to, there, back) in PAIRS {
        assert_eq!(
            steps(from, to),
            (Some(*there), Some(*back)),
            "{from} -> {to}"
        );
    }
}

#[test]
fn what_only_the_wire_shows_is_told_as_that() {
    let changes = diff(
        &model(DOCUMENT),
        &model(&DOCUMENT.replace("/token:", "/oauth/token:")),
    );
    let wire: Vec<_> = changes
        .iter()
        .filter(|change| change.kind == Kind::Wire)
        .collect();
    assert!(!wire.is_empty(), "{changes:#?}");
    assert!(
        wire.iter()
            .any(|change| change.what.contains("/oauth/token")),
        "{changes:#?}"
    );
}

#[test]
fn a_version_that_is_none_is_told() {
    let text = DOCUMENT.replace(
        "  title: Acme\n",
        "  title: Acme\n  x-tokensmith: {version: one}\n",
    );
    let reading = read("acme", Source::new("acme.yaml", text.as_bytes()), None);
    assert!(reading.model.is_none());
    let shown = rendered(&reading.diagnostics);
    assert!(
        shown.contains("`one` is not a version") && shown.contains("acme.yaml:4:"),
        "{shown}"
    );
    let model = model(&text.replace("one", "1.2.3"));
    assert_eq!(model.version, Version::new(1, 2, 3));
}

/// Only patch and minor steps can be too small. Each builds two crates: a minute or two together.
#[test]
#[ignore = "needs cargo-semver-checks: cargo install cargo-semver-checks --locked"]
fn no_step_is_too_small_for_cargo_semver_checks() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |side: &str, text: &str| {
        let crate_folder = folder.path().join(side);
        let runtime = tests().join("../crates/tokensmith-runtime");
        let manifest = Manifest::Standalone {
            runtime_path: Some(runtime),
        };
        let mut files = files(&model(text), "acme", manifest);
        // What number a variant has is no promise.
        let allowed = "\n[package.metadata.cargo-semver-checks.lints]\nenum_no_repr_variant_discriminant_changed = \"allow\"\n";
        let manifest = files.get_mut("Cargo.toml").expect("is there");
        manifest.push_str(allowed);
        for (name, content) in files {
            let path = crate_folder.join(name);
            let parent = path.parent().expect("is in a folder");
            std::fs::create_dir_all(parent).expect("is writable");
            std::fs::write(path, content).expect("is writable");
        }
        crate_folder
    };
    let check = |before: &str, after: &str, step: Step| {
        let (before, after) = (write("before", before), write("after", after));
        let output = Command::new("cargo")
            .args(["semver-checks", "check-release", "--all-features"])
            .args(["--color", "never", "--release-type", step.as_str()])
            .arg("--manifest-path")
            .arg(after.join("Cargo.toml"))
            .arg("--baseline-root")
            .arg(before)
            .env("CARGO_TARGET_DIR", folder.path().join("target"))
            .output()
            .expect("cargo is there");
        let shown = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        (output.status.code(), shown)
    };
    // The tool is there and finds what is wrong: a setter that is gone is no minor step.
    let without_scope = DOCUMENT.replacen("                scope: {type: string}\n", "", 1);
    let (code, shown) = check(DOCUMENT, &without_scope, Minor);
    assert_eq!(code, Some(100), "{shown}");
    for (from, to, there, back) in PAIRS {
        let changed = DOCUMENT.replacen(from, to, 1);
        let ways = [(DOCUMENT, &*changed, *there), (&*changed, DOCUMENT, *back)];
        // A major step is enough for anything.
        for (before, after, step) in ways.into_iter().filter(|(.., step)| *step < Major) {
            let (code, shown) = check(before, after, step);
            assert_eq!(code, Some(0), "{from} and {to}, {step}\n{shown}");
        }
    }
}

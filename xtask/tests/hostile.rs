//! `cargo xtask codegen` over documents and files of somebody who means harm to whoever reads the output.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const HOSTILE: [&str; 8] = [
    "a\n::error ::x",
    "a\r\n::add-mask::x",
    "\u{1b}[2J\u{1b}]0;x\u{7}",
    "\u{9b}31m\u{85}",
    "\u{202e}\u{2028}::error ::x",
    "##[add-mask]x",
    "a\ncargo::rustc-link-arg=-x",
    "a\n \u{b}cargo:rustc-env=A=b\ncargo:x=y",
];

fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("specs")).expect("a folder");
    folder
}

fn codegen(project: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("codegen")
        .args(arguments)
        .current_dir(project)
        .env("CARGO_MANIFEST_DIR", project.join("xtask"))
        .env("CARGO_TARGET_DIR", project.join("target"))
        .stdin(Stdio::null())
        .output()
        .expect("runs");
    assert_harmless(&output);
    output
}

#[track_caller]
fn assert_harmless(output: &Output) {
    for bytes in [&output.stdout, &output.stderr] {
        let text = std::str::from_utf8(bytes).expect("is UTF-8");
        for line in text.split(['\n', '\r', '\u{85}', '\u{2028}']) {
            let is_obeyed = |character: char| {
                character.is_control()
                    || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
            };
            assert!(!line.contains(is_obeyed), "{line:?}");
            assert!(!line.contains("##["), "{line:?}");
            let start = line.trim_start();
            assert!(
                !start.starts_with("cargo:") && !start.starts_with("::"),
                "{line:?}"
            );
        }
    }
}

/// A sound document with this in its texts.
fn document(hostile: &str) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Example", "version": "1", "description": hostile},
        "servers": [{"url": "https://auth.example.com", "description": hostile}],
        "paths": {"/token": {"post": {
            "description": hostile,
            "security": [{"basic": []}],
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": ["client_credentials"]},
                    "scope": {"type": "string", "description": hostile, "default": hostile},
                },
            }}}},
            "responses": {"200": {"description": hostile, "content": {"application/json": {"schema": {
                "type": "object", "properties": {"access_token": {"type": "string"}},
            }}}}},
        }}},
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}},
    })
}

fn write(project: &Path, document: &Value) {
    fs::write(project.join("specs/acme.json"), document.to_string()).expect("is writable");
}

#[test]
fn diagnostics_of_a_document_are_harmless() {
    let project = project();
    for hostile in HOSTILE {
        let mut document = document(hostile);
        let schema = "/paths/~1token/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties";
        let properties = document.pointer_mut(schema).expect("is there");
        properties["x"] = json!({"$ref": format!("x/{hostile}.yaml#/a")});
        properties["y"] = json!({"$ref": format!("#/components/schemas/{hostile}")});
        properties[hostile] = json!({"type": hostile});
        write(project.path(), &document);
        let output = codegen(project.path(), &["--check"]);
        assert_eq!(output.status.code(), Some(1));
        let shown = String::from_utf8_lossy(&output.stderr);
        assert!(shown.contains("[TS") && shown.contains("error"), "{shown}");
    }
}

#[test]
fn what_differs_in_files_is_shown_harmless() {
    let project = project();
    write(
        project.path(),
        &document("a\n::error ::x\n  cargo:warning=x"),
    );
    assert!(codegen(project.path(), &[]).status.success());
    // What a document says, on the side of the generated file.
    write(project.path(), &document(""));
    let output = codegen(project.path(), &["--check"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("::error ::x"));
    // Nothing else differs, so that no part of what is shown is left out.
    assert!(codegen(project.path(), &[]).status.success());
    let library = project.path().join("crates/providers/acme/src/lib.rs");
    let generated = fs::read_to_string(&library).expect("is generated");
    for hostile in HOSTILE {
        fs::write(&library, format!("{generated}// {hostile}\n")).expect("is writable");
        let output = codegen(project.path(), &["--check"]);
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            shown.contains("stale     crates/providers/acme/src/lib.rs"),
            "{shown}"
        );
        assert!(shown.contains(" - // "), "{shown}");
    }
}

/// Names of files that no other system takes.
#[cfg(target_os = "linux")]
#[test]
fn names_of_files_are_shown_harmless() {
    for hostile in HOSTILE {
        let project = project();
        write(project.path(), &document(""));
        assert!(codegen(project.path(), &[]).status.success());
        let source = project.path().join("crates/providers/acme/src");
        let generated = fs::read_to_string(source.join("lib.rs")).expect("is generated");
        fs::write(source.join(format!("{hostile}.rs")), generated).expect("is writable");
        let output = codegen(project.path(), &["--check"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stdout).contains("orphaned"));
        let named = project.path().join(format!("specs/{hostile}.json"));
        fs::write(named, document("").to_string()).expect("is writable");
        let output = codegen(project.path(), &["--check"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            codegen(project.path(), &["--check", hostile])
                .status
                .code()
                .is_some()
        );
    }
}

//! Documents, servers and links of somebody who means harm to whoever reads the output.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{Run, tokensmith, tokensmith_in};

/// In JSON, so that any character can be written.
fn document(hostile: &str) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Example", "version": "1"},
        "servers": [{
            "url": "https://{region}.example.com",
            "description": hostile,
            "variables": {"region": {"default": "a", "enum": ["a", hostile]}},
        }],
        "paths": {"/token": {"post": {
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": ["client_credentials", hostile]},
                    "x": {"$ref": format!("x/{hostile}.yaml#/a")},
                    "y": {"$ref": format!("#/components/schemas/{hostile}")},
                },
            }}}},
            "responses": {
                "200": {"description": "A token.", "content": {"application/json": {"schema": {
                    "type": "object", "properties": {"access_token": {"type": "string"}},
                }}}},
                "400": {"description": hostile, "content": {"application/json": {"schema": {
                    "$ref": format!("{hostile}.yaml#/a"),
                }}}},
            },
        }}},
    })
}

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

#[track_caller]
fn assert_harmless(run: &Run, is_github: bool) {
    for text in [&run.stdout, &run.stderr] {
        for line in text.split(['\n', '\r', '\u{85}', '\u{2028}']) {
            let is_obeyed = |character: char| {
                character.is_control()
                    || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
            };
            assert!(!line.contains(is_obeyed), "{line:?}");
            assert!(!line.contains("##[") || is_github, "{line:?}");
            // What a build script prints is cargo's to obey, also what it passes on.
            assert!(!line.trim_start().starts_with("cargo:"), "{line:?}");
            let is_command = line.trim_start().starts_with("::");
            let is_ours = [
                "::error file=",
                "::warning file=",
                "::notice file=",
                "::error::",
            ]
            .iter()
            .any(|start| line.starts_with(start));
            assert!(!is_command || is_github && is_ours, "{line:?}");
        }
    }
}

#[test]
fn nothing_of_a_document_is_obeyed_by_who_reads_the_output() {
    let folder = tempfile::tempdir().expect("a folder");
    for hostile in HOSTILE {
        let text = document(hostile).to_string();
        fs::write(folder.path().join("a.json"), text).expect("is writable");
        let run = |arguments: &[&str]| tokensmith_in(folder.path(), arguments);
        for format in ["human", "json", "github"] {
            let run = run(&["check", "a.json", "--all", "--format", format]);
            assert!(run.stdout.contains("TS"), "{}", run.stdout);
            assert_harmless(&run, format == "github");
        }
        for arguments in [
            &["--server", "mars"][..],
            &["--grant", "mars"],
            &["--server-variable", "region=mars"],
            &["--grant", hostile],
            &["--output", hostile],
            &[hostile],
        ] {
            let run = run(&[&["token", "--spec", "a.json"], arguments].concat());
            assert_ne!(run.code, Some(0));
            assert_harmless(&run, false);
        }
        assert_harmless(
            &run(&["generate", "--spec", "a.json", "--out", "crate"]),
            false,
        );
    }
}

#[test]
fn a_token_is_printed_only_if_it_is_harmless_where_it_ends_up() {
    for hostile in HOSTILE {
        let body =
            json!({"access_token": format!("{hostile}T"), "token_type": hostile}).to_string();
        let server = Server::start(move |_| ServerResponse::json(200, body.clone()));
        let url = format!("{}/token", server.url());
        let run = |output| tokensmith(&["token", "--token-url", &url, "--output", output]);
        for output in ["token", "header"] {
            let run = run(output);
            assert_eq!(
                (run.code, run.stdout.as_str()),
                (Some(1), ""),
                "{hostile:?}"
            );
            assert_harmless(&run, false);
        }
        let run = run("json");
        assert_harmless(&run, false);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let told: Value = serde_json::from_str(&run.stdout).expect("is JSON");
        assert_eq!(told["access_token"], format!("{hostile}T"));
    }
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) {
    std::os::unix::fs::symlink(to, at).expect("can be linked");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_to_a_document_or_an_overlay() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("elsewhere")).expect("is made");
    fs::write(at("elsewhere/secret.yaml"), "s3cret: [").expect("is writable");
    fs::write(at("b.json"), document("x").to_string()).expect("is writable");
    link(&at("elsewhere/secret.yaml"), &at("a.yaml"));
    link(&at("elsewhere/secret.yaml"), &at("b.overlay.yaml"));
    link(&at("elsewhere"), &at("specs"));
    for file in ["a.yaml", "b.json", "specs/secret.yaml", "b.overlay.yaml"] {
        for arguments in [
            &["check", file][..],
            &["generate", "--out", "crate", "--spec", file],
            &["token", "--spec", file],
        ] {
            let run = tokensmith_in(folder.path(), arguments);
            let told = run.stdout + &run.stderr;
            assert_eq!(run.code, Some(1), "{told}");
            assert!(told.contains("is a link"), "{told}");
            assert!(!told.contains("s3cret"), "{told}");
        }
    }
    assert!(!at("crate").exists());
}

#[cfg(unix)]
fn pipe(at: &Path) {
    let made = std::process::Command::new("mkfifo").arg(at).status();
    assert!(made.is_ok_and(|status| status.success()), "{at:?}");
}

/// Nobody writes to these pipes: who opens one waits for ever. [`tokensmith_in`] ends a run that does.
#[cfg(unix)]
#[test]
fn nothing_waits_for_a_pipe_or_reads_a_device() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let written = |name: &str, text: &str| fs::write(at(name), text).expect("is writable");
    pipe(&at("document.yaml"));
    written("b.json", &document("x").to_string());
    pipe(&at("b.overlay.yaml"));
    for (file, piped) in [
        ("document.yaml", "document.yaml"),
        ("b.json", "b.overlay.yaml"),
        ("/dev/zero", "/dev/zero"),
    ] {
        for arguments in [
            &["check", file][..],
            &["check", "--format", "json", file],
            &["generate", "--out", "crate", "--spec", file],
            &["token", "--spec", file],
        ] {
            let run = tokensmith_in(folder.path(), arguments);
            let told = run.stdout + &run.stderr;
            assert_eq!(run.code, Some(1), "{arguments:?}: {told}");
            assert!(told.contains(piped), "{arguments:?}: {told}");
            assert!(told.contains("not a regular file"), "{arguments:?}: {told}");
        }
    }
    let run = tokensmith_in(
        folder.path(),
        &[
            "generate",
            "--out",
            "crate",
            "--spec",
            "b.json",
            "--overlay",
            "document.yaml",
        ],
    );
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
    assert!(!at("crate").exists());

    fs::create_dir(at("parts")).expect("is made");
    pipe(&at("parts/x.yaml"));
    let mut referring = document("x");
    referring["paths"]["/token"]["post"]["responses"]["400"] = json!({"$ref": "parts/x.yaml#/a"});
    written("c.json", &referring.to_string());
    let run = tokensmith_in(folder.path(), &["check", "--all", "c.json"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let expected = "`parts/x.yaml` is not a regular file";
    assert!(run.stdout.contains(expected), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn no_pipe_or_link_in_a_crates_folder_is_read() {
    let spec = crate::run::spec_argument("moov.yaml");
    let folder = tempfile::tempdir().expect("a folder");
    let generate = || {
        tokensmith_in(
            folder.path(),
            &["generate", "--spec", &spec, "--out", "crate"],
        )
    };
    let run = generate();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let sources = folder.path().join("crate/src");
    pipe(&sources.join("own.rs"));
    link(Path::new("/dev/zero"), &sources.join("zero.rs"));
    let run = generate();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    fs::remove_file(sources.join("lib.rs")).expect("was generated");
    pipe(&sources.join("lib.rs"));
    let run = generate();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let spec = crate::run::spec_argument("moov.yaml");
    for linked in ["crate/src", "crate", "crate/src/lib.rs"] {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("elsewhere")).expect("is made");
        let parent = at(linked);
        fs::create_dir_all(parent.parent().expect("has one")).expect("is made");
        link(&at("elsewhere"), &at(linked));
        let run = tokensmith_in(
            folder.path(),
            &["generate", "--spec", &spec, "--out", "crate"],
        );
        assert_eq!(run.code, Some(1), "{linked}: {}", run.stderr);
        assert!(run.stderr.contains("is a link"), "{}", run.stderr);
        let written = fs::read_dir(at("elsewhere")).expect("is a folder").count();
        assert_eq!(written, 0, "{linked}");
    }
}

#[test]
fn a_provider_has_no_name_of_the_projects_own_crates() {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = crate::run::spec_argument("moov.yaml");
    for name in [
        "build",
        "author",
        "description",
        "mock",
        "core",
        "std",
        "test",
        "con",
    ] {
        let run = tokensmith_in(
            folder.path(),
            &[
                "generate", "--spec", &spec, "--out", "crate", "--name", name,
            ],
        );
        assert_eq!(run.code, Some(1), "{name}");
        assert!(run.stderr.contains("it is the name of"), "{}", run.stderr);
        assert!(run.stderr.contains("--name"), "{}", run.stderr);
        assert!(!folder.path().join("crate").exists());
    }
}

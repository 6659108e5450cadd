//! A document says nothing to cargo, whatever it says.

use std::process::Command;
use std::{env, fs};

const DOCUMENT: &str = r##"
openapi: 3.0.3
info: {title: Example, version: "1", description: "a\e[2Jb"}
servers: [{url: https://auth.example.com}]
paths:
  /token:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [grant_type]
              properties:
                grant_type: {type: string, enum: [client_credentials]}
                "a\ncargo:rustc-link-arg=-x": {$ref: "b\n::error ::x"}
      responses:
        "200":
          description: A token.
          content:
            application/json:
              schema: {type: object, properties: {access_token: {type: string}}}
        "400":
          description: "A refusal.\ncargo:rustc-link-arg=-y"
          content:
            application/json:
              schema:
                oneOf:
                  - {$ref: "x/%0Acargo:rustc-link-arg=-wrapper%0Ay.yaml#/a"}
                  - {$ref: "x\u2028\e[2J.yaml"}
                  - {$ref: "#/components/schemas/%0A::error"}
                  - {$ref: "missing.yaml#/a"}
"##;

/// Runs itself as the build script, and reads what cargo would read.
#[test]
fn no_line_for_cargo_is_a_documents() {
    const SCRIPT: &str = "TOKENSMITH_BUILD_SCRIPT";
    if env::var_os(SCRIPT).is_some() {
        // What is wrong with the document is for cargo to show.
        let _ = tokensmith_build::generate("a.yaml");
        return;
    }
    let folder = tempfile::tempdir().expect("there is room");
    fs::write(folder.path().join("a.yaml"), DOCUMENT).expect("is writable");
    let script = Command::new(env::current_exe().expect("is a file"))
        .args(["--exact", "no_line_for_cargo_is_a_documents", "--nocapture"])
        .env(SCRIPT, "1")
        .env("CARGO_MANIFEST_DIR", folder.path())
        .env("OUT_DIR", folder.path())
        .output()
        .expect("runs");
    assert!(script.status.success());
    let told = String::from_utf8(script.stdout).expect("is UTF-8");
    let (instructions, _): (Vec<&str>, Vec<&str>) = told
        .split(['\n', '\r', '\u{2028}'])
        .partition(|line| line.trim_start().starts_with("cargo:"));
    let watched = |file: &str| {
        let path = folder.path().join(file);
        format!("cargo:rerun-if-changed={}", path.display())
    };
    let expected = [watched("a.yaml"), watched("missing.yaml")];
    for line in &instructions {
        let is_known = expected.iter().any(|expected| line == expected)
            || line.starts_with("cargo:warning=")
            || line.starts_with("cargo:rustc-check-cfg=");
        assert!(is_known, "{line}");
    }
    assert!(
        instructions.iter().any(|line| line.contains("TS")),
        "{told}"
    );
    let all = told + &String::from_utf8_lossy(&script.stderr);
    for line in all.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(
            !line.contains(|character: char| character.is_control()),
            "{line:?}"
        );
    }
}

//! `cargo fmt` changes nothing in a workspace with generated crates, whatever the lengths of a document's names: it leaves
//! the roots of crates, tests and examples as they are, and skips the modules.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokensmith_codegen::emit::{Files, Manifest};

use crate::documents::{self, Document};

/// From names that never break a line to names that do not fit on one.
const LENGTHS: [usize; 6] = [1, 20, 40, 60, 80, 110];

#[test]
fn rustfmt_changes_nothing() {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    // The defaults, whatever stands in folders above or in the user's own.
    fs::write(folder.path().join("rustfmt.toml"), "").expect("is writable");
    let documents = documents::providers()
        .into_iter()
        .chain(documents::fixtures())
        .chain(LENGTHS.map(of_length));
    let mut roots = Vec::new();
    for document in documents {
        let files = document.generate_as(&document.name, Manifest::Workspace).0;
        roots.extend(write(&folder.path().join(&document.name), &files));
    }
    check(&roots);
}

/// Writes a crate; gives back the files that cargo hands to rustfmt, which finds the others from them.
fn write(folder: &Path, files: &Files) -> Vec<PathBuf> {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder)).expect("is writable");
        fs::write(path, text).expect("is writable");
    }
    let roots = ["src/lib.rs", "examples/token.rs", "tests/examples/main.rs"];
    let roots = roots.iter().filter(|name| files.contains_key(**name));
    roots.map(|name| folder.join(name)).collect()
}

fn check(files: &[PathBuf]) {
    let output = Command::new("rustfmt")
        .args(["--check", "--edition", "2024", "--color", "never"])
        .args(files)
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) => panic!("rustfmt cannot be run ({error}): rustup component add rustfmt"),
    };
    let shown = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        !complaint.contains("is not installed"),
        "rustfmt is missing: rustup component add rustfmt\n{complaint}"
    );
    let diff: String = shown
        .lines()
        .take(200)
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(
        output.status.success() && shown.is_empty(),
        "rustfmt would change this:\n{diff}{complaint}"
    );
}

/// A document in which all kinds of names have this length.
fn of_length(length: usize) -> Document {
    let name = |first: char| first.to_string() + &"x".repeat(length - 1);
    // Words of their own, so that lines can be broken inside.
    let phrase = |first: char| {
        let text = format!("{first}{}", "xxxxxx_".repeat(length / 7 + 1));
        text[..length].trim_end_matches('_').to_owned()
            + if text[..length].ends_with('_') {
                "x"
            } else {
                ""
            }
    };
    let renamed = name('n') + "Y";
    let text = format!(
        "openapi: 3.1.0
info: {{title: Example}}
servers:
  - {{url: 'https://{host}.example', description: {server}}}
  - {{url: 'https://{{{variable}}}.example.com'}}
paths:
  /{path}:
    post:
      operationId: getToken
      security: [{{basic: []}}]
      x-tokensmith:
        access-token: [/{token}, /{envelope}/access_token]
        fields: {{refresh_token: /{field}, id_token: /{envelope}/{token}}}
        expiry: {{format: milliseconds, at: /{renamed}, lifetime: 3600}}
        failure: [{{at: /{flag}, is: [false]}}, {{at: /{token}, is-not: [0, {value}]}}]
        client-auth: {{scheme: {required}, client-id: {list}x, client-secret: {choice}x, audience: 'https://{host}.example'}}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              required: [grant_type, {required}, {list}, {object}]
              properties:
                grant_type: {{enum: [client_credentials, {grant}]}}
                scope: {{type: string}}
                {required}: {{type: string, maxLength: 4096, pattern: '^{pattern}$'}}
                {list}: {{type: array, items: {{type: string}}}}
                {optional}: {{type: string, format: password, default: '{default}'}}
                {choice}: {{type: string, enum: [one, {value}, {long_value}]}}
                short: {{type: string, enum: [{short_values}]}}
                {flag}: {{type: boolean}}
                {object}: {{type: object}}
                {level}: {{type: integer, enum: [1, 2], default: 1}}
            encoding: {{{list}: {{explode: false}}}}
      responses:
        '200':
          content:
            application/json:
              schema:
                properties:
                  {token}: {{type: string}}
                  {field}: {{$ref: '#/components/schemas/{ty}'}}
                  {renamed}: {{type: integer}}
                  {envelope}: {{type: object}}
        '400':
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/{ty}'}}}}}}
  /{path}/again:
    post:
      x-tokensmith: {{alternative-of: getToken}}
      requestBody:
        content: {{application/json: {{schema: {{properties: {{grant_type: {{type: string}}}}}}}}}}
components:
  securitySchemes:
    basic: {{type: http, scheme: basic}}
    oauth:
      type: oauth2
      flows:
        clientCredentials:
          tokenUrl: /{path}
          scopes:
            {scope}: ''
            {long_scope}: ''
            '{scope_function}.{{{scope_argument}}}': ''
  schemas:
    {ty}:
      properties:
        {level}: {{type: string, enum: [{value}, {long_value}]}}
",
        host = name('h'),
        server = phrase('s'),
        variable = name('v'),
        path = name('p'),
        token = name('t'),
        envelope = name('e'),
        required = name('r'),
        list = name('l'),
        grant = phrase('g'),
        optional = phrase('o'),
        pattern = name('a'),
        default = name('d'),
        choice = name('c'),
        value = name('w'),
        long_value = phrase('k'),
        short_values = (0..12)
            .map(|index| format!("a{}", index * length))
            .collect::<Vec<_>>()
            .join(", "),
        flag = phrase('f'),
        object = name('m'),
        field = name('i'),
        ty = name('Y'),
        level = name('j'),
        scope = name('q'),
        long_scope = phrase('b'),
        scope_function = name('u'),
        scope_argument = name('z'),
    );
    Document::new(&format!("length-{length}"), text)
}

//! What changed documents mean for users: each pair is a document and one line of it that is another.

use semver::Version;
use tokensmith_codegen::diff::{Kind, Step, diff, least, step};
use tokensmith_codegen::{Model, Source, read};

use crate::documents::rendered;

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
    use Step::{Major, Minor, Patch};
    for (from, to, there, back) in [
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
        // Answers.
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
    ] {
        assert_eq!(steps(from, to), (Some(there), Some(back)), "{from} -> {to}");
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
        shown.contains("`one` is no version") && shown.contains("acme.yaml:4:"),
        "{shown}"
    );
    let model = model(&text.replace("one", "1.2.3"));
    assert_eq!(model.version, Version::new(1, 2, 3));
}

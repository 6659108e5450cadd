//! Mistakes whose meaning is clear: the document means what one without them does.

mod endpoints;
mod extension;
mod references;
mod requests;
mod security;
mod shape;

use tokensmith_codegen::{Reading, Source};

use crate::documents::{PROVIDER, rendered, without_lints};

const PLAIN: &str = r##"
openapi: 3.0.3
info: {title: Example, version: "1"}
servers: [{url: "https://auth.example.com/v1"}]
paths:
  /oauth/token:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Request"}}}}
      responses:
        "200": {description: A token., content: {application/json: {schema: {$ref: "#/components/schemas/Token"}}}}
        "400": {description: An error., content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
components:
  schemas:
    Request:
      type: object
      required: [grant_type]
      properties:
        grant_type: {type: string, enum: [client_credentials]}
        client_id: {type: string}
        client_secret: {type: string, format: password}
        scope: {type: string}
    Token: {type: object, properties: {access_token: {type: string}, expires_in: {type: integer}}}
    Error: {type: object, properties: {error: {type: string}, hint: {type: string}}}
"##;

/// What the plain document has as its request's body.
const BODY: &str = "{content: {application/x-www-form-urlencoded: {schema: {$ref: \"#/components/schemas/Request\"}}}}";

fn read(text: &str) -> Reading {
    let source = Source::new("specs/main.yaml", text.as_bytes());
    without_lints(tokensmith_codegen::read(PROVIDER, source, None))
}

/// The plain document with some of its text replaced.
#[track_caller]
fn plain_with(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(PLAIN.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "there is no {from}");
        text.replace(from, to)
    })
}

#[track_caller]
fn assert_told(reading: &Reading, codes: &[&str]) {
    let shown = rendered(&reading.diagnostics);
    let told: Vec<&str> = reading
        .diagnostics
        .iter()
        .map(|one| one.rule.code())
        .collect();
    assert_eq!(told, codes, "{shown}");
    assert!(
        reading
            .diagnostics
            .iter()
            .all(|one| one.position.is_some() && one.help.is_some()),
        "{shown}"
    );
}

/// The mistakes mean what the other changes say, and are told by these rules.
#[track_caller]
fn assert_means(mistakes: &[(&str, &str)], meant: &[(&str, &str)], codes: &[&str]) {
    let reading = read(&plain_with(mistakes));
    assert_told(&reading, codes);
    let twin = read(&plain_with(meant));
    assert!(twin.model.is_some(), "{}", rendered(&twin.diagnostics));
    assert_eq!(reading.model, twin.model);
}

#[track_caller]
fn assert_refused(mistakes: &[(&str, &str)], codes: &[&str]) {
    let reading = read(&plain_with(mistakes));
    assert_told(&reading, codes);
    assert!(reading.model.is_none());
}

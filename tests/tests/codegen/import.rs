//! An imported document means what the vendor's means, and asks what is open.

use tokensmith_codegen::import::{HEADER, Imported, import};
use tokensmith_codegen::{Rule, Severity, Source, read};

use crate::documents::{self, rendered};

const VENDOR: &str = "\
# The vendor's own words.
openapi: 3.0.3
info:
  title: Vendor # of things
  version: '1'
tags: [{name: all}]
paths:
  # Pets are not ours.
  /pets:
    get:
      responses: {'200': {$ref: '#/components/responses/Pets'}}
  # Tokens are.
  /oauth/token:
    get:
      responses: {}
    post:
      # By Basic.
      security: [{basic: []}]
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Request'}
            example: {$ref: '#/components/examples/Request'}
      responses:
        '200': {$ref: '#/components/responses/Token'}
components:
  schemas:
    # A pet.
    Pet: {type: object}
    # What is asked for.
    Request:
      type: object
      properties:
        grant_type: {type: string, enum: [client_credentials]}
  responses:
    Token:
      description: A token.
      content:
        application/json:
          schema: {type: object, properties: {access_token: {type: string}}}
    Pets: {description: Pets.}
  examples:
    Request: {value: {grant_type: client_credentials}}
    Pet: {value: {}}
  securitySchemes:
    basic: {type: http, scheme: basic}
";

fn imported(name: &str, text: &str) -> Imported {
    let source = Source::new(name, text.as_bytes());
    import("acme", source).unwrap_or_else(|diagnostics| panic!("{}", rendered(&diagnostics)))
}

#[test]
fn the_text_is_cut_and_not_written_anew() {
    let imported = imported("vendor/api.yaml", VENDOR);
    assert!(imported.is_text);
    let document = imported.document;
    assert!(
        document.starts_with(&format!("{HEADER}api.yaml: ")),
        "{document}"
    );
    for kept in [
        "# The vendor's own words.",
        "title: Vendor # of things",
        "  # Tokens are.\n  /oauth/token:\n    post:",
        "      # By Basic.",
        "    # What is asked for.",
        "    Request: {value: {grant_type: client_credentials}}",
        "    basic: {type: http, scheme: basic}",
    ] {
        assert!(document.contains(kept), "{kept}\n{document}");
    }
    for dropped in ["tags", "pets", "Pets", "Pet:", "# A pet.", "get:"] {
        assert!(!document.contains(dropped), "{dropped}\n{document}");
    }
}

#[test]
fn every_question_is_asked_until_it_is_removed() {
    let imported = imported("api.yaml", VENDOR);
    let codes = |diagnostics: &[tokensmith_codegen::Diagnostic]| {
        let rules = diagnostics.iter().map(|diagnostic| diagnostic.rule);
        rules.filter(|rule| *rule == Rule::Unconfirmed).count()
    };
    assert!(
        codes(&imported.diagnostics) >= 3,
        "{}",
        rendered(&imported.diagnostics)
    );
    assert!(
        imported
            .diagnostics
            .iter()
            .all(|diagnostic| diagnostic.severity() == Severity::Warning)
    );
    let at = imported
        .diagnostics
        .iter()
        .find(|diagnostic| diagnostic.rule == Rule::Unconfirmed);
    let at = at.expect("there is one");
    assert_eq!(at.file, "specs/acme.overlay.yaml");
    assert!(at.position.is_some());
}

#[test]
fn what_nothing_says_is_proposed() {
    let text = VENDOR
        .replace("enum: [client_credentials]", "description: A grant")
        .replace("security: [{basic: []}]", "summary: Tokens.");
    let imported = imported("api.yaml", &text);
    assert!(
        imported
            .overlay
            .contains("        grants: [client_credentials]\n"),
        "{}",
        imported.overlay
    );
    let overlay = Source::new("o", imported.overlay.as_bytes());
    let reading = read(
        "acme",
        Source::new("d", imported.document.as_bytes()),
        Some(overlay),
    );
    assert!(
        reading.model.is_some(),
        "{}",
        rendered(&reading.diagnostics)
    );
}

#[test]
fn every_fixture_means_the_same_when_it_is_imported() {
    for fixture in documents::fixtures().iter().chain(&documents::providers()) {
        let file = format!("{}.yaml", fixture.name);
        let source = Source::new(&file, fixture.text.as_bytes());
        let imported = imported(&file, &fixture.text);
        let again = read(
            "acme",
            Source::new("again", imported.document.as_bytes()),
            None,
        );
        assert_eq!(
            read("acme", source, None).model,
            again.model,
            "{}\n{}",
            fixture.name,
            imported.document
        );
        let json = serde_json::to_string(&fixture.value()).expect("is JSON");
        let from_json = self::imported(&file, &json);
        let again = read(
            "acme",
            Source::new("again", from_json.document.as_bytes()),
            None,
        );
        assert_eq!(
            read("acme", source, None).model,
            again.model,
            "{} as JSON",
            fixture.name
        );
    }
}

#[test]
fn what_is_no_provider_is_not_imported() {
    let diagnostics = import(
        "acme",
        Source::new("a.yaml", b"openapi: 3.0.3\npaths: {}\n"),
    )
    .expect_err("has no token endpoint");
    assert_eq!(diagnostics[0].rule, Rule::NoTokenEndpoint);
    assert!(diagnostics[0].position.is_some());
}

//! An imported document means what the vendor's means, and asks what is open.

use std::collections::BTreeSet;

use tokensmith_author::import::{HEADER, Imported, import};
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
fn comments_go_with_what_they_are_about() {
    let text = VENDOR
        .replace("# The vendor's own words.\n", "# Licence.\n\ntags: []\n")
        .replace("tags: [{name: all}]\n", "")
        .replace("      responses: {'200': {$ref: '#/components/responses/Pets'}}\n", "      responses: {'200': {$ref: '#/components/responses/Pets'}}\n    # The end of the pets.\n\n")
        .replace("  # Pets are not ours.\n", "  # Pets are\n\n  # not ours.\n\n")
        .replace("  # Tokens are.\n", "  # Tokens are.\n\n")
        .replace(
            "        '200': {$ref: '#/components/responses/Token'}\n",
            "        '200': {$ref: '#/components/responses/Token'}\n        '400':\n          description: |\n            # A heading.\n  # Cats are not ours.\n  /cats: {}\n",
        );
    let imported = imported("vendor/api.yaml", &text);
    assert!(imported.is_text, "{}", imported.document);
    for kept in [
        "# Licence.\n\nopenapi:",
        "\npaths:\n  # Tokens are.\n\n  /oauth/token:\n",
        "description: |\n            # A heading.\ncomponents:\n",
    ] {
        assert!(
            imported.document.contains(kept),
            "{kept}\n{}",
            imported.document
        );
    }
    for dropped in ["ets", "not ours", "Cats"] {
        assert!(
            !imported.document.contains(dropped),
            "{dropped}\n{}",
            imported.document
        );
    }
}

#[test]
fn a_bracket_may_close_below_its_key() {
    let text = VENDOR.replace(
        "    Request: {value: {grant_type: client_credentials}}\n",
        "    Request: {\n      value: {grant_type: client_credentials}\n    }\n",
    );
    let imported = imported("vendor/api.yaml", &text);
    assert!(imported.is_text, "{}", imported.document);
}

#[test]
fn spaces_at_the_end_of_a_line_may_be_part_of_a_text() {
    let text = VENDOR.replace(
        "      # By Basic.\n",
        "      # By Basic.\n      description: |-\n        A line,  \n        and another.\n",
    );
    for text in [text.replace('\n', "\r\n"), text] {
        let imported = imported("vendor/api.yaml", &text);
        assert!(imported.is_text, "{}", imported.document);
        assert!(
            imported.document.contains("A line,  \n") && !imported.document.contains('\r'),
            "{}",
            imported.document
        );
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
            .all(|diagnostic| diagnostic.severity() != Severity::Error)
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
        .replace(
            "            example: {$ref: '#/components/examples/Request'}\n",
            "",
        )
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
fn what_is_open_at_one_endpoint_is_asked_there_only() {
    let second = "  /second/token:
    post:
      security: [{key: []}]
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Request'}
      responses:
        '200': {$ref: '#/components/responses/Token'}
components:
";
    // The scheme of the second says nothing; the first is by Basic.
    let scheme = "securitySchemes:\n    key: {type: http, scheme: acme}\n";
    let text = VENDOR
        .replace("components:\n", second)
        .replace("securitySchemes:\n", scheme);
    let imported = imported("api.yaml", &text);
    let proposals = "      x-tokensmith:\n        client-auth: ";
    assert_eq!(
        imported.overlay.matches(proposals).count(),
        1,
        "{}",
        imported.overlay
    );
    let proposal = imported.overlay.split(proposals).nth(1);
    assert!(
        proposal.is_some_and(|text| text.starts_with("{method: basic, scheme: \"acme\"}\n")),
        "{}",
        imported.overlay
    );
}

/// An import gives the crate that the vendor's document gives, with the questions in its overlay and without them.
#[test]
fn every_fixture_means_the_same_when_it_is_imported() {
    for fixture in documents::fixtures().iter().chain(&documents::providers()) {
        let file = format!("{}.yaml", fixture.name);
        let original = read("acme", fixture.source(&file, &fixture.text), None).model;
        let json = serde_json::to_string(&fixture.value()).expect("is JSON");
        for (way, text) in [("YAML", &fixture.text), ("JSON", &json)] {
            let imported =
                import("acme", fixture.source(&file, text)).expect("has a token endpoint");
            let document = Source::new("again", imported.document.as_bytes());
            let overlay = Source::new("overlay", imported.overlay.as_bytes());
            for overlay in [None, Some(overlay)] {
                if overlay.is_some() && original.is_none() {
                    continue;
                }
                assert_eq!(
                    original,
                    read("acme", document, overlay).model,
                    "{} as {way}\n{}\n{}",
                    fixture.name,
                    imported.document,
                    overlay.map_or("", |_| &imported.overlay)
                );
            }
        }
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

#[test]
fn exactly_what_was_inferred_is_asked() {
    for fixture in documents::fixtures() {
        let name = format!("{}.yaml", fixture.name);
        let source = Source::new(&name, fixture.text.as_bytes());
        let Ok(imported) = import("acme", source) else {
            continue;
        };
        let (_, findings) = tokensmith_codegen::explain("acme", source, None);
        let warnings = findings
            .iter()
            .filter(|finding| !finding.endpoint.is_empty());
        let warnings: BTreeSet<&str> = warnings.filter_map(|finding| finding.warning()).collect();
        let overlay: serde_yaml::Value =
            serde_yaml::from_str(&imported.overlay).expect("the overlay is YAML");
        let actions = overlay["actions"].as_sequence().expect("a list");
        let questions = actions.iter().flat_map(|action| {
            let asked = action["update"]["x-tokensmith-unconfirmed"].as_sequence();
            asked.into_iter().flatten().filter_map(|one| one.as_str())
        });
        let asked: BTreeSet<&str> = questions
            .filter_map(|question| question.strip_prefix("Is this right: "))
            .filter_map(|question| Some(question.rsplit_once("? (by ")?.0))
            .collect();
        assert_eq!(asked, warnings, "{}", fixture.name);
    }
}

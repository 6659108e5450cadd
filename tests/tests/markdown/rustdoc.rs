//! The documentation of a crate, as rustdoc renders it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use scraper::{ElementRef, Html, Selector};
use tokensmith_codegen::emit::{self, Manifest, Options};
use tokensmith_codegen::model::Scope;
use tokensmith_codegen::{Model, Source};

use crate::judge;
use crate::texts::{Text, texts};

const TEXTS: usize = 2_000;

const DOCUMENT: &str = r#"
openapi: 3.0.3
info: {title: Example, version: "1"}
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
      responses:
        "200":
          description: A token.
          content:
            application/json:
              schema: {type: object, properties: {access_token: {type: string}}}
"#;

/// A model of which nothing needs an explanation.
pub(crate) fn model() -> Model {
    let reading =
        tokensmith_codegen::read("example", Source::new("a.yaml", DOCUMENT.as_bytes()), None);
    reading
        .model
        .unwrap_or_else(|| panic!("{:#?}", reading.diagnostics))
}

pub(crate) fn files(model: &Model, source: &str) -> emit::Files {
    let options = Options {
        source: source.to_owned(),
        command: "cargo xtask codegen".to_owned(),
        manifest: Manifest::Workspace,
    };
    emit::emit(model, &options)
}

/// One text is the description of one scope, which has a page of its own and a line in the list of all.
#[test]
fn a_text_has_nothing_in_rustdocs_pages_that_it_did_not_ask_for() {
    let texts = texts(TEXTS);
    let mut model = model();
    let plain = Text {
        markdown: "plain".to_owned(),
        words: vec!["plain".to_owned()],
    };
    let all: Vec<&Text> = std::iter::once(&plain).chain(&texts).collect();
    model.scopes = all
        .iter()
        .enumerate()
        .map(|(index, text)| Scope {
            wire: format!("s{index}"),
            ident: format!("S{index}"),
            description: Some(text.markdown.clone()),
            parameters: Vec::new(),
        })
        .collect();
    let folder = tempfile::tempdir().expect("there is room");
    render(folder.path(), &files(&model, "a.yaml")["src/scope.rs"]);

    let page = |index: usize| {
        let path = folder
            .path()
            .join(format!("doc/texts/constant.S{index}.html"));
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let around = surroundings(&Html::parse_document(&page(0)));
    for (index, text) in all.iter().enumerate() {
        let html = Html::parse_document(&page(index));
        let complaints = page_complaints(&html, text, &around);
        assert!(
            complaints.is_empty(),
            "{complaints:#?}\n{:?}",
            text.markdown
        );
    }
    let list = fs::read_to_string(folder.path().join("doc/texts/index.html")).expect("is written");
    let everything: String = all.iter().map(|text| text.markdown.as_str()).collect();
    let complaints = list_complaints(&Html::parse_document(&list), &everything);
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn render(folder: &Path, source: &str) {
    let file = folder.join("texts.rs");
    fs::write(&file, source).expect("is writable");
    let rustdoc = std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    let output = Command::new(rustdoc)
        .args(["--edition", "2024", "--crate-name", "texts"])
        .args([
            "-D",
            "rustdoc::broken_intra_doc_links",
            "-D",
            "rustdoc::invalid_html_tags",
        ])
        .args([
            "-D",
            "rustdoc::bare_urls",
            "-D",
            "rustdoc::invalid_codeblock_attributes",
        ])
        .arg("--output")
        .arg(folder.join("doc"))
        .arg(&file)
        .output()
        .expect("rustdoc is part of Rust");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(told.trim().is_empty(), "{told}");
}

/// How often each element occurs outside of what a document says.
fn surroundings(page: &Html) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for element in page.root_element().descendent_elements() {
        let is_said =
            |element: ElementRef<'_>| element.value().classes().any(|class| class == "docblock");
        let is_around = !is_said(element)
            && !element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(is_said);
        // The list of headings is made of the text's own.
        let is_heading = element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|above| above.value().classes().any(|class| class == "sidebar"));
        if is_around && !is_heading {
            *counts.entry(element.value().name().to_owned()).or_default() += 1;
        }
    }
    counts
}

fn page_complaints(page: &Html, text: &Text, around: &BTreeMap<String, usize>) -> Vec<String> {
    let select = Selector::parse(".docblock").expect("is a selector");
    let mut said = page.select(&select);
    let (Some(shown), None) = (said.next(), said.next()) else {
        return vec!["there is not one text".to_owned()];
    };
    let mut complaints = judge::foreign(shown, &text.markdown);
    complaints.extend(judge::unreadable(shown, text));
    let others = surroundings(page);
    if others != *around {
        complaints.push(format!("the page around it has {others:?}, not {around:?}"));
    }
    complaints
}

/// The first lines of all texts.
fn list_complaints(page: &Html, everything: &str) -> Vec<String> {
    let select = Selector::parse("dl.item-table dd").expect("is a selector");
    let lines: Vec<ElementRef<'_>> = page.select(&select).collect();
    assert!(lines.len() > TEXTS, "{} lines", lines.len());
    lines
        .into_iter()
        .flat_map(|line| judge::foreign(line, everything))
        .collect()
}

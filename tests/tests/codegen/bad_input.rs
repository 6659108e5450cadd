//! Whatever is wrong with a document ends in diagnostics that say what, where, and what to write instead; nothing panics.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_yaml::{Mapping, Value};
use tokensmith_codegen::emit::Manifest;
use tokensmith_codegen::{Diagnostic, Severity, Source};

use crate::documents::{self, Document, PROVIDER, files, has_errors, rendered, without_lints};
use crate::stability::Random;

/// Each document in fixtures/bad, and the codes that it gives, in the order in which they are shown.
const CASES: &[(&str, &[&str])] = &[
    ("access-token-of-nothing", &["TS013"]),
    ("alternative-of-nothing", &["TS016"]),
    ("authorization-alternative", &["TS017", "TS030", "TS033"]),
    ("authorization-only", &["TS005"]),
    ("circular-reference", &["TS007"]),
    ("circular-schema-of-parts", &["TS026", "TS026"]),
    ("client-secret-in-path", &["TS017"]),
    ("client-auth-unreadable", &["TS016"]),
    ("dangling-reference", &["TS006"]),
    ("discriminator-unmapped", &["TS010", "TS010"]),
    ("empty", &["TS001"]),
    ("endpoints-collide", &["TS011", "TS030", "TS030"]),
    ("environments", &["TS028", "TS028", "TS031"]),
    ("error-codes-unknown", &["TS016"]),
    (
        "extension-elsewhere",
        &[
            "TS016", "TS016", "TS016", "TS016", "TS016", "TS016", "TS016",
        ],
    ),
    ("extension-key-unknown", &["TS016"]),
    ("extension-value-unknown", &["TS016"]),
    ("failure-ambiguous", &["TS016"]),
    ("failure-without-values", &["TS016"]),
    ("fragment-unsent", &["TS033", "TS030"]),
    ("grant-of-several-examples", &["TS030"]),
    ("grants-collide", &["TS011"]),
    (
        "grants-not-repeatable",
        &["TS016", "TS016", "TS016", "TS016", "TS030"],
    ),
    ("issuer-invalid", &["TS016", "TS016", "TS016"]),
    ("key-in-cookie", &["TS017"]),
    ("malformed", &["TS008"]),
    ("malformed-schema", &["TS008"]),
    ("method-patch", &["TS017"]),
    ("method-unsupported", &["TS017"]),
    ("names-unusable", &["TS012", "TS031"]),
    ("no-access-token", &["TS030"]),
    ("no-token-endpoint", &["TS005"]),
    ("not-json", &["TS002"]),
    ("not-openapi", &["TS003"]),
    ("not-yaml", &["TS002"]),
    ("nothing-said", &["TS018", "TS019", "TS020"]),
    ("objects-in-query", &["TS031", "TS031"]),
    (
        "oddities",
        &[
            "TS023", "TS026", "TS024", "TS026", "TS026", "TS026", "TS033", "TS026", "TS026",
            "TS026", "TS026", "TS026",
        ],
    ),
    ("overlay-malformed", &["TS014"]),
    ("overlay-unfit", &["TS014", "TS015", "TS015"]),
    ("overlay-unreadable", &["TS002"]),
    ("pointer-of-another-form", &["TS016"]),
    (
        "pointers-astray",
        &["TS030", "TS030", "TS030", "TS030", "TS030"],
    ),
    (
        "pointers-invalid",
        &["TS016", "TS016", "TS016", "TS016", "TS016", "TS030"],
    ),
    ("pushed-authorization-nowhere", &["TS016", "TS016", "TS030"]),
    (
        "redirect-unreadable",
        &[
            "TS016", "TS016", "TS016", "TS016", "TS016", "TS016", "TS016", "TS016", "TS016",
            "TS016", "TS016",
        ],
    ),
    ("reference-outside", &["TS025"]),
    ("required-scopes-unsent", &["TS016"]),
    ("response-type-unsupported", &["TS031"]),
    ("scalar", &["TS003"]),
    ("schemas-collide", &["TS011"]),
    ("request-within-object", &["TS005"]),
    ("scheme-unsupported", &["TS017"]),
    (
        "server-variables",
        &[
            "TS027", "TS027", "TS027", "TS027", "TS027", "TS027", "TS027", "TS020",
        ],
    ),
    ("servers-collide", &["TS011"]),
    ("several", &["TS010", "TS031", "TS030"]),
    ("styles-unsupported", &["TS017", "TS031", "TS031"]),
    ("swagger-1", &["TS004"]),
    ("token-use-unreadable", &["TS016"]),
    ("too-deep", &["TS022"]),
    ("too-many-aliases", &["TS022"]),
    ("unknown-grant", &["TS010"]),
    ("unknown-media-type", &["TS009"]),
    ("version-unknown", &["TS004"]),
];

#[test]
fn each_case_has_its_diagnostics() {
    let documents = documents::folder("fixtures/bad");
    let names: BTreeSet<&str> = documents
        .iter()
        .map(|document| document.name.as_str())
        .collect();
    assert_eq!(
        names,
        CASES.iter().map(|(name, _)| *name).collect(),
        "the table and the folder differ"
    );
    let mut wrong = String::new();
    for document in &documents {
        let expected = CASES
            .iter()
            .find(|(name, _)| *name == document.name)
            .map(|(_, codes)| *codes);
        let reading = without_lints(document.read_as(PROVIDER));
        let found: Vec<&str> = reading
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.rule.code())
            .collect();
        let is_mute = |diagnostic: &Diagnostic| {
            let says_where = diagnostic.position.is_some() || document.text.is_empty();
            !says_where || diagnostic.help.is_none() || diagnostic.file.is_empty()
        };
        if Some(found.as_slice()) != expected
            || reading.model.is_some() == has_errors(&reading)
            || reading.diagnostics.iter().any(is_mute)
        {
            wrong.push_str(&format!(
                "{} {found:?}\n{}\n",
                document.name,
                rendered(&reading.diagnostics)
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "these have other codes than the table, no position, or no help:\n{wrong}"
    );
    for document in &documents {
        let reading = without_lints(document.read_as(PROVIDER));
        check("bad", &document.name, &rendered(&reading.diagnostics));
    }
}

#[test]
fn a_name_cannot_leave_the_folder() {
    let minimal = documents::fixtures()
        .into_iter()
        .find(|fixture| fixture.name == "minimal");
    let minimal = minimal.expect("there is a minimal fixture");
    for provider in [
        "../../x", "..", "CON", "con", "a/b", "a\\b", "C:x", "", "-a", "a.b", "a\0", "runtime", "ä",
    ] {
        let reading = without_lints(minimal.read_as(provider));
        let codes: Vec<&str> = reading
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.rule.code())
            .collect();
        assert_eq!(codes, ["TS021"], "{provider:?}");
        assert!(reading.model.is_none(), "{provider:?}");
    }
    let reading = without_lints(minimal.read_as("../../x"));
    check("bad", "name-leaves-folder", &rendered(&reading.diagnostics));
}

#[test]
fn text_that_is_not_utf_8_is_told() {
    let reading = tokensmith_codegen::read(PROVIDER, Source::new("a.yaml", b"openapi: \xff"), None);
    assert!(has_errors(&reading) && reading.model.is_none());
    check("bad", "not-utf-8", &rendered(&reading.diagnostics));
}

#[test]
fn every_snapshot_has_its_case() {
    let folder = documents::tests().join("tests/snapshots/bad");
    let others = ["name-leaves-folder", "not-utf-8"];
    for entry in fs::read_dir(folder).expect("is a folder") {
        let file = entry
            .expect("is readable")
            .file_name()
            .to_string_lossy()
            .into_owned();
        if let Some(name) = file.strip_suffix(".snap") {
            let known = others.contains(&name) || CASES.iter().any(|(case, _)| *case == name);
            assert!(known, "{file} is of nothing that there still is: delete it");
        }
    }
}

fn check(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// How many damaged copies of documents are read, however many documents there are: the fuzz targets read more.
const COPIES: usize = 2_400;

#[test]
fn no_damaged_document_panics() {
    let documents = documents::providers();
    let copies = COPIES.div_ceil(documents.len());
    for document in &documents {
        let mut random = Random::new(document.text.len() as u64);
        for copy in 0..copies {
            let bytes = if copy % 2 == 0 {
                truncated(document, &mut random)
            } else {
                mutated(document, &mut random)
            };
            assert_returns(document, &bytes);
        }
    }
}

/// How many copies with an odd value are read of each fixture.
const ODD_COPIES: usize = 40;

#[test]
fn no_odd_value_panics() {
    for document in documents::fixtures() {
        let mut random = Random::new(document.text.len() as u64);
        for _ in 0..ODD_COPIES {
            let mut value = document.value();
            for _ in 0..=random.below(3) {
                make_odd(&mut value, &mut random);
            }
            let text = serde_yaml::to_string(&value).expect("is YAML");
            assert_returns(&document, text.as_bytes());
        }
    }
}

/// Replaces a value somewhere inside by one that nobody expects there, or a key by one that is no name.
fn make_odd(value: &mut Value, random: &mut Random) {
    const TEXTS: [&str; 14] = [
        "",
        "self",
        "Self",
        "—",
        "a\0b",
        "{x}",
        "}{",
        "#/components/schemas/X",
        "#/",
        "$ref",
        "r#type",
        "1",
        "*/",
        "_",
    ];
    let text = || Value::String(TEXTS[0].to_owned());
    let deeper = random.below(8) > 0;
    match value {
        Value::Mapping(members) if deeper && !members.is_empty() => {
            let at = random.below(members.len());
            if random.below(6) == 0 {
                let key = members.keys().nth(at).cloned().unwrap_or_default();
                let member = members.remove(&key).unwrap_or_default();
                members.insert(TEXTS[random.below(TEXTS.len())].into(), member);
            } else if let Some(member) = members.values_mut().nth(at) {
                make_odd(member, random);
            }
        }
        Value::Sequence(items) if deeper && !items.is_empty() => {
            let at = random.below(items.len());
            make_odd(&mut items[at], random);
        }
        other => {
            *other = match random.below(9) {
                0 => Value::Null,
                1 => Value::Bool(true),
                2 => Value::from(-1),
                3 => Value::from(1e300),
                4 => Value::Sequence(vec![other.clone(), text()]),
                5 => Value::Mapping(Mapping::from_iter([("$ref".into(), "#".into())])),
                6 => Value::Mapping(Mapping::from_iter([(text(), other.clone())])),
                _ => TEXTS[random.below(TEXTS.len())].into(),
            };
        }
    }
}

/// The start of a document.
fn truncated(document: &Document, random: &mut Random) -> Vec<u8> {
    let bytes = document.text.as_bytes();
    bytes[..random.below(bytes.len())].to_vec()
}

/// A document in which some bytes are others, or are missing, or stand elsewhere.
fn mutated(document: &Document, random: &mut Random) -> Vec<u8> {
    const BYTES: &[u8] = b"\0\t\n -:#'\"[]{},&*!|>%@`\\/~$a0\x7f\xc3\xff";
    let mut bytes = document.text.as_bytes().to_vec();
    for _ in 0..=random.below(12) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes[at] = BYTES[random.below(BYTES.len())],
            1 => bytes.insert(at, BYTES[random.below(BYTES.len())]),
            2 => {
                let end = (at + random.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let end = (at + random.below(200)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, part);
            }
        }
    }
    bytes
}

/// Reads and generates; errors must be said, and whatever is generated must be made without a panic.
fn assert_returns(document: &Document, bytes: &[u8]) {
    let overlay = document
        .overlay
        .as_ref()
        .map(|text| Source::new("overlay", text.as_bytes()));
    let returned = catch_unwind(AssertUnwindSafe(|| {
        let reading =
            tokensmith_codegen::read(&document.name, Source::new("damaged", bytes), overlay);
        assert!(
            reading.model.is_some() || has_errors(&reading),
            "neither a model nor an error"
        );
        for diagnostic in &reading.diagnostics {
            assert!(
                diagnostic.severity() != Severity::Error || reading.model.is_none(),
                "{diagnostic}"
            );
        }
        if let Some(model) = &reading.model {
            files(model, &document.name, Manifest::Workspace);
        }
    }));
    if returned.is_err() {
        let copy = std::env::temp_dir().join(format!("damaged-{}.yaml", document.name));
        let written = fs::write(&copy, bytes).map(|()| copy.display().to_string());
        panic!(
            "a damaged copy of {} panics; it is kept at {written:?}",
            document.name
        );
    }
}

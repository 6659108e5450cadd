//! What changed documents mean for users: each pair is a document and one line of it that is another.

mod pairs;

use semver::Version;
use tokensmith_author::diff::{Kind, Step, diff, least, step};
use tokensmith_codegen::{Source, read};

use crate::documents::rendered;
use pairs::{DOCUMENT, PAIRS, model};

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
    for (from, to, there, back) in PAIRS {
        assert_eq!(
            steps(from, to),
            (Some(*there), Some(*back)),
            "{from} -> {to}"
        );
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
        shown.contains("`one` is not a version") && shown.contains("acme.yaml:4:"),
        "{shown}"
    );
    let model = model(&text.replace("one", "1.2.3"));
    assert_eq!(model.version, Version::new(1, 2, 3));
}

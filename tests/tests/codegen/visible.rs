//! Every text that generated code shows under `Debug`, for review: a credential has no place here.

use std::fs;

use tokensmith_codegen::model::visible_texts;

use crate::documents::{self, PROVIDER};

#[test]
fn texts_that_are_shown() {
    let providers = documents::providers();
    let fixtures = documents::fixtures();
    let of_providers = providers
        .iter()
        .map(|document| (document, document.name.as_str()));
    let all = of_providers.chain(fixtures.iter().map(|document| (document, PROVIDER)));
    let only = documents::only();
    let known = only.as_ref().map(|_| known()).unwrap_or_default();
    let mut shown = String::new();
    for (document, provider) in all {
        let is_another = only.as_ref().is_some_and(|only| *only != document.name);
        if is_another && provider != PROVIDER {
            let start = format!("{}: ", document.name);
            let line = known.lines().find(|line| line.starts_with(&start));
            shown.extend(line.map(|line| format!("{line}\n")));
            continue;
        }
        let Some(model) = document.read_as(provider).model else {
            continue;
        };
        let texts = visible_texts(&model);
        if !texts.is_empty() {
            shown += &format!("{}: {}\n", document.name, texts.join(", "));
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("visible-texts", shown));
}

/// The snapshot as it is, of which only one provider's line may change.
fn known() -> String {
    let path = documents::tests().join("tests/snapshots/visible-texts.snap");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

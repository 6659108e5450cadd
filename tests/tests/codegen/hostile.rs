//! A document is untrusted: whatever it says, its crate has what the model has, and compiles.

use proptest::prelude::*;
use tokensmith_codegen::emit::Manifest;
use tokensmith_tests::{emitted, random_document};

use crate::documents::{self, Document, PROVIDER, files, rendered};

#[test]
fn every_fixture_and_provider_has_only_what_its_model_has() {
    for document in documents::fixtures().iter().chain(&documents::providers()) {
        let reading = document.read_as(PROVIDER);
        let model = reading
            .model
            .unwrap_or_else(|| panic!("{}", rendered(&reading.diagnostics)));
        let complaints = emitted::complaints(&model, &files(&model, PROVIDER, Manifest::Workspace));
        assert!(complaints.is_empty(), "{}: {complaints:#?}", document.name);
    }
}

/// A document that these bytes decide.
pub(crate) fn random(name: &str, bytes: &[u8]) -> Document {
    let document = random_document::document(bytes).expect("bytes that run out are no error");
    Document::new(
        name,
        serde_json::to_string_pretty(&document).expect("is JSON"),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_random_document_gives_only_what_its_model_has(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let document = random("random", &bytes);
        let reading = document.read_as(PROVIDER);
        let Some(model) = &reading.model else {
            return Err(TestCaseError::fail(format!("{}\n{}", rendered(&reading.diagnostics), document.text)));
        };
        let complaints = emitted::complaints(model, &files(model, PROVIDER, Manifest::Workspace));
        prop_assert!(complaints.is_empty(), "{complaints:#?}\n{}", document.text);
    }
}

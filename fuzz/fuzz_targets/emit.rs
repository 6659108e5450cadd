//! What is emitted parses and has what the model has: for documents of any text, and for sound ones with odd names and texts.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tokensmith_codegen::emit::{Manifest, Options, emit};
use tokensmith_codegen::{Source, read};
use tokensmith_tests::{emitted, random_document};

fuzz_target!(|bytes: &[u8]| {
    judge(bytes);
    if let Ok(document) = random_document::document(bytes) {
        judge(document.to_string().as_bytes());
    }
});

fn judge(bytes: &[u8]) {
    let source = Source::new("document", bytes);
    let Some(model) = read("fuzzed", source, None).model else {
        return;
    };
    let options = Options {
        source: "specs/fuzzed.yaml".to_owned(),
        command: "cargo xtask codegen".to_owned(),
        manifest: Manifest::Workspace,
    };
    let complaints = emitted::complaints(&model, &emit(&model, &options));
    assert!(complaints.is_empty(), "{complaints:#?}");
}

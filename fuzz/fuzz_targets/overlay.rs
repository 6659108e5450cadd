//! Any overlay on any document: a document, a line of dashes, an overlay.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tokensmith_codegen::{Source, overlaid};

fuzz_target!(|text: &str| {
    let (document, overlay) = text.split_once("\n-----\n").unwrap_or((text, ""));
    let document = Source::new("document", document.as_bytes());
    let overlay = Source::new("overlay", overlay.as_bytes());
    match overlaid(document, Some(overlay)) {
        Ok(json) => assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok()),
        Err(diagnostic) => assert!(diagnostic.help.is_some(), "{diagnostic}"),
    }
});

//! Any document becomes a model, or errors that say where and what to do.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tokensmith_codegen::{Severity, Source, read};

fuzz_target!(|bytes: &[u8]| {
    let source = Source::new("document", bytes);
    let reading = read("fuzzed", source, None);
    let has_errors = reading
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity() == Severity::Error);
    assert_eq!(reading.model.is_none(), has_errors);
    for diagnostic in &reading.diagnostics {
        assert!(diagnostic.help.is_some(), "{diagnostic}");
    }
});

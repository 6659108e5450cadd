//! Any bytes become a tree or a diagnostic; JSON becomes what serde_json makes of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tokensmith_codegen::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    match fuzzing::load(bytes) {
        Ok(_) => {}
        Err(diagnostic) => assert!(diagnostic.help.is_some(), "{diagnostic}"),
    }
});

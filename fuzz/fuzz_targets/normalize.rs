//! What is normal stays as it is, and openapiv3 reads it or says where it does not.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tokensmith_codegen::fuzzing;

fuzz_target!(|bytes: &[u8]| {
    let tree = fuzzing::load(bytes).ok();
    let Some(tree) = tree.and_then(|tree| fuzzing::select(&tree)) else {
        return;
    };
    let once = fuzzing::normalize(tree);
    let twice = fuzzing::normalize(once.clone());
    assert_eq!(once, twice, "normalizing is not idempotent");
    let _ = fuzzing::parse(&once);
});

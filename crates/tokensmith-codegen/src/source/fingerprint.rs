//! Whether files and the program that reads them are the same as in an earlier run.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::OnceLock;
use std::time::SystemTime;

/// Identifies this very generator, and what it reads.
pub(crate) fn fingerprint(inputs: &[&[u8]]) -> u64 {
    let mut hasher = DefaultHasher::new();
    generator().hash(&mut hasher);
    inputs.hash(&mut hasher);
    hasher.finish()
}

/// Size and time of the running program: another build may generate something else.
fn generator() -> Option<(u64, SystemTime)> {
    static GENERATOR: OnceLock<Option<(u64, SystemTime)>> = OnceLock::new();
    *GENERATOR.get_or_init(|| {
        let metadata = fs::metadata(std::env::current_exe().ok()?).ok()?;
        Some((metadata.len(), metadata.modified().ok()?))
    })
}

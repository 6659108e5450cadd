//! What a document says of the texts that a client makes for a browser's request.

use serde_json::Value;

use crate::model::pattern::Pattern;
use crate::openapi::facts::{Fact, Kind};

/// What a client makes: `state` and `nonce` of random bytes, and the code challenge (RFC 7636,
/// section 4.2), each with 32 bytes in base64url.
const MADE: [&str; 3] = ["code_challenge", "nonce", "state"];

/// How many characters each of them has.
pub(super) const LENGTH: u64 = 43;

/// Texts of that length: with letters alone, with digits, and with each other character at each end.
const SAMPLES: [&str; 4] = [
    "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHiJkLmNoPq",
    "0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1",
    "-_aB0-_cD1-_eF2-_gH3-_iJ4-_kL5-_mN6-_oP7_-Z",
    "_-aB0_-cD1_-eF2_-gH3_-iJ4_-kL5_-mN6_-oP7-_z",
];

/// Whether a limit is on a text that the client makes.
pub(super) fn is_on_made(fact: &Fact<'_>) -> bool {
    let limits = ["maxLength", "minLength", "pattern"];
    let is_limit = matches!(fact.kind, Kind::Keyword(key) if limits.contains(&key));
    is_limit && MADE.contains(&fact.name)
}

/// Whether all texts that the client makes are within a limit.
pub(super) fn fits(fact: &Fact<'_>) -> bool {
    match (fact.kind, fact.value) {
        (Kind::Keyword("minLength"), value) => value.as_u64().is_some_and(|least| least <= LENGTH),
        (Kind::Keyword("maxLength"), value) => value.as_u64().is_some_and(|most| LENGTH <= most),
        (Kind::Keyword("pattern"), Value::String(pattern)) => Pattern::new(pattern)
            .is_ok_and(|pattern| SAMPLES.iter().all(|sample| pattern.allows(sample))),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_have_the_length_of_what_is_made() {
        for sample in SAMPLES {
            assert_eq!(sample.len() as u64, LENGTH, "{sample}");
        }
    }
}

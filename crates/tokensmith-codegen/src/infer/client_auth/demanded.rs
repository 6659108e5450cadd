//! Whether a description demands client authentication without saying which.

use crate::infer::grant::negation::affirmed;
use crate::prose::plain;

/// Returns whether one of these descriptions says that clients authenticate.
pub(crate) fn is_demanded<'a>(mut descriptions: impl Iterator<Item = (&'a str, String)>) -> bool {
    descriptions.any(|(text, _)| !affirmed(&plain(text), demands).is_empty())
}

/// Whether a clause in small letters demands that a client authenticates.
fn demands(clause: &str) -> bool {
    const SUBJECTS: [&str; 5] = [
        "authenticated client",
        "client authentication",
        "client credentials must",
        "client has to authenticate",
        "client must authenticate",
    ];
    const PLURALS: [&str; 2] = ["clients have to authenticate", "clients must authenticate"];
    const DEMANDS: [&str; 7] = [
        "has to",
        "have to",
        "mandatory",
        "must",
        "need",
        "require",
        "only for",
    ];
    // What some clients may leave out, and what is said of failures, demands nothing.
    const CONDITIONS: [&str; 9] = [
        "fail",
        "if ",
        "n't",
        "no client",
        "not ",
        "optional",
        "public client",
        "unless",
        "when ",
    ];
    let has = |words: &[&str]| words.iter().any(|word| clause.contains(word));
    has(&SUBJECTS) && has(&DEMANDS) && !has(&CONDITIONS) || has(&PLURALS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_is_told_from_a_condition() {
        let of = |text: &str| is_demanded([(text, String::new())].into_iter());
        for text in [
            "Implements RFC 7662. Requires client authentication.",
            "**Client authentication** is required.",
            "The client must authenticate.",
            "Confidential clients must authenticate, as at the token endpoint.",
        ] {
            assert!(of(text), "{text}");
        }
        for text in [
            "Client authentication is not required.",
            "Client authentication failed.",
            "No client authentication is needed.",
            "Public clients need client authentication no more.",
            "Client authentication is required if the client has a secret.",
            "Works without client authentication, requires a token.",
            "Revokes a token.",
        ] {
            assert!(!of(text), "{text}");
        }
    }
}

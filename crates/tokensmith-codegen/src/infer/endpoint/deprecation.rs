//! Whether an operation is deprecated.

use openapiv3::Operation as ApiOperation;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::openapi::extension::has_deprecated_mark;
use crate::openapi::site::Site;
use crate::openapi::untyped::Untyped;

/// The key with which some vendors say when an operation ends.
const SUNSET: &str = "x-sunset";

/// Whether the document calls an operation deprecated: by the key for that, by a vendor's key, or where its summary or its
/// description begins with the word.
pub(super) fn is_deprecated(operation: &ApiOperation) -> bool {
    operation.deprecated || is_by_words(operation)
}

fn is_by_words(operation: &ApiOperation) -> bool {
    let mut texts = [&operation.summary, &operation.description]
        .into_iter()
        .flatten();
    operation.extensions.contains_key(SUNSET)
        || has_deprecated_mark(&operation.extensions)
        || texts.any(|text| begins_with_word(text))
}

/// Whether a text is headed by `Deprecated`, as in `[Deprecated] Get a token`. A sentence that begins with it may speak of
/// something else.
fn begins_with_word(text: &str) -> bool {
    const WORD: &str = "deprecated";
    let text = text.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let Some((word, rest)) = text.split_at_checked(WORD.len()) else {
        return false;
    };
    let rest = rest.trim_start();
    word.eq_ignore_ascii_case(WORD)
        && !rest.starts_with(|letter: char| letter.is_alphanumeric() || "`_".contains(letter))
}

/// Whether the operation is deprecated; what is read so although no key says it is told.
pub(super) fn read(
    operation: &ApiOperation,
    (site, untyped): (&Site, &Untyped),
    diagnostics: &mut Diagnostics,
) -> bool {
    if operation.deprecated || !is_by_words(operation) {
        return operation.deprecated;
    }
    let at = site.pointer.as_str();
    let against = match untyped.is_stated_current(at) {
        true => ", although `deprecated: false` stands there",
        false => "",
    };
    let message = format!(
        "by its words or a key of the vendor's, the operation is read as deprecated{against}: where there is another of its kind, that one is the main one"
    );
    let finding = Finding::new(Question::Attribute, "deprecated")
        .by(EvidenceKind::Description, at)
        .inferred(at, message, "where it is, say so:\ndeprecated: true");
    diagnostics.find(finding);
    true
}

#[cfg(test)]
mod tests {
    use super::begins_with_word;

    #[test]
    fn a_heading_says_that_an_operation_is_deprecated() {
        for text in [
            "[Deprecated] Get a token",
            "**DEPRECATED**: see v2",
            "Deprecated.",
        ] {
            assert!(begins_with_word(text), "{text}");
        }
        for text in [
            "Get a token",
            "Deprecated parameters are ignored",
            "deprecated `scope` values are refused",
            "Deprecate",
            "",
        ] {
            assert!(!begins_with_word(text), "{text}");
        }
    }
}

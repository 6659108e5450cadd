//! A `client_id` that does not name the client that asks.
//!
//! Some endpoints take it in the place of other identifiers, such as those of a managed identity: requests have at most one of them,
//! and many have none.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::model::rfc;
use crate::prose::{listed, plain, sentences};

/// Finds that `client_id` is a parameter like others, by the words that exclude it beside another parameter.
pub(crate) fn find(declarations: &Declarations<'_>) -> Option<Finding> {
    let name = declarations.runtime.client_id;
    let declared = declarations.common.get(name);
    let declared = declared.filter(|declared| !declared.places.is_required())?;
    let excludes = |one: &DeclaredParameter<'_>, other: &str| {
        let text = one.description.or(one.shape.description);
        text.is_some_and(|text| excludes(text, other))
    };
    let others = declarations.common.iter();
    let others = others.filter(|(other, parameter)| {
        // What stands in the place of the secret, or of a grant, is about the client.
        !parameter.is_secret(other)
            && !rfc::is_requested(other)
            && (excludes(declared, other) || excludes(parameter, name))
    });
    let others: Vec<String> = others
        .map(|(other, _)| format!("`{}`", other.escape_debug()))
        .collect();
    others.first()?;
    let shown = name.escape_debug();
    let at = &declared.shape.pointer;
    let message = format!(
        "by its description, `{shown}` excludes {}; it is read as a parameter of requests, not as the client that asks",
        listed(&others, "and")
    );
    let help = format!(
        "where it names the client, say so:\nx-tokensmith: {{client-auth: {{client-id: {shown}}}}}"
    );
    let finding = Finding::new(
        Question::ClientParameters,
        format!("`{shown}` is a parameter of requests"),
    )
    .by(EvidenceKind::Description, at);
    Some(finding.inferred(at, message, help))
}

/// Whether a text says of a parameter that it is not there together with another one.
pub(super) fn excludes(text: &str, other: &str) -> bool {
    const WORDS: [&str; 9] = [
        "alternative to",
        "cannot be combined",
        "cannot be used together",
        "cannot be used with",
        "either",
        "exclusive",
        "instead of",
        "only one of",
        "one of",
    ];
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let other = other.to_lowercase();
    sentences(text).map(plain).any(|sentence| {
        let mut words = sentence.split(|letter| !is_part(letter));
        // A document may have a credential under no name.
        !other.is_empty()
            && words.any(|word| word == other)
            && WORDS.iter().any(|words| sentence.contains(words))
    })
}

#[cfg(test)]
mod tests {
    use super::excludes;

    #[test]
    fn what_excludes_a_parameter_names_it_in_the_same_sentence() {
        for text in [
            "The identity. Mutually exclusive with object_id and resource_id.",
            "Use either `object_id` or `resource_id`.",
            "It cannot be combined with\tobject_id",
        ] {
            assert!(excludes(text, "object_id"), "{text}");
        }
        for text in [
            "One of many. See object_id.",
            "Mutually exclusive with object_ids.",
            "Like object_id.",
            "",
        ] {
            assert!(!excludes(text, "object_id"), "{text}");
        }
    }
}

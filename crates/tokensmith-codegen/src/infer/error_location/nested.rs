//! An error response of RFC 6749 as a member of a larger one, such as `accessTokenError` of a problem (RFC 9457).

use tokensmith_description::refusal::MEANINGS;

use super::{ErrorLocation, is_in_containers};
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::letters;

/// Finds the `error` of each such member and its `error_description`, where the runtime does not look by itself.
pub(super) fn find(members: &[Member<'_>]) -> ErrorLocation {
    let mut found = ErrorLocation::default();
    for member in members.iter().filter(|member| is_code(member)) {
        let mut siblings = members.iter().filter(|other| {
            other.parent() == member.parent()
                && other.kind == Kind::Text
                && letters(&other.name) == "errordescription"
        });
        let description = siblings.next();
        let example = member.example.as_deref();
        let is_of_rfc = example.is_some_and(|example| MEANINGS.contains(&example));
        if description.is_some() || is_of_rfc || is_in_containers(&member.pointer) {
            found.code.push(member.pointer.clone());
            let pointer = description.map(|description| description.pointer.clone());
            found.description.extend(pointer);
        }
    }
    found
}

fn is_code(member: &Member<'_>) -> bool {
    let is_sentence = || {
        let example = member.example.as_deref();
        example.is_some_and(|example| example.trim().contains(' '))
    };
    member.depth > 0
        && member.kind == Kind::Text
        && letters(&member.name) == "error"
        && member.parent() != "/error"
        && !is_sentence()
}

//! The code of an error under the name of a description, as its example shows.

use tokensmith_description::refusal::{DESCRIPTIONS, MEANINGS};

use super::ErrorLocation;
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::letters;

/// Reads the only description as the code where its example is a code of an RFC, and another text as the description.
pub(super) fn corrected(location: ErrorLocation, members: &[Member<'_>]) -> ErrorLocation {
    let ([], [only]) = (location.code.as_slice(), location.description.as_slice()) else {
        return location;
    };
    let shown = members.iter().find(|member| member.pointer == *only);
    let shown = shown.and_then(|member| member.example.as_deref());
    if !shown.is_some_and(|example| MEANINGS.contains(&example)) {
        return location;
    }
    let other = members.iter().find(|member| {
        member.pointer != *only
            && matches!(member.kind, Kind::Text | Kind::Any)
            && DESCRIPTIONS.contains(&letters(&member.name).as_str())
    });
    let other = other.map(|other| other.pointer.clone());
    ErrorLocation {
        code: vec![only.clone()],
        description: other.into_iter().collect(),
    }
}

//! Members of error responses that repeat the HTTP status, and are called like a code.

use tokensmith_description::refusal::CODES;

use super::{ErrorLocation, is_in_containers};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::letters;

/// Whether a number is the HTTP status, by what is said of it, or else by its example.
fn is_status(member: &Member<'_>) -> bool {
    let is_number = matches!(member.kind, Kind::Integer | Kind::Number);
    let words = member.words.map(str::to_lowercase).unwrap_or_default();
    let is_said = words.contains("http") && (words.contains("status") || words.contains("code"));
    let example = member.example.as_deref();
    let example = example.and_then(|example| example.parse::<u16>().ok());
    let is_shown = words.is_empty() && example.is_some_and(|code| (400..600).contains(&code));
    is_number && is_code(member) && (is_said || is_shown)
}

fn is_code(member: &Member<'_>) -> bool {
    CODES.contains(&letters(&member.name).as_str()) && is_in_containers(&member.pointer)
}

/// The nearest member that is called like a code and is not the HTTP status.
pub(super) fn other_code<'m>(members: &'m [Member<'_>]) -> Option<&'m Member<'m>> {
    let is_other = |member: &&Member<'_>| {
        matches!(member.kind, Kind::Text | Kind::Integer) && is_code(member) && !is_status(member)
    };
    let others = members.iter().filter(is_other);
    let rank = |member: &&Member<'_>| {
        let name = letters(&member.name);
        (member.depth, CODES.iter().position(|known| *known == name))
    };
    others.min_by_key(rank)
}

/// Takes the HTTP status out of the members; gives back what it was.
pub(super) fn remove<'a>(members: &mut Vec<Member<'a>>) -> Option<Member<'a>> {
    let mut found = None;
    members.retain(|member| {
        let is_status = is_status(member);
        if is_status && found.is_none() {
            found = Some(member.clone());
        }
        !is_status
    });
    found
}

/// Whether what is read as the code is the HTTP status.
pub(super) fn is_read(members: &[Member<'_>], code: &[String]) -> bool {
    let mut statuses = members.iter().filter(|member| is_status(member));
    statuses.any(|status| code.contains(&status.pointer))
}

/// Tells that the status is not read as the code, and what is read beside it, unless that is told anyway.
pub(super) fn tell(
    status: &Member<'_>,
    members: &[Member<'_>],
    read: &ErrorLocation,
    diagnostics: &mut Diagnostics,
) -> ErrorLocation {
    let other = other_code(members).filter(|_| read.code.is_empty());
    let Some(other) = other else {
        return ErrorLocation::default();
    };
    let code = other.pointer.clone();
    let message = format!(
        "`{}` of the error response is the HTTP status, and not its code; by the name, `{code}` is read as the error code",
        status.pointer
    );
    let keys = format!("code: {code}");
    let help = format!("say so on the operation:\nx-tokensmith: {{error: {{{keys}}}}}");
    let at = &status.declared_at;
    let finding = Finding::new(Question::Errors, keys)
        .by(EvidenceKind::Name, at)
        .inferred(at, message, help);
    diagnostics.find(finding);
    ErrorLocation {
        code: vec![code],
        description: Vec::new(),
    }
}

//! The grant of a branch of a body that does not state one.

use std::collections::BTreeSet;

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::infer::body_branch::Branch;
use crate::infer::grant::{evidence, named_in_words};
use crate::model::{name, rfc};

/// The grant that a branch of a body is taken for, and why.
pub(crate) struct OfBranch {
    pub(crate) grant: String,
    by: String,
    pub(crate) kind: EvidenceKind,
}

impl OfBranch {
    pub(crate) fn finding(&self, branch: &Branch<'_>, name: &str) -> Finding {
        let Self { grant, by, kind } = self;
        let message = match branch.parameters.contains_key(name) {
            true => format!("`{name}` may be any string here; by {by} it is read as {grant}"),
            false => format!("the branch does not state its `{name}`; by {by} it is for {grant}"),
        };
        let help = format!(
            "say it in the schema:\nproperties: {{{name}: {{type: string, enum: [{grant}]}}}}"
        );
        Finding::new(Question::Grants, grant)
            .of(branch.name.unwrap_or("a branch of the body"))
            .by(*kind, &branch.pointer)
            .inferred(&branch.pointer, message, help)
    }
}

/// The grant of a branch that does not state it; `by` is the parameter that says which it is.
pub(crate) fn of_branch(branch: &Branch<'_>, by: &str) -> Option<OfBranch> {
    let only = |grants: BTreeSet<String>| {
        let mut grants = grants.into_iter();
        grants.next().filter(|_| grants.next().is_none())
    };
    let parameter = branch.parameters.get(by);
    let words = parameter.and_then(|declared| declared.description.or(declared.shape.description));
    let found = |grant, by: String, kind| Some(OfBranch { grant, by, kind });
    if let Some(grant) = only(named_in_words::named(words.unwrap_or_default())) {
        return found(
            grant,
            "the parameter's description".to_owned(),
            EvidenceKind::Description,
        );
    }
    if let Some((name, grant)) = branch.name.and_then(|name| Some((name, by_title(name)?))) {
        return found(
            grant,
            format!("the name `{}`", name.escape_debug()),
            EvidenceKind::Name,
        );
    }
    let required: BTreeSet<&str> = branch
        .required
        .iter()
        .map(|name| rfc::meant(name))
        .collect();
    if let Some(grant) = only(by_required(|name| required.contains(name))) {
        return found(
            grant,
            "a parameter that only this grant requires".to_owned(),
            EvidenceKind::Parameters,
        );
    }
    if let Some(grant) = only(evidence::by_parameters(&branch.parameters)) {
        return found(
            grant,
            "a parameter that only this grant has".to_owned(),
            EvidenceKind::Parameters,
        );
    }
    let grant = only(named_in_words::in_words(
        branch.description.unwrap_or_default(),
    ))?;
    found(
        grant,
        "the branch's description".to_owned(),
        EvidenceKind::Description,
    )
}

/// The only grant whose name is part of a name: `RefreshToken` in `refresh-token-request`.
fn by_title(title: &str) -> Option<String> {
    let title = name::pascal(title)?;
    let mut named = rfc::GRANTS
        .iter()
        .filter(|grant| has_words(&title, grant.ident));
    let first = named.next()?;
    named.next().is_none().then(|| first.value.to_owned())
}

/// Whether a name in Pascal case has the words of another one of its kind: `Password` is not in `Passwordless`.
fn has_words(name: &str, words: &str) -> bool {
    let mut found = name.match_indices(words);
    found.any(|(start, _)| {
        let rest = &name[start + words.len()..];
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        !rest.starts_with(|letter: char| letter.is_lowercase())
    })
}

/// The only grant whose RFC asks for nothing but what `is_required`, and for something.
fn by_required(is_required: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let of_rfcs = rfc::GRANTS.iter().filter(|grant| {
        let required = grant.parameters.iter().filter(|(_, required)| *required);
        let mut names = required.map(|(name, _)| name).peekable();
        names.peek().is_some() && names.all(|name| is_required(name))
    });
    let grants: BTreeSet<String> = of_rfcs.map(|grant| grant.value.to_owned()).collect();
    // An assertion is what several grants have.
    if grants.len() == 1 {
        grants
    } else {
        BTreeSet::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_a_grant_by_whole_words() {
        for title in ["PasswordRequest", "token-by-password", "Password2"] {
            assert_eq!(by_title(title).as_deref(), Some("password"), "{title}");
        }
        for title in ["PasswordlessRequest", "passwordless"] {
            assert_eq!(by_title(title), None, "{title}");
        }
    }
}

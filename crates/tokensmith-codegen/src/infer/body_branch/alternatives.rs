//! What branches require that no grant of theirs says when to send.

use std::collections::{BTreeMap, BTreeSet};

use super::Branch;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::prose::listed;

/// Tells branches of unknown grants beside others, and what a request must have one of. `known` are the parameters that all
/// requests have or that the runtime sends, and `by` is the one that says which grant it is.
pub(crate) fn tell(
    branches: &[Branch<'_>],
    (known, by): (&BTreeSet<&str>, &str),
    diagnostics: &mut Diagnostics,
) {
    let mut choices: BTreeMap<_, Vec<&Branch<'_>>> = BTreeMap::new();
    for branch in branches.iter().filter(|branch| branch.unmapped.is_none()) {
        let choice = branch
            .pointer
            .rsplit_once('/')
            .map_or("", |(choice, _)| choice);
        choices
            .entry((choice, &branch.grants))
            .or_default()
            .push(branch);
    }
    let is_told = branches.iter().any(|branch| !branch.grants.is_empty());
    for ((choice, grants), members) in &choices {
        let has_told_sibling = choices
            .keys()
            .any(|(other, grants)| other == choice && !grants.is_empty());
        let is_open = grants.is_empty() && is_told;
        if is_open && (has_told_sibling || members.len() == 1) {
            let unknown = members
                .iter()
                .filter_map(|branch| unknown(branch, known, by));
            unknown.for_each(|diagnostic| diagnostics.push(diagnostic));
        } else if members.len() > 1 {
            let told = one_of(members, known, grants);
            told.into_iter()
                .for_each(|diagnostic| diagnostics.push(diagnostic));
        }
    }
}

/// What a branch requires that is not there anyway.
fn own<'b>(branch: &'b Branch<'_>, known: &BTreeSet<&str>) -> Vec<&'b str> {
    let required = branch.required.iter().copied();
    required.filter(|name| !known.contains(name)).collect()
}

/// That nothing says which grant a branch is for.
fn unknown(branch: &Branch<'_>, known: &BTreeSet<&str>, by: &str) -> Option<Diagnostic> {
    let own = own(branch, known);
    if own.is_empty() && !branch.parameters.contains_key(by) {
        return None;
    }
    let name = branch
        .name
        .map_or_else(String::new, |name| format!(" `{}`", name.escape_debug()));
    let effect = match own.is_empty() {
        true => "there is no request for it".to_owned(),
        false => format!("requests of any grant may leave out its {}", names(&own)),
    };
    let message =
        format!("the document does not say which `{by}` the branch{name} is for; {effect}");
    let help = format!(
        "say it in the branch, in an overlay where the document is a vendor's:\nproperties: {{{by}: {{type: string, enum: [..]}}}}"
    );
    Some(Diagnostic::new(Rule::Unused, &branch.pointer, message).help(help))
}

/// That a request must have one of several things.
fn one_of(
    members: &[&Branch<'_>],
    known: &BTreeSet<&str>,
    grants: &[String],
) -> Option<Diagnostic> {
    const MOST: usize = 8;
    let mut common = members.first()?.required.clone();
    for member in members {
        common.retain(|name| member.required.contains(name));
    }
    let of_each: BTreeSet<Vec<&str>> = members
        .iter()
        .map(|branch| own(branch, known).into_iter())
        .map(|own| own.filter(|name| !common.contains(name)).collect())
        .collect();
    if of_each.len() < 2 || of_each.iter().any(Vec::is_empty) {
        return None;
    }
    let mut shown: Vec<String> = of_each.iter().take(MOST).map(|own| names(own)).collect();
    if of_each.len() > MOST {
        shown.push(format!("{} others", of_each.len() - MOST));
    }
    let of_grant = match grants {
        [grant] => format!(" of the grant {}", grant.escape_debug()),
        _ => String::new(),
    };
    let message = format!(
        "a request{of_grant} must have {}; that is not checked, and all of them are optional",
        listed(&shown, "or")
    );
    let at = members.first()?.pointer.as_str();
    let at = at.rsplit_once('/').map_or(at, |(choice, _)| choice);
    let help = "where one grant needs one of them, write a branch of `oneOf` for that grant, with `grant_type` and `required` in it; else set one of them yourself";
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

fn names(names: &[&str]) -> String {
    let names = names
        .iter()
        .map(|name| format!("`{}`", name.escape_debug()));
    listed(&names.collect::<Vec<_>>(), "and")
}

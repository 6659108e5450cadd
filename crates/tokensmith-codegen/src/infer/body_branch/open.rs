//! Branches that do not state which grant they are for.

use std::collections::BTreeSet;

use super::Branch;
use crate::diagnostic::Diagnostics;
use crate::infer::grant::branch_grant::{OfBranch, of_branch};

/// Whether the grants of the branches are all that the endpoint takes: one of them states what it is for, or all are read.
pub(crate) fn are_listed(branches: &[Branch<'_>]) -> bool {
    let has_grants = |branch: &Branch<'_>| !branch.grants.is_empty();
    let mut stated = branches.iter().filter(|branch| branch.is_stated);
    stated.any(has_grants) || !branches.is_empty() && branches.iter().all(has_grants)
}

/// Gives branches whose `grant_type` may be any text the grant that what each of them has names. `stated` are the values that
/// the parameter has in all branches, if there are any.
pub(crate) fn tell_apart(
    branches: &mut [Branch<'_>],
    (stated, by): (&BTreeSet<String>, &str),
    diagnostics: &mut Diagnostics,
) {
    let [first, _, ..] = &*branches else {
        return;
    };
    // What all have as an example is the example of what they share.
    let is_alike = |branch: &Branch<'_>| !branch.is_stated && branch.grants == first.grants;
    let is_shared = !first.grants.is_empty() && branches.iter().all(is_alike);
    let is_open =
        |branch: &Branch<'_>| branch.unmapped.is_none() && (is_shared || branch.grants.is_empty());
    let is_possible = |found: &OfBranch| stated.is_empty() || stated.contains(&found.grant);
    let found: Vec<Option<OfBranch>> = branches
        .iter()
        .map(|branch| Some(branch).filter(|branch| is_open(branch)))
        .map(|branch| of_branch(branch?, by).filter(is_possible))
        .collect();
    if is_shared && found.iter().any(Option::is_none) {
        return;
    }
    for (branch, found) in branches.iter_mut().zip(found) {
        if let Some(found) = found {
            diagnostics.find(found.finding(branch, by));
            branch.known_by = found.kind;
            branch.grants = vec![found.grant];
        }
    }
}

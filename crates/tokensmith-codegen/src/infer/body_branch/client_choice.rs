//! A choice between bodies with the client's secret and bodies without it.

use std::collections::BTreeMap;

use super::Branch;

/// Where a choice stands of which some branches have the client's secret and others have not, for
/// the same grants. `is_common` says whether the secret is declared for all of them, so that only
/// what they require tells them apart.
pub(crate) fn client_choice(
    branches: &[Branch<'_>],
    (secret, is_common): (&str, bool),
) -> Option<String> {
    let has_secret = |branch: &Branch<'_>| {
        branch.required.contains(secret) || !is_common && branch.parameters.contains_key(secret)
    };
    let mut known: BTreeMap<_, bool> = BTreeMap::new();
    for branch in branches {
        let choice = branch
            .pointer
            .rsplit_once('/')
            .map_or("", |(choice, _)| choice);
        let has_secret = has_secret(branch);
        let first = *known.entry((choice, &branch.grants)).or_insert(has_secret);
        if first != has_secret {
            return Some(choice.to_owned());
        }
    }
    None
}

//! Branches that spell `grant_type` otherwise than their siblings.

use std::collections::BTreeMap;

use super::Leaf;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::DeclaredParameter;
use crate::model::name::letters;

/// Gives the parameter that says which grant it is the name `by` where a branch has it with other marks, and another has that name:
/// requests would send it twice.
pub(crate) fn respell<'a>(
    leaves: &mut [(Leaf<'a>, BTreeMap<&'a str, DeclaredParameter<'a>>)],
    by: &str,
    diagnostics: &mut Diagnostics,
) {
    let mut known = leaves.iter();
    let name = known.find_map(|(_, parameters)| parameters.get_key_value(by));
    let Some(name) = name.map(|(name, _)| *name) else {
        return;
    };
    for (leaf, parameters) in leaves {
        if parameters.contains_key(by) {
            continue;
        }
        let mut names = parameters.keys().copied();
        let other = names.find(|other| letters(other) == letters(by));
        let Some((other, declared)) = other.and_then(|other| parameters.remove_entry(other)) else {
            continue;
        };
        diagnostics.push(told((name, other), &declared.shape.pointer));
        parameters.insert(name, declared);
        if leaf.shape.required.remove(other) {
            leaf.shape.required.insert(name);
        }
    }
}

fn told((name, other): (&str, &str), at: &str) -> Diagnostic {
    let (name, other) = (name.escape_debug(), other.escape_debug());
    let message = format!(
        "the branch spells `{name}` as `{other}`, and other branches do not; requests have `{name}`"
    );
    let help = format!(
        "where the provider takes the other name, say so on the operation:\nx-tokensmith: {{grant-type-parameter: {other}}}"
    );
    Diagnostic::new(Rule::Unused, at, message).help(help)
}

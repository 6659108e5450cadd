//! Members of the objects that callers give as JSON.

use std::collections::{BTreeMap, BTreeSet};

use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::facts::Fact;
use crate::pointer;

/// Tells the members of parameters, once for all parameters that have the same.
pub(super) fn diagnostics(facts: &[Fact<'_>]) -> Vec<Diagnostic> {
    let mut parameters: BTreeMap<&str, Members<'_>> = BTreeMap::new();
    for fact in facts {
        let members = parameters.entry(fact.parameter).or_insert(Members {
            place: pointer::parent(&fact.pointer).unwrap_or_default(),
            required: BTreeMap::new(),
        });
        *members.required.entry(fact.name).or_default() |= fact.is_required;
    }
    let mut told = BTreeSet::new();
    let each = parameters
        .values()
        .filter(|members| told.insert(&members.required));
    each.map(|members| {
        let same = parameters
            .iter()
            .filter(|(_, other)| other.required == members.required);
        let names: Vec<&str> = same.map(|(name, _)| *name).collect();
        members.diagnostic(&names)
    })
    .collect()
}

/// The members of one parameter.
struct Members<'a> {
    /// Where they are declared.
    place: &'a str,
    /// Whether each has to be there.
    required: BTreeMap<&'a str, bool>,
}

impl Members<'_> {
    fn diagnostic(&self, parameters: &[&str]) -> Diagnostic {
        let named = |is_wanted: bool| -> Vec<&str> {
            let members = self.required.iter();
            let wanted = members.filter(|(_, is_required)| **is_required == is_wanted);
            wanted.map(|(name, _)| *name).collect()
        };
        let mut members = Vec::new();
        for (names, what) in [(named(true), "required"), (named(false), "optional")] {
            if !names.is_empty() {
                members.push(format!("{what} {}", list(&names)));
            }
        }
        let message = format!(
            "{}: any JSON is sent; its members are not checked: {}",
            list(parameters),
            members.join(", ")
        );
        Diagnostic::new(Rule::Unused, self.place, message)
            .help("check them where the value is made; the documentation of the setter names them")
    }
}

//! The branches of `oneOf` and `anyOf`: a value fits one of them.

use std::collections::BTreeSet;

use super::{Kind, Shape};

impl<'a> Shape<'a> {
    /// A choice between texts is a text, and one between numbers a number; its values are those of all branches, if each has some.
    pub(super) fn settle_choice(&mut self) {
        let Some(first) = self.branches.first() else {
            return;
        };
        let kind = first.kind;
        let is_marked = |branch: &Shape<'_>| {
            branch.is_password && !matches!(branch.kind, Kind::Object | Kind::List)
        };
        self.is_password |= self.branches.iter().any(is_marked);
        let is_scalar = matches!(
            kind,
            Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean
        );
        let is_alike = self.branches.iter().all(|branch| branch.kind == kind);
        if !is_scalar || !is_alike || ![Kind::Any, kind].contains(&self.kind) {
            return;
        }
        self.kind = kind;
        let mut stated = self
            .branches
            .iter()
            .filter_map(|branch| branch.stated_secret);
        self.stated_secret = self.stated_secret.or(stated.next());
        let all_of_each = |branch: &Shape<'_>| !branch.values.is_empty();
        if self.values.is_empty() && self.branches.iter().all(all_of_each) {
            let mut known = BTreeSet::new();
            let values = self.branches.iter().flat_map(|branch| &branch.values);
            self.values = values
                .filter(|value| known.insert(*value))
                .cloned()
                .collect();
        }
    }

    /// The shape with the properties of all its branches, none of which is sure to be there.
    pub(crate) fn united(mut self) -> Self {
        for branch in std::mem::take(&mut self.branches) {
            let branch = branch.united();
            for (name, property) in branch.properties {
                self.properties.entry(name).or_insert(property);
            }
            if self.kind == Kind::Any {
                self.kind = branch.kind;
            }
        }
        self
    }
}

//! The branches of `oneOf` and `anyOf`: a value fits one of them.

use std::collections::BTreeSet;

use super::{Kind, SchemaRef, Shape};

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
        if kind == Kind::List && is_alike && self.kind == Kind::Any {
            let mut lists = self.branches.iter().map(|branch| branch.items.clone());
            self.kind = kind;
            self.items = lists.next().flatten();
            self.unite_items(lists.collect());
            return;
        }
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
            self.has_more_values |= self.branches.iter().any(|branch| branch.has_more_values);
            let deprecated = self.branches.iter().filter(|branch| branch.deprecated);
            let deprecated = deprecated.flat_map(|branch| branch.values.clone());
            self.deprecated_values.extend(deprecated);
        }
    }

    /// Allows what another branch allows as well.
    pub(crate) fn allow(&mut self, other: &Self) {
        if self.values.is_empty() || other.values.is_empty() {
            self.values.clear();
            return;
        }
        let known: BTreeSet<&String> = self.values.iter().collect();
        let new = other.values.iter().filter(|value| !known.contains(value));
        let new: Vec<String> = new.cloned().collect();
        self.values.extend(new);
        self.has_more_values |= other.has_more_values;
    }

    /// The shape of a value that several branches have: what each of them says may hold. Where they say the same, the first counts.
    pub(super) fn of_branches(pointer: &str, branches: Vec<Self>) -> Self {
        // What one branch says of itself is not said of the others.
        let described = |branch: &Self| (branch.description, branch.own_description);
        let is_said_of_all = branches
            .windows(2)
            .all(|pair| described(&pair[0]) == described(&pair[1]));
        let mut branches = branches.into_iter();
        let Some(mut first) = branches.next() else {
            return Self::default();
        };
        let description = first.description.filter(|_| is_said_of_all);
        let mut branches: Vec<Self> = branches.collect();
        first.mark_as(&branches);
        if first.kind == Kind::List {
            let lists = branches.extract_if(.., |other| other.kind == Kind::List);
            first.unite_items(lists.map(|list| list.items).collect());
        }
        let others: Vec<Self> = branches
            .into_iter()
            .filter(|other| {
                other.kind != first.kind
                    || other.values != first.values
                    || other.kind == Kind::Object
            })
            .collect();
        if others.is_empty() {
            first.description = description;
            first.own_description = first.own_description.filter(|_| is_said_of_all);
            return first;
        }
        let mut shape = Self {
            pointer: pointer.to_owned(),
            title: first.title,
            description,
            is_password: first.is_password,
            stated_secret: first.stated_secret,
            format: first.format.take(),
            default: first.default.take(),
            example: first.example.take(),
            examples: std::mem::take(&mut first.examples),
            vendor_values: std::mem::take(&mut first.vendor_values),
            ..Self::default()
        };
        shape.branches.push(first);
        shape.branches.extend(others);
        shape.settle_choice();
        shape
    }

    /// Is as secret as any of the others: nobody knows which of them a value is.
    fn mark_as(&mut self, others: &[Self]) {
        self.is_password |= others.iter().any(|other| other.is_password);
        let mut stated = others.iter().filter_map(|other| other.stated_secret);
        self.stated_secret = self.stated_secret.or(stated.next());
    }

    /// Has the items of other lists as well; where one says nothing of its own, they may be anything.
    fn unite_items(&mut self, lists: Vec<Option<SchemaRef<'a>>>) {
        for items in lists {
            self.items = self
                .items
                .take()
                .zip(items)
                .map(|(own, other)| own.or(other));
        }
    }

    /// The shape with the properties of all its branches, none of which is sure to be there.
    pub(crate) fn united(mut self) -> Self {
        for branch in std::mem::take(&mut self.branches) {
            let branch = branch.united();
            for (name, property) in branch.properties {
                let property = match self.properties.remove(name) {
                    Some(other) => other.or(property),
                    None => property,
                };
                self.properties.insert(name, property);
            }
            if self.kind == Kind::Any {
                self.kind = branch.kind;
            }
        }
        self
    }
}

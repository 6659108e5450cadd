//! The parts of `allOf`: a value has to fit each of them.

use std::collections::BTreeSet;

use super::{Kind, SchemaRef, Shape, Target};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};

impl<'a> SchemaRef<'a> {
    /// The schema of a value that has to fit `other` as well. Where both say something that only one can, this one counts.
    pub(super) fn and(self, other: Self) -> Self {
        if self.is_same(&other) {
            return self;
        }
        // One part may say that there is an object, and another what is in it.
        let (mut first, mut second) = if self.says_nothing() {
            (other, self)
        } else {
            (self, other)
        };
        // In one list and not within each other: there may be as many as a document has room for.
        let mut rest = std::mem::take(&mut second.others);
        rest.insert(0, second);
        first.others.append(&mut rest);
        first
    }

    /// The schema of a value that fits this one or `other`, by the branch that has it.
    pub(super) fn or(mut self, other: Self) -> Self {
        // The same twice does no harm, and to look through all of them would be quadratic.
        let last = self.alternatives.last();
        if !self.is_same(&other) && !last.is_some_and(|last| last.is_same(&other)) {
            self.alternatives.push(other);
        }
        self
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self.schema, other.schema) {
            (Target::Reference(one), Target::Reference(two)) => {
                let is_alone =
                    |schema: &Self| schema.others.is_empty() && schema.alternatives.is_empty();
                one == two && is_alone(self) && is_alone(other)
            }
            _ => self.pointer == other.pointer,
        }
    }
}

impl<'a> Shape<'a> {
    /// Takes over a part of `allOf`; what stands in the schema itself counts more. Of a property that several parts have all count,
    /// the later ones more: they refine what they extend.
    pub(super) fn merge_part(
        &mut self,
        part: Shape<'a>,
        own: &BTreeSet<&'a str>,
        diagnostics: &mut Diagnostics,
    ) {
        self.merge(part, |name| own.contains(name), diagnostics);
    }

    /// Takes over what else is said of the same value. `false` if that changes nothing about its type.
    pub(super) fn narrow(&mut self, other: Shape<'a>, diagnostics: &mut Diagnostics) -> bool {
        self.merge(other, |_| true, diagnostics)
    }

    /// The shape with what is said of it elsewhere, by what it is a branch of.
    pub(crate) fn extended(mut self, base: &Self) -> Self {
        self.merge(base.clone(), |_| true, &mut Diagnostics::default());
        self
    }

    /// Gives the properties of a branch what the body that it is a branch of says of them.
    pub(crate) fn refine(&mut self, body: &Self) {
        for (name, property) in &mut self.properties {
            if let Some(common) = body.properties.get(name) {
                *property = property.clone().and(common.clone());
            }
        }
    }

    /// Takes over what another declaration of the same parameter says, where this one says nothing.
    pub(crate) fn complete(&mut self, mut other: Self) {
        if !self.values.is_empty() {
            other.values.clear();
            let is_allowed = |value: &String| self.values.contains(value);
            other.default = other.default.take().filter(is_allowed);
            other.example = other.example.take().filter(is_allowed);
        }
        self.merge(other, |_| true, &mut Diagnostics::default());
    }

    fn merge(
        &mut self,
        part: Shape<'a>,
        counts_more: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        self.has_more_values = match (self.values.is_empty(), part.values.is_empty()) {
            (false, false) => self.has_more_values && part.has_more_values,
            (false, true) => self.has_more_values,
            (true, _) => self.has_more_values || part.has_more_values,
        };
        let mut changes = self.merge_values(part.values, diagnostics);
        self.deprecated_values.extend(part.deprecated_values);
        self.title = self.title.or(part.title);
        self.description = self.description.or(part.description);
        if self.kind == Kind::Any {
            self.kind = part.kind;
        }
        self.is_password |= part.is_password;
        self.stated_secret = self.stated_secret.or(part.stated_secret);
        self.random = self.random.or(part.random);
        self.format = self.format.take().or(part.format);
        self.pattern = self.pattern.or(part.pattern);
        self.min_length = self.min_length.max(part.min_length);
        self.max_length = tighter(self.max_length, part.max_length);
        self.default = self.default.take().or(part.default);
        self.example = self.example.take().or(part.example);
        self.examples.extend(part.examples);
        self.vendor_values.extend(part.vendor_values);
        self.items = match (self.items.take(), part.items) {
            (Some(own), Some(other)) => Some(own.and(other)),
            (own, other) => own.or(other),
        };
        for (name, property) in part.properties {
            changes = true;
            let property = match self.properties.remove(name) {
                Some(other) if counts_more(name) => other.and(property),
                Some(other) => property.and(other),
                None => property,
            };
            self.properties.insert(name, property);
        }
        self.required.extend(part.required);
        self.branches.extend(part.branches);
        self.discriminator = self.discriminator.or(part.discriminator);
        self.discriminated.extend(part.discriminated);
        changes
    }

    /// Only what all parts allow is allowed. `true` if that are fewer values than before.
    fn merge_values(&mut self, values: Vec<String>, diagnostics: &mut Diagnostics) -> bool {
        if values.is_empty() {
            return false;
        }
        if self.values.is_empty() {
            self.values = values;
        } else {
            let others: BTreeSet<&String> = values.iter().collect();
            let is_common = |value: &&String| others.contains(value);
            let common: Vec<String> = self.values.iter().filter(is_common).cloned().collect();
            if common.is_empty() {
                diagnostics.push(contradiction(&self.pointer, &self.values, &values));
            }
            if common.is_empty() || common.len() == self.values.len() {
                return false;
            }
            self.values = common;
        }
        // What another part has as its default or as its example may be one of those that are not allowed here.
        let values = &self.values;
        let is_allowed = |value: &String| values.contains(value);
        self.default = self.default.take().filter(is_allowed);
        self.example = self.example.take().filter(is_allowed);
        true
    }
}

fn tighter(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn contradiction(at: &str, taken: &[String], other: &[String]) -> Diagnostic {
    let message = format!(
        "the parts of `allOf` have no value in common: {} is taken, and not {}",
        taken.join(", ").escape_debug(),
        other.join(", ").escape_debug()
    );
    Diagnostic::new(Rule::Repaired, at, message)
        .help("remove the values that are not meant from the `enum` of one of them")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_another_place_count_only_where_this_one_has_none() {
        let shape = |values: &[&str], default: Option<&str>| Shape {
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            default: default.map(str::to_owned),
            ..Shape::default()
        };
        let completed = |mut one: Shape<'static>, other| {
            one.complete(other);
            (one.values, one.default)
        };
        let both = vec!["eu".to_owned(), "us".to_owned()];
        assert_eq!(
            completed(shape(&["eu", "us"], None), shape(&["eu"], Some("asia"))),
            (both.clone(), None)
        );
        assert_eq!(
            completed(shape(&[], Some("eu")), shape(&["eu", "us"], None)),
            (both, Some("eu".to_owned()))
        );
    }
}

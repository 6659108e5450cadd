//! Values of a discriminator's mapping that nothing else in the schema has.

use std::collections::BTreeSet;

use serde_json::Value;

use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::direction::Direction;
use crate::openapi::facts::{Fact, Kind};
use crate::openapi::schema::Schema;
use crate::pointer;

/// Tells the values that the mappings of a request have for schemas which are not among the branches, and those of a response
/// that the discriminator's enum lacks.
pub(super) fn tell(root: &Value, facts: &[Fact<'_>]) -> Vec<Diagnostic> {
    let mappings = facts
        .iter()
        .filter(|fact| fact.kind == Kind::Keyword("discriminator"));
    let diagnostics = mappings.filter_map(|fact| match fact.direction {
        Direction::Request => of_request(root, fact),
        Direction::Response => of_response(root, fact),
    });
    diagnostics.collect()
}

fn of_response(root: &Value, fact: &Fact<'_>) -> Option<Diagnostic> {
    let name = fact.value.get("propertyName")?.as_str()?;
    let schema = root.pointer(pointer::parent(&fact.pointer)?)?;
    let values = Schema(schema).property(name)?.get("enum")?.as_array()?;
    let mapping = fact.value.get("mapping")?.as_object()?;
    let is_listed = |value: &str| values.iter().any(|listed| listed == value);
    let lost: Vec<&str> = mapping
        .keys()
        .map(String::as_str)
        .filter(|value| !is_listed(value))
        .collect();
    (!lost.is_empty()).then(|| {
        let (lost, name) = (list(&lost), name.escape_debug());
        let message = format!(
            "{lost}: mapped by the discriminator, and not among the values of `{name}`; responses have it as an undeclared value"
        );
        let help = format!("add it to the `enum` of `{name}`, in an overlay where the document is a vendor's");
        Diagnostic::new(Rule::Unused, &fact.pointer, message).help(help)
    })
}

fn of_request(root: &Value, fact: &Fact<'_>) -> Option<Diagnostic> {
    let schema = root.pointer(pointer::parent(&fact.pointer)?)?;
    let branches: BTreeSet<&str> = Schema(schema)
        .alternatives()
        .filter_map(|branch| branch.get("$ref")?.as_str())
        .collect();
    if branches.is_empty() {
        return None;
    }
    let is_listed = |target: &str| {
        let is_same = |branch: &&str| {
            *branch == target || branch.rsplit('/').next() == target.rsplit('/').next()
        };
        branches.iter().any(is_same)
    };
    let mapping = fact.value.get("mapping")?.as_object()?;
    let lost: Vec<&str> = mapping
        .iter()
        .filter(|(_, target)| target.as_str().is_some_and(|target| !is_listed(target)))
        .map(|(value, _)| value.as_str())
        .collect();
    (!lost.is_empty()).then(|| {
        let message = format!(
            "{}: mapped by the discriminator to a schema that is not among the branches; there is no request for it",
            list(&lost)
        );
        let help = "add the schema to the branches, in an overlay where the document is a vendor's";
        Diagnostic::new(Rule::Unused, &fact.pointer, message).help(help)
    })
}

//! Members that the schema of a response requires and does not declare.

use std::collections::BTreeSet;

use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name;
use crate::openapi::direction::Direction;
use crate::openapi::facts::{Fact, Kind};

/// Tells the members that no schema of the operation's responses declares: no type has them as fields.
pub(super) fn tell(facts: &[Fact<'_>]) -> Option<Diagnostic> {
    let of_responses = facts
        .iter()
        .filter(|fact| fact.direction == Direction::Response);
    let (required, declared): (Vec<_>, Vec<_>) = of_responses
        .filter(|fact| matches!(fact.kind, Kind::Required | Kind::Property))
        .partition(|fact| fact.kind == Kind::Required);
    let declared: BTreeSet<&str> = declared.iter().map(|fact| fact.name).collect();
    let mut undeclared = required
        .iter()
        .filter(|fact| !declared.contains(fact.name))
        .peekable();
    let at = &undeclared.peek()?.pointer;
    let names: BTreeSet<&str> = undeclared.map(|fact| fact.name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let message = format!(
        "{}: required by the schema of a response, and declared nowhere; no type has it as a field",
        list(&names)
    );
    let letters: BTreeSet<String> = names.iter().map(|one| name::letters(one)).collect();
    let meant = declared
        .iter()
        .filter(|one| letters.contains(&name::letters(one)));
    let meant: Vec<&str> = meant.copied().collect();
    let help = match meant.as_slice() {
        [] => "declare it as a property, or take it out of `required`, in an overlay where the document is a vendor's".to_owned(),
        meant => format!(
            "where {} is meant, write that in `required`, in an overlay where the document is a vendor's; otherwise declare it as a property",
            list(meant)
        ),
    };
    Some(Diagnostic::new(Rule::Unused, at, message).help(&help))
}

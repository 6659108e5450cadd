//! The account of a document: each part of an OAuth operation that bears on a request or a response became something, or is told here.

mod known;
mod top_level;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::list;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::{Model, rfc};
use crate::openapi::condition::conditions;
use crate::openapi::direction::Direction;
use crate::openapi::facts::{CONDITIONS, Enumeration, Fact, Kind, LIMITS};
use crate::openapi::operation::Operation;
use crate::openapi::site::Site;
use known::Known;

/// What nothing became of, by what follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loss {
    NotSent,
    ValueUnknown,
    NotRead,
    Unchecked,
    Condition,
}

/// Tells what nothing became of, once for an operation and a consequence. `root` is what was selected, as its authors wrote it.
pub(crate) fn tell(root: &Value, sites: &[Site], model: &Model, diagnostics: &mut Diagnostics) {
    let mut enumeration = Enumeration::new(root);
    let told: BTreeSet<String> = diagnostics.pointers();
    for site in sites {
        let Some(operation) = Operation::at(root, &site.pointer) else {
            continue;
        };
        let Some(known) = Known::of(site, model) else {
            continue;
        };
        let account = Account {
            top_level: top_level::properties(root, &operation),
            conditions: conditions(root, &operation)
                .into_iter()
                .filter(|condition| known.reads_conditions_on(condition))
                .map(|condition| condition.pointer)
                .collect(),
            told: &told,
            known,
        };
        let mut losses: BTreeMap<Loss, Vec<Fact<'_>>> = BTreeMap::new();
        for fact in enumeration.of(operation) {
            if let Some(loss) = account.loss(&fact) {
                losses.entry(loss).or_default().push(fact);
            }
        }
        for (loss, facts) in losses {
            diagnostics.push(loss.diagnostic(&facts));
        }
        if let Some(diagnostic) = in_words(&operation, &account.known) {
            diagnostics.push(diagnostic);
        }
    }
    if enumeration.is_cut() {
        let message = "the document says too much for all of it to be held against the crate";
        let help = "leave out what does not belong to OAuth, in an overlay";
        diagnostics.push(Diagnostic::new(Rule::Unused, "/paths", message).help(help));
    }
}

struct Account<'a> {
    known: Known<'a>,
    /// Where the properties stand that are parameters of their own.
    top_level: BTreeSet<String>,
    /// Where conditions stand that are understood.
    conditions: BTreeSet<String>,
    /// Where something is told already.
    told: &'a BTreeSet<String>,
}

impl Account<'_> {
    /// What a fact has not become; nothing where it became something or was told.
    fn loss(&self, fact: &Fact<'_>) -> Option<Loss> {
        let loss = match fact.direction {
            Direction::Request => self.of_request(fact)?,
            Direction::Response => self.of_response(fact)?,
        };
        (!self.is_told(&fact.pointer)).then_some(loss)
    }

    fn of_request(&self, fact: &Fact<'_>) -> Option<Loss> {
        let known = &self.known;
        match fact.kind {
            // Some put a whole body among the parameters, as Swagger 2.0 does.
            Kind::Parameter if top_level::is_body(fact.value) => None,
            Kind::Parameter | Kind::Required => {
                (!known.is_sent(fact.name)).then_some(Loss::NotSent)
            }
            Kind::Property if self.top_level.contains(&fact.pointer) => {
                (!known.is_sent(fact.name)).then_some(Loss::NotSent)
            }
            // What is in an object of the caller's is the caller's, unless the client ought to know it.
            Kind::Property => known.is_of_client(fact.name).then_some(Loss::NotSent),
            Kind::EnumValue => {
                let value = fact.value.as_str()?;
                (!known.takes(fact.name, value)).then_some(Loss::ValueUnknown)
            }
            Kind::Keyword(key) if LIMITS.contains(&key) => {
                known.is_parameter(fact.name).then_some(Loss::Unchecked)
            }
            Kind::Keyword("if") => {
                let schema = fact
                    .pointer
                    .rsplit_once('/')
                    .map_or("", |(schema, _)| schema);
                (!self.conditions.contains(schema)).then_some(Loss::Condition)
            }
            Kind::Keyword(key) if CONDITIONS.contains(&key) => Some(Loss::Condition),
            _ => None,
        }
    }

    fn of_response(&self, fact: &Fact<'_>) -> Option<Loss> {
        match fact.kind {
            Kind::Property if !self.known.is_read(fact.name) => Some(Loss::NotRead),
            _ => None,
        }
    }

    /// Whether a diagnostic is about the part, or about what it is in or has.
    fn is_told(&self, pointer: &str) -> bool {
        let mut around = Some(pointer);
        while let Some(at) =
            around.filter(|at| at.contains("/properties/") || at.contains("/parameters/"))
        {
            if self.told.contains(at) {
                return true;
            }
            around = at.rsplit_once('/').map(|(parent, _)| parent);
        }
        let below = self.told.range(pointer.to_owned()..).next();
        below.is_some_and(|below| {
            below
                .strip_prefix(pointer)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

/// A request that the document has in words only: the parameters of OAuth that they name.
fn in_words(operation: &Operation<'_>, known: &Known<'_>) -> Option<Diagnostic> {
    if !operation.requests().is_empty() || !operation.parameters().is_empty() {
        return None;
    }
    let texts = ["summary", "description"].iter();
    let texts = texts.filter_map(|key| operation.members.get(*key)?.as_str());
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: BTreeSet<&str> = texts
        .flat_map(|text| text.split(|letter| !is_part(letter)))
        .filter(|word| {
            word.contains('_') && rfc::is_defined(word) && !known.is_sent_by_caller(word)
        })
        .collect();
    let names: Vec<&str> = words.into_iter().collect();
    let message = format!(
        "{}: the description names what a request has, and the document declares none of it",
        list(&names)
    );
    (!names.is_empty()).then(|| {
        Diagnostic::new(Rule::Unused, operation.pointer, message).help(
            "declare it, in an overlay where the document is a vendor's:\n\
             requestBody: {content: {application/json: {schema: {properties: {grant_type: {type: string, enum: [client_credentials]}}}}}}",
        )
    })
}

impl Loss {
    fn diagnostic(self, facts: &[Fact<'_>]) -> Diagnostic {
        let mut names: Vec<&str> = facts.iter().map(|fact| fact.name).collect();
        names.retain(|name| !name.is_empty());
        names.dedup();
        let names = list(&names);
        let keys = || {
            let keys: BTreeSet<&str> = facts
                .iter()
                .filter_map(|fact| match fact.kind {
                    Kind::Keyword(key) => Some(key),
                    _ => None,
                })
                .collect();
            list(&keys.into_iter().collect::<Vec<_>>())
        };
        let values = || {
            let values: Vec<&str> = facts
                .iter()
                .filter_map(|fact| fact.value.as_str())
                .collect();
            list(&values)
        };
        let (message, help) = match self {
            Self::NotSent => (
                format!("{names}: declared for requests, and no request has it as a parameter"),
                "give it as an extra parameter where it is needed; or declare it at the top of the body, in an overlay where the document is a vendor's",
            ),
            Self::ValueUnknown => (
                format!(
                    "{names}: the request takes no {}, which the document lists",
                    values()
                ),
                "list the values in one `enum` of the parameter",
            ),
            Self::NotRead => (
                format!("{names}: declared for responses, and no type has it as a field"),
                "declare it beside the token, or say where it is:\nx-tokensmith: {fields: {name: /pointer}}",
            ),
            Self::Unchecked => (
                format!("{names}: not checked before a request is sent: {}", keys()),
                "check it where the value is made; the provider refuses what does not fit",
            ),
            Self::Condition => (
                format!(
                    "a condition on the request is not checked before it is sent: {}",
                    keys()
                ),
                "write what each grant must have as one branch of `oneOf`, with `required` in it; the provider refuses what does not fit",
            ),
        };
        let place = facts.first().map_or("", |fact| fact.pointer.as_str());
        // A limit stands below what it limits.
        let place = match self {
            Self::Unchecked | Self::Condition => {
                place.rsplit_once('/').map_or("", |(owner, _)| owner)
            }
            _ => place,
        };
        Diagnostic::new(Rule::Unused, place, message).help(help)
    }
}

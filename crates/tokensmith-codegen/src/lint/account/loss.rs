//! What follows from a part that nothing became of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::endpoint_parts::{self, Known};
use super::{list, made, untyped};
use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::direction::Direction;
use crate::openapi::facts::{CONDITIONS, Depth, Fact, Kind, LIMITS, is_body};
use crate::pointer;

/// What nothing became of, by what follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loss {
    NotSent,
    /// Required, and declared nowhere.
    Undeclared,
    /// A member of an object that is a parameter.
    Untyped,
    ValueUnknown,
    NotRead,
    HeaderUnread,
    Unchecked,
    /// A limit that what the client makes is not within.
    MadeOtherwise,
    Condition,
    /// The default of a list that must be there.
    UnsentDefault,
    ConditionOfResponse,
}

/// What a fact has not become; nothing where it became something.
pub(super) fn of(fact: &Fact<'_>, known: &Known<'_>) -> Option<Loss> {
    match fact.direction {
        Direction::Request => of_request(fact, known),
        Direction::Response => of_response(fact, known),
    }
}

fn of_request(fact: &Fact<'_>, known: &Known<'_>) -> Option<Loss> {
    match fact.kind {
        // Its properties are parameters.
        Kind::Parameter if is_body(fact.value) && fact.value.get("schema").is_some() => None,
        Kind::Parameter => (!known.is_sent(fact.name)).then_some(Loss::NotSent),
        Kind::Required if fact.depth == Depth::Body => {
            (!known.is_sent(fact.name)).then_some(Loss::Undeclared)
        }
        Kind::Property if fact.depth == Depth::Body && known.is_sent(fact.name) => {
            let has_list = fact.value.get("default").is_some_and(Value::is_array);
            let is_unsent = has_list
                && fact.is_required
                && known.has_items(fact.name)
                && !known.has_default(fact.name);
            is_unsent.then_some(Loss::UnsentDefault)
        }
        Kind::Property if fact.depth == Depth::Body => Some(Loss::NotSent),
        // What is in an object of the caller's is the caller's, unless the client ought to know it.
        Kind::Property if known.is_of_client(fact.name) => Some(Loss::NotSent),
        Kind::Property | Kind::Required if fact.depth == Depth::Value => {
            known.is_json(fact.parameter).then_some(Loss::Untyped)
        }
        // What the client ought to know is told as that.
        Kind::EnumValue if fact.depth == Depth::Nested => {
            (!known.is_of_client(fact.name)).then_some(Loss::Unchecked)
        }
        Kind::EnumValue if known.is_list(fact.name) => Some(Loss::Unchecked),
        Kind::EnumValue if known.takes_other_scopes(fact.name) => Some(Loss::Unchecked),
        Kind::EnumValue => {
            let value = fact.value.as_str()?;
            (!known.takes(fact.name, value)).then_some(Loss::ValueUnknown)
        }
        Kind::Keyword(key) if fact.depth == Depth::Nested && limits(key) => Some(Loss::Unchecked),
        Kind::Keyword("format" | "contentEncoding") if restricts(fact) => {
            let is_sent = known.is_parameter(fact.name) || known.is_credential(fact.name);
            is_sent.then_some(Loss::Unchecked)
        }
        _ if made::is_on_made(fact) && known.is_made(fact.name) => {
            (!made::fits(fact)).then_some(Loss::MadeOtherwise)
        }
        // What the client sends of itself is checked by nobody, and no item of a list is.
        Kind::Keyword(key)
            if limits(key) && (known.is_credential(fact.name) || known.has_items(fact.name)) =>
        {
            Some(Loss::Unchecked)
        }
        Kind::Keyword(key) if LIMITS.contains(&key) => {
            known.is_parameter(fact.name).then_some(Loss::Unchecked)
        }
        Kind::Keyword("if") => {
            let schema = pointer::parent(&fact.pointer).unwrap_or_default();
            (!known.reads_condition_at(schema)).then_some(Loss::Condition)
        }
        Kind::Keyword(key) if CONDITIONS.contains(&key) => Some(Loss::Condition),
        _ => None,
    }
}

/// The key of what restricts a value.
fn key(fact: &Fact<'_>) -> Option<&'static str> {
    match fact.kind {
        Kind::Keyword(key) => Some(key),
        Kind::EnumValue => Some("enum"),
        _ => None,
    }
}

/// Whether a key restricts a value: within an object of the caller's nothing is checked.
fn limits(key: &str) -> bool {
    const OF_TEXTS: [&str; 3] = ["pattern", "minLength", "maxLength"];
    LIMITS.contains(&key) || OF_TEXTS.contains(&key)
}

/// Whether a `format` or an encoding says which texts a value may be. That of a URI says no more than what it is.
fn restricts(fact: &Fact<'_>) -> bool {
    const FORMATS: [&str; 10] = [
        "byte",
        "date",
        "date-time",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "time",
        "uuid",
    ];
    if fact.kind == Kind::Keyword("contentEncoding") {
        return true;
    }
    let format = fact.value.as_str();
    format.is_some_and(|format| FORMATS.contains(&format))
}

fn of_response(fact: &Fact<'_>, known: &Known<'_>) -> Option<Loss> {
    match fact.kind {
        Kind::Property if !known.is_read(fact.name) => Some(Loss::NotRead),
        Kind::Header if !known.is_of_browsers() && !endpoint_parts::is_header_read(fact.name) => {
            Some(Loss::HeaderUnread)
        }
        // Of an error response nothing else depends on it.
        Kind::Keyword("if") if known.is_typed() => Some(Loss::ConditionOfResponse),
        _ => None,
    }
}

impl Loss {
    /// Whether it is about the limits of values, and not about the part as a whole.
    pub(super) fn is_of_limits(self) -> bool {
        matches!(self, Self::Unchecked | Self::MadeOtherwise)
    }

    /// Tells it of these facts: once, or of limits once for all parameters that have the same.
    pub(super) fn diagnostics(self, facts: &[Fact<'_>]) -> Vec<Diagnostic> {
        match self {
            Self::Untyped => return untyped::diagnostics(facts),
            Self::Unchecked => {}
            _ => return vec![self.diagnostic(facts)],
        }
        let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for fact in facts {
            keys.entry(fact.name).or_default().extend(key(fact));
        }
        let mut groups: Vec<(&BTreeSet<&str>, Vec<Fact<'_>>)> = Vec::new();
        for fact in facts {
            let own = &keys[fact.name];
            match groups.iter_mut().find(|(known, _)| *known == own) {
                Some((_, group)) => group.push(fact.clone()),
                None => groups.push((own, vec![fact.clone()])),
            }
        }
        let groups = groups.iter();
        groups.map(|(_, facts)| self.diagnostic(facts)).collect()
    }

    fn diagnostic(self, facts: &[Fact<'_>]) -> Diagnostic {
        let mut names: Vec<&str> = facts.iter().map(|fact| fact.name).collect();
        names.retain(|name| !name.is_empty());
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(*name));
        let names = list(&names);
        let keys = || {
            let keys: BTreeSet<&str> = facts.iter().filter_map(key).collect();
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
                "what belongs in the body can be added by `.extra(..)`, but no secret to an authorization request: it would be in the browser's URL; to get a setter, declare it where it is sent, in an overlay where the document is a vendor's",
            ),
            Self::Undeclared => (
                format!(
                    "{names}: the body requires it and declares it nowhere; requests to this endpoint are sent without it"
                ),
                "declare it where it is sent, or take it out of `required`, in an overlay where the document is a vendor's",
            ),
            Self::ValueUnknown => (
                format!(
                    "{names}: the request takes no {}, which the document lists",
                    values()
                ),
                match facts.iter().all(|fact| fact.name == "response_type") {
                    true => {
                        "nothing has to be done: `code` is the only response type that is supported, since the others give tokens to the browser (RFC 9700, section 2.1.2)"
                    }
                    false => "list the values in one `enum` of the parameter",
                },
            ),
            Self::NotRead => (
                format!("{names}: declared for responses, and no type has it as a field"),
                "declare it beside the token, or say where it is:\nx-tokensmith: {fields: {name: /pointer}}",
            ),
            Self::HeaderUnread => (
                format!("headers of responses are not read: {names}"),
                "read them from the response in a transport of your own, where they are needed",
            ),
            Self::Unchecked | Self::Untyped => (
                format!("{names}: not checked before a request is sent: {}", keys()),
                "check it where the value is made; the provider refuses what does not fit",
            ),
            Self::MadeOtherwise => (
                format!(
                    "{names}: the client makes {} characters of base64url, which {} of the document may not allow",
                    made::LENGTH,
                    keys()
                ),
                "where the provider does refuse them, the document's limit is why; where it does not, correct the limit in an overlay",
            ),
            Self::UnsentDefault => (
                format!("{names}: the default of a list is not sent; the caller gives the list"),
                "say in the description which items are usual",
            ),
            Self::ConditionOfResponse => (
                "what a response has under a condition (`if`, `then`, `else`) is not typed"
                    .to_owned(),
                "read it from `extra` of the response; to get fields, declare it without the condition, in an overlay where the document is a vendor's",
            ),
            Self::Condition => (
                format!(
                    "a condition on the request is not checked before it is sent: {}",
                    keys()
                ),
                "write what each grant must have as one branch of `oneOf`, with `required` in it; the provider refuses what does not fit",
            ),
        };
        Diagnostic::new(Rule::Unused, self.place(facts), message).help(help)
    }

    /// Where the first of these facts stands; of a limit, what it limits.
    fn place<'f>(self, facts: &'f [Fact<'_>]) -> &'f str {
        let place = facts.first().map_or("", |fact| fact.pointer.as_str());
        // A limit stands below what it limits.
        match self {
            Self::Unchecked | Self::MadeOtherwise | Self::Condition | Self::ConditionOfResponse => {
                let owner = pointer::parent(place).unwrap_or_default();
                owner.strip_suffix("/enum").unwrap_or(owner)
            }
            _ => place,
        }
    }
}

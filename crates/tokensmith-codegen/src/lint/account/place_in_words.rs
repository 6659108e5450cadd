//! Parameters of which the words say another place than the one that they are declared in.

use serde_json::Value;

use super::endpoint_parts::Known;
use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::direction::Direction;
use crate::openapi::facts::{Depth, Fact, Kind};
use crate::openapi::reference::resolve;
use crate::prose::{plain, sentences};

/// What the place of a parameter is called, and how it is written in a document.
const PLACES: [(&str, &str); 4] = [
    ("query", "in: query"),
    ("header", "in: header"),
    ("form", "a property of the form"),
    ("body", "a property of the body"),
];

/// Tells a parameter whose own description calls it a parameter of another place: "the `channel_id` query parameter".
pub(super) fn tell(root: &Value, fact: &Fact<'_>, known: &Known<'_>) -> Option<Diagnostic> {
    let declared = declared_place(fact)?;
    if !known.is_sent(fact.name) {
        return None;
    }
    let at = resolve(root, fact.value, &fact.pointer).ok()?;
    let described = |value: &Value| {
        let text = value.get("description").and_then(Value::as_str)?;
        named_place(text, fact.name)
    };
    let (named, written) = described(fact.value).or_else(|| described(at.value))?;
    if is_same(named, declared) {
        return None;
    }
    let name = fact.name.escape_debug();
    let message = format!(
        "`{name}`: its description calls it a {named} parameter, and the document declares it in the {declared}; it is sent there"
    );
    let help = format!(
        "if the description is right, declare `{name}` where it says, in an overlay where the document is a vendor's: {written}"
    );
    Some(Diagnostic::new(Rule::Unused, fact.pointer.clone(), message).help(help))
}

/// Where a parameter of a request is declared, if it is one.
fn declared_place(fact: &Fact<'_>) -> Option<&'static str> {
    let is_of_request = fact.direction == Direction::Request;
    match fact.kind {
        Kind::Property if is_of_request && fact.depth == Depth::Body => Some("body"),
        Kind::Parameter => match fact.value.get("in").and_then(Value::as_str)? {
            "query" => Some("query"),
            "header" => Some("header"),
            _ => None,
        },
        _ => None,
    }
}

fn is_same(named: &str, declared: &str) -> bool {
    named == declared || [named, declared] == ["form", "body"]
}

/// The place that a text gives to the parameter of this name, or to what it describes.
fn named_place(text: &str, name: &str) -> Option<(&'static str, &'static str)> {
    let name = name.to_lowercase();
    let mut sentences = sentences(text).map(plain);
    sentences.find_map(|sentence| {
        let mut places = PLACES.iter().copied();
        places.find(|(place, _)| {
            ["parameter", "string parameter", "field"]
                .iter()
                .any(|word| {
                    let called = format!("{place} {word}");
                    [format!("{name} {called}"), format!("{called} {name}")]
                        .iter()
                        .any(|phrase| has_words(&sentence, phrase))
                })
        })
    })
}

/// Whether a text has a phrase that no letter goes on from.
fn has_words(text: &str, phrase: &str) -> bool {
    let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
    text.match_indices(phrase).any(|(start, found)| {
        text[..start].chars().next_back().is_none_or(is_end)
            && text[start + found.len()..]
                .chars()
                .next()
                .is_none_or(is_end)
    })
}

#[cfg(test)]
mod tests {
    use super::named_place;

    #[test]
    fn a_text_names_the_place_of_its_own_parameter() {
        let of = |text| named_place(text, "channel").map(|(place, _)| place);
        assert_eq!(
            of("SLAS needs the `channel` query parameter."),
            Some("query")
        );
        assert_eq!(of("Adding a channel query parameter helps."), Some("query"));
        assert_eq!(of("The form parameter **channel**."), Some("form"));
        assert_eq!(of("Beside the `sub_channel` query parameter."), None);
        assert_eq!(of("Beside the `state` query parameter."), None);
        assert_eq!(of("Whom it is for."), None);
    }
}

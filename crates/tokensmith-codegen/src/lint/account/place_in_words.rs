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

/// The place that a text gives to the parameter of this name: "the `a` query parameter", "the query string parameter `a`".
fn named_place(text: &str, name: &str) -> Option<(&'static str, &'static str)> {
    if !text.contains("arameter") && !text.contains("ield") {
        return None;
    }
    let name = name.to_lowercase();
    let mut sentences = sentences(text).map(plain);
    sentences.find_map(|sentence| {
        let is_mark = |letter: char| !letter.is_alphanumeric() && letter != '_';
        let words = sentence.split(' ').map(|word| word.trim_matches(is_mark));
        let words: Vec<&str> = words.collect();
        let mut places = words.iter().enumerate().filter_map(|(index, word)| {
            let place = PLACES.iter().find(|(place, _)| place == word)?;
            let end = match &words[index + 1..] {
                ["parameter" | "field", ..] => index + 2,
                ["string", "parameter", ..] => index + 3,
                _ => return None,
            };
            let beside = [index.checked_sub(1), Some(end)];
            let mut beside = beside.into_iter().flatten();
            beside
                .any(|index| words.get(index) == Some(&name.as_str()))
                .then_some(*place)
        });
        places.next()
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

//! Text that is not read as it stands there: whoever reviews a document must see what a compiler sees.

use saphyr_parser::{Event, Parser};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Excerpt, Position, Rule};
use crate::pointer::Trail;

pub(crate) const HELP: &str =
    "remove it: a reviewer would read another text than the one that counts";

pub(crate) fn lint(tree: &Value, diagnostics: &mut Diagnostics) {
    look_through(tree, &mut |at, message| {
        diagnostics.push(Diagnostic::new(Rule::HiddenCharacter, at, message).help(HELP));
    });
}

/// Tells of each text and key that has such a character: where it is, and which.
pub(crate) fn look_through(tree: &Value, tell: &mut impl FnMut(&str, String)) {
    look(tree, &Trail::Start(""), tell);
}

fn look(value: &Value, at: &Trail<'_>, tell: &mut impl FnMut(&str, String)) {
    match value {
        Value::String(text) => judge(text, at, tell),
        Value::Object(members) => {
            for (key, member) in members {
                let at = at.key(key);
                judge(key, &at, tell);
                look(member, &at, tell);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                look(item, &at.index(index), tell);
            }
        }
        _ => {}
    }
}

fn judge(text: &str, at: &Trail<'_>, tell: &mut impl FnMut(&str, String)) {
    if text.is_ascii() {
        return;
    }
    if let Some(hidden) = text.chars().find(|character| is_hiding(*character)) {
        tell(&at.pointer(), message(hidden));
    }
}

fn message(hidden: char) -> String {
    let number = u32::from(hidden);
    match hidden {
        '\u{e0000}'..='\u{e007f}' => format!("U+{number:04X} is not shown at all"),
        _ => format!("U+{number:04X} changes the direction in which this is shown"),
    }
}

/// [Bidirectional controls](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters) that embed, override, isolate or turn what
/// follows, and [tags](https://www.unicode.org/charts/PDF/UE0000.pdf), which spell ASCII that nobody sees.
pub fn is_hiding(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Tells of the comments of a file that have such a character.
///
/// Comments are no part of a tree, and whoever reviews a file reads them before anything else.
pub(crate) fn lint_comments(file: &str, text: &str, diagnostics: &mut Diagnostics) {
    if text.is_ascii() || !text.contains(is_hiding) || is_json(text) {
        return;
    }
    let suspects: Vec<Suspect> = suspects(text);
    let inside = inside_scalars(text, &suspects);
    for (suspect, _) in suspects.iter().zip(inside).filter(|(_, inside)| !inside) {
        let place = Position::new(suspect.line, suspect.column);
        let mut diagnostic = Diagnostic::new(Rule::HiddenCharacter, "", message(suspect.hidden))
            .help(HELP)
            .in_file(file);
        diagnostic.position = Some(place);
        diagnostic.excerpt = Excerpt::around(text, place);
        diagnostics.push(diagnostic);
    }
}

/// A character that may stand in a comment.
struct Suspect {
    hidden: char,
    /// Which character of the text it is, from zero; its line and column, from one.
    index: usize,
    line: usize,
    column: usize,
}

/// The first such character of each line, behind a `#`.
fn suspects(text: &str) -> Vec<Suspect> {
    let mut suspects = Vec::new();
    let mut start = 0;
    for (line, written) in text.split('\n').enumerate() {
        let mut behind = false;
        for (column, character) in written.chars().enumerate() {
            behind |= character == '#';
            if behind && is_hiding(character) {
                suspects.push(Suspect {
                    hidden: character,
                    index: start + column,
                    line: line + 1,
                    column: column + 1,
                });
                break;
            }
        }
        start += written.chars().count() + 1;
    }
    suspects
}

/// Whether each suspect stands in a text of the document, and not in a comment. What cannot be read has no texts.
fn inside_scalars(text: &str, suspects: &[Suspect]) -> Vec<bool> {
    let mut inside = vec![false; suspects.len()];
    let mut first = 0;
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        if !matches!(event, Event::Scalar(..)) {
            continue;
        }
        // Both come in the order of the text.
        first += suspects[first..]
            .iter()
            .take_while(|suspect| suspect.index < span.start.index())
            .count();
        let within = suspects[first..]
            .iter()
            .take_while(|suspect| suspect.index < span.end.index())
            .count();
        inside[first..first + within].fill(true);
        first += within;
    }
    inside
}

/// JSON has no comments.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<(u32, u32)> {
        let mut diagnostics = Diagnostics::default();
        lint_comments("a.yaml", text, &mut diagnostics);
        let diagnostics = diagnostics.into_vec().into_iter();
        let positions = diagnostics.filter_map(|diagnostic| diagnostic.position);
        positions.map(|at| (at.line, at.column)).collect()
    }

    #[test]
    fn comments_are_looked_at_and_texts_are_not() {
        assert_eq!(places("a: 1 # b\u{202e}\n# é\u{200f}\n"), [(1, 9), (2, 4)]);
        assert_eq!(places("a: 'x # \u{202e}'\nb: |\n  # \u{202e}\n\n"), []);
        assert_eq!(places("b: |\n  # \u{202e}\n# \u{202e}\nc: 1\n"), [(3, 3)]);
        assert_eq!(places("a: é\r\nb: 1\r\n# \u{e0041}\r\n"), [(3, 3)]);
        assert_eq!(places("{\"$ref\": \"#/\u{202e}\"}"), []);
        assert_eq!(places("a: [ # \u{202e}\n"), [(1, 8)]);
    }
}

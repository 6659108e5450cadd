//! A diagnostic for programs.

use serde_json::{Value, json as object};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::visible::is_hidden;

/// A diagnostic as a JSON object.
///
/// `code` (`TS006`), `rule` (`dangling-reference`), `severity` (`error`, `warning` or `note`), `file`, `line` and `column` (from one, in characters; null where
/// they are not known), `pointer` (a JSON Pointer into the file; empty for the whole), `message`, `help` (what to write instead; may be null) and `url`
/// (the rule's page).
pub fn json(diagnostic: &Diagnostic) -> Value {
    object!({
        "code": diagnostic.rule.code(),
        "rule": diagnostic.rule.name(),
        "severity": diagnostic.severity().to_string(),
        "file": diagnostic.file,
        "line": diagnostic.position.map(|position| position.line),
        "column": diagnostic.position.map(|position| position.column),
        "pointer": diagnostic.pointer,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "url": diagnostic.rule.url(),
    })
}

/// JSON as text, in which what a terminal or a runner would obey, and what hides how it reads, is escaped. Programs read
/// the same.
pub fn json_text(value: &Value) -> String {
    json_escaped(&format!("{value:#}"))
}

/// Escapes the same in JSON that is text already.
pub(crate) fn json_escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        // A command of a runner has two of these.
        let is_command = character == '#' && shown.ends_with('#');
        if is_command || character != '\n' && is_hidden(character) {
            let units = &mut [0; 2];
            let escapes = character.encode_utf16(units).iter();
            shown.extend(escapes.map(|unit| format!("\\u{unit:04x}")));
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_read_back() {
        let value = object!({"a": ["é\u{1b}\u{9b}\u{7f}\u{202e}\u{e0041}\n", 1]});
        let text = json_text(&value);
        assert!(
            text.contains("é\\u001b\\u009b\\u007f\\u202e\\udb40\\udc41\\n"),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
    }
}

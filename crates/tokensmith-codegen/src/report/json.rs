//! A diagnostic for programs.

use serde_json::{Value, json as object};

use crate::diagnostic::Diagnostic;

/// A diagnostic as a JSON object.
///
/// `code` (`TS006`), `rule` (`dangling-reference`), `severity` (`error` or `warning`), `file`, `line` and `column` (from one, in characters; null where
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

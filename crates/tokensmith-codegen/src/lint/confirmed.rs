//! What an import guessed has to be confirmed by somebody who knows the provider.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::pointer::Trail;

/// The mark that an import leaves beside a guess; its value is the question.
pub const MARK: &str = "x-tokensmith-unconfirmed";

pub(super) fn lint(tree: &Value, diagnostics: &mut Diagnostics) {
    look(tree, &Trail::Start(""), diagnostics);
}

fn look(value: &Value, at: &Trail<'_>, diagnostics: &mut Diagnostics) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let place = at.key(key);
                if key == MARK {
                    ask(member, &place, diagnostics);
                } else {
                    look(member, &place, diagnostics);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                look(item, &at.index(index), diagnostics);
            }
        }
        _ => {}
    }
}

/// A mark holds one question, or a list of them.
fn ask(mark: &Value, place: &Trail<'_>, diagnostics: &mut Diagnostics) {
    if let Value::Array(questions) = mark {
        for (index, question) in questions.iter().enumerate() {
            ask(question, &place.index(index), diagnostics);
        }
        return;
    }
    let question = mark.as_str().map(str::trim).filter(|text| !text.is_empty());
    let message = format!("not confirmed: {}", question.unwrap_or("what stands here"));
    diagnostics.push(
        Diagnostic::new(Rule::Unconfirmed, place.pointer(), message).help(format!(
            "look it up in the provider's documentation, correct it, say where it stands, and remove `{MARK}`"
        )),
    );
}

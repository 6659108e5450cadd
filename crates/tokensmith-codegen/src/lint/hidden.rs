//! Text that is not read as it stands there: whoever reviews a document must see what a compiler sees.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::pointer;

pub(super) fn lint(tree: &Value, diagnostics: &mut Diagnostics) {
    look(tree, "", diagnostics);
}

fn look(value: &Value, at: &str, diagnostics: &mut Diagnostics) {
    match value {
        Value::String(text) => judge(text, at, diagnostics),
        Value::Object(members) => {
            for (key, member) in members {
                let place = pointer::join(at, key);
                judge(key, &place, diagnostics);
                look(member, &place, diagnostics);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                look(item, &pointer::join(at, &index.to_string()), diagnostics);
            }
        }
        _ => {}
    }
}

fn judge(text: &str, at: &str, diagnostics: &mut Diagnostics) {
    let Some(hidden) = text.chars().find(|character| turns_text(*character)) else {
        return;
    };
    let message = format!(
        "U+{:04X} changes the direction in which this is shown",
        u32::from(hidden)
    );
    diagnostics.push(
        Diagnostic::new(Rule::HiddenCharacter, at, message)
            .help("remove it: a reviewer would read another text than the one that counts"),
    );
}

/// [Bidirectional controls](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters) that embed, override or isolate.
fn turns_text(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

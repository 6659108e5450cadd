//! The comparison for a terminal.

use std::fmt::Write as _;

use super::{Compared, Comparison, Fate, Provider};
use crate::markdown::plain;

pub(super) fn report(comparison: &Comparison) -> String {
    let mut text = format!("compared with {}\n", comparison.base);
    for Provider { name, fate, .. } in &comparison.providers {
        // Writing to a text does not fail.
        let _ = match fate {
            Fate::New(model) => writeln!(text, "\n{name} is new: {}", model.version),
            Fate::Gone => writeln!(text, "\n{name} is gone: major for whoever uses it"),
            Fate::Broken => writeln!(
                text,
                "\n{name} has errors: cargo xtask codegen {name} says which"
            ),
            Fate::Repaired(model) => writeln!(
                text,
                "\n{name} {}: its document had errors at the base, so that nothing can be compared",
                model.version
            ),
            Fate::Compared(compared) if compared.is_quiet() => {
                writeln!(text, "\n{name} {}: nothing changed", compared.after.version)
            }
            Fate::Compared(compared) => {
                changed(&mut text, name, compared);
                Ok(())
            }
        };
    }
    text
}

fn changed(text: &mut String, name: &str, compared: &Compared) {
    let Compared {
        before,
        after,
        changes,
    } = compared;
    let step = compared
        .step()
        .map_or("nothing else changed", |step| step.as_str());
    let _ = writeln!(
        text,
        "\n{name} {} -> {}: {step}",
        before.version, after.version
    );
    for change in changes {
        let _ = writeln!(
            text,
            "  {:5}  {:4}  {} {}",
            change.step.as_str(),
            change.kind.as_str(),
            plain(&change.subject),
            plain(&change.what)
        );
    }
    if let Some(wanted) = compared.wanted() {
        let _ = writeln!(
            text,
            "  the version is too low: in the document, or its overlay, write\n      info: {{x-tokensmith: {{version: {wanted}}}}}"
        );
    }
}

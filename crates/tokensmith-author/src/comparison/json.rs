//! The comparison for programs.

use serde_json::json;
use tokensmith_codegen::diagnostic::report;

use super::{Comparison, Fate, Provider};
use crate::diff::Step;

/// `{"base", "providers": [{"name", "fate", "before", "after", "step", "wanted", "changes": [{"step", "kind", "subject", "what"}]}], "code": [{"name",
/// "files", "added", "removed"}]}`.
///
/// `fate` is `new`, `gone`, `broken`, `repaired` (it had errors at the base), `unchanged` or `changed`; `step` and `wanted` are null where nothing is asked for.
pub(super) fn report(comparison: &Comparison) -> String {
    let providers = comparison.providers.iter().map(|Provider { name, fate, .. }| match fate {
        Fate::New(model) => json!({"name": name, "fate": "new", "after": model.version.to_string()}),
        Fate::Gone => json!({"name": name, "fate": "gone"}),
        Fate::Broken => json!({"name": name, "fate": "broken"}),
        Fate::Repaired(model) => json!({"name": name, "fate": "repaired", "after": model.version.to_string()}),
        Fate::Compared(compared) => {
            let changes = compared.changes.iter().map(|change| {
                json!({"step": change.step.as_str(), "kind": change.kind.as_str(), "subject": change.subject, "what": change.what})
            });
            json!({
                "name": name,
                "fate": if compared.changes.is_empty() { "unchanged" } else { "changed" },
                "before": compared.before.version.to_string(),
                "after": compared.after.version.to_string(),
                "step": compared.step().map(Step::as_str),
                "wanted": compared.wanted(),
                "changes": changes.collect::<Vec<_>>(),
            })
        }
    });
    let code = comparison.code.iter().map(|(name, code)| {
        json!({"name": name, "files": code.files, "added": code.added, "removed": code.removed})
    });
    let value = json!({"base": comparison.base, "providers": providers.collect::<Vec<_>>(), "code": code.collect::<Vec<_>>()});
    report::json_text(&value) + "\n"
}

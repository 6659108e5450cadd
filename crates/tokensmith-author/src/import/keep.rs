//! Which parts of a document an import keeps.

use std::collections::BTreeSet;

use serde_json::Value;

use tokensmith_codegen::authoring::Selection;
use tokensmith_codegen::pointer;

/// Members of the document that are kept whatever is in them.
const WHOLE: [&str; 5] = ["openapi", "info", "servers", "security", "externalDocs"];

/// Members of a path item that are no operations.
const SHARED: [&str; 6] = [
    "$ref",
    "summary",
    "description",
    "parameters",
    "servers",
    "x-tokensmith",
];

/// The pointers of what is kept.
pub(super) struct Keep {
    pointers: BTreeSet<String>,
}

impl Keep {
    pub(super) fn new(selection: &Selection) -> Self {
        let operations = selection.operations.iter();
        let operations = operations.map(|operation| operation.pointer.clone());
        let schemes = "/components/securitySchemes".to_owned();
        let kept = selection.kept.iter().cloned();
        let pointers = reached(&selection.tree, kept.chain(operations).chain([schemes]));
        Self { pointers }
    }

    /// Whether something at `at`, or below it, is kept.
    pub(super) fn has(&self, at: &str) -> bool {
        let tokens: Vec<String> = pointer::tokens(at).collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        match tokens.as_slice() {
            [first, ..] if WHOLE.contains(first) => true,
            ["paths", _, key] if SHARED.contains(key) => true,
            ["components", "securitySchemes", ..] => true,
            _ => self
                .pointers
                .iter()
                .any(|kept| pointer::is_within(kept, at) || pointer::is_within(at, kept)),
        }
    }
}

/// How deep a member stands that is kept or dropped by itself: `/paths/PATH/METHOD`, `/components/KIND/NAME`.
pub(super) const DEPTH: usize = 3;

/// The pointers of values of the tree, and of all that they refer to. Examples count too, which no stage follows.
pub(super) fn reached(tree: &Value, from: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    let mut pending: Vec<String> = from.into_iter().collect();
    let mut pointers = BTreeSet::new();
    while let Some(at) = pending.pop() {
        let Some(value) = tree.pointer(&at) else {
            continue;
        };
        if pointers.insert(at) {
            targets(value, &mut pending, 0);
        }
    }
    pointers
}

fn targets(value: &Value, pending: &mut Vec<String>, depth: usize) {
    const MAX_DEPTH: usize = 100;
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                pending.extend(pointer::of_reference(reference));
            }
            members
                .values()
                .for_each(|member| targets(member, pending, depth + 1));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| targets(item, pending, depth + 1)),
        _ => {}
    }
}

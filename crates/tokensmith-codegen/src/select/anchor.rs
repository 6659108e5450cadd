//! Names that JSON Schema gives to parts of a document: `$anchor` and `$id`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::pointer::Trail;
use crate::source::external::Files;

/// Where the parts stand that have a name, gathered when one is asked for.
pub(super) struct Anchors<'a> {
    root: &'a Value,
    files: &'a Files<'a>,
    found: RefCell<Found>,
}

#[derive(Default)]
struct Found {
    pointers: BTreeMap<String, String>,
    has_document: bool,
    /// How many files were looked through.
    files: usize,
}

impl<'a> Anchors<'a> {
    pub(super) fn of(root: &'a Value, files: &'a Files<'a>) -> Self {
        Self {
            root,
            files,
            found: RefCell::default(),
        }
    }

    /// What a reference names that is no pointer: `#name`, or the whole of an `$id`.
    pub(super) fn pointer_of(&self, reference: &str) -> Option<String> {
        let mut found = self.found.borrow_mut();
        if !found.has_document {
            found.has_document = true;
            gather(self.root, &Trail::Start(""), &mut found.pointers);
        }
        while let Some((at, tree)) = self.files.nth(found.files) {
            found.files += 1;
            gather(tree, &Trail::Start(&at), &mut found.pointers);
        }
        let name = reference.trim().trim_end_matches('#');
        found.pointers.get(name).cloned()
    }

    /// What a pointer means within the nearest schema around `place` that is a document of its own, since it has an `$id`.
    pub(super) fn within(&self, fragment: &str, place: &str) -> Option<String> {
        let mut around = place;
        while let Some((parent, _)) = around.rsplit_once('/') {
            let schema = self.files.value(self.root, parent)?;
            if schema.get("$id").is_some_and(Value::is_string) {
                return schema
                    .pointer(fragment)
                    .map(|_| parent.to_owned() + fragment);
            }
            around = parent;
        }
        None
    }
}

fn gather(value: &Value, at: &Trail<'_>, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            let text = |key: &str| members.get(key).and_then(Value::as_str);
            let anchors = [text("$anchor"), text("$dynamicAnchor")];
            let names = anchors.into_iter().flatten().map(|name| format!("#{name}"));
            let id = text("$id").map(|id| id.trim_end_matches('#').to_owned());
            for name in names.chain(id) {
                found.entry(name).or_insert_with(|| at.pointer());
            }
            for (key, member) in members {
                gather(member, &at.key(key), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                gather(item, &at.index(index), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_found_by_their_names() {
        let root = json!({"a": [{"$anchor": "x"}], "b": {"$id": "https://a.example/b", "$defs": {"c": 1}, "d": {"e": 2}}});
        let files = Files::new(None, "a.yaml", false);
        let anchors = Anchors::of(&root, &files);
        assert_eq!(anchors.pointer_of("#x").as_deref(), Some("/a/0"));
        assert_eq!(
            anchors.pointer_of("https://a.example/b#").as_deref(),
            Some("/b")
        );
        assert_eq!(anchors.pointer_of("#y"), None);
        assert_eq!(
            anchors.within("/$defs/c", "/b/d/e/$ref").as_deref(),
            Some("/b/$defs/c")
        );
        assert_eq!(anchors.within("/$defs/z", "/b/d/$ref"), None);
        assert_eq!(anchors.within("/$defs/c", "/a/0/$ref"), None);
    }
}

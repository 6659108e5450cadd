//! What an action does to a value.

use serde_json::Value;

use crate::origin::Origins;
use crate::pointer;

/// Removes the value at a location.
pub(super) fn remove(tree: &mut Value, location: &str) {
    let Some((parent, _)) = location.rsplit_once('/') else {
        return;
    };
    let Some(token) = pointer::tokens(location).last() else {
        return;
    };
    match tree.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.remove(&token);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// Merges updates into the tree, and notes what came from where.
pub(super) struct Merge<'a> {
    pub(super) file: &'a str,
    pub(super) origins: &'a mut Origins,
}

impl Merge<'_> {
    /// Objects are merged member by member, lists are appended to, anything else is replaced.
    pub(super) fn merge(&mut self, target: &mut Value, update: Value, to: &str, from: &str) {
        match (target, update) {
            (Value::Object(members), Value::Object(update)) => {
                for (key, value) in update {
                    let (to, from) = (pointer::join(to, &key), pointer::join(from, &key));
                    match members.get_mut(&key) {
                        Some(member) => self.merge(member, value, &to, &from),
                        None => {
                            self.note(&to, &from);
                            members.insert(key, value);
                        }
                    }
                }
            }
            (Value::Array(items), Value::Array(update)) => {
                for (index, item) in update.into_iter().enumerate() {
                    let to = pointer::join(to, &items.len().to_string());
                    self.note(&to, &pointer::join(from, &index.to_string()));
                    items.push(item);
                }
            }
            (Value::Array(items), update) => {
                self.note(&pointer::join(to, &items.len().to_string()), from);
                items.push(update);
            }
            (target, update) => {
                self.note(to, from);
                *target = update;
            }
        }
    }

    fn note(&mut self, to: &str, from: &str) {
        self.origins.note(to, self.file, from);
    }
}

/// How many values there are in this one, itself included.
pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// How deep a value is nested.
pub(super) fn depth(value: &Value) -> usize {
    let below = match value {
        Value::Object(members) => members.values().map(depth).max(),
        Value::Array(items) => items.iter().map(depth).max(),
        _ => return 0,
    };
    below.unwrap_or_default() + 1
}

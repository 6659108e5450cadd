//! What an action does to a value.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::pointer;
use crate::source::origin::Origins;

/// Removes the values at these locations.
pub(super) fn remove_all(tree: &mut Value, locations: &[&String]) {
    let mut by_parent: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for location in locations {
        if let (Some((parent, _)), Some(token)) =
            (location.rsplit_once('/'), pointer::tokens(location).last())
        {
            by_parent.entry(parent).or_default().insert(token);
        }
    }
    // What stands deeper goes first, so that the numbers of what it stands in still hold.
    let mut parents: Vec<_> = by_parent.into_iter().collect();
    parents.sort_by_key(|(parent, _)| Reverse(parent.matches('/').count()));
    for (parent, tokens) in parents {
        match tree.pointer_mut(parent) {
            Some(Value::Object(members)) => members.retain(|key, _| !tokens.contains(key)),
            Some(Value::Array(items)) => {
                let mut tokens_in_order = (0_usize..).map(|index| index.to_string());
                items.retain(|_| {
                    tokens_in_order
                        .next()
                        .is_none_or(|index| !tokens.contains(&index))
                });
            }
            _ => {}
        }
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

/// How many values take the room of this one: a text counts by its length as well.
pub(super) fn weight(value: &Value) -> usize {
    const TEXT: usize = 64;
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, member)| key.len() / TEXT + weight(member));
            1 + members.sum::<usize>()
        }
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::String(text) => 1 + text.len() / TEXT,
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

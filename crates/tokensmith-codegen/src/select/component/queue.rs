//! Which components there will be, under which names, and what of them is still to be copied.

use std::collections::{BTreeMap, BTreeSet};

use super::name::{ComponentKey, name_of, own_key, section};
use crate::openapi::grammar::Part;
use crate::pointer;
use crate::select::documents::Documents;
use crate::select::importance::Importance;

pub(super) struct Queue<'a> {
    documents: Documents<'a>,
    /// Components by where they stand in the whole tree.
    keys: BTreeMap<(String, &'static str), ComponentKey>,
    taken: BTreeSet<ComponentKey>,
    /// The last number that each name was tried with.
    numbers: BTreeMap<(&'static str, String), usize>,
    /// Where what is to be copied stands; first what the requests and successes need, then what only the errors need.
    pending: BTreeMap<(Importance, ComponentKey), String>,
}

impl<'a> Queue<'a> {
    pub(super) fn new(documents: Documents<'a>) -> Self {
        Self {
            documents,
            keys: BTreeMap::new(),
            taken: BTreeSet::new(),
            numbers: BTreeMap::new(),
            pending: BTreeMap::new(),
        }
    }

    /// The next component to be copied, what depends on it, and where it stands.
    pub(super) fn next(&mut self) -> Option<((Importance, ComponentKey), String)> {
        self.pending.pop_first()
    }

    /// The component that the value at `pointer` becomes.
    pub(super) fn add(
        &mut self,
        pointer: String,
        part: Part,
        importance: Importance,
    ) -> ComponentKey {
        let known = (pointer.clone(), section(part));
        if let Some(key) = self.keys.get(&known).cloned() {
            self.raise_importance(&key, importance);
            return key;
        }
        let key = match own_key(&pointer) {
            Some(key) => key,
            None => self.free_key(&pointer, part),
        };
        self.keys.insert(known, key.clone());
        if self.taken.insert(key.clone()) {
            self.pending.insert((importance, key.clone()), pointer);
        }
        key
    }

    /// Notes that more may depend on a component than what was known of it.
    fn raise_importance(&mut self, key: &ComponentKey, importance: Importance) {
        for weaker in [Importance::Success, Importance::Nothing] {
            let waiting = (weaker, key.clone());
            if weaker > importance
                && let Some(pointer) = self.pending.remove(&waiting)
            {
                self.pending.insert((importance, key.clone()), pointer);
            }
        }
    }

    /// A key that no component of the document has.
    fn free_key(&mut self, pointer: &str, part: Part) -> ComponentKey {
        let base = name_of(pointer);
        let number = self
            .numbers
            .entry((section(part), base.clone()))
            .or_default();
        loop {
            *number += 1;
            let name = match *number {
                1 => base.clone(),
                number => format!("{base}_{number}"),
            };
            let own = pointer::join_all("/components", &[section(part), &name]);
            let key = (section(part).to_owned(), name);
            if !self.taken.contains(&key) && self.documents.value(&own).is_none() {
                return key;
            }
        }
    }
}

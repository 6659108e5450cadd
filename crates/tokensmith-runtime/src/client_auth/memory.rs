//! What `auto` has learnt.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::Style;

/// A client talks to one or two URLs; the bound only guards against base URLs made up by the
/// thousand.
const CAPACITY: usize = 32;

/// The styles that worked, per URL and client identifier, the least recently learnt dropped first.
#[derive(Default)]
pub(crate) struct Memory(Mutex<VecDeque<Entry>>);

struct Entry {
    url: String,
    client_id: String,
    style: Style,
}

impl Memory {
    pub(crate) fn recall(&self, url: &str, client_id: &str) -> Option<Style> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .iter()
            .find(|entry| entry.url == url && entry.client_id == client_id)
            .map(|entry| entry.style)
    }

    pub(crate) fn learn(&self, url: &str, client_id: &str, style: Style) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = entries
            .iter_mut()
            .find(|entry| entry.url == url && entry.client_id == client_id);
        if let Some(entry) = known {
            entry.style = style;
            return;
        }
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(Entry {
            url: url.to_owned(),
            client_id: client_id.to_owned(),
            style,
        });
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Memory")
    }
}

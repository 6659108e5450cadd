//! The last values that were inserted.

use std::collections::{HashMap, VecDeque};

/// How many values of a kind are kept: a mock may be under load for hours.
const KEPT: usize = 100_000;

/// How many bytes the values of a kind may take: a request brings up to a megabyte.
const MOST_BYTES: usize = 64 << 20;

/// What knows about how many bytes it takes.
pub(crate) trait Size {
    /// About how many bytes it takes.
    fn size(&self) -> usize;
}

impl Size for () {
    fn size(&self) -> usize {
        0
    }
}

impl Size for String {
    fn size(&self) -> usize {
        size_of::<Self>() + self.len()
    }
}

impl<T: Size> Size for Option<T> {
    fn size(&self) -> usize {
        self.as_ref().map_or(0, T::size)
    }
}

impl<T: Size> Size for Vec<T> {
    fn size(&self) -> usize {
        self.iter().map(T::size).sum()
    }
}

impl<A: Size, B: Size> Size for (A, B) {
    fn size(&self) -> usize {
        self.0.size() + self.1.size()
    }
}

/// The last values that were inserted, by a text. The oldest are forgotten.
#[derive(Debug)]
pub(crate) struct Recent<V> {
    values: HashMap<String, V>,
    order: VecDeque<String>,
    bytes: usize,
}

impl<V> Default for Recent<V> {
    fn default() -> Self {
        Self {
            values: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
        }
    }
}

impl<V: Size> Recent<V> {
    pub(crate) fn insert(&mut self, text: String, value: V) {
        self.bytes += entry(&text, &value);
        match self.values.insert(text.clone(), value) {
            None => self.order.push_back(text),
            Some(before) => self.bytes = self.bytes.saturating_sub(entry(&text, &before)),
        }
        while self.order.len() > KEPT || self.bytes > MOST_BYTES {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            self.take(&oldest);
        }
    }

    pub(crate) fn get(&self, text: &str) -> Option<&V> {
        self.values.get(text)
    }

    /// Returns a value to be changed; its size stays about the same.
    pub(crate) fn get_mut(&mut self, text: &str) -> Option<&mut V> {
        self.values.get_mut(text)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.values.values_mut()
    }

    pub(crate) fn remove(&mut self, text: &str) -> Option<V> {
        let removed = self.take(text)?;
        self.order.retain(|other| other != text);
        Some(removed)
    }

    fn take(&mut self, text: &str) -> Option<V> {
        let taken = self.values.remove(text)?;
        self.bytes = self.bytes.saturating_sub(entry(text, &taken));
        Some(taken)
    }
}

/// About how many bytes a value takes: its text is there twice.
fn entry<V: Size>(text: &str, value: &V) -> usize {
    2 * (size_of::<String>() + text.len()) + size_of::<V>() + value.size()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Size for usize {
        fn size(&self) -> usize {
            0
        }
    }

    #[test]
    fn the_oldest_is_forgotten() {
        let mut recent = Recent::default();
        for number in 0..KEPT + 2 {
            recent.insert(number.to_string(), number);
        }
        assert_eq!((recent.get("1"), recent.get("2")), (None, Some(&2)));
        assert_eq!((recent.remove("2"), recent.remove("2")), (Some(2), None));
        recent.insert("3".to_owned(), 33);
        assert_eq!(recent.get("3"), Some(&33));
        assert_eq!(recent.order.len(), KEPT - 1);
    }

    #[test]
    fn large_values_are_forgotten_sooner() {
        let mut recent = Recent::default();
        let large = "x".repeat(1 << 20);
        for number in 0..100 {
            recent.insert(number.to_string(), large.clone());
        }
        assert!(
            (60..64).contains(&recent.order.len()),
            "{}",
            recent.order.len()
        );
        assert!(recent.bytes <= MOST_BYTES && recent.get("99").is_some());
        // What replaces another value takes its room.
        for _ in 0..100 {
            recent.insert("99".to_owned(), large.clone());
        }
        assert_eq!(recent.order.len(), recent.values.len());
        assert!(recent.get("98").is_some());
        for number in 0..100 {
            recent.remove(&number.to_string());
        }
        assert_eq!((recent.order.len(), recent.bytes), (0, 0));
    }
}

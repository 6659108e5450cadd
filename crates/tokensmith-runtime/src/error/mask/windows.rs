//! Runs of characters that a text may share with a secret.

use std::ops::Range;

use zeroize::Zeroizing;

use super::escape;
use super::layer::Layer;

/// How many bytes a text may share with a secret at most and still be shown: one fewer. An escape
/// that is cut may show one or two characters more, which leaves fewer than eight.
const RUN: usize = 7;

/// How many characters of a secret may never be shown in a row.
const SHOWN: usize = 8;

/// What an escape begins with.
const MARKS: [&str; 9] = ["%", "%u", "\\", "\\u", "\\u{", "\\x", "&", "&#", "&#x"];

/// The shortest run that is looked for. A secret that is shorter is not found at all.
const SHORTEST: usize = 4;

/// The runs of all secrets, by their length.
#[derive(Default)]
pub(super) struct Windows {
    sets: Vec<(usize, Zeroizing<Vec<u64>>)>,
}

impl Windows {
    pub(super) fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut windows = Self::default();
        for secret in secrets {
            for layer in Layer::of(secret).levels() {
                for form in [&layer.unspaced(), &layer.squeezed(), &layer] {
                    windows.add(form.bytes(), run(form.len()));
                }
            }
        }
        windows.sorted()
    }

    /// What becomes of each run if the text before it ends with the beginning of an escape: behind
    /// `%` the run `ab/cdefg` is read as one byte and `/cdefg`.
    pub(super) fn misread<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut windows = Self::default();
        for secret in secrets {
            windows.add_misread(secret);
        }
        windows.sorted()
    }

    fn sorted(mut self) -> Self {
        self.sets.retain(|(_, set)| !set.is_empty());
        for (_, set) in &mut self.sets {
            set.sort_unstable();
            set.dedup();
        }
        self
    }

    fn add(&mut self, form: &[u8], size: usize) {
        let runs = keys(form, size).map(|(_, key)| key);
        match self.sets.iter_mut().find(|(other, _)| *other == size) {
            Some((_, set)) => set.extend(runs),
            None => self.sets.push((size, Zeroizing::new(runs.collect()))),
        }
    }

    fn add_misread(&mut self, secret: &str) {
        let ends = secret.char_indices().skip(SHOWN).map(|(end, _)| end);
        let ends = ends.chain(std::iter::repeat(secret.len()));
        for ((start, _), end) in secret.char_indices().zip(ends) {
            let Some(run) = secret.get(start..end).filter(|run| run.len() >= SHOWN) else {
                return;
            };
            for mark in MARKS {
                let read = Zeroizing::new(format!("{mark}{run}"));
                if !escape::is_escape(read.as_bytes()) {
                    continue;
                }
                for misread in Layer::of(&read).levels().skip(1) {
                    let size = misread.len().clamp(SHORTEST, RUN);
                    self.add(misread.bytes(), size);
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// The runs in these bytes that a secret has too, with their length.
    pub(super) fn find<'w>(
        &'w self,
        bytes: &'w [u8],
    ) -> impl Iterator<Item = (Range<usize>, usize)> + 'w {
        self.sets.iter().flat_map(move |(size, set)| {
            keys(bytes, *size)
                .filter(|(_, key)| set.binary_search(key).is_ok())
                .map(|(range, _)| (range, *size))
        })
    }
}

/// How long a run has to be that gives away a secret of a length: two thirds of a short one.
fn run(length: usize) -> usize {
    (length * 2 / 3).clamp(SHORTEST, RUN)
}

/// Each run of bytes, and a number that stands for it: its bytes.
fn keys(bytes: &[u8], size: usize) -> impl Iterator<Item = (Range<usize>, u64)> + '_ {
    let kept = u64::MAX >> (64 - 8 * size);
    let mut key = 0;
    let keys = bytes.iter().enumerate().map(move |(index, byte)| {
        key = (key << 8 | u64::from(*byte)) & kept;
        (index + 1, key)
    });
    keys.skip(size - 1)
        .map(move |(end, key)| (end - size..end, key))
}

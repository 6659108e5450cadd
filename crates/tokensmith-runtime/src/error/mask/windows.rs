//! Runs of characters that a text may share with a secret.

use std::ops::Range;

use zeroize::Zeroizing;

use super::layer::Layer;

/// How many bytes a text may share with a secret at most and still be shown: one fewer. An escape that is cut may show one
/// or two characters more, which leaves fewer than eight.
const RUN: usize = 7;

/// The shortest run that is looked for. A secret that is shorter is not found at all.
const SHORTEST: usize = 4;

/// The runs of all secrets, by their length.
#[derive(Default)]
pub(super) struct Windows {
    sets: Vec<(usize, Zeroizing<Vec<u64>>)>,
}

impl Windows {
    pub(super) fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut sets: Vec<(usize, Zeroizing<Vec<u64>>)> = Vec::new();
        for secret in secrets {
            let layer = Layer::of(secret);
            let forms = [layer.unspaced(), layer.squeezed(), layer];
            for form in forms.iter().map(Layer::bytes) {
                let size = run(form.len());
                let runs = keys(form, size).map(|(_, key)| key);
                match sets.iter_mut().find(|(other, _)| *other == size) {
                    Some((_, set)) => set.extend(runs),
                    None => sets.push((size, Zeroizing::new(runs.collect()))),
                }
            }
        }
        sets.retain(|(_, set)| !set.is_empty());
        for (_, set) in &mut sets {
            set.sort_unstable();
            set.dedup();
        }
        Self { sets }
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

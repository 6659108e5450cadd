//! Refresh tokens that were configured, and used.

use ring::digest;
use tokensmith_runtime::Secret;

/// Digests of refresh tokens to begin with that are not begun with again: the last ones of a user, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ConfiguredTokens(Vec<String>);

/// How many are remembered of a user.
pub(crate) const REMEMBERED: usize = 16;

impl ConfiguredTokens {
    pub(crate) fn of(seeds: &[Secret]) -> Self {
        Self::default().and(seeds.iter().map(|seed| digest_of(&[seed])))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, seed: &Secret) -> bool {
        self.0.contains(&digest_of(&[seed]))
    }

    /// These, and then others. The first ones go where there are too many.
    pub(crate) fn and(mut self, others: impl IntoIterator<Item = String>) -> Self {
        for other in others {
            self.0.retain(|seed| *seed != other);
            self.0.push(other);
        }
        let too_many = self.0.len().saturating_sub(REMEMBERED);
        self.0.drain(..too_many);
        self
    }

    pub(super) fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl From<Vec<String>> for ConfiguredTokens {
    fn from(digests: Vec<String>) -> Self {
        Self::default().and(digests)
    }
}

impl IntoIterator for ConfiguredTokens {
    type Item = String;
    type IntoIter = std::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

pub(super) fn digest_of(tokens: &[&Secret]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for token in tokens {
        context.update(token.expose().as_bytes());
        // No token holds it.
        if tokens.len() > 1 {
            context.update(b"\n");
        }
    }
    let digest = context.finish();
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_remembered_each_once() {
        let seed = |number: usize| Secret::from(number.to_string());
        let all: Vec<_> = (0..REMEMBERED + 3).map(seed).collect();
        let seeds = ConfiguredTokens::of(&all).and(ConfiguredTokens::of(&[seed(5)]));
        assert_eq!(seeds.as_slice().len(), REMEMBERED);
        for number in 0..REMEMBERED + 3 {
            assert_eq!(seeds.contains(&seed(number)), number >= 3, "{number}");
        }
        // It has come again, and is the last one to go.
        let seeds =
            seeds.and((100..100 + REMEMBERED - 1).map(|number| digest_of(&[&seed(number)])));
        assert!(seeds.contains(&seed(5)));
    }
}

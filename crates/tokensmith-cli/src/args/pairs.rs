//! Options that hold a name and a value.

use crate::failure::Failure;

/// The names and values of an option. An error shows neither: the value may be a secret, and the
/// name the value.
pub(crate) fn pairs<'a>(
    option: &str,
    texts: &'a [String],
) -> Result<Vec<(&'a str, &'a str)>, Failure> {
    let pair = |text: &'a String| text.split_once('=').filter(|(name, _)| !name.is_empty());
    let pairs: Option<_> = texts.iter().map(pair).collect();
    pairs.ok_or_else(|| {
        Failure::Usage(format!(
            "{option} takes a name and a value with `=` between them"
        ))
    })
}

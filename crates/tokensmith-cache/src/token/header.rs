//! The header that carries a token.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use zeroize::Zeroizing;

use crate::{TokenError, TokenErrorKind};

/// Which header carries the token, and how.
///
/// ```
/// use tokensmith_cache::TokenHeader;
///
/// let shopify = TokenHeader::new("X-Shopify-Access-Token", "{token}")?;
/// assert_eq!(TokenHeader::default(), TokenHeader::new("Authorization", "Bearer {token}")?);
/// # Ok::<(), tokensmith_cache::TokenError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHeader {
    name: HeaderName,
    before: String,
    after: String,
}

impl TokenHeader {
    /// A header by its name, and its value with `{token}` where the token goes.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the name is not that of an HTTP header, or the pattern does not have `{token}` once.
    pub fn new(name: &str, pattern: &str) -> Result<Self, TokenError> {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| TokenErrorKind::Config.because("the name of the header is invalid"))?;
        let (before, after) = pattern
            .split_once("{token}")
            .filter(|(_, after)| !after.contains("{token}"))
            .ok_or_else(|| {
                TokenErrorKind::Config.because(
                    "the pattern has `{token}` once, where the token goes: `Bearer {token}`",
                )
            })?;
        let is_fit = HeaderValue::from_str(before).is_ok() && HeaderValue::from_str(after).is_ok();
        is_fit
            .then(|| Self {
                name,
                before: before.to_owned(),
                after: after.to_owned(),
            })
            .ok_or_else(|| TokenErrorKind::Config.because("the pattern does not fit in a header"))
    }

    /// The name of the header.
    pub fn name(&self) -> &HeaderName {
        &self.name
    }

    /// The value with a token in it, and where the token is. The bytes are wiped when the last copy goes.
    pub(crate) fn value(&self, token: &str) -> Option<(HeaderValue, usize, usize)> {
        let text = [&self.before, token, &self.after].concat();
        let bytes = Bytes::from_owner(Zeroizing::new(text));
        let mut value = HeaderValue::from_maybe_shared(bytes).ok()?;
        value.set_sensitive(true);
        Some((value, self.before.len(), token.len()))
    }
}

impl Default for TokenHeader {
    /// `Authorization: Bearer {token}` (RFC 6750 section 2.1).
    fn default() -> Self {
        Self {
            name: header::AUTHORIZATION,
            before: "Bearer ".to_owned(),
            after: String::new(),
        }
    }
}

//! The header that carries a token.

use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use zeroize::Zeroizing;

use tokensmith_runtime::{Endpoint, TokenUse};

use crate::{TokenError, TokenErrorKind};

/// Where requests carry the token: in which header and how, or in the query of the URL.
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
    /// The parameter of the query that carries the token instead.
    query: Option<String>,
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
                query: None,
            })
            .ok_or_else(|| TokenErrorKind::Config.because("the pattern does not fit in a header"))
    }

    /// Has the URL's query carry the token, under this name, and no header: for APIs that take it
    /// nowhere else (RFC 6750 section 2.3).
    ///
    /// **URLs are logged and passed on.** The token is in every log of URLs on the way, in the
    /// `Referer` of a redirect that a client follows, and in errors and spans that name the URL.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the name is empty.
    pub fn in_query(name: impl Into<String>) -> Result<Self, TokenError> {
        let name = name.into();
        if name.is_empty() {
            return Err(TokenErrorKind::Config.because("the name of the parameter is empty"));
        }
        Ok(Self {
            query: Some(name),
            ..Self::default()
        })
    }

    /// As the document of the provider says; `None` where it follows RFC 6750.
    pub(crate) fn declared(endpoint: &Endpoint<'_>) -> Result<Option<Self>, TokenError> {
        let token_use = endpoint.token_use();
        match token_use {
            _ if token_use.is_standard() => Ok(None),
            TokenUse::Header { name, pattern } => Self::new(name, pattern).map(Some),
            TokenUse::Query { name } => Self::in_query(name).map(Some),
        }
    }

    /// The parameter of the query that carries the token, if one does.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
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

impl fmt::Display for TokenHeader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.query {
            Some(name) => write!(formatter, "the parameter `{name}` of the URL's query"),
            None => write!(
                formatter,
                "the header `{}` as `{}{{token}}{}`",
                self.name, self.before, self.after
            ),
        }
    }
}

impl Default for TokenHeader {
    /// `Authorization: Bearer {token}` (RFC 6750 section 2.1).
    fn default() -> Self {
        Self {
            name: header::AUTHORIZATION,
            before: "Bearer ".to_owned(),
            after: String::new(),
            query: None,
        }
    }
}

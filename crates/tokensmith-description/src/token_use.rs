//! Where requests to a provider's API carry the token.

use alloc::borrow::ToOwned as _;
use alloc::string::String;

/// Where requests to a provider's API carry the token (RFC 6750 section 2).
///
/// ```
/// use tokensmith_description::TokenUse;
///
/// // Shopify: X-Shopify-Access-Token: {token}; WeChat: ?access_token={token}.
/// const SHOPIFY: TokenUse<&str> =
///     TokenUse::Header { name: "X-Shopify-Access-Token", pattern: "{token}" };
/// const WECHAT: TokenUse<&str> = TokenUse::Query { name: "access_token" };
/// assert!(!SHOPIFY.is_standard());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenUse<T> {
    /// In a header.
    Header {
        /// The name of the header.
        name: T,
        /// Its value, in which `{token}` stands for the token, once.
        pattern: T,
    },
    /// In the query of the URL, which logs often keep.
    Query {
        /// The name of the parameter.
        name: T,
    },
}

const NAME: &str = "Authorization";

impl TokenUse<&str> {
    /// The value of the header that carries a bearer token: `Bearer {token}` (RFC 6750 section
    /// 2.1).
    pub const BEARER: &'static str = "Bearer {token}";

    /// `Authorization: Bearer {token}` (RFC 6750 section 2.1).
    pub const STANDARD: Self = Self::Header {
        name: NAME,
        pattern: Self::BEARER,
    };

    /// Returns whether it is as RFC 6750 section 2.1 has it.
    pub fn is_standard(&self) -> bool {
        matches!(self, Self::Header { name, pattern } if name.eq_ignore_ascii_case(NAME) && *pattern == Self::BEARER)
    }

    /// Copies the texts.
    pub fn to_owned(&self) -> TokenUse<String> {
        match *self {
            Self::Header { name, pattern } => TokenUse::Header {
                name: name.to_owned(),
                pattern: pattern.to_owned(),
            },
            Self::Query { name } => TokenUse::Query {
                name: name.to_owned(),
            },
        }
    }
}

impl TokenUse<String> {
    /// Creates `Authorization: Bearer {token}` (RFC 6750 section 2.1).
    pub fn standard() -> Self {
        Self::Header {
            name: NAME.to_owned(),
            pattern: TokenUse::BEARER.to_owned(),
        }
    }

    /// Lends the texts.
    pub fn lend(&self) -> TokenUse<&str> {
        match self {
            Self::Header { name, pattern } => TokenUse::Header { name, pattern },
            Self::Query { name } => TokenUse::Query { name },
        }
    }
}

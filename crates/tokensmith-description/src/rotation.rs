//! What a refresh does to the refresh token.

/// What a refresh does to the refresh token that it was asked for by (RFC 6749 section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rotation {
    /// It stays valid: it can be used again.
    Never,
    /// It stays valid at times: for some clients, or until it is near its end.
    Sometimes,
    /// It is replaced by the one in the response, and is good for nothing.
    Always,
}

impl Rotation {
    /// Every value, in the order of their declaration.
    pub const ALL: &'static [Self] = &[Self::Never, Self::Sometimes, Self::Always];

    /// Returns the name that documents use: `never`, `sometimes` or `always`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Sometimes => "sometimes",
            Self::Always => "always",
        }
    }
}

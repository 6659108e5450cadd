//! How requests are written.

/// How an authorization code is bound to the client that asked for it (RFC 7636 section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeChallengeMethod {
    /// By the SHA-256 of the verifier.
    S256,
    /// By the verifier itself: for servers that know nothing else.
    Plain,
    /// Not at all: for servers that refuse the parameters.
    None,
}

impl CodeChallengeMethod {
    /// Every value, in the order of their declaration.
    pub const ALL: &'static [Self] = &[Self::S256, Self::Plain, Self::None];

    /// Returns the name that documents use: `S256`, `plain` or `none`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S256 => "S256",
            Self::Plain => "plain",
            Self::None => "none",
        }
    }
}

/// How the parameters in a request's body are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`, as RFC 6749 has it.
    Form,
    /// `application/json`: one object, in which numbers, booleans and lists keep their type.
    Json,
    /// `multipart/form-data` (RFC 7578): a part for each parameter. For servers that take nothing
    /// else.
    Multipart,
}

impl BodyFormat {
    /// Returns the name that the command line uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "json",
            Self::Multipart => "multipart",
        }
    }

    /// Returns the media type, without the boundary that the parts of a body have between them.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
            Self::Multipart => "multipart/form-data",
        }
    }
}

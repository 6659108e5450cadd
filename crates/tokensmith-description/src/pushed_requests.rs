//! Whether authorization requests are pushed.

/// How a provider that has an endpoint for pushed authorization requests (RFC 9126) takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PushedRequests {
    /// It takes them beside others.
    Taken,
    /// It takes no others (section 5, `require_pushed_authorization_requests`).
    Required,
    /// It takes them where somebody has switched that on: for a tenant, or for a client.
    IfEnabled,
}

impl PushedRequests {
    /// Every value, in the order of their declaration.
    pub const ALL: &'static [Self] = &[Self::Taken, Self::Required, Self::IfEnabled];

    /// Returns the name that documents use: `taken`, `required` or `if-enabled`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Required => "required",
            Self::IfEnabled => "if-enabled",
        }
    }
}

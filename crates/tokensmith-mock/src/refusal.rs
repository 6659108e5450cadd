//! Why a request is refused, before anybody knows how the provider says so.

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The code of an RFC, or `rate_limited`.
    pub(crate) code: &'static str,
    /// What was wrong, in plain words; never a secret.
    pub(crate) reason: String,
    /// The status, where it is not the one of the code.
    pub(crate) status: Option<u16>,
    /// The parameter that it is about: providers may have a code for each.
    pub(crate) about: &'static str,
}

/// The longest reason, in characters: it has to fit in a header.
const LONGEST: usize = 300;

impl Refusal {
    pub(crate) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        let reason: String = reason.into();
        Self {
            code,
            reason: reason.chars().take(LONGEST).collect(),
            status: None,
            about: "",
        }
    }

    pub(crate) fn request(reason: impl Into<String>) -> Self {
        Self::new("invalid_request", reason)
    }

    pub(crate) fn client(reason: impl Into<String>) -> Self {
        Self::new("invalid_client", reason)
    }

    pub(crate) fn grant(reason: impl Into<String>) -> Self {
        Self::new("invalid_grant", reason)
    }

    pub(crate) fn about(mut self, parameter: &'static str) -> Self {
        self.about = parameter;
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Returns the status that the RFCs have for it (RFC 6749 section 5.2).
    pub(crate) fn standard_status(&self) -> u16 {
        self.status.unwrap_or(match self.code {
            "invalid_client" | "invalid_token" => 401,
            "rate_limited" => 429,
            "server_error" => 500,
            "temporarily_unavailable" => 503,
            _ => 400,
        })
    }
}

//! Why a protected resource refused a request, and where it says more (RFC 9728 section 5.1).

use http::HeaderMap;

use crate::ErrorCode;
use crate::protocol::{Challenge, challenges};

/// What a response of a protected resource with status 401 or 403 asks for, in `WWW-Authenticate`
/// (RFC 6750 section 3, RFC 9449 section 7.1, RFC 9728 section 5.1).
///
/// ```
/// use http::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
/// use tokensmith_runtime::ResourceChallenge;
///
/// let value = "Bearer resource_metadata=\"https://api.example/.well-known/oauth-protected-resource\", scope=\"read\"";
/// let headers = HeaderMap::from_iter([(WWW_AUTHENTICATE, HeaderValue::from_static(value))]);
/// let challenge = ResourceChallenge::read(&headers).expect("a challenge");
/// assert_eq!(challenge.scopes(), ["read"]);
/// assert!(!challenge.is_dpop());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceChallenge {
    is_dpop: bool,
    resource_metadata: Option<String>,
    scopes: Vec<String>,
    error: Option<ErrorCode>,
}

impl ResourceChallenge {
    /// Reads the headers of a response; `None` if it asks for no token of OAuth. Of several
    /// challenges the first counts that says where the metadata are, else the first.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let challenges = challenges(headers);
        let mut known = challenges.iter().filter_map(Self::of);
        let first = known.next()?;
        let is_telling = |challenge: &Self| challenge.resource_metadata.is_some();
        if is_telling(&first) {
            return Some(first);
        }
        known.find(is_telling).or(Some(first))
    }

    fn of(challenge: &Challenge) -> Option<Self> {
        let text = |name: &str| challenge.parameter(name).map(str::to_owned);
        let scopes = challenge.parameter("scope").unwrap_or_default();
        Some(Self {
            is_dpop: match challenge.scheme.as_str() {
                "bearer" => false,
                "dpop" => true,
                _ => return None,
            },
            resource_metadata: text("resource_metadata"),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            error: challenge.parameter("error").map(ErrorCode::from),
        })
    }

    /// Whether the token has to be bound to a key (RFC 9449 section 7.1).
    pub fn is_dpop(&self) -> bool {
        self.is_dpop
    }

    /// Returns the URL of the metadata, as it came.
    pub fn resource_metadata(&self) -> Option<&str> {
        self.resource_metadata.as_deref()
    }

    /// Returns the scopes that the request needs; none where the challenge does not say.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Returns what was wrong with the token, where there was one: `invalid_token`,
    /// `insufficient_scope`.
    pub fn error(&self) -> Option<&ErrorCode> {
        self.error.as_ref()
    }
}

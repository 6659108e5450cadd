//! Assertions that are signed anew for each try.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::{Key, sign};
use crate::{Error, Occasion, Secret, client_auth::random};

/// How long an assertion is good for. Servers refuse longer ones; clocks differ by less.
const LIFETIME: Duration = Duration::from_secs(300);

/// What an assertion says, and the key that it is signed with (RFC 7523 section 3).
///
/// `iat`, `exp` and a random `jti` are made anew each time; `aud` is the audience that the document
/// declares for the endpoint, unless it is set here.
///
/// ```no_run
/// # fn example(key: tokensmith_runtime::jwt::Key) {
/// use tokensmith_runtime::jwt::Assertion;
///
/// // A Google service account asks for itself: the grant urn:ietf:params:oauth:grant-type:jwt-bearer.
/// let assertion = Assertion::new(key)
///     .with_issuer("robot@project.iam.gserviceaccount.com")
///     .with_claim("scope", "https://www.googleapis.com/auth/devstorage.read_only");
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Assertion {
    key: Key,
    lifetime: Duration,
    is_client: bool,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl Assertion {
    /// An assertion for a grant (RFC 7523 section 2.1). What the server wants to know is set as
    /// claims.
    pub fn new(key: Key) -> Self {
        Self {
            key,
            lifetime: LIFETIME,
            is_client: false,
            header: Map::from_iter([("typ".to_owned(), Value::from("JWT"))]),
            claims: Map::new(),
        }
    }

    /// An assertion by which a client proves who it is (RFC 7523 section 2.2): its identifier is
    /// `iss` and `sub`.
    pub fn client(key: Key) -> Self {
        Self {
            is_client: true,
            ..Self::new(key)
        }
    }

    /// Sets who says so: `iss`.
    #[must_use]
    pub fn with_issuer(self, issuer: impl Into<String>) -> Self {
        self.with_claim("iss", issuer.into())
    }

    /// Sets whom it is about: `sub`.
    #[must_use]
    pub fn with_subject(self, subject: impl Into<String>) -> Self {
        self.with_claim("sub", subject.into())
    }

    /// Sets whom it is for: `aud`, instead of what the document declares.
    #[must_use]
    pub fn with_audience(self, audience: impl Into<String>) -> Self {
        self.with_claim("aud", audience.into())
    }

    /// Sets how long it is good for: 5 minutes unless set.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Sets any claim; one that is made otherwise takes this value instead.
    #[must_use]
    pub fn with_claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// Sets any member of the header but `alg`; `typ` is `JWT` unless set.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.header.insert(name.into(), value.into());
        self
    }

    /// Who says what, and the key that proves it.
    fn identity(&self) -> Secret {
        let said = json!([
            self.is_client,
            self.lifetime.as_secs(),
            self.header,
            self.claims
        ]);
        Secret::from(format!("{said}{}", self.key.identity()))
    }

    pub(crate) fn make(&self, occasion: &Occasion<'_>) -> Result<Secret, Error> {
        let mut claims = Map::new();
        let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        if self.is_client {
            claim("iss", occasion.client_id.into());
            claim("sub", occasion.client_id.into());
        }
        claim("aud", occasion.audience.into());
        let now = unix_seconds(occasion.now);
        claim("iat", now.into());
        claim("exp", now.saturating_add(self.lifetime.as_secs()).into());
        claim("jti", random::token()?.expose().into());
        claims.extend(self.claims.clone());
        sign(&self.key, self.header.clone(), &claims)
    }
}

impl From<Assertion> for crate::Assertion {
    fn from(assertion: Assertion) -> Self {
        let identity = assertion.identity();
        let names_audience = assertion.claims.contains_key("aud");
        Self::from_fn(move |occasion| Ok(assertion.make(occasion)?))
            .with_identity(identity)
            .naming_audience(names_audience)
    }
}

/// Whole seconds since 1970; zero before.
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

//! Assertions: texts that prove something and are good for a short time.

use std::error::Error as StdError;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;
use std::time::SystemTime;

use crate::{Error, Secret};

/// An assertion that is sent as a parameter: of a client (RFC 7521 section 4.2) or of a grant
/// (section 4.1).
///
/// It is made anew for each try, so that it is never too old and no identifier in it is used twice,
/// unless it is given as a text.
///
/// ```
/// use tokensmith_runtime::{Assertion, Secret};
///
/// let signed_elsewhere = Assertion::from_fn(|occasion| {
///     Ok(Secret::from(format!("signed for {}", occasion.audience)))
/// });
/// assert_eq!(format!("{signed_elsewhere:?}"), "Assertion(..)");
/// ```
#[derive(Clone)]
pub struct Assertion {
    source: Source,
    /// Stands for what it proves, as long as it is not known what it is.
    identity: Secret,
    /// Whether the caller has said whom it is for.
    names_audience: bool,
}

#[derive(Clone)]
enum Source {
    Text(Secret),
    Made(Arc<Maker>),
}

type Maker = dyn Fn(&Occasion<'_>) -> Result<Secret, Box<dyn StdError + Send + Sync>> + Send + Sync;

/// What an assertion is made for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Occasion<'a> {
    /// The identifier of the client that sends it.
    pub client_id: &'a str,
    /// Whom it is for: see [`Audience`](crate::Audience).
    pub audience: &'a str,
    /// The time, by this machine's clock.
    pub now: SystemTime,
}

impl Assertion {
    /// An assertion that a function makes for each try: signs itself, or has signed by a key store.
    /// An error ends the exchange, before anything is sent, with one of the kind `config` that has
    /// it as its source; it must not show a secret.
    pub fn from_fn(
        make: impl Fn(&Occasion<'_>) -> Result<Secret, Box<dyn StdError + Send + Sync>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self {
            source: Source::Made(Arc::new(make)),
            identity: unique().into(),
            names_audience: false,
        }
    }

    /// Says that this and every other assertion with the same identity prove the same, in this
    /// process and elsewhere: a token that one of them got may be used where another would be sent.
    /// Unless it is said, no two functions prove the same.
    #[must_use]
    pub fn with_identity(mut self, identity: impl Into<Secret>) -> Self {
        self.identity = identity.into();
        self
    }

    /// Notes that the caller has said whom it is for, so that the document's audience is not asked
    /// for.
    #[cfg(feature = "jwt")]
    pub(crate) fn naming_audience(mut self, names_audience: bool) -> Self {
        self.names_audience = names_audience;
        self
    }

    /// Whether the audience of the occasion is what it is for.
    pub(crate) fn takes_audience(&self) -> bool {
        !self.names_audience
    }

    pub(crate) fn identity(&self) -> &Secret {
        &self.identity
    }

    /// Whether each try has an assertion of its own.
    pub(crate) fn is_made_anew(&self) -> bool {
        matches!(self.source, Source::Made(_))
    }

    pub(crate) fn make(&self, occasion: &Occasion<'_>) -> Result<Secret, Error> {
        match &self.source {
            Source::Text(text) => Ok(text.clone()),
            Source::Made(make) => make(occasion).map_err(|error| {
                Error::config("the assertion cannot be made").with_boxed_source(error)
            }),
        }
    }
}

/// A text that no other process and no other call gives.
fn unique() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}

impl<S: Into<Secret>> From<S> for Assertion {
    /// An assertion that was made before, and is sent as it is.
    fn from(text: S) -> Self {
        let text = text.into();
        Self {
            identity: text.clone(),
            names_audience: true,
            source: Source::Text(text),
        }
    }
}

impl fmt::Debug for Assertion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Assertion(..)")
    }
}

//! What a server responds to a pushed authorization request.

use std::time::{Duration, SystemTime};

use serde::Deserialize;

use crate::{Extra, Received, Response, Secret, Unusable};

/// A reference to an authorization request that was pushed (RFC 9126 section 2.2).
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct PushedAuthorization {
    /// The reference, which a browser takes to the authorization endpoint once.
    pub request_uri: Secret,
    #[serde(rename = "expires_in")]
    lifetime: Option<f64>,
    /// What else there is.
    #[serde(flatten)]
    pub extra: Extra,
    /// When the response came, by this machine's clock.
    #[serde(skip, default = "SystemTime::now")]
    received_at: SystemTime,
}

impl PushedAuthorization {
    /// Returns when the reference expires; `None` if the response does not say so, or says it
    /// unreadably.
    pub fn expires_at(&self) -> Option<SystemTime> {
        let lifetime = Duration::try_from_secs_f64(self.lifetime?).ok()?;
        self.received_at.checked_add(lifetime)
    }
}

impl Response for PushedAuthorization {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        let received_at = received.now;
        let read: Self = received.read()?;
        if read.request_uri.is_empty() {
            return Err(Unusable::new("the response has an empty `request_uri`"));
        }
        Ok(Self {
            received_at,
            ..read
        })
    }
}

//! The grant of devices that have no browser (RFC 8628).

use std::time::{Duration, SystemTime};

use serde::Deserialize;

use crate::{Extra, Received, Response, Secret, Unusable};

/// How long to wait between two polls where the response does not say (RFC 8628 section 3.2).
const INTERVAL: Duration = Duration::from_secs(5);

/// What a device shows its user, and what it asks for the token with (RFC 8628 section 3.2).
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct DeviceAuthorization {
    /// What the device asks for the token with.
    pub device_code: Secret,
    /// What the user types in at the [`verification_uri`](Self::verification_uri).
    pub user_code: String,
    /// The page where the user types in the code.
    pub verification_uri: String,
    /// The same page with the code in it, to be shown as a QR code.
    pub verification_uri_complete: Option<String>,
    #[serde(rename = "expires_in")]
    lifetime: Option<f64>,
    #[serde(rename = "interval")]
    seconds: Option<f64>,
    /// What else there is.
    #[serde(flatten)]
    pub extra: Extra,
    /// When the response came, by this machine's clock.
    #[serde(skip, default = "SystemTime::now")]
    received_at: SystemTime,
}

impl DeviceAuthorization {
    /// How long to wait before each poll: 5 s where the response does not say.
    pub fn interval(&self) -> Duration {
        let seconds = self.seconds.filter(|seconds| *seconds > 0.0);
        seconds
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .unwrap_or(INTERVAL)
    }

    /// When the codes expire; `None` where the response does not say, or says it unreadably.
    pub fn expires_at(&self) -> Option<SystemTime> {
        let lifetime = Duration::try_from_secs_f64(self.lifetime?).ok()?;
        self.received_at.checked_add(lifetime)
    }
}

impl Response for DeviceAuthorization {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        let received_at = received.now;
        received.read().map(|authorization| Self {
            received_at,
            ..authorization
        })
    }
}

//! What has to survive while the browser is at the provider.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokensmith_runtime::{PendingAuthorization, Secret};
use tokensmith_seal::Keyring;
use zeroize::Zeroizing;

use crate::{Error, ErrorKind};

/// How long a person has to come back.
pub(crate) const LIFETIME: Duration = Duration::from_secs(600);
/// How far the clocks of two machines of the application may be apart.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// A sign-in that is under way.
#[derive(Deserialize)]
pub(crate) struct Begun {
    pub(crate) pending: PendingAuthorization,
    pub(crate) return_to: String,
    /// Which client it is of.
    client: String,
    /// What the cookie holds, where this is kept on the server.
    binding: Option<Secret>,
    seconds: u64,
}

#[derive(Serialize)]
struct ToSeal<'a, P> {
    pending: P,
    return_to: &'a str,
    client: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    binding: Option<&'a str>,
    seconds: u64,
}

/// What a sign-in is sealed with.
pub(crate) struct Sealing<'a> {
    pub(crate) keyring: &'a Keyring,
    /// The name of the cookie, which is that of the sign-in.
    pub(crate) name: &'a str,
    /// Which client it is of.
    pub(crate) client: &'a str,
}

impl Sealing<'_> {
    pub(crate) fn seal(
        &self,
        pending: &PendingAuthorization,
        return_to: &str,
        binding: Option<&Secret>,
        seconds: u64,
    ) -> Result<Vec<u8>, Error> {
        let plain = serde_json::to_vec(&ToSeal {
            pending: pending.expose(),
            return_to,
            client: self.client,
            binding: binding.map(Secret::expose),
            seconds,
        });
        let plain = plain.map(Zeroizing::new).ok();
        let sealed = plain.and_then(|plain| self.keyring.seal(&self.purpose(), &plain));
        sealed.ok_or_else(|| Error::new(ErrorKind::Config, "the sign-in cannot be encrypted"))
    }

    pub(crate) fn open(
        &self,
        sealed: &[u8],
        binding: Option<&str>,
        now: SystemTime,
    ) -> Result<Begun, Error> {
        let forged = || {
            Error::new(
                ErrorKind::Forged,
                "the sign-in cannot be opened: it was changed, or its key is not in the keyring",
            )
        };
        let plain = self
            .keyring
            .open(&self.purpose(), sealed)
            .ok_or_else(forged)?;
        let begun: Begun = serde_json::from_slice(&plain).map_err(|_| forged())?;
        if begun.binding != binding.map(Secret::from) {
            return Err(Error::new(
                ErrorKind::NoSignIn,
                "the sign-in began in another browser",
            ));
        }
        let since = UNIX_EPOCH + Duration::from_secs(begun.seconds.min(u64::from(u32::MAX)));
        let is_over = match now.duration_since(since) {
            Ok(age) => age >= LIFETIME,
            Err(ahead) => ahead.duration() > CLOCK_SKEW,
        };
        if is_over {
            return Err(Error::new(
                ErrorKind::Expired,
                "the sign-in began more than ten minutes ago",
            ));
        }
        if begun.client != self.client {
            return Err(Error::new(
                ErrorKind::OtherProvider,
                "the sign-in is that of another provider or client: each needs a redirect URI of its own",
            ));
        }
        Ok(begun)
    }

    /// What it is encrypted for: a value of one sign-in opens no other.
    fn purpose(&self) -> Vec<u8> {
        ["tokensmith-web sign-in 1\n", self.name]
            .concat()
            .into_bytes()
    }
}

/// Whole seconds since 1970.
pub(crate) fn seconds(now: SystemTime) -> u64 {
    now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

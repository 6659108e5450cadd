//! Refresh tokens in the operating system's keyring.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry as Credential, Error};
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use super::file::FileStore;
use super::operation::{IsWanted, Threads};
use super::state::{Entry, EntryStore, begin_on_thread, on_thread_with, refresh_token_store};
use super::{StoreError, StoreName};
use crate::Keyring;

/// Refresh tokens in the keyring of the operating system, for desktop and command-line programs: Keychain on macOS, Credential
/// Manager on Windows, a Secret Service (GNOME Keyring, KWallet) elsewhere. Needs no runtime.
///
/// ```no_run
/// # fn example(data: std::path::PathBuf) -> Result<(), tokensmith_cache::StoreError> {
/// let store = tokensmith_cache::SystemKeyringStore::new("com.example.app", data.join("tokens"))?;
/// let keyring = store.keyring()?;
/// # Ok(()) }
/// ```
///
/// The keyring has one credential for each user, with the service that is given here and the name of the entry. A keyring has
/// no exclusive sections: these are in a folder beside it, as a [`FileStore`] keeps them, with everything but the values. All
/// processes that share the credentials must be given the same folder.
///
/// A keyring that is locked asks the user, and operations wait until they are given up. Windows takes values up to 2560 bytes.
///
/// # Errors
///
/// Where there is no keyring, as on most servers and in containers, [`new`](Self::new) says so.
#[derive(Clone)]
pub struct SystemKeyringStore {
    credentials: Arc<CredentialStore>,
    service: String,
    sections: FileStore,
}

/// The credential with the key that [`SystemKeyringStore::keyring`] returns.
const KEY: &str = "encryption key";

impl SystemKeyringStore {
    /// Creates a store in the user's keyring, with its sections in this folder. `service` names the program.
    ///
    /// # Errors
    ///
    /// If there is no keyring, or the folder cannot be used (see [`FileStore::new`]).
    pub fn new(service: impl Into<String>, folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let credentials = platform().map_err(|error| {
            StoreError::new(format!(
                "the operating system's keyring cannot be used: {error}{HINT}"
            ))
        })?;
        Self::with_credentials(credentials, service, folder)
    }

    /// Creates a store over another collection of credentials of the crate `keyring-core`, for example one of its mocks.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used.
    pub fn with_credentials(
        credentials: Arc<CredentialStore>,
        service: impl Into<String>,
        folder: impl Into<PathBuf>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            credentials,
            service: service.into(),
            sections: FileStore::new(folder)?,
        })
    }

    #[cfg(test)]
    pub(super) fn with_clock(mut self, clock: impl crate::Clock) -> Self {
        self.sections = self.sections.with_clock(clock);
        self
    }

    /// Returns the key to encrypt with, which is in the keyring too. It is created when it is first asked for.
    ///
    /// # Errors
    ///
    /// If the keyring cannot be read or written.
    pub fn keyring(&self) -> Result<Keyring, StoreError> {
        // No entry has this name: it stands for the key, which one process at a time may create.
        let name = StoreName::new("0".repeat(64));
        let _shard = self.sections.lock(&name, &|| true)?;
        let credential = self.credential(KEY)?;
        let mut key = Zeroizing::new([0; 32]);
        match credential.get_secret() {
            Ok(found) => {
                let found = Zeroizing::new(found);
                let of_length = <[u8; 32]>::try_from(found.as_slice());
                *key = of_length.map_err(|_| {
                    StoreError::new("the encryption key in the keyring does not have 32 bytes")
                })?;
            }
            Err(Error::NoEntry) => {
                let filled = SystemRandom::new().fill(&mut *key);
                filled.map_err(|_| {
                    StoreError::new("the operating system returned no random bytes")
                })?;
                credential.set_secret(&*key).map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        }
        Ok(Keyring::new("system", *key))
    }

    fn credential(&self, user: &str) -> Result<Credential, StoreError> {
        self.credentials
            .build(&self.service, user, None)
            .map_err(failed)
    }
}

impl EntryStore for SystemKeyringStore {
    fn threads(&self) -> &Threads {
        self.sections.threads()
    }

    fn change_entry<T>(
        &self,
        name: &StoreName,
        is_wanted: IsWanted<'_>,
        change: impl FnOnce(&mut Entry, u64, Duration) -> T,
    ) -> Result<T, StoreError> {
        let shard = self.sections.lock(name, is_wanted)?;
        let credential = self.credential(name.as_str())?;
        let before = match credential.get_secret() {
            Ok(value) => Some(value),
            Err(Error::NoEntry) => None,
            Err(error) => return Err(failed(error)),
        };
        let mut numbered = FileStore::read(&shard, name)?;
        numbered.entry.value.clone_from(&before);
        let outcome = numbered.change(self.sections.now(), change);
        let value = numbered.entry.value.take();
        let write_value = || {
            match &value {
                _ if value == before => Ok(()),
                Some(value) => credential.set_secret(value),
                None => credential.delete_credential(),
            }
            .map_err(failed)
        };
        // A process that dies in between must neither lose what a section saved nor leave a section that wins over a sign-in or
        // sign-out.
        if numbered.entry.saved.is_some() {
            write_value()?;
            FileStore::write(&shard, name, &numbered)?;
        } else {
            FileStore::write(&shard, name, &numbered)?;
            write_value()?;
        }
        Ok(outcome)
    }
}

#[cfg(target_os = "macos")]
fn platform() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn platform() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
))]
fn platform() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(any(target_os = "ios", target_os = "android"))]
fn platform() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(Error::NotSupportedByStore(
        "use `with_credentials` on this platform".to_owned(),
    ))
}

const HINT: &str = if cfg!(all(unix, not(target_os = "macos"))) {
    "; it has to be a Secret Service, such as GNOME Keyring or KWallet, on the D-Bus of the user's session"
} else {
    ""
};

fn failed(error: Error) -> StoreError {
    StoreError::new(format!("the operating system's keyring: {error}"))
}

refresh_token_store!(SystemKeyringStore);

impl fmt::Debug for SystemKeyringStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SystemKeyringStore")
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

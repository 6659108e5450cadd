//! The refresh tokens of all users, as a refresh sees them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::credential::Credential;
use crate::store::{Keyring, RefreshTokenStore, Section, StoreName};
use crate::{TokenError, TokenErrorKind};

/// A store of refresh tokens, the keys to it, and what could not be saved yet.
pub(crate) struct Vault {
    pub(crate) store: Arc<dyn RefreshTokenStore>,
    keyring: Keyring,
    unsaved: Mutex<HashMap<StoreName, Unsaved>>,
}

/// A refresh token that is in memory only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsaved {
    pub(crate) section: Section,
    pub(crate) credential: Credential,
}

impl Vault {
    pub(crate) fn new(store: Arc<dyn RefreshTokenStore>, keyring: Keyring) -> Self {
        Self {
            store,
            keyring,
            unsaved: Mutex::default(),
        }
    }

    /// The name of a user's entry: of a client that stays the same when its secrets change, and the subject.
    pub(crate) fn entry(&self, client: &[u8], subject: &str) -> StoreName {
        let identity = [b"refresh token", client, subject.as_bytes()].concat();
        self.keyring.name(&identity)
    }

    pub(crate) fn needs_tokio(&self) -> bool {
        self.store.needs_tokio()
    }

    pub(crate) fn seal(
        &self,
        entry: &StoreName,
        credential: &Credential,
    ) -> Result<Vec<u8>, TokenError> {
        self.keyring
            .seal(entry, &credential.to_bytes())
            .ok_or_else(|| {
                TokenErrorKind::RefreshTokenStore
                    .because("the refresh token cannot be encrypted: no random bytes")
            })
    }

    /// What cannot be read is not taken for absent: the user would have to sign in again for a key that is missing here.
    pub(crate) fn open(&self, entry: &StoreName, sealed: &[u8]) -> Result<Credential, TokenError> {
        let opened = self.keyring.open(entry, sealed);
        opened
            .and_then(|plain| Credential::from_bytes(&plain))
            .ok_or_else(|| {
                TokenErrorKind::RefreshTokenStore.because(
                    "the stored refresh token cannot be decrypted: a key of the keyring may be missing",
                )
            })
    }

    /// How many refresh tokens are in memory only.
    pub(crate) fn unsaved(&self) -> usize {
        self.all_unsaved().len()
    }

    pub(crate) fn unsaved_of(&self, entry: &StoreName) -> Option<Unsaved> {
        self.all_unsaved().get(entry).cloned()
    }

    pub(crate) fn remember_unsaved(&self, entry: &StoreName, unsaved: Unsaved) {
        self.all_unsaved().insert(entry.clone(), unsaved);
    }

    /// Whether it was still there.
    pub(crate) fn forget_unsaved(&self, entry: &StoreName, section: Section) -> bool {
        let mut all = self.all_unsaved();
        let is_there = all
            .get(entry)
            .is_some_and(|unsaved| unsaved.section == section);
        if is_there {
            all.remove(entry);
        }
        is_there
    }

    /// Removes what is unsaved of a user who signs in or out.
    pub(crate) fn drop_unsaved(&self, entry: &StoreName) {
        self.all_unsaved().remove(entry);
    }

    fn all_unsaved(&self) -> MutexGuard<'_, HashMap<StoreName, Unsaved>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

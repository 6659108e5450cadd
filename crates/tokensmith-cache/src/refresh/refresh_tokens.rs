//! The refresh tokens of all users, as a refresh sees them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::credential::{Beginning, Credential, Seen, Stored};
use crate::store::{Keyring, RefreshTokenStore, Section, StoreName};
use crate::{TokenError, TokenErrorKind};

/// A store of refresh tokens, the keys to it, and what could not be saved yet.
pub(crate) struct RefreshTokens {
    pub(crate) store: Arc<dyn RefreshTokenStore>,
    keyring: Keyring,
    unsaved: Mutex<HashMap<StoreName, Unsaved>>,
    /// Whose sign-out could not be carried out in the stores yet, and which one it was.
    sign_outs: Mutex<HashMap<StoreName, u64>>,
}

/// A refresh token that is in memory only.
#[derive(Debug, Clone)]
pub(crate) struct Unsaved {
    pub(crate) origin: Origin,
    pub(crate) credential: Credential,
    /// The one of the slot when the refresh began, or when the user had signed in.
    pub(crate) generation: u64,
    /// The section of an earlier refresh whose tokens count no more. It is extended, so that nobody
    /// sends the refresh token that this refresh has used.
    pub(crate) inherited: Option<Section>,
}

/// Where a refresh token came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Refresh(Section),
    SignIn(Seen),
}

impl Unsaved {
    /// The section that is extended until these tokens are saved.
    pub(super) fn section(&self) -> Option<Section> {
        match self.origin {
            Origin::Refresh(section) => Some(section),
            Origin::SignIn(_) => self.inherited,
        }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.generation == other.generation
            && self.origin == other.origin
            && self.credential == other.credential
    }

    /// Whether these tokens came before others. In one generation a refresh uses what the sign-in
    /// left, but for one that was sent before the tokens of the sign-in were kept.
    fn is_older_than(&self, other: &Self) -> bool {
        let order = |unsaved: &Self| {
            let is_sign_in = matches!(unsaved.origin, Origin::SignIn(_));
            (unsaved.generation, is_sign_in)
        };
        order(self) < order(other)
    }

    /// What these tokens began with, and those that they took the place of.
    pub(crate) fn beginnings(&self) -> Vec<Beginning> {
        let own = Beginning::of(Some(&Stored::Credential(self.credential.clone())));
        let earlier = match &self.origin {
            Origin::Refresh(_) => &[],
            Origin::SignIn(seen) => seen.unsaved(),
        };
        [&[own], earlier].concat()
    }
}

impl RefreshTokens {
    pub(crate) fn new(store: Arc<dyn RefreshTokenStore>, keyring: Keyring) -> Self {
        Self {
            store,
            keyring,
            unsaved: Mutex::default(),
            sign_outs: Mutex::default(),
        }
    }

    /// The name of a user's entry: of a client that stays the same when its secrets change, and the subject.
    pub(crate) fn entry(&self, client: &[u8], subject: &str) -> StoreName {
        // Its length tells where the client ends: its path might go on as the subject begins.
        let length = (client.len() as u64).to_be_bytes();
        let identity = [b"refresh token", &length[..], client, subject.as_bytes()].concat();
        StoreName::new(self.keyring.name(&identity))
    }

    pub(crate) fn needs_tokio(&self) -> bool {
        self.store.needs_tokio()
    }

    pub(crate) fn seal(&self, entry: &StoreName, stored: &Stored) -> Result<Vec<u8>, TokenError> {
        self.keyring
            .seal(entry.as_str().as_bytes(), &stored.to_bytes())
            .ok_or_else(|| {
                TokenErrorKind::RefreshTokenStore
                    .because("the refresh token cannot be encrypted: no random bytes")
            })
    }

    /// What cannot be read is not taken for absent: the user would have to sign in again for a key that is missing here.
    pub(crate) fn open(&self, entry: &StoreName, sealed: &[u8]) -> Result<Stored, TokenError> {
        let opened = self.keyring.open(entry.as_str().as_bytes(), sealed);
        opened
            .and_then(|plain| Stored::from_bytes(&plain))
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

    /// Keeps tokens in the place of older ones, unless newer ones are there: `false`. Those that are
    /// kept inherit the section of the others.
    pub(crate) fn remember_unsaved(&self, entry: &StoreName, mut unsaved: Unsaved) -> bool {
        let mut all = self.all_unsaved();
        if let Some(kept) = all.get_mut(entry) {
            if unsaved.is_older_than(kept) {
                kept.inherited = unsaved.section().or(kept.inherited);
                return false;
            }
            unsaved.inherited = kept.section();
        }
        all.insert(entry.clone(), unsaved);
        true
    }

    /// Takes away the tokens of a sign-in that is not stored yet: nobody stores them any more.
    pub(crate) fn take_unsaved_sign_in(&self, entry: &StoreName) -> Option<Unsaved> {
        let mut all = self.all_unsaved();
        let is_sign_in = |unsaved: &Unsaved| matches!(unsaved.origin, Origin::SignIn(_));
        all.get(entry)
            .is_some_and(is_sign_in)
            .then(|| all.remove(entry))?
    }

    /// Whether it was still there.
    pub(crate) fn forget_unsaved(&self, entry: &StoreName, unsaved: &Unsaved) -> bool {
        let mut all = self.all_unsaved();
        let is_there = all.get(entry).is_some_and(|kept| kept.is_same(unsaved));
        if is_there {
            all.remove(entry);
        }
        is_there
    }

    /// A user signs out, and the stores do not know it yet. Returns which sign-out it is.
    pub(crate) fn note_sign_out(&self, entry: &StoreName) -> u64 {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let sign_out = LAST.fetch_add(1, Ordering::Relaxed);
        self.sign_outs().insert(entry.clone(), sign_out);
        sign_out
    }

    /// The stores know it, or the user has signed in since.
    pub(crate) fn forget_sign_out(&self, entry: &StoreName) {
        self.sign_outs().remove(entry);
    }

    /// The sign-out of a user that the stores do not know yet.
    pub(crate) fn sign_out_of(&self, entry: &StoreName) -> Option<u64> {
        self.sign_outs().get(entry).copied()
    }

    fn sign_outs(&self) -> MutexGuard<'_, HashMap<StoreName, u64>> {
        self.sign_outs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn all_unsaved(&self) -> MutexGuard<'_, HashMap<StoreName, Unsaved>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Encrypting what leaves the process: tokens in a store, a sign-in in a cookie.
//!
//! `tokensmith-cache` and `tokensmith-web` export [`Keyring`], so that an application has one for
//! both.

#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

/// The keys that a fleet shares: tokens are encrypted (AES-256-GCM) before they go to a store, and the names that they have
/// there can be made only by whoever has the keys.
///
/// To change the key of a fleet without anybody noticing, take three steps, each on all machines before the next. The names of
/// entries are made with the naming key, which must stay the same: it is the one of [`new`](Self::new) unless it is set. Without
/// `with_naming_key` in the second step nobody finds an entry, and all users are signed out.
///
/// ```
/// # use tokensmith_seal::Keyring;
/// # let (first_key, second_key) = ([1; 32], [2; 32]);
/// let before = Keyring::new("2026", first_key);
///
/// // 1. All can read what the next key encrypts.
/// let ready = Keyring::new("2026", first_key).with_older("2027", second_key);
///
/// // 2. The next key encrypts. The names are those of before.
/// let changed = Keyring::new("2027", second_key)
///     .with_older("2026", first_key)
///     .with_naming_key(first_key);
///
/// // 3. When no token of the first key is left, only its names are.
/// let after = Keyring::new("2027", second_key).with_naming_key(first_key);
/// ```
///
/// A key may encrypt 4 billion tokens (NIST SP 800-38D section 8.3).
/// Keys are wiped from memory when the keyring is dropped.
#[derive(Clone)]
pub struct Keyring {
    naming: Secret,
    newest: Key,
    older: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: String,
    secret: Secret,
}

type Secret = Zeroizing<[u8; 32]>;

/// What a sealed value begins with.
const FORMAT: u8 = 1;

impl Keyring {
    /// A keyring with one key, of 32 random bytes, and what it is called: tokens are marked with that. Of a name that is longer
    /// than 255 bytes, the first 255 count.
    pub fn new(id: impl Into<String>, key: [u8; 32]) -> Self {
        let key = Zeroizing::new(key);
        Self {
            naming: derive(&key, b"naming"),
            newest: Key::new(id.into(), &key),
            older: Vec::new(),
        }
    }

    /// Adds a key that tokens can be read with, and are not encrypted with.
    #[must_use]
    pub fn with_older(mut self, id: impl Into<String>, key: [u8; 32]) -> Self {
        self.older.push(Key::new(id.into(), &Zeroizing::new(key)));
        self
    }

    /// Sets the key that names are made with: the first key that the fleet had. All machines must have the same, or they do not
    /// find each other's tokens, nor those from before the key was changed.
    #[must_use]
    pub fn with_naming_key(mut self, key: [u8; 32]) -> Self {
        self.naming = derive(&Zeroizing::new(key), b"naming");
        self
    }

    /// Returns the name of what has this identity: 64 hexadecimal digits, from which nothing can be learnt without the key.
    pub fn name(&self, identity: &[u8]) -> String {
        let tag = hmac::sign(&hmac_key(&self.naming), identity);
        let digits = tag.as_ref().iter().map(|byte| format!("{byte:02x}"));
        digits.collect()
    }

    /// Encrypts a value with the newest key, for a purpose: it can be opened for that only. Two purposes must not have the same
    /// text. `None` if the operating system gives no random bytes.
    pub fn seal(&self, purpose: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let id = self.newest.id();
        let mut sealed = vec![FORMAT, u8::try_from(id.len()).ok()?];
        sealed.extend_from_slice(id);
        let bound = bound(&sealed, purpose);
        sealed.extend_from_slice(&nonce);
        let mut text = plain.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let key = self.newest.aead()?;
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(bound), &mut text);
        sealed.extend_from_slice(&text);
        sealed.extend_from_slice(tag.ok()?.as_ref());
        Some(sealed)
    }

    /// Decrypts a value; `None` if it was not encrypted for this purpose by one of these keys.
    pub fn open(&self, purpose: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (head, _) = sealed.split_first_chunk::<2>()?;
        let [FORMAT, length] = *head else {
            return None;
        };
        let (head, rest) = sealed.split_at_checked(2 + usize::from(length))?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>()?;
        let id = head.get(2..)?;
        let bound = bound(head, purpose);
        let keys = std::iter::once(&self.newest).chain(&self.older);
        keys.filter(|key| key.id() == id).find_map(|key| {
            let mut text = Zeroizing::new(text.to_vec());
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let opened = key
                .aead()?
                .open_in_place(nonce, Aad::from(&bound), &mut text);
            let length = opened.ok()?.len();
            text.truncate(length);
            Some(text)
        })
    }
}

impl Key {
    fn new(id: String, key: &Secret) -> Self {
        let secret = derive(key, b"sealing");
        Self { id, secret }
    }

    /// What it is called, as far as one byte can count.
    fn id(&self) -> &[u8] {
        let id = self.id.as_bytes();
        id.get(..usize::from(u8::MAX)).unwrap_or(id)
    }

    /// Made for each use: ring does not wipe it. Every 32 bytes are a key of AES-256.
    fn aead(&self) -> Option<LessSafeKey> {
        let key = UnboundKey::new(&AES_256_GCM, &*self.secret).ok()?;
        Some(LessSafeKey::new(key))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let older = self.older.iter().map(|key| &key.id);
        formatter
            .debug_list()
            .entry(&self.newest.id)
            .entries(older)
            .finish()
    }
}

/// A key for one use, made of a key for all.
fn derive(key: &Secret, usage: &[u8]) -> Secret {
    let tag = hmac::sign(&hmac_key(key), usage);
    let mut derived = Zeroizing::new([0; 32]);
    for (byte, other) in derived.iter_mut().zip(tag.as_ref()) {
        *byte = *other;
    }
    derived
}

fn hmac_key(key: &Secret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &**key)
}

/// What cannot be changed without being noticed: the format, the key, and what the value is for.
fn bound(head: &[u8], purpose: &[u8]) -> Vec<u8> {
    [head, purpose].concat()
}

#[cfg(test)]
mod tests;

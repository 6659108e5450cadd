//! Where kept tokens are, and the key that they are encrypted with.

use std::env::{self, VarError};
use std::fs;
use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};
use tokensmith_cache::{FileStore, Keyring, RefreshTokenStore, StoreError, SystemKeyringStore};

use super::folder::Folder;
use crate::credentials::private_key;
use crate::failure::Failure;

/// The variable with the key, if a person sets one.
const KEY: &str = "TOKENSMITH_KEY";

/// The name of the program in the operating system's keyring.
const SERVICE: &str = "tokensmith";

/// Where the key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum KeyPlace {
    /// In the operating system's keyring, with the refresh tokens.
    Keyring,
    /// In the environment variable `TOKENSMITH_KEY`.
    Environment,
    /// In a file beside the tokens, which protects them from nobody who can read both.
    File,
}

impl KeyPlace {
    /// The place, after "the key".
    pub(super) fn place(self) -> &'static str {
        match self {
            Self::Keyring => "in the operating system's keyring",
            Self::Environment => "in TOKENSMITH_KEY",
            Self::File => "in the folder of kept tokens",
        }
    }

    /// The folder of its stores.
    fn folder(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Environment => "environment",
            Self::File => "file",
        }
    }
}

/// Where tokens are, encrypted.
#[derive(Clone)]
pub(super) struct Stores {
    pub(super) refresh_tokens: Arc<dyn RefreshTokenStore>,
    pub(super) access_tokens: FileStore,
}

impl Stores {
    /// Opens the stores of a place, which needs no key.
    pub(super) fn open(place: KeyPlace, folder: &Folder) -> Result<Self, StoreError> {
        let folder = folder.path().join(place.folder());
        Ok(match place {
            KeyPlace::Keyring => Self {
                refresh_tokens: Arc::new(SystemKeyringStore::new(SERVICE, &folder)?),
                access_tokens: FileStore::new(folder)?,
            },
            KeyPlace::Environment | KeyPlace::File => {
                let store = FileStore::new(folder)?;
                Self {
                    refresh_tokens: Arc::new(store.clone()),
                    access_tokens: store,
                }
            }
        })
    }
}

/// The stores of tokens, and the key that they are encrypted with.
pub(super) struct Vault {
    pub(super) place: KeyPlace,
    pub(super) keyring: Keyring,
    pub(super) stores: Stores,
}

impl Vault {
    /// Opens the vault for new tokens: with the key in the environment, in the operating system's
    /// keyring, or else in a file. Returns why the keyring cannot be used.
    pub(super) fn choose(folder: &Folder) -> Result<(Self, Option<StoreError>), Failure> {
        if variable()?.is_some() {
            return Ok((Self::open(KeyPlace::Environment, folder)?, None));
        }
        drop(folder.lock()?);
        match Self::in_keyring(folder) {
            Ok(vault) => Ok((vault, None)),
            Err(error) => Ok((Self::open(KeyPlace::File, folder)?, Some(error))),
        }
    }

    /// Opens the vault with the key in a place.
    pub(super) fn open(place: KeyPlace, folder: &Folder) -> Result<Self, Failure> {
        let keyring = match place {
            KeyPlace::Keyring => return Self::in_keyring(folder).map_err(failed),
            KeyPlace::Environment => Keyring::new("environment", from_environment()?),
            KeyPlace::File => Keyring::new("file", from_file(folder)?),
        };
        Ok(Self {
            place,
            keyring,
            stores: Stores::open(place, folder).map_err(failed)?,
        })
    }

    fn in_keyring(folder: &Folder) -> Result<Self, StoreError> {
        let place = KeyPlace::Keyring;
        let folder = folder.path().join(place.folder());
        let store = SystemKeyringStore::new(SERVICE, &folder)?;
        Ok(Self {
            place,
            keyring: store.keyring()?,
            stores: Stores {
                refresh_tokens: Arc::new(store),
                access_tokens: FileStore::new(folder)?,
            },
        })
    }
}

fn failed(error: StoreError) -> Failure {
    Failure::Failed(format!("the kept tokens cannot be used: {error}"))
}

fn from_environment() -> Result<[u8; 32], Failure> {
    let text = variable()?.ok_or_else(|| {
        Failure::Failed(format!(
            "these tokens were kept with the key in the environment variable {KEY}, which is not set"
        ))
    })?;
    key(&text).ok_or_else(|| {
        Failure::Failed(format!(
            "{KEY} is not 32 bytes in base64: `openssl rand -base64 32` makes a key"
        ))
    })
}

fn variable() -> Result<Option<String>, Failure> {
    match env::var(KEY) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            let message = format!("the environment variable {KEY} is not UTF-8");
            Err(Failure::Failed(message))
        }
    }
}

/// The key in the folder, which is made when it is first asked for.
fn from_file(folder: &Folder) -> Result<[u8; 32], Failure> {
    let lock = folder.lock()?;
    let file = folder.path().join("key");
    match fs::symlink_metadata(&file) {
        Ok(_) => {
            let text = private_key::read(&file)?;
            key(text.expose()).ok_or_else(|| {
                Failure::Failed(format!("{} is not 32 bytes in base64", file.display()))
            })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut key = [0; 32];
            let filled = SystemRandom::new().fill(&mut key);
            filled.map_err(|_| {
                Failure::Failed("the operating system returned no random bytes".to_owned())
            })?;
            folder.write(&file, BASE64_STANDARD.encode(key).as_bytes())?;
            drop(lock);
            Ok(key)
        }
        Err(error) => Err(Failure::Failed(format!("{}: {error}", file.display()))),
    }
}

fn key(text: &str) -> Option<[u8; 32]> {
    let bytes = BASE64_STANDARD.decode(text.trim()).ok()?;
    <[u8; 32]>::try_from(bytes).ok()
}

//! The tokens of a name as the stores see them: they can be deleted without the key and without
//! what the provider's document says.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tokensmith_cache::{RefreshTokenStore as _, StoreError, StoreName, TokenStore};

use super::storage::Stores;

/// The names of tokens in the stores. There are several of a kind if the provider's document has
/// changed since the first one was stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct StoredNames {
    access_tokens: BTreeSet<String>,
    refresh_tokens: BTreeSet<String>,
}

impl StoredNames {
    pub(super) fn new(access_token: Option<&StoreName>, refresh_token: Option<&StoreName>) -> Self {
        let names = |name: Option<&StoreName>| {
            let name = name.map(|name| name.as_str().to_owned());
            name.into_iter().collect()
        };
        Self {
            access_tokens: names(access_token),
            refresh_tokens: names(refresh_token),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.access_tokens.is_empty() && self.refresh_tokens.is_empty()
    }

    pub(super) fn has_refresh_tokens(&self) -> bool {
        !self.refresh_tokens.is_empty()
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.access_tokens.extend(other.access_tokens);
        self.refresh_tokens.extend(other.refresh_tokens);
    }

    /// These names but for those of others.
    pub(super) fn without(&self, others: &Self) -> Self {
        Self {
            access_tokens: &self.access_tokens - &others.access_tokens,
            refresh_tokens: &self.refresh_tokens - &others.refresh_tokens,
        }
    }

    /// Deletes the tokens. A refresh that is under way elsewhere saves no new ones.
    pub(super) fn delete(&self, stores: &Stores) -> Result<(), StoreError> {
        let names = |names: &BTreeSet<String>| names.clone().into_iter().map(StoreName::new);
        for name in names(&self.refresh_tokens) {
            pollster::block_on(stores.refresh_tokens.delete(&name))?;
        }
        for name in names(&self.access_tokens) {
            pollster::block_on(TokenStore::delete(&stores.access_tokens, &name))?;
        }
        Ok(())
    }
}

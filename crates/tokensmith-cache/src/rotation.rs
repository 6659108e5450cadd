//! Refresh tokens, which a provider may change with each use.

use tokensmith_runtime::Secret;

use crate::store::StoreFuture;

/// To be replaced by [`RefreshTokenStore`](crate::RefreshTokenStore). Where an application keeps the refresh token of one user, so that it outlives the process.
///
/// Unlike a [`TokenStore`](crate::TokenStore) it must not lose anything: a provider that rotates refresh tokens takes the old
/// one no more.
pub trait OldRefreshTokenStore: Send + Sync {
    /// The refresh token, if there is one.
    fn load(&self) -> StoreFuture<'_, Option<Secret>>;

    /// Puts the token `next` in the place of `previous`, unless something else is there by now: that stays.
    ///
    /// It has to be safe when this returns: the provider may take the old one no more.
    fn replace<'a>(
        &'a self,
        previous: Option<&'a Secret>,
        next: &'a Secret,
    ) -> StoreFuture<'a, Replaced>;
}

/// What became of [`OldRefreshTokenStore::replace`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// The new token is there.
    Done,
    /// Somebody else was first: this is there now. It is used from now on.
    Conflict(Option<Secret>),
}

/// What is known of the refresh token without asking the store.
#[derive(Default)]
pub(crate) struct Rotation {
    /// The newest.
    pub(crate) current: Option<Secret>,
    /// What the store has in its place, as long as the newest is not safe there.
    pub(crate) unsaved: Option<Option<Secret>>,
    /// The one that the provider refused.
    pub(crate) refused: Option<Secret>,
}

//! Asking the provider: by the refresh token where there is one, else by the full grant.

use tokensmith_runtime::{self as runtime, ErrorCode, Secret};

use crate::flight::Plan;
use crate::rotation::{Replaced, Rotation};
use crate::{TokenError, TokenErrorKind};

impl Plan {
    /// By the refresh token, and where that is of no use by the full grant.
    pub(crate) async fn ask(&self) -> Result<runtime::Token, TokenError> {
        if self.grant.can_refresh() {
            let mut refused = None;
            // Another process may have put a newer one into the store.
            for _ in 0..2 {
                let Some(refresh_token) = self.refresh_token(refused.as_ref()).await? else {
                    break;
                };
                let Some(answer) = self.grant.refresh(&refresh_token) else {
                    break;
                };
                match answer.await {
                    Ok(token) => {
                        self.rotate(refresh_token, &token).await;
                        return Ok(token);
                    }
                    Err(error) if error.code() == Some(&ErrorCode::InvalidGrant) => {
                        self.remember(|rotation| rotation.refused = Some(refresh_token.clone()));
                        refused = Some((refresh_token, error));
                    }
                    Err(error) => return Err(TokenError::exchange_failed(error)),
                }
            }
            if let Some(full) = self.grant.full() {
                let token = full.await.map_err(TokenError::exchange_failed)?;
                if token.refresh_token.is_some() {
                    let before = self.stored().await?;
                    self.keep(before, &token).await;
                }
                return Ok(token);
            }
            let error = TokenErrorKind::UserRequired
                .because("the user has to sign in again: there is no refresh token that is taken");
            return Err(match refused {
                Some((_, refusal)) => error.with_source(refusal),
                None => error,
            });
        }
        match self.grant.full() {
            Some(full) => full.await.map_err(TokenError::exchange_failed),
            None => Err(TokenErrorKind::UserRequired
                .because("the user has to sign in again: what the grant carries was used")),
        }
    }

    /// The refresh token to use now: safe in the application's store, and not refused before.
    async fn refresh_token(
        &self,
        refused: Option<&(Secret, runtime::Error)>,
    ) -> Result<Option<Secret>, TokenError> {
        let (mut current, unsaved, known_refused) = self.remember(|rotation| {
            let unsaved = rotation.unsaved.clone();
            (rotation.current.clone(), unsaved, rotation.refused.clone())
        });
        if let (Some(previous), Some(next)) = (unsaved, &current) {
            current = self.save(previous.as_ref(), next).await?;
        } else if self.refresh_tokens.is_some() {
            current = self.stored().await?;
        }
        let is_refused = |token: &Secret| {
            known_refused.as_ref() == Some(token)
                || refused.is_some_and(|(refused, _)| refused == token)
        };
        Ok(current.filter(|token| !token.is_empty() && !is_refused(token)))
    }

    /// Keeps the refresh token that came with a token, or the one before it where none came (RFC 6749 section 6).
    async fn rotate(&self, used: Secret, token: &runtime::Token) {
        let is_new = token
            .refresh_token
            .as_ref()
            .is_some_and(|next| *next != used);
        if is_new {
            self.keep(Some(used), token).await;
        } else {
            self.remember(|rotation| rotation.current = Some(used));
        }
    }

    /// Keeps a new refresh token, first here: even where the store fails, the token is not lost.
    async fn keep(&self, previous: Option<Secret>, token: &runtime::Token) {
        let Some(next) = token.refresh_token.clone() else {
            return;
        };
        self.remember(|rotation| {
            rotation.current = Some(next.clone());
            rotation.unsaved = self.refresh_tokens.as_ref().map(|_| previous.clone());
        });
        if self.refresh_tokens.is_some() {
            // A failure is found again, and told, before the refresh token is used.
            drop(self.save(previous.as_ref(), &next).await);
        }
    }

    /// Puts a refresh token into the application's store; gives the one that counts from now on.
    async fn save(
        &self,
        previous: Option<&Secret>,
        next: &Secret,
    ) -> Result<Option<Secret>, TokenError> {
        let Some(store) = &self.refresh_tokens else {
            return Ok(Some(next.clone()));
        };
        let current = match store.replace(previous, next).await {
            Ok(Replaced::Done) => Some(next.clone()),
            Ok(Replaced::Conflict(other)) => other,
            Err(error) => {
                return Err(TokenErrorKind::RefreshTokenStore
                    .because("the new refresh token could not be saved")
                    .with_source(error));
            }
        };
        self.remember(|rotation| {
            rotation.current.clone_from(&current);
            rotation.unsaved = None;
        });
        Ok(current)
    }

    /// What the application's store has.
    async fn stored(&self) -> Result<Option<Secret>, TokenError> {
        match &self.refresh_tokens {
            None => Ok(None),
            Some(store) => store.load().await.map_err(|error| {
                TokenErrorKind::RefreshTokenStore
                    .because("the refresh token could not be loaded")
                    .with_source(error)
            }),
        }
    }

    /// A slot that is gone remembers nothing, and nobody will ask it.
    fn remember<T: Default>(&self, change: impl FnOnce(&mut Rotation) -> T) -> T {
        self.slot
            .upgrade()
            .map_or_else(T::default, |slot| slot.rotation(change))
    }
}

#[cfg(test)]
mod tests;

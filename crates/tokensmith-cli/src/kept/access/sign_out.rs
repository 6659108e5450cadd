//! Signing out: kept tokens are revoked and deleted.

use std::time::Duration;

use tokensmith_cache::blocking::{TokenSource, UserTokens};
use tokensmith_cache::{Begin, TokenStore};

use super::{Access, StoredNames, Tokens, unix};
use crate::exchange;
use crate::failure::Failure;

/// How long nobody else may ask for a token while it is looked for.
const LOOK: Duration = Duration::from_secs(1);

/// What came of signing out.
pub(in crate::kept) struct SignedOut {
    pub(in crate::kept) revoked: Revoked,
    /// Why tokens are still there.
    pub(in crate::kept) not_deleted: Option<Failure>,
    /// Why the provider has not revoked them.
    pub(in crate::kept) not_revoked: Option<Failure>,
}

/// Whether the provider has revoked the tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::kept) enum Revoked {
    /// It has said so.
    Yes,
    /// It was asked, or could not be.
    No,
    /// It was not asked: no token was found that is still valid.
    NotFound,
    /// It was not asked: it is not known where.
    NoEndpoint,
}

impl Access {
    /// Deletes the tokens, and revokes them where the provider has a revocation endpoint.
    pub(in crate::kept) fn sign_out(&self) -> Result<SignedOut, Failure> {
        // Some have other names if the provider's document has changed since they were stored.
        let elsewhere = self.record.stored.without(&self.stored_names()?);
        let mut signed_out = match &self.tokens {
            Tokens::Person(users) => self.sign_out_person(users)?,
            Tokens::Client(source) => {
                let (revoked, failure) = match self.revoke_valid(source) {
                    Ok(true) => (Revoked::Yes, None),
                    Ok(false) => (self.not_revoked(), None),
                    Err(failure) => (Revoked::No, Some(failure)),
                };
                let cleared = source.clear_wait();
                SignedOut {
                    revoked,
                    not_revoked: failure,
                    not_deleted: cleared.map_err(|error| self.failure(error)).err(),
                }
            }
        };
        if signed_out.not_deleted.is_none() {
            signed_out.not_deleted = self.delete(&elsewhere).err();
        }
        if elsewhere.has_refresh_tokens() {
            signed_out.revoked = Revoked::No;
            let failure = signed_out.not_revoked.take();
            signed_out.not_revoked = Some(failure.unwrap_or_else(Self::is_of_another_document));
        }
        Ok(signed_out)
    }

    fn sign_out_person(&self, users: &UserTokens) -> Result<SignedOut, Failure> {
        let name = &self.record.name;
        if !self.record.renews {
            // Without a refresh token the access token is revoked, which has to be loaded first. One
            // that has expired need not be.
            drop(users.token(name));
        }
        let left = users.sign_out(name).map_err(|error| self.failure(error))?;
        let kept = left.refresh_token.or(left.access_token);
        Ok(SignedOut {
            revoked: match (left.is_revoked, &left.revocation) {
                (true, _) => Revoked::Yes,
                (false, Some(_)) => Revoked::No,
                (false, None) => self.not_revoked(),
            },
            not_deleted: kept.map(|error| self.failure(error)),
            not_revoked: left.revocation.map(|error| self.failure(error)),
        })
    }

    /// Why nothing is revoked although nothing has failed.
    fn not_revoked(&self) -> Revoked {
        match self.revocation {
            Some(_) => Revoked::NotFound,
            None => Revoked::NoEndpoint,
        }
    }

    /// Why a refresh token cannot be revoked that was stored under a name of before.
    fn is_of_another_document() -> Failure {
        Failure::Failed(
            "a refresh token is deleted and not revoked: the provider's document has changed since"
                .to_owned(),
        )
    }

    /// Deletes tokens by their names in the stores.
    pub(in crate::kept) fn delete(&self, names: &StoredNames) -> Result<(), Failure> {
        let deleted = names.delete(&self.stores);
        deleted.map_err(|error| {
            Failure::Failed(format!(
                "tokens of `{}` cannot be deleted: {error}",
                self.record.name
            ))
        })
    }

    /// Revokes the access token, if it is still valid; `false` if it is not there. A token is asked
    /// for if the one in the store cannot be read: that one is revoked as well, and is not the one
    /// that was kept.
    fn revoke_valid(&self, source: &TokenSource) -> Result<bool, Failure> {
        let Some((request, parameter)) = &self.revocation else {
            return Ok(false);
        };
        if !self.is_stored(source)? {
            return Ok(false);
        }
        let token = source.token();
        let token = token.map_err(|error| Failure::of_token(error, &self.context))?;
        let expires_at = token.expires_at().and_then(unix);
        let is_kept = self.record.expires_at.is_none() || self.record.expires_at == expires_at;
        let request = request.clone();
        let request = request.secret_parameter(parameter, token.access_token());
        let revoked = self.client.send(request).map_err(exchange::failure);
        revoked.map_err(|failure| failure.with_context(&self.context))?;
        Ok(is_kept)
    }

    /// Whether the store has a valid access token, or another process is asking for one.
    fn is_stored(&self, source: &TokenSource) -> Result<bool, Failure> {
        let Some(name) = source.store_name() else {
            return Ok(false);
        };
        let begun = TokenStore::begin(&self.stores.access_tokens, name, None, LOOK);
        let begun = pollster::block_on(begun).map_err(|error| {
            Failure::Failed(format!(
                "the access token of `{}` cannot be read: {error}",
                self.record.name
            ))
        })?;
        // A lease ends when the name is deleted, which is what follows.
        Ok(matches!(begun, Begin::Found(_) | Begin::Held(_)))
    }
}

//! Signing out: kept tokens are revoked and deleted.

use std::time::SystemTime;

use tokensmith_cache::blocking::{TokenSource, UserTokens};

use super::{Access, Tokens};
use crate::exchange;
use crate::failure::Failure;

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
        // Some are elsewhere if the provider's document has changed since they were stored.
        if signed_out.not_deleted.is_none() {
            signed_out.not_deleted = self.delete_stored().err();
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

    /// Deletes all tokens that the record names.
    pub(in crate::kept) fn delete_stored(&self) -> Result<(), Failure> {
        let deleted = self.record.stored.delete(&self.stores);
        deleted.map_err(|error| {
            Failure::Failed(format!(
                "tokens of `{}` cannot be deleted: {error}",
                self.record.name
            ))
        })
    }

    /// Revokes the access token, if it is still valid; `false` if there is nothing to revoke.
    fn revoke_valid(&self, source: &TokenSource) -> Result<bool, Failure> {
        let is_valid = self
            .record
            .expiry()
            .is_some_and(|at| at > SystemTime::now());
        let Some((request, parameter)) = self.revocation.as_ref().filter(|_| is_valid) else {
            return Ok(false);
        };
        let token = source.token();
        let token = token.map_err(|error| Failure::of_token(error, &self.context))?;
        let request = request.clone();
        let request = request.secret_parameter(parameter, token.access_token());
        let revoked = self.client.send(request).map_err(exchange::failure);
        revoked.map_err(|failure| failure.with_context(&self.context))?;
        Ok(true)
    }
}

//! ID tokens and userinfo: fetching what it takes to check them.

mod jwt_check;

use std::fmt;
use std::sync::{Arc, PoisonError, TryLockError};
use std::time::SystemTime;

use crate::openid::{ByTls, Jws, JwtKind, KeySet, Needed, Parties, ProviderFacts, malformed};
use crate::protocol::Exchange;
use crate::protocol::settings::Settings;
use crate::response::receipt::Receipt;
use crate::{
    BlockingTransport, Client, Error, ExpectedIdToken, GenericRequest, IdToken,
    PendingAuthorization, Provider, Redirect, Secret, TokenResponse, Transport, UserInfo,
    UserInfoToken, blocking,
};
use jwt_check::{IdTokenCheck, RedirectCheck};

/// What is needed of a provider to check a token: what it says of itself and, where they are
/// needed, its keys.
type Known = (Arc<ProviderFacts>, Option<Arc<KeySet>>);

const USER_INFO: &str = "userinfo response";

impl<P: Provider, T: Transport> Client<P, T> {
    /// Checks the ID token of a token response, with its signature (OpenID Connect Core section
    /// 3.1.3.7), and returns what it says.
    ///
    /// `expected` is the pending authorization that the response came of, or an
    /// [`ExpectedIdToken`]. The issuer is the one of [`server`](Self::server),
    /// [`issuer`](Self::issuer) or the document. Where no metadata were given, they are discovered.
    /// Metadata and keys are kept for ten minutes, and for an hour while they cannot be asked for
    /// again; all clones of the client share them. One caller asks, and the others wait. They are
    /// asked for again, at most every 30 seconds, for a `kid` that is not known.
    ///
    /// ```no_run
    /// # #[cfg(feature = "hyper")] async fn example(
    /// #     client: tokensmith_runtime::Client<tokensmith_runtime::Any>,
    /// #     token: tokensmith_runtime::Token,
    /// #     pending: tokensmith_runtime::PendingAuthorization,
    /// # ) -> Result<(), tokensmith_runtime::Error> {
    /// let id_token = client.id_token(&token, &pending).await?;
    /// println!("{} of {}", id_token.subject(), id_token.issuer());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Of the kind `malformed`, with the claim that is wrong, if the ID token is missing or wrong;
    /// `config` if the issuer is not known; else as for [`send`](Self::send).
    pub async fn id_token<R: TokenResponse>(
        &self,
        response: &R,
        expected: impl Into<ExpectedIdToken>,
    ) -> Result<IdToken, Error> {
        let checked = async {
            let check = IdTokenCheck::new(&self.settings, response, expected.into())?;
            let (facts, _) = self.known(None, check.issuer).await?;
            check.content(&facts)?;
            let keys = match check.needs_keys() {
                true => self.known(Some(&check.jws), check.issuer).await?.1,
                false => None,
            };
            check.signature(&facts, keys.as_deref())
        };
        checked
            .await
            .map_err(|error| named::<P>(&self.settings, error))
    }

    /// Asks the userinfo endpoint for the claims of a person (OpenID Connect Core section 5.3), and
    /// checks that the response is about this one: the [`subject`](IdToken::subject) of the ID
    /// token. The access token is that of a token response, which says whether it is bound to the
    /// client's key (DPoP), or a [`Secret`]: see [`UserInfoToken`].
    ///
    /// # Errors
    ///
    /// Of the kind `malformed` if the response is about somebody else; `config` if the metadata
    /// name no endpoint; else as for [`send`](Self::send).
    pub async fn user_info<'a>(
        &self,
        token: impl Into<UserInfoToken<'a>>,
        subject: &str,
    ) -> Result<UserInfo, Error> {
        let token = token.into();
        let checked = async {
            let (facts, _) = self.known(None, issuer(&self.settings, USER_INFO)?).await?;
            let request = user_info(&self.settings, &facts, token)?;
            let exchange = Exchange::new(&self.settings, &request);
            self.drive(exchange).await?.check(subject)
        };
        checked
            .await
            .map_err(|error| named::<P>(&self.settings, error))
    }

    /// Reads the URL that a person came back to, its query, or the body of the form that the browser
    /// posted, as [`PendingAuthorization::redirect`] does, and checks the signature of a signed
    /// response (JARM), if one was asked for. The keys are those of ID tokens.
    ///
    /// # Errors
    ///
    /// As there, and of the kind `malformed`, with the problem
    /// [`Unverified`](crate::RedirectProblem::Unverified), if the response is not signed or is not
    /// the issuer's; `config` if the issuer is not known; else as for [`send`](Self::send).
    pub async fn redirect(
        &self,
        pending: &PendingAuthorization,
        url: &str,
    ) -> Result<Redirect, Error> {
        if !pending.expects_signature() {
            return self.settings.resume(pending.clone()).redirect(url);
        }
        let checked = async {
            let response = pending.signed_response(url)?;
            let check = RedirectCheck::new(&self.settings, pending, &response)?;
            let (facts, _) = self.known(None, check.issuer).await?;
            check.content(&facts)?;
            let (_, keys) = self.known(Some(&check.jws), check.issuer).await?;
            check.signature(keys.as_deref())
        };
        checked
            .await
            .map_err(|error| named::<P>(&self.settings, error))
    }

    async fn known(&self, jws: Option<&Jws<'_>>, issuer: &str) -> Result<Known, Error> {
        let provider = &self.settings.openid;
        if let Ok(Needed::Nothing(facts, keys)) = provider.needed(jws, SystemTime::now()) {
            return Ok((facts, keys));
        }
        // Keys that still hold are better than waiting for a provider that does not respond.
        let _turn = match provider.turn.try_lock() {
            Some(turn) => turn,
            None => match provider.older(jws, SystemTime::now()) {
                Some(known) => return Ok(known),
                None => provider.turn.lock().await,
            },
        };
        let mut failure = None;
        loop {
            let needed = provider.needed(jws, SystemTime::now());
            failure = match needed.map_err(|error| failure.unwrap_or(error))? {
                Needed::Nothing(facts, keys) => return Ok((facts, keys)),
                Needed::Metadata => {
                    let outcome = self.discover(issuer).await;
                    provider.learn_metadata(outcome, SystemTime::now())
                }
                Needed::Keys(url) => {
                    let request = KeySet::request(url);
                    let outcome = self.drive(Exchange::new(&self.settings, &request)).await;
                    provider.learn_keys(outcome, SystemTime::now())
                }
            };
        }
    }
}

impl<P: Provider, T: BlockingTransport> blocking::Client<P, T> {
    /// Checks the ID token of a token response, as [`Client::id_token`](crate::Client::id_token)
    /// does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn id_token<R: TokenResponse>(
        &self,
        response: &R,
        expected: impl Into<ExpectedIdToken>,
    ) -> Result<IdToken, Error> {
        let settings = self.settings();
        let checked = || {
            let check = IdTokenCheck::new(settings, response, expected.into())?;
            let (facts, _) = self.known(None, check.issuer)?;
            check.content(&facts)?;
            let keys = match check.needs_keys() {
                true => self.known(Some(&check.jws), check.issuer)?.1,
                false => None,
            };
            check.signature(&facts, keys.as_deref())
        };
        checked().map_err(|error| named::<P>(settings, error))
    }

    /// Asks the userinfo endpoint for the claims of a person, as
    /// [`Client::user_info`](crate::Client::user_info) does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn user_info<'a>(
        &self,
        token: impl Into<UserInfoToken<'a>>,
        subject: &str,
    ) -> Result<UserInfo, Error> {
        let (settings, token) = (self.settings(), token.into());
        let checked = || {
            let (facts, _) = self.known(None, issuer(settings, USER_INFO)?)?;
            let request = user_info(settings, &facts, token)?;
            self.drive(Exchange::new(settings, &request))?
                .check(subject)
        };
        checked().map_err(|error| named::<P>(settings, error))
    }

    /// Reads what a person came back with, and checks its signature if one was asked for, as
    /// [`Client::redirect`](crate::Client::redirect) does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn redirect(&self, pending: &PendingAuthorization, url: &str) -> Result<Redirect, Error> {
        let settings = self.settings();
        if !pending.expects_signature() {
            return settings.resume(pending.clone()).redirect(url);
        }
        let checked = || {
            let response = pending.signed_response(url)?;
            let check = RedirectCheck::new(settings, pending, &response)?;
            let (facts, _) = self.known(None, check.issuer)?;
            check.content(&facts)?;
            let (_, keys) = self.known(Some(&check.jws), check.issuer)?;
            check.signature(keys.as_deref())
        };
        checked().map_err(|error| named::<P>(settings, error))
    }

    fn known(&self, jws: Option<&Jws<'_>>, issuer: &str) -> Result<Known, Error> {
        let provider = &self.settings().openid;
        if let Ok(Needed::Nothing(facts, keys)) = provider.needed(jws, SystemTime::now()) {
            return Ok((facts, keys));
        }
        let _turn = match provider.blocking_turn.try_lock() {
            Ok(turn) => turn,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => match provider.older(jws, SystemTime::now()) {
                Some(known) => return Ok(known),
                None => {
                    let turn = provider.blocking_turn.lock();
                    turn.unwrap_or_else(PoisonError::into_inner)
                }
            },
        };
        let mut failure = None;
        loop {
            let needed = provider.needed(jws, SystemTime::now());
            failure = match needed.map_err(|error| failure.unwrap_or(error))? {
                Needed::Nothing(facts, keys) => return Ok((facts, keys)),
                Needed::Metadata => {
                    provider.learn_metadata(self.discover(issuer), SystemTime::now())
                }
                Needed::Keys(url) => {
                    let request = KeySet::request(url);
                    let outcome = self.drive(Exchange::new(self.settings(), &request));
                    provider.learn_keys(outcome, SystemTime::now())
                }
            };
        }
    }
}

/// Checks an ID token that a token endpoint sent over TLS, without its signature.
pub(crate) fn id_token_by_tls<P: Provider, R: TokenResponse>(
    settings: &Settings,
    response: &R,
    expected: &ExpectedIdToken,
) -> Result<IdToken<ByTls>, Error> {
    let checked = || {
        let (id_token, issuer) = (raw(response)?, issuer(settings, JwtKind::IdToken)?);
        Receipt::check(response.metadata().receipt.as_ref(), id_token, issuer)?;
        let jws = Jws::read(id_token.expose(), JwtKind::IdToken)?;
        let facts = settings.openid.facts().unwrap_or_default();
        let client = Parties::new(issuer, &settings.credentials, &facts, JwtKind::IdToken);
        let access_token = Some(response.access_token());
        expected.check_content(&jws, access_token, &client, SystemTime::now())?;
        expected.trust_tls(&jws, &client)
    };
    checked().map_err(|error| named::<P>(settings, error))
}

fn read<R: TokenResponse>(response: &R) -> Result<Jws<'_>, Error> {
    Jws::read(raw(response)?.expose(), JwtKind::IdToken)
}

fn raw<R: TokenResponse>(response: &R) -> Result<&Secret, Error> {
    response
        .id_token()
        .ok_or_else(|| malformed("the token response has no ID token: ask for the scope `openid`"))
}

/// The issuer, which it takes to check JWTs, and to find the userinfo endpoint.
fn issuer(settings: &Settings, what: impl fmt::Display) -> Result<&str, Error> {
    settings.known_issuer().ok_or_else(|| {
        Error::config(format!(
            "the issuer of the {what} is not known: name it by `Client::issuer`, or take it over \
             from metadata by `Client::server`"
        ))
    })
}

fn user_info(
    settings: &Settings,
    facts: &ProviderFacts,
    token: UserInfoToken<'_>,
) -> Result<GenericRequest<'static, UserInfo>, Error> {
    let url = facts
        .user_info_endpoint
        .clone()
        .ok_or_else(|| Error::config("the provider's metadata has no `userinfo_endpoint`"))?;
    let is_bound = settings.binds_tokens() && token.may_be_bound;
    Ok(UserInfo::request(url, token.access_token, is_bound))
}

/// The same error with the name of the provider.
fn named<P: Provider>(settings: &Settings, error: Error) -> Error {
    let name = settings.provider_name::<P>();
    if error.provider().is_some() || name.is_empty() {
        return error;
    }
    let report = error.into_report();
    let endpoint = report.endpoint.clone();
    report.at(name, endpoint).into()
}

#[cfg(test)]
mod tests;

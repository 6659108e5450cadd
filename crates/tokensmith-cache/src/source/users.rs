//! The tokens of people.

mod sign_in;
mod sign_out;
mod signing;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ring::rand::{SecureRandom as _, SystemRandom};
use tokensmith_runtime::{Client, Request, Rotation, Secret, TokenResponse, Transport, protocol};
use zeroize::Zeroizing;

pub use self::sign_out::SignOut;
use self::signing::user;
use super::builder::check_spawner;
use super::token_slots::TokenSlots;
use super::{Inner, TokenSource};
use crate::refresh::{Context, Drained, Grant, Options, RefreshTokens, Requests, User};
use crate::store::{Keyring, MemoryRefreshTokenStore, RefreshTokenStore, StoreName};
use crate::token::Token;
use crate::{Metrics, TokenError, TokenErrorKind, TokenHeader};

/// Valid tokens of all users who have signed in, each by a refresh token of their own.
///
/// A user is named by a subject: what the application knows the user by, the same on all machines and never that of somebody
/// else. Without one there is no token, so that nobody gets the token of another user. A user's entry in the store of
/// refresh tokens is named by the base URL, the path of the token endpoint, the client id and the subject: tenants that differ
/// only by a header or a parameter of the request, and `UserTokens` of one client with different scopes, need different subjects.
///
/// - [`sign_in`](Self::sign_in) takes what a code exchange returned: it wins over everything that is under way.
/// - [`token`](Self::token) returns a valid access token, refreshed where necessary.
/// - [`sign_out`](Self::sign_out) deletes the tokens everywhere and revokes them.
/// - [`drain`](Self::drain) waits for what must not be cut off, before the process ends.
///
/// A refresh token is used by one machine at a time, and the next one is saved whoever waits for it: see [`RefreshTokenStore`]. It
/// is not sent again once it may have been used. Where nobody can know whether it was, it is, since the user would have to sign in
/// otherwise: a process was killed, stopped or cut off, or its runtime dropped, between sending and saving, or the provider
/// failed (HTTP 500). [`EventKind::ReuseSuspected`](crate::EventKind::ReuseSuspected) tells each time. `SECURITY.md` in the
/// repository has all cases.
///
/// `tests/examples/axum_service` in the repository is a web service that does all of this.
///
/// A machine that has the access token of a user in memory keeps it until it expires, also if the user signs out, or in again,
/// on another machine. It gets no new one by the old refresh token: at its next refresh it finds what the store has.
///
/// ```no_run
/// # use tokensmith_cache::{Keyring, MemoryRefreshTokenStore, TokenError, UserTokens};
/// # use tokensmith_runtime::{Any, Client, Endpoint, EndpointKind, TokenRequest, Transport, grants};
/// # static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);
/// # async fn example<T: Transport + Clone + Send + Sync + 'static>(
/// #     client: Client<Any, T>,
/// #     code_exchange: TokenRequest<'static>,
/// #     key: [u8; 32],
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// # let store = MemoryRefreshTokenStore::new();
/// // With a generated crate: `RefreshToken::new`.
/// let refresh = |token: &tokensmith_runtime::Secret| {
///     TokenRequest::new(&TOKEN, &grants::REFRESH_TOKEN).secret_parameter("refresh_token", token.clone())
/// };
/// let users = UserTokens::builder(&client, refresh)
///     .refresh_tokens(store, Keyring::new("2026-11", key))
///     .build()?;
///
/// let response = client.send(code_exchange).await?;
/// users.sign_in("user 17", &response).await?;
///
/// let token = users.token("user 17").await?;
/// # drop(token);
///
/// let left = users.sign_out("user 17").await?;
/// assert!(left.is_complete());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct UserTokens(Arc<Users>);

struct Users {
    context: Arc<Context>,
    slots: TokenSlots,
    grant: Arc<dyn Grant>,
    /// What tells tokens of these requests from others.
    identity: Zeroizing<Vec<u8>>,
    /// What stays the same of the client when its secrets change.
    client: Zeroizing<Vec<u8>>,
}

/// For how many users there is room in memory unless set.
const CAPACITY: usize = 10_000;

impl UserTokens {
    /// Creates the tokens of users, to be set up step by step. `refresh` makes the request that asks for a token by a refresh
    /// token: `RefreshToken::new` of a generated crate.
    pub fn builder<P, T, R>(
        client: &Client<P, T>,
        refresh: impl Fn(&Secret) -> R + Send + Sync + 'static,
    ) -> UserTokensBuilder<P, T>
    where
        P: 'static,
        T: Transport + Clone + Send + Sync + 'static,
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        let example = refresh(&Secret::from("refresh_token"));
        let mut requests = Requests::new(client.clone());
        requests.set_refresh(refresh);
        UserTokensBuilder::new(requests, &example)
    }

    /// Returns a valid token of a user: the one at hand, or a new one.
    ///
    /// # Errors
    ///
    /// Of the kind `user_required` if the user has to sign in; see [`TokenErrorKind`].
    pub async fn token(&self, subject: &str) -> Result<Token, TokenError> {
        if let Some(slot) = self.0.slots.get(&self.0.identity(subject))
            && let Some(token) = slot.fresh(self.0.context.now())
        {
            self.0.context.counters.hits.add();
            return Ok(token);
        }
        self.source(subject)?.token().await
    }

    /// Creates the source of a user's tokens, for a [`TokenLayer`](https://docs.rs/tokensmith-cache) for example, and for the
    /// fastest reads. As long as there is one, the token stays in memory.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the subject is empty.
    pub fn source(&self, subject: &str) -> Result<TokenSource, TokenError> {
        Ok(TokenSource::of(self.0.inner(subject)?))
    }

    /// Creates the source of a user's tokens with a refresh token to begin with, from a configuration for example. It is used
    /// if the store has nothing for the user, or what came of an earlier one to begin with and the provider has refused. It does
    /// not take the place of a sign-in.
    ///
    /// It is stored before it is sent, and not begun with again, on any machine: the store remembers the last 16 of each user,
    /// whoever signs in or out. A sign-out also ends one that nobody has used, if it is made on a machine that was given it.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the subject is empty.
    pub fn source_with(
        &self,
        subject: &str,
        refresh_token: impl Into<Secret>,
    ) -> Result<TokenSource, TokenError> {
        let inner = self.0.inner(subject)?;
        inner.slot.set_seed(refresh_token.into());
        Ok(TokenSource::of(inner))
    }

    /// Returns the name of a user's entry in the store of refresh tokens. By it the refresh token can be deleted there when the
    /// client is not known any more; [`sign_out`](Self::sign_out) does more. The name of the access token in the shared store is
    /// that of the [`source`](Self::source).
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the subject is empty.
    pub fn refresh_token_name(&self, subject: &str) -> Result<StoreName, TokenError> {
        let inner = self.0.inner(subject)?;
        Ok(user(&inner)?.entry.clone())
    }

    /// Lets every user's refresh ask the provider again at once, whatever `Retry-After` it gave, to this machine or to another
    /// one that shares a store.
    pub fn clear_waits(&self) {
        self.0.context.clear_waits();
        self.0.slots.clear_waits();
    }

    /// Waits until no request that carries a refresh token or a code is in flight and all new refresh tokens are saved, or this
    /// much time is over, and returns what is left. Call it before the runtime is shut down.
    pub async fn drain(&self, deadline: Duration) -> Drained {
        self.0.context.drain(deadline).await
    }

    pub(super) fn context(&self) -> &Context {
        &self.0.context
    }

    /// Of how many users the access token is in memory.
    pub fn len(&self) -> usize {
        self.0.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.slots.len() == 0
    }

    /// What has been counted.
    pub fn metrics(&self) -> Metrics {
        self.0.context.metrics()
    }
}

impl Users {
    fn identity(&self, subject: &str) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([&self.identity, b"subject".as_slice(), subject.as_bytes()].concat())
    }

    fn refresh_tokens(&self) -> Result<&RefreshTokens, TokenError> {
        let none = || TokenErrorKind::Config.because("there is no store of refresh tokens");
        self.context.refresh_tokens.as_ref().ok_or_else(none)
    }

    fn inner(&self, subject: &str) -> Result<Inner, TokenError> {
        if subject.is_empty() {
            return Err(
                TokenErrorKind::Config.because("the subject is empty: it names whose token it is")
            );
        }
        let identity = self.identity(subject);
        let context = &self.context;
        Ok(Inner {
            name: context.store.as_ref().map(|shared| shared.name(&identity)),
            context: Arc::clone(context),
            slot: self.slots.slot(&identity),
            grant: Arc::clone(&self.grant),
            user: Some(Arc::new(User {
                subject: subject.to_owned(),
                entry: self.refresh_tokens()?.entry(&self.client, subject),
            })),
        })
    }
}

impl fmt::Debug for UserTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UserTokens")
            .field("len", &self.len())
            .field("metrics", &self.metrics())
            .finish_non_exhaustive()
    }
}

/// Sets [`UserTokens`] up.
pub struct UserTokensBuilder<P, T> {
    requests: Requests<P, T>,
    identity: Result<Zeroizing<Vec<u8>>, TokenError>,
    client: Zeroizing<Vec<u8>>,
    refresh_tokens: Option<RefreshTokens>,
    header: Option<TokenHeader>,
    /// Where the document says that requests carry the token.
    declared: Result<Option<TokenHeader>, TokenError>,
    /// What the document says of rotation.
    rotation: Option<Rotation>,
    options: Options,
    capacity: usize,
}

impl<P: 'static, T: Transport + Clone + Send + Sync + 'static> UserTokensBuilder<P, T> {
    /// `example` is a request with a refresh token of nobody.
    pub(super) fn new<R>(mut requests: Requests<P, T>, example: &R) -> Self
    where
        R: Request<Provider = P>,
    {
        requests.set_provider(example);
        let settings = requests.client.settings();
        let identity = require_one_time(example).and_then(|()| super::identity(settings, example));
        let mut client = protocol::client_identity(settings);
        // Tenants may differ by the path alone.
        client.extend_from_slice(example.path().as_bytes());
        Self {
            requests,
            identity,
            client,
            refresh_tokens: None,
            header: None,
            declared: TokenHeader::declared(example.endpoint()),
            rotation: example.endpoint().rotation(),
            options: Options::default(),
            capacity: CAPACITY,
        }
    }

    pub(super) fn header(mut self, header: TokenHeader) -> Self {
        self.header = Some(header);
        self
    }

    pub(super) fn with_refresh_tokens(mut self, refresh_tokens: RefreshTokens) -> Self {
        self.refresh_tokens = Some(refresh_tokens);
        self
    }

    /// Sets where refresh tokens are kept, and the keys that they are encrypted with. Unless set they are in memory, and every
    /// user has to sign in again after a restart.
    #[must_use]
    pub fn refresh_tokens(
        mut self,
        store: impl RefreshTokenStore + 'static,
        keyring: Keyring,
    ) -> Self {
        self.refresh_tokens = Some(RefreshTokens::new(Arc::new(store), keyring));
        self
    }

    /// Sets the request that revokes a token (RFC 7009) when its user signs out: `RevokeToken::new` of a generated crate, where
    /// the provider has a revocation endpoint.
    #[must_use]
    pub fn revoke<R>(mut self, make: impl Fn(&Secret) -> R + Send + Sync + 'static) -> Self
    where
        R: Request<Provider = P> + Send + Sync + 'static,
    {
        self.requests.set_revoke(make);
        self
    }

    /// Sets of how many users the access token is kept in memory: 10,000 unless set.
    #[must_use]
    pub fn capacity(mut self, users: usize) -> Self {
        self.capacity = users;
        self
    }

    /// Sets how access tokens are kept, carried and shared.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Creates the tokens of users.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the request could not be sent or may be sent twice, if access tokens are shared between machines and refresh tokens
    /// are not, or if nothing can drive a request to its end whose caller has gone.
    pub fn build(self) -> Result<UserTokens, TokenError> {
        let refresh_tokens = match self.refresh_tokens {
            Some(refresh_tokens) => refresh_tokens,
            None if self.options.has_shared_store() => {
                return Err(TokenErrorKind::Config.because(
                    "machines that share access tokens have to share refresh tokens, too: set the store by `refresh_tokens`",
                ));
            }
            None => {
                let (store, keyring) = in_memory(&self.options)?;
                RefreshTokens::new(store, keyring)
            }
        };
        let options = match self.header {
            Some(header) => self.options.header(header),
            None => self.options.header_unless_set(self.declared?),
        };
        let options = options.rotation(self.rotation);
        let context = Arc::new(options.context(Some(refresh_tokens)));
        check_spawner(&context, &self.requests)?;
        Ok(UserTokens(Arc::new(Users {
            slots: TokenSlots::new(self.capacity, &context)?,
            context,
            client: self.client,
            grant: Arc::new(self.requests),
            identity: self.identity?,
        })))
    }
}

impl<P, T> fmt::Debug for UserTokensBuilder<P, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserTokensBuilder(..)")
    }
}

/// What the runtime sends again after a response such as 503 must not be a refresh token.
fn require_one_time<R: Request>(example: &R) -> Result<(), TokenError> {
    if example.operation().is_one_time() {
        return Ok(());
    }
    Err(TokenErrorKind::Config.because(
        "the operation of the request may be sent twice, and a refresh token is used once: add `Operation::one_time`",
    ))
}

/// A store in the memory of this process, with a key that nobody has.
pub(super) fn in_memory(
    options: &Options,
) -> Result<(Arc<dyn RefreshTokenStore>, Keyring), TokenError> {
    let mut key = Zeroizing::new([0; 32]);
    SystemRandom::new().fill(&mut *key).map_err(|_| {
        TokenErrorKind::Config.because("the operating system gives no random bytes")
    })?;
    let store = match options.own_clock() {
        Some(clock) => MemoryRefreshTokenStore::with_clock(clock),
        None => MemoryRefreshTokenStore::new(),
    };
    let store: Arc<dyn RefreshTokenStore> = Arc::new(store);
    Ok((store, Keyring::new("memory", *key)))
}

#[cfg(test)]
mod tests;

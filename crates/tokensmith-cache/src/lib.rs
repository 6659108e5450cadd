//! A valid OAuth token at hand, always, at the cost of a read.
//!
//! Any request of a generated crate, of a [`Connector`](tokensmith_runtime::Connector) or of a
//! [`TokenRequest`](tokensmith_runtime::TokenRequest) becomes a source of tokens:
//!
//! ```no_run
//! # use tokensmith_cache::{TokenError, TokenSource};
//! # use tokensmith_runtime::{Any, Client, Transport, TokenRequest};
//! # async fn example<T: Transport + Clone + Send + Sync + 'static>(
//! #     client: Client<Any, T>,
//! #     request: TokenRequest<'static>,
//! #     api_request: &mut http::Request<()>,
//! # ) -> Result<(), TokenError> {
//! let tokens = TokenSource::new(&client, request)?;
//!
//! let token = tokens.token().await?;
//! let headers = api_request.headers_mut();
//! headers.insert(tokens.header_name(), token.header_value().clone());
//! # Ok(()) }
//! ```
//!
//! # What can be relied on
//!
//! - A token that is handed out is valid: its lifetime counts from when the request was sent, by a clock
//!   that nobody can set and that goes on while the machine sleeps, and it is used no more a little
//!   before its end. A lifetime that is not known is five minutes
//!   ([`Policy::with_unknown_lifetime`]); one of zero is over, and an error.
//! - Reading a token that is at hand takes no lock, no allocation and no wait.
//! - One caller asks the provider; all others wait for the same token, or the same error.
//! - A token is refreshed in the last part of its lifetime, at another time in each process, behind the
//!   scenes. Everybody gets the old token meanwhile, as long as it is valid.
//! - After a failure nobody asks again before a time that grows, and not before the provider's
//!   `Retry-After`, up to an hour ([`Policy::with_longest_wait`]).
//! - The refresh token of a person is used by one machine at a time, and the next one is saved whoever
//!   waits: [`UserTokens`], [`RefreshTokenStore`].
//!
//! Work that must not be dropped is spawned, by the transport's spawner or [`Options::spawn`]:
//! refreshes by refresh token, code exchanges, early refreshes. Before the runtime is shut down, call
//! [`UserTokens::drain`].
//!
//! # What there is
//!
//! - [`TokenSource`]: the tokens of one request; [`blocking::TokenSource`] for threads.
//!   [`TokenManager`]: those of many tenants. [`UserTokens`]: those of people. [`Connectors`]: those
//!   of a configuration that may change.
//! - [`Options::store`]: a [`TokenStore`] that a fleet shares, in memory, files or Redis, encrypted with
//!   a [`Keyring`].
//! - [`TokenLayer`](https://docs.rs/tokensmith-cache/latest/tokensmith_cache/struct.TokenLayer.html) and
//!   [`TokenMiddleware`](https://docs.rs/tokensmith-cache/latest/tokensmith_cache/struct.TokenMiddleware.html):
//!   requests of tower and reqwest that carry the token, to the hosts that are named.
//!
//! # Migration
//!
//! Since 0.1, a refresh token belongs to a user. `TokenSource::builder(..).refresh(..).refresh_tokens(..)`
//! becomes [`UserTokens::builder`], and `subject(..)` the argument of [`UserTokens::source`]. A
//! [`RefreshTokenStore`] holds entries of many users instead of one: `replace` becomes `begin`,
//! `confirm`, `save` and `end`. Values are encrypted now. What an old store holds is given to
//! [`UserTokens::source_with`] once: it is used if the new store has nothing for the user.
//!
//! # Features
//!
//! None is on by default: without them the crate needs no runtime and no HTTP stack.
//!
//! - `file`: `FileStore`, for the processes of one machine: access and refresh tokens.
//! - `redis`: `RedisStore`, for a fleet with Redis or Valkey: access and refresh tokens. Needs tokio; a blocking source takes
//!   one of a runtime with threads of its own.
//! - `postgres`: `PostgresStore`, for a fleet: refresh tokens. Needs tokio.
//! - `sqlite`: `SqliteStore`, for the processes of one machine: refresh tokens.
//! - `keyring`: `SystemKeyringStore`, for desktop and command-line programs: refresh tokens in the operating system's keyring.
//! - `testing`: `testing::ManualClock`, which tests move, `testing::fixed`, a source that always has the same token, and
//!   `testing::check_store`, which checks a store of your own.
//! - `tracing`: events by `tracing`, without secrets and without subjects.
//! - `tower`: `TokenLayer`.
//! - `reqwest-middleware`: `TokenMiddleware`.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
mod carry;
mod error;
mod refresh;
mod source;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod time;
mod token;
mod watch;

#[cfg(feature = "reqwest-middleware")]
pub use carry::TokenMiddleware;
#[cfg(feature = "tower")]
pub use carry::{CloneBody, Replay, TokenLayer, TokenService};
pub use error::{TokenError, TokenErrorKind};
pub use refresh::{Drained, Options};
pub use source::{
    Connectors, LoadedConnector, Reload, SignOut, SourceBuilder, TokenManager, TokenSource,
    UserTokens, UserTokensBuilder, blocking,
};
#[cfg(feature = "file")]
pub use store::FileStore;
#[cfg(feature = "postgres")]
pub use store::PostgresStore;
#[cfg(feature = "redis")]
pub use store::RedisStore;
#[cfg(feature = "sqlite")]
pub use store::SqliteStore;
#[cfg(feature = "keyring")]
pub use store::SystemKeyringStore;
pub use store::{
    Begin, BeginSection, Begun, Keyring, MemoryRefreshTokenStore, MemoryStore, RefreshTokenStore,
    Saved, Section, StoreError, StoreFuture, StoreName, Stored, TokenStore, Version,
};
pub use time::{Clock, Policy, SystemClock};
pub use token::{Token, TokenHeader};
pub use watch::{Event, EventKind, Metrics};

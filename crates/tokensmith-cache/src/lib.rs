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
//! - A token that is handed out is valid: its lifetime counts from when the answer came, by a clock that nobody can set and that
//!   goes on while the machine sleeps, and it is used no more a little before its end. A lifetime that is not known is five
//!   minutes ([`Policy::with_unknown_lifetime`]); one of zero is over, and an error.
//! - Reading a token that is at hand takes no lock, no allocation and no wait.
//! - One caller asks the provider; all others wait for the same token, or the same error. A caller that gives up harms nobody:
//!   whoever comes next goes on where it stopped.
//! - A token is refreshed in the last part of its lifetime, at another time in each process. One caller does it; the others get
//!   the old token, and so does everybody as long as it is valid and the provider is not well.
//! - After a failure nobody asks again before a time that grows, and not before the provider's `Retry-After`.
//! - A new refresh token is safe in the application's [`RefreshTokenStore`] before it is used.
//! - No task is made and no thread, unless it is asked for ([`Options::spawn`]; the file store has threads of its own).
//!
//! # What there is
//!
//! - [`TokenSource`]: the tokens of one request; [`blocking::TokenSource`] for threads. [`TokenManager`]: those of many tenants.
//! - [`Options::store`]: a [`TokenStore`] that a fleet shares, in memory, files or Redis, encrypted with a [`Keyring`].
//! - [`TokenLayer`](https://docs.rs/tokensmith-cache/latest/tokensmith_cache/struct.TokenLayer.html) and
//!   [`TokenMiddleware`](https://docs.rs/tokensmith-cache/latest/tokensmith_cache/struct.TokenMiddleware.html): requests of tower and
//!   reqwest that carry the token, to the hosts that are named.
//!
//! # Features
//!
//! None is on by default: without them the crate needs no runtime and no HTTP stack.
//!
//! - `file`: `FileStore`, for the processes of one machine.
//! - `redis`: `RedisStore`, for a fleet with Redis or Valkey. Needs tokio; its operations do not work in a blocking source.
//! - `tower`: `TokenLayer`.
//! - `reqwest-middleware`: `TokenMiddleware`.

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
mod testing;
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
    SignOut, SourceBuilder, TokenManager, TokenSource, UserTokens, UserTokensBuilder, blocking,
};
#[cfg(feature = "file")]
pub use store::FileStore;
#[cfg(feature = "redis")]
pub use store::RedisStore;
pub use store::{
    Begin, BeginSection, Begun, Keyring, MemoryRefreshTokenStore, MemoryStore, RefreshTokenStore,
    Saved, Section, StoreError, StoreFuture, StoreName, Stored, TokenStore, Version,
};
pub use time::{Clock, Policy, SystemClock};
pub use token::{Token, TokenHeader};
pub use watch::{Event, EventKind, Metrics};

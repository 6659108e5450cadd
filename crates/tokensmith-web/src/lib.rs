//! People sign in to a web application, by OAuth 2.0 or OpenID Connect.
//!
//! [`SignIn::begin`] gives a redirect and a cookie, [`SignIn::finish`] the token response and the
//! page to go on with. What has to survive in between (state, nonce, code verifier, issuer,
//! redirect URI, return path, time) is encrypted in the cookie; an application needs no storage and
//! no session for it. Requests and responses are those of the crate `http`. With the feature
//! `axum`:
//!
//! ```
//! # #[cfg(feature = "axum")] mod example {
//! use axum::extract::State;
//! use axum::http::HeaderMap;
//! use axum::response::Response;
//! use tokensmith_runtime::{Any, Client, ServerMetadata};
//! use tokensmith_web::{Begun, Callback, Error, SignIn};
//!
//! #[derive(Clone)]
//! struct App {
//!     client: Client<Any>, // of a generated crate, or of `ServerMetadata` as here
//!     metadata: ServerMetadata,
//!     sign_in: SignIn,     // SignIn::new("https://app.example/callback", Keyring::new("2026-11", key))
//! }
//!
//! async fn sign_in(State(app): State<App>, headers: HeaderMap) -> Result<Begun, Error> {
//!     let request = app.metadata.authorization_request()?.scope("openid");
//!     let request = request.parameter("redirect_uri", app.sign_in.redirect_uri());
//!     app.sign_in.begin(&app.client, &request, "/account", &headers).await
//! }
//!
//! async fn callback(State(app): State<App>, callback: Callback) -> Result<Response, Error> {
//!     let signed_in = app.sign_in.finish(&app.client, &callback, |code| {
//!         app.metadata.code_request(&code.code, &code.redirect_uri, code.code_verifier.as_ref())
//!     });
//!     let signed_in = signed_in.await?;
//!     let person = signed_in.id_token.as_ref().map(|id_token| id_token.subject());
//!     println!("{person:?} signed in");
//!     // Add the cookie of your own session to this:
//!     Ok(signed_in.redirect())
//! }
//! # }
//! ```
//!
//! # What is checked
//!
//! - The browser is the one that began the sign-in: the cookie has the name of `state`, and opens
//!   with the keys of the application. One browser can sign in in several tabs.
//! - The sign-in is at most ten minutes old, and of this provider, client and redirect URI.
//! - The issuer (RFC 9207), where the provider names it; that it does, where its metadata promise
//!   it.
//! - No parameter is given twice, and nothing stands there that was not asked for.
//! - The ID token, where `openid` was asked for (OpenID Connect Core section 3.1.3.7).
//! - The return path leads to a page of the application.
//!
//! Each of them has its [`ErrorKind`]. `SECURITY.md` says what the cookie does not promise: it is
//! deleted when the sign-in ends, but who has kept a copy can present it again, and then the
//! provider refuses the code. [`SignIn::store`] refuses it before.
//!
//! # Features
//!
//! - `axum`: [`Callback`] is an extractor, and [`Begun`] and [`Error`] are responses.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

#[cfg(feature = "axum")]
mod axum;
mod callback;
mod cookie;
mod error;
mod return_path;
mod sealed;
mod sign_in;
mod store;

pub use callback::Callback;
pub use error::{Error, ErrorKind};
pub use sign_in::{Begun, Returned, SignIn, SignedIn};
pub use store::{MemorySignInStore, SignInStore, StoreFuture};
pub use tokensmith_seal::Keyring;

#[cfg(test)]
mod tests;

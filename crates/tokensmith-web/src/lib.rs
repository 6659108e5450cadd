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
//! use axum::response::IntoResponse;
//! use axum::routing::{Router, get};
//! use tokensmith_runtime::{Any, Client, Credentials};
//! use tokensmith_web::{Begun, Callback, DiscoveredSignIn, Error, Keyring, SignIn};
//!
//! async fn routes(id: &str, secret: &str, key: [u8; 32]) -> Result<Router, Error> {
//!     let issuer = "https://accounts.example.com";
//!     let client = Client::<Any>::for_server(issuer, Credentials::new(id, secret))?;
//!     let sign_in = SignIn::new("https://app.example/callback", Keyring::new("2026-11", key))?;
//!     let provider = DiscoveredSignIn::discover(client, issuer, sign_in).await?;
//!     let routes = Router::new().route("/sign-in", get(sign_in_)).route("/callback", get(callback));
//!     Ok(routes.with_state(provider))
//! }
//!
//! async fn sign_in_(State(provider): State<DiscoveredSignIn>, headers: HeaderMap) -> Result<Begun, Error> {
//!     provider.begin("/account", &headers).await
//! }
//!
//! async fn callback(State(provider): State<DiscoveredSignIn>, callback: Callback) -> Result<impl IntoResponse, Error> {
//!     let signed_in = provider.finish(&callback).await?;
//!     let person = signed_in.id_token.as_ref().map(|id_token| id_token.subject());
//!     println!("{person:?} signed in");
//!     // With the cookie of your own session, or of a `SessionCookie`.
//!     Ok(signed_in)
//! }
//! # }
//! ```
//!
//! With a generated crate, or for a provider without metadata, [`SignIn`] takes the client and the
//! requests:
//!
//! ```
//! # use http::HeaderMap;
//! # use tokensmith_runtime::{AuthorizationRequest, Client, Error as RequestError, Provider, Request, TokenResponse, Transport, Secret};
//! # use tokensmith_web::{Begun, Callback, Error, SignIn, SignedIn};
//! # async fn example<P: Provider, T: Transport + Clone, A: AuthorizationRequest<Provider = P>, R: Request<Provider = P>>(
//! #     sign_in: SignIn, client: Client<P, T>, authorize: A, headers: HeaderMap, callback: Callback,
//! #     authorization_code: impl Fn(&Secret, &str) -> R,
//! # ) -> Result<(), Error> where R::Response: TokenResponse {
//! // `authorize` is `Authorize::new(sign_in.redirect_uri(), scope::OPENID)`, for example.
//! let begun = sign_in.begin(&client, &authorize, "/account", &headers).await?;
//!
//! let signed_in = sign_in.finish(&client, &callback, |returned| {
//!     // `AuthorizationCode::new(..)`, with the code verifier where there is one.
//!     Ok(authorization_code(&returned.redirect.code, &returned.redirect_uri))
//! });
//! println!("go on with {}", signed_in.await?.return_to);
//! # Ok(()) }
//! ```
//!
//! An application that calls an API for people keeps a session ([`SessionCookie`]) and their tokens
//! (`UserTokens` of `tokensmith-cache`), and sends both cookies back: `web_sign_in` among the
//! examples of the repository is such an application. A session may outlive the tokens: then
//! `UserTokens` fails with `TokenErrorKind::UserRequired`, and the person has to sign in again.
//!
//! [`sign_out`] sends the browser to the provider to end the session there, too, and [`signed_out`]
//! takes it back.
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
//! - `cache`: the tokens of people who have signed in, kept and refreshed by `tokensmith-cache`.
//! - `axum`: [`Callback`] is an extractor; [`Begun`], [`SignedIn`] and [`Error`] are responses.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

#[cfg(feature = "axum")]
mod axum;
mod callback;
mod cookie;
mod discovered;
mod error;
mod outcome;
mod redirect_uri;
mod return_path;
mod sealed;
mod session;
mod sign_in;
mod sign_out;
mod store;

pub use callback::Callback;
pub use discovered::DiscoveredSignIn;
pub use error::{Error, ErrorKind};
pub use outcome::{Begun, Returned, SignedIn};
pub use session::SessionCookie;
pub use sign_in::SignIn;
pub use sign_out::{sign_out, signed_out};
pub use store::{MemorySignInStore, SignInStore, StoreFuture};
pub use tokensmith_seal::Keyring;

#[cfg(test)]
mod tests;

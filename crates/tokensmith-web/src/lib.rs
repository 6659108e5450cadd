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
//! requests. An application that calls an API for people also keeps a session ([`SessionCookie`])
//! and their tokens (`UserTokens` of `tokensmith-cache`). With the features `axum` and `cache`:
//!
//! ```
//! # #[cfg(all(feature = "axum", feature = "cache"))] mod example {
//! use std::env::var;
//!
//! use axum::extract::State;
//! use axum::http::{HeaderMap, StatusCode, header};
//! use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
//! use axum::routing::{Router, get};
//! use base64::prelude::{BASE64_STANDARD, Engine as _};
//! use tokensmith_cache::{RefreshTokenStore, TokenError, TokenErrorKind, UserTokens};
//! use tokensmith_google::request::AccessType;
//! use tokensmith_google::{AuthorizationCode, Authorize, Client, Credentials, RefreshToken, scope};
//! use tokensmith_runtime::Secret;
//! use tokensmith_web::{Begun, Callback, Error, Keyring, SessionCookie, SignIn};
//!
//! #[derive(Clone)]
//! struct App {
//!     client: Client,
//!     sign_in: SignIn,
//!     session: SessionCookie,
//!     users: UserTokens,
//! }
//!
//! // A fleet keeps refresh tokens in a `PostgresStore`, one machine in a `SqliteStore`.
//! fn routes<S>(store: S) -> Result<Router, Box<dyn std::error::Error>>
//! where
//!     S: RefreshTokenStore + 'static,
//! {
//!     // `openssl rand -base64 32` makes the key, once. All machines have the same one. Whoever
//!     // knows it can be anybody, so it is kept where the client secret is.
//!     let key = BASE64_STANDARD.decode(var("KEY")?)?;
//!     let keys = Keyring::new("2026-11", key.as_slice().try_into()?);
//!     let client = Client::new(Credentials::new(var("CLIENT_ID")?, var("CLIENT_SECRET")?))?
//!         .issuer("https://accounts.google.com");
//!     let users = UserTokens::builder(&client, |token: &Secret| RefreshToken::new(token));
//!     let app = App {
//!         sign_in: SignIn::new("https://app.example/callback", keys.clone())?,
//!         session: SessionCookie::new("session", keys.clone()),
//!         users: users.refresh_tokens(store, keys).build()?,
//!         client,
//!     };
//!     let routes = Router::new()
//!         .route("/sign-in", get(sign_in))
//!         .route("/callback", get(callback))
//!         .route("/account", get(account));
//!     Ok(routes.with_state(app))
//! }
//!
//! async fn sign_in(State(app): State<App>, headers: HeaderMap) -> Result<Begun, Error> {
//!     // Google issues a refresh token for `offline`, and again only after another consent.
//!     let request = Authorize::new(app.sign_in.redirect_uri(), scope::OPENID)
//!         .access_type(AccessType::Offline)
//!         .prompt("consent");
//!     app.sign_in.begin(&app.client, &request, "/account", &headers).await
//! }
//!
//! async fn callback(State(app): State<App>, callback: Callback) -> Result<Response, Failure> {
//!     let signed_in = app.sign_in.finish(&app.client, &callback, |returned| {
//!         let request = AuthorizationCode::new(&returned.redirect.code, &returned.redirect_uri);
//!         Ok(match &returned.code_verifier {
//!             Some(verifier) => request.code_verifier(verifier),
//!             None => request,
//!         })
//!     });
//!     let signed_in = signed_in.await?;
//!     let id_token = signed_in.id_token.as_ref().ok_or(Failure::NotSignedIn)?;
//!     let person = id_token.subject();
//!     app.users.sign_in(person, &signed_in.response).await?;
//!     let session = AppendHeaders([(header::SET_COOKIE, app.session.keep(person)?)]);
//!     Ok((session, signed_in).into_response())
//! }
//!
//! async fn account(State(app): State<App>, headers: HeaderMap) -> Result<String, Failure> {
//!     let person = app.session.read(&headers).ok_or(Failure::NotSignedIn)?;
//!     let token = app.users.token(&person).await?;
//!     // Call the API with `token.access_token()`.
//! #   drop(token);
//!     Ok(format!("Hello, {person}"))
//! }
//!
//! enum Failure {
//!     NotSignedIn,
//!     SignIn(Error),
//!     Token(TokenError),
//! }
//!
//! impl IntoResponse for Failure {
//!     fn into_response(self) -> Response {
//!         let error = match self {
//!             // Has a status of its own, and deletes the cookie of the sign-in.
//!             Self::SignIn(error) => return error.into_response(),
//!             Self::NotSignedIn => return Redirect::to("/sign-in").into_response(),
//!             Self::Token(error) => error,
//!         };
//!         match error.kind() {
//!             // The session has outlived the tokens, or the person took the consent back.
//!             TokenErrorKind::UserRequired => Redirect::to("/sign-in").into_response(),
//!             // The provider or the store is out of order: nobody has to sign in again.
//!             _ if error.is_retryable() => {
//!                 let wait = error.retry_after().map_or(5, |wait| wait.as_secs() + 1);
//!                 let headers = [(header::RETRY_AFTER, wait.to_string())];
//!                 (StatusCode::SERVICE_UNAVAILABLE, headers, "Try again later.").into_response()
//!             }
//!             _ => {
//!                 eprintln!("{error}");
//!                 (StatusCode::INTERNAL_SERVER_ERROR, "That did not work.").into_response()
//!             }
//!         }
//!     }
//! }
//!
//! impl From<Error> for Failure {
//!     fn from(error: Error) -> Self {
//!         Self::SignIn(error)
//!     }
//! }
//!
//! impl From<TokenError> for Failure {
//!     fn from(error: TokenError) -> Self {
//!         Self::Token(error)
//!     }
//! }
//! # }
//! ```
//!
//! `web_sign_in` among the examples of the repository is an application with several providers,
//! which signs people out as well.
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

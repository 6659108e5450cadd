//! What the tests hold Tokensmith against.
//!
//! Nothing in this library but [`emitted`] knows Tokensmith's documents, model or runtime: the servers are
//! written from the providers' pages, so that a misreading on our side cannot agree with itself.
//!
//! - [`strict_server`]: an HTTP server that records exactly what arrived and responds exactly what
//!   it is told to.
//! - [`endpoint`]: a token endpoint on top of it, which names every way in which a request is not
//!   what the page asks for.
//! - [`moov`], [`moveworks`], [`workiva`]: the endpoints of the three providers the project started
//!   from.
//! - [`rfc6749`]: a server that knows the RFC and no provider.
//! - [`rotating_provider`]: one that takes each refresh token once.
//! - [`prism`]: Stoplight's Prism, which serves an OpenAPI document and judges requests by it.
//! - [`oidc_provider`]: oidc-provider, an authorization server; [`browser`] signs in there.
//! - [`oauth_clients`]: openid-client, oauth4webapi and Authlib, which ask for tokens.
//! - [`redis`], [`postgres`]: a real Redis and a real PostgreSQL that can be killed.
//! - [`random_document`]: documents that nobody would write, and somebody will; [`emitted`]: what generated
//!   files may contain.
//! - [`echo`]: how servers repeat what they were sent, and how to find it.
//! - [`example`]: the programs in `tests/examples`.
//! - [`raw`]: a client that sends the bytes it is given, to test the above.

pub mod browser;
pub mod chromium;
pub mod echo;
pub mod emitted;
pub mod endpoint;
pub mod example;
pub mod moov;
pub mod moveworks;
pub mod oauth_clients;
pub mod oidc_provider;
pub mod parameters;
pub mod peers;
pub mod postgres;
pub mod prism;
pub mod random_document;
pub mod raw;
pub mod redis;
pub mod rfc6749;
pub mod rotating_provider;
pub mod small_disk;
pub mod strict_server;
pub mod workiva;

/// The samples of README.md.
#[cfg(doctest)]
#[doc = include_str!(concat!(env!("OUT_DIR"), "/readme.md"))]
pub enum ReadMe {}

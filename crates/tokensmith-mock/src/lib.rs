//! Mocks of OAuth 2.0 providers, made of the same descriptions as their clients.
//!
//! A mock checks requests as the provider's document says, issues tokens that expire, are refreshed,
//! rotated and revoked, and refuses in the provider's own way. It needs no account, and no code for
//! any provider.
//!
//! ```
//! use tokensmith_mock::{Fault, MockProvider, Options};
//! # use tokensmith_runtime::{About, Any, Description, Listed, Provider, BaseUrl};
//! # #[derive(Debug)] struct Moov;
//! # impl Provider for Moov {
//! #     type Server = BaseUrl;
//! #     const DESCRIPTION: &'static Description<'static> = &Description::new("moov", "Moov");
//! # }
//! # impl Listed for Moov { const ABOUT: &'static About<'static> = &About::new("0.1.0"); }
//!
//! // `Moov` is the marker type of the crate `tokensmith-moov`.
//! let options = Options::new().fault(Fault::status(503).times(1));
//! let mock = MockProvider::<Moov>::with_options(options)?;
//! // let client = mock.client(Credentials::new("id", "secret"))?;
//! // let token = client.send(ClientCredentials::new()).await?;
//! assert_eq!(mock.requests().len(), 0);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # What it checks
//!
//! Method, path, headers, client authentication (which, and exactly one), the body's format, and
//! the parameters: their places, constants, types and limits. What was wrong stands in plain words
//! in the header `Tokensmith-Mock-Refusal` of the refusal and in [`SeenRequest::reason`]. The time and
//! the audience of a client assertion are checked always, its signature if clients are registered:
//! see [`MockClient::key`].
//!
//! One port serves http and https, with a certificate that is made when it is first asked for:
//! [`MockServer::certificate`]. Over https a mock sees certificates of clients (RFC 8705): see
//! [`MockClient::certificate`].
//!
//! # Control
//!
//! Tests in other languages send requests to the mock itself:
//!
//! | request | what it does |
//! |---|---|
//! | `GET /.mock` | lists the endpoints |
//! | `GET`, `DELETE /.mock/requests` | the requests that were seen, as [`SeenRequest`] |
//! | `GET /.mock/counts` | how often each grant was asked for |
//! | `GET`, `PUT`, `POST`, `DELETE /.mock/faults` | faults: replaces (`PUT`) or adds (`POST`) those of a script ([`Fault::script`]) |
//! | `GET`, `PUT`, `POST`, `DELETE /.mock/clients` | clients: replaces (`PUT`) or adds (`POST`) one or a list, `{"client_id": "app", "client_secret": "s", "redirect_uris": [], "post_logout_redirect_uris": [], "jwks": {"keys": []}, "certificate": "PEM"}`; once there is one, others are refused |
//! | `GET /.mock/certificate` | the certificate to trust over https, as PEM |
//! | `GET`, `POST /.mock/clock` | the time; `{"advance": 60}` moves it by so many seconds |
//! | `GET`, `POST /.mock/device` | a page for the code of a device; the form has `user_code` and `decision` (`approve`, `deny`) |
//! | `GET /.mock/jwks` | the key that ID tokens are signed with (ES256) |
//! | `GET /.mock/resource` | whether the token that the request carries is valid |
//!
//! The body of a script or a form needs no `Content-Type`. Requests that a web page of somebody else's
//! makes are refused: the header `Origin`, if there is one, has to be the mock's own, and the host has
//! to be an IP address or a name that nobody can register, such as `localhost` or `mock`.
//!
//! [`Provider::standard`] is a plain server of RFC 6749 and OpenID Connect. It has metadata at
//! `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`, keys at `/jwks`,
//! and `/userinfo`. Its ID tokens are signed by ES256,
//! and it binds tokens to keys (RFC 9449) and to certificates (RFC 8705). Scripts of any web page can use all of it but the
//! authorization endpoint (CORS).
//!
//! An authorization request with `approve` in its query is approved without a page.

#![cfg_attr(test, allow(clippy::unwrap_used))]
#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod certificate;
mod clock;
mod fault;
mod id_token;
mod jws;
mod mock_provider;
mod options;
mod provider;
mod refusal;
mod reply;
mod request;
mod response;
mod seen_requests;
mod server;
mod standard;
mod state;

pub use certificate::ClientCertificate;
pub use fault::{BadScript, Fault};
pub use mock_provider::MockProvider;
pub use options::{BadCertificate, MockClient, Options};
pub use provider::Provider;
pub use reply::{Delivery, REFUSAL_HEADER, Reply};
pub use seen_requests::{Count, SeenParameter, SeenRequest};
pub use server::MockServer;

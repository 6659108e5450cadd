//! What tests of users share: their requests, and machines that have their tokens.

use std::time::Duration;

use tokensmith_cache::{Keyring, Options, Policy, RefreshTokenStore, UserTokens};
use tokensmith_runtime::{
    Any, Client, Credentials, Endpoint, EndpointKind, HyperTransport, Retry, Secret, TokenRequest,
    grants,
};
use tokensmith_tests::strict_server::Server;

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

pub(crate) fn client(provider: &Server) -> Client<Any, HyperTransport> {
    let transport = HyperTransport::new().expect("a transport");
    let credentials = Credentials::new("client", "secret");
    let client = Client::with_transport(transport, provider.url().as_str(), credentials);
    client.expect("a client").retry(Retry::never())
}

/// The request that signs a user in at a
/// [`RotatingProvider`](tokensmith_tests::rotating_provider::RotatingProvider).
pub(crate) fn code(user: usize) -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &grants::AUTHORIZATION_CODE)
        .secret_parameter("code", user.to_string())
}

fn refresh(token: &Secret) -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &grants::REFRESH_TOKEN)
        .secret_parameter("refresh_token", token.clone())
}

/// A machine that waits for its store for a second, and asks again soon.
pub(crate) fn machine(provider: &Server, store: impl RefreshTokenStore + 'static) -> UserTokens {
    let policy = Policy::default()
        .with_lease(Duration::from_secs(2))
        .with_store_timeout(Duration::from_secs(1))
        .with_cool_down(Duration::from_millis(50), Duration::from_millis(200));
    let users = UserTokens::builder(&client(provider), refresh)
        .options(Options::default().policy(policy))
        .refresh_tokens(store, Keyring::new("key", [7; 32]));
    users.build().expect("users")
}

//! No source has the tokens of a user without a subject, in whatever order it is set up.

use tokensmith_cache::{Keyring, MemoryRefreshTokenStore, TokenManager, TokenSource, UserTokens};
use tokensmith_moov::{Client, ClientCredentials, RefreshToken, Secret};

fn refresh(token: &Secret) -> RefreshToken {
    RefreshToken::new(token)
}

fn sources(client: &Client, store: MemoryRefreshTokenStore, keyring: Keyring) {
    let grant = ClientCredentials::new();
    let _ = TokenSource::builder(client).grant(grant).refresh(refresh);
    let _ = TokenSource::builder(client).refresh(refresh).grant(grant);
    let _ = TokenSource::builder(client).grant(grant).refresh_tokens(store, keyring);
    let _ = TokenSource::builder(client).refresh_tokens(store, keyring).grant(grant);
    let _ = TokenSource::builder(client).grant(grant).refresh_token("theirs");
    let _ = UserTokens::builder(client, refresh).grant(grant);
}

fn entries(manager: &TokenManager, client: &Client) {
    let _ = manager.source_with(client, "theirs");
}

async fn users(users: &UserTokens) {
    let _ = users.token().await;
    let _ = users.source();
    let _ = users.source_with("theirs");
}

fn main() {}

mod events;
mod eviction;
mod life;
mod messages;
mod reuse;
mod safety;
mod signing;
mod verdicts;

use tokensmith_runtime::{self as runtime, Any, Secret, TokenRequest};

use super::{UserTokens, UserTokensBuilder};
use crate::testing::{
    Fault, Faulty, HOUR, MINUTE, REFRESH_TOKEN, SECOND, TOKEN, World, ask, run_all_tasks,
};
use crate::{Keyring, MemoryRefreshTokenStore, MemoryStore, TokenErrorKind};

fn refresh(token: &Secret) -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", token.clone())
}

fn builder(world: &World) -> UserTokensBuilder<Any, World> {
    UserTokens::builder(&world.client(), refresh).options(world.options())
}

fn keyring() -> Keyring {
    Keyring::new("key", [7; 32])
}

/// A store that machines share, and that fails when it is told to.
fn store(world: &World) -> Faulty {
    Faulty::new(MemoryRefreshTokenStore::with_clock(world.clone()))
}

/// A machine that uses the store.
fn machine(world: &World, store: &Faulty) -> UserTokens {
    let users = builder(world).refresh_tokens(store.clone(), keyring());
    users.build().expect("users")
}

fn rotating() -> World {
    let world = World::default();
    world.provider(|provider| provider.rotates = true);
    world
}

/// What a code exchange returns.
fn response(refresh_token: &str) -> runtime::Token {
    let mut token: runtime::Token =
        serde_json::from_value(serde_json::json!({"access_token": "from the code exchange"}))
            .expect("a token");
    token.refresh_token = Some(refresh_token.into());
    token
}

/// A machine on which a user has signed in, whose access token has expired since.
async fn signed_in(world: &World, store: &Faulty) -> UserTokens {
    let users = machine(world, store);
    let signed_in = users.sign_in("ada", &response("refresh-0")).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    users
}

async fn token(world: &World, users: &UserTokens) -> Result<String, crate::TokenError> {
    let source = users.source("ada").expect("a source");
    let token = ask(world, &source).await;
    token.map(|token| token.access_token().to_owned())
}

/// The refresh tokens that were sent to the token endpoint, in their order.
fn used(world: &World) -> Vec<String> {
    world.provider(|provider| {
        let bodies = provider.requests.iter().map(|(_, body)| body.as_str());
        let forms = bodies.map(|body| body.split('&'));
        forms
            .filter_map(|mut form| form.find_map(|pair| pair.strip_prefix("refresh_token=")))
            .map(str::to_owned)
            .collect()
    })
}

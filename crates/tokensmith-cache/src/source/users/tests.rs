mod code;
mod dpop;
mod endless;
mod events;
mod eviction;
mod life;
mod messages;
mod order;
mod reuse;
mod safety;
mod sections;
mod seed;
mod shared_store;
mod shutdown;
mod sign_in;
mod sign_out;
mod threads;
mod unsaved;
mod verdicts;

use futures_util::FutureExt as _;
use tokensmith_runtime::{self as runtime, Any, Endpoint, Secret, TokenRequest};
use tokio::task::JoinHandle;

use self::reuse::Line;
use super::{SignOut, UserTokens, UserTokensBuilder};
use crate::refresh::Stored;
use crate::testing::{
    Fault, Faulty, HOUR, MINUTE, REFRESH_TOKEN, REVOCATION, REVOKE, SECOND, TOKEN, World, ask,
    run_all_tasks,
};
use crate::{
    Keyring, MemoryRefreshTokenStore, MemoryStore, Options, RefreshTokenStore as _, StoreName,
    Token, TokenError, TokenErrorKind,
};

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

async fn token(world: &World, users: &UserTokens) -> Result<String, TokenError> {
    let source = users.source("ada").expect("a source");
    let token = ask(world, &source).await;
    token.map(|token| token.access_token().to_owned())
}

/// Asks for a token in a task of its own.
fn asking(users: &UserTokens) -> JoinHandle<Result<Token, TokenError>> {
    let users = users.clone();
    tokio::spawn(async move { users.token("ada").await })
}

/// Signs the user out in a task of its own.
fn signing_out(users: &UserTokens) -> JoinHandle<Result<SignOut, TokenError>> {
    let users = users.clone();
    tokio::spawn(async move { users.sign_out("ada").await })
}

async fn sign_in(users: &UserTokens, refresh_token: &str) {
    let signed_in = users.sign_in("ada", &response(refresh_token)).await;
    signed_in.expect("signed in");
}

/// Signs the user out, in all stores, where nothing is revoked.
async fn sign_out(users: &UserTokens) {
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.is_complete(), "{left:?}");
}

/// Signs the user out, and lets time go by for what is revoked.
async fn sign_out_and_revoke(world: &World, users: &UserTokens) {
    let signing_out = signing_out(users);
    world.pass(SECOND / 5).await;
    let left = signing_out.await.expect("no panic").expect("a subject");
    assert!(left.is_complete(), "{left:?}");
}

/// Asks for a token, whose response is lost; then waits until somebody may ask again.
async fn lose_a_response(world: &World, users: &UserTokens) {
    world.provider(|provider| provider.loses_response = true);
    let error = token(world, users).await.expect_err("lost");
    assert_eq!(error.kind(), TokenErrorKind::Exchange);
    world.provider(|provider| provider.loses_response = false);
    world.jump(2 * MINUTE);
}

/// A machine that asks at an endpoint of its own.
fn machine_of(world: &World, endpoint: &'static Endpoint<'static>, store: &Faulty) -> UserTokens {
    machine_with(world, endpoint, store, world.options())
}

fn machine_with(
    world: &World,
    endpoint: &'static Endpoint<'static>,
    store: &Faulty,
    options: Options,
) -> UserTokens {
    let users = UserTokens::builder(&world.client(), |token| {
        TokenRequest::new(endpoint, &REFRESH_TOKEN).secret_parameter("refresh_token", token.clone())
    });
    let users = users
        .options(options)
        .refresh_tokens(store.clone(), keyring());
    users.build().expect("users")
}

/// A machine on a line of its own to a provider that detects reuse.
fn machine_on(line: &Line, store: &Faulty, options: Options) -> UserTokens {
    let users = UserTokens::builder(&line.client(), refresh).options(options);
    let users = users.refresh_tokens(store.clone(), keyring());
    users.build().expect("users")
}

/// The store has a sign-in, and the machine does not know it yet. Meanwhile a refresh gets another refresh token, which cannot
/// be saved: the sign-in must not forget it.
async fn a_refresh_while_signing_in_cannot_save(
    sign_in: impl FnOnce(&World, &UserTokens) -> JoinHandle<Result<Token, TokenError>>,
) {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let users = machine(&world, &mine);
    mine.fail("put", Fault::StopsAfter);
    let signing_in = sign_in(&world, &users);
    world.pass(SECOND / 5).await;
    mine.mend();
    mine.fail("save", Fault::Refuses);
    let asked = asking(&users);
    world.pass(SECOND / 5).await;
    asked.await.expect("no panic").expect("a token");
    assert_eq!(users.metrics().unsaved, 1);
    mine.resume();
    run_all_tasks().await;
    signing_in.await.expect("no panic").expect("signed in");
    assert_eq!(users.metrics().unsaved, 1, "there is no other copy");
    mine.mend();
    world.pass(MINUTE).await;
    assert_eq!(used(&world), ["refresh-0"]);
    assert_eq!(stored_token(&users, &store), Some(newest(&world)));
}

/// The refresh token that the provider gave last.
fn newest(world: &World) -> String {
    world.provider(|provider| provider.refresh_token.clone())
}

/// A machine that revokes refresh tokens at the provider.
fn revoking(world: &World, store: &Faulty) -> UserTokens {
    let users = builder(world).revoke(|token| {
        TokenRequest::new(&REVOCATION, &REVOKE).secret_parameter("token", token.clone())
    });
    let users = users.refresh_tokens(store.clone(), keyring());
    users.build().expect("users")
}

/// The refresh tokens that were sent to the token endpoint, in their order.
fn used(world: &World) -> Vec<String> {
    sent(world, "refresh_token=")
}

/// The refresh tokens that were revoked, in their order.
fn revoked(world: &World) -> Vec<String> {
    sent(world, "token=")
}

/// The values of a parameter in all requests.
fn sent(world: &World, parameter: &str) -> Vec<String> {
    world.provider(|provider| {
        let bodies = provider.requests.iter().map(|(_, body)| body.as_str());
        let forms = bodies.map(|body| body.split('&'));
        forms
            .filter_map(|mut form| form.find_map(|pair| pair.strip_prefix(parameter)))
            .map(str::to_owned)
            .collect()
    })
}

fn entry(users: &UserTokens) -> StoreName {
    users.refresh_token_name("ada").expect("a subject")
}

/// What the store has of the user.
fn stored(users: &UserTokens, store: &Faulty) -> Option<Stored> {
    let entry = entry(users);
    let sealed = store.store.load(&entry).now_or_never().expect("no wait");
    let sealed = sealed.expect("no fault")?;
    let refresh_tokens = users.0.refresh_tokens().expect("a refresh_tokens");
    Some(refresh_tokens.open(&entry, &sealed).expect("the key"))
}

fn stored_token(users: &UserTokens, store: &Faulty) -> Option<String> {
    let stored = stored(users, store)?;
    let credential = stored.credential()?;
    Some(credential.refresh_token.expose().to_owned())
}

use super::TokenManager;
use crate::testing::{HOUR, REFRESH_TOKEN, TOKEN, World, request};
use crate::{Options, TokenErrorKind, TokenSource};
use tokensmith_runtime::TokenRequest;

fn manager(world: &World, capacity: usize) -> TokenManager {
    world.provider(|provider| provider.latency = std::time::Duration::ZERO);
    TokenManager::with_options(capacity, world.options()).expect("a manager")
}

#[tokio::test]
async fn each_tenant_has_a_token_of_its_own() {
    let world = World::default();
    let manager = manager(&world, 100);
    for _ in 0..2 {
        for tenant in 0..10 {
            let request = request().parameter("client_tenant", tenant.to_string());
            manager
                .token(&world.client(), &request)
                .await
                .expect("a token");
        }
    }
    assert_eq!(world.requests(), 10);
    let metrics = manager.metrics();
    assert_eq!(
        (metrics.hits, metrics.misses, metrics.refreshes),
        (10, 10, 10)
    );
    assert_eq!((metrics.failures, metrics.waits, manager.len()), (0, 0, 10));
    assert!(!format!("{manager:?}").contains("S3cret"));
}

#[tokio::test]
async fn scopes_are_the_same_in_any_order_and_secrets_are_not() {
    let world = World::default();
    let manager = manager(&world, 100);
    let client = world.client();
    for scope in ["a b", "b a"] {
        manager
            .token(&client, &request().scope(scope))
            .await
            .expect("a token");
    }
    assert_eq!(world.requests(), 1);
    let other = tokensmith_runtime::Client::with_transport(
        world.clone(),
        "https://auth.example.com",
        tokensmith_runtime::Credentials::new("client", "another secret"),
    );
    let other = other.expect("a client");
    manager
        .token(&other, &request().scope("a b"))
        .await
        .expect("a token");
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn there_is_room_for_so_many_and_what_is_in_use_stays() {
    let world = World::default();
    let manager = manager(&world, 50);
    let used = manager
        .source(&world.client(), request())
        .expect("a source");
    let token = used.token().await.expect("a token");
    for tenant in 0..1000 {
        let request = request().parameter("tenant", tenant.to_string());
        // Used more often than the other one.
        for _ in 0..3 {
            manager
                .token(&world.client(), &request)
                .await
                .expect("a token");
        }
    }
    assert!(manager.len() <= 51, "{} tokens", manager.len());
    let again = manager
        .token(&world.client(), &request())
        .await
        .expect("a token");
    assert_eq!(again.access_token(), token.access_token());
    assert_eq!(world.requests(), 1001);
}

#[tokio::test]
async fn a_source_and_its_manager_share_a_token() {
    let world = World::default();
    let manager = manager(&world, 10);
    let source = manager
        .source(&world.client(), request())
        .expect("a source");
    let token = manager
        .token(&world.client(), &request())
        .await
        .expect("a token");
    assert_eq!(
        source.cached().expect("a token").access_token(),
        token.access_token()
    );
    assert!(source.invalidate(&token));
    world.jump(HOUR);
    manager
        .token(&world.client(), &request())
        .await
        .expect("a token");
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn users_of_refresh_tokens_are_told_apart_by_name() {
    let world = World::default();
    let manager = manager(&world, 10);
    let builder = |token: &str| {
        TokenSource::builder(&world.client())
            .refresh(|token| {
                TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", token)
            })
            .refresh_token(token)
    };
    let error = builder("refresh-0")
        .build_in(&manager)
        .expect_err("no subject");
    assert_eq!(error.kind(), TokenErrorKind::Config);
    let ada = builder("refresh-0")
        .subject("ada")
        .build_in(&manager)
        .expect("a source");
    let bob = builder("revoked")
        .subject("bob")
        .build_in(&manager)
        .expect("a source");
    ada.token().await.expect("a token");
    bob.token().await.expect_err("bob has no token");
    let error = TokenSource::builder(&world.client())
        .options(Options::default())
        .build();
    assert_eq!(
        error.expect_err("no request").kind(),
        TokenErrorKind::Config
    );
}

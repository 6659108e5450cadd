use std::time::Duration;

use tokensmith_runtime::{Endpoint, TokenRequest, TokenUse};

use super::TokenManager;
use crate::testing::{
    CLIENT_CREDENTIALS, CODE, HOUR, SECOND, TOKEN, World, ask, asking, request, run_all_tasks,
};
use crate::{Options, TokenErrorKind, TokenHeader, TokenSource};

fn manager(world: &World, capacity: usize) -> TokenManager {
    world.provider(|provider| provider.latency = Duration::ZERO);
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
    assert!(!source.invalidate(&token), "it is too young");
    world.jump(HOUR / 2);
    assert!(source.invalidate(&token));
    manager
        .token(&world.client(), &request())
        .await
        .expect("a token");
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn a_wait_outlives_the_slot_until_an_operator_ends_it() {
    let world = World::default();
    let manager = manager(&world, 10);
    world.provider(|provider| {
        provider
            .responses
            .push_back((429, Some(600), String::new()))
    });
    let waits = || request().parameter("tenant", "waits");
    let client = world.client();
    manager.token(&client, &waits()).await.expect_err("429");
    for tenant in 0..30 {
        let request = request().parameter("tenant", tenant.to_string());
        for _ in 0..3 {
            manager.token(&client, &request).await.expect("a token");
        }
    }
    assert!(manager.len() <= 10 && manager.metrics().evictions > 0);
    let requests = world.requests();
    world.jump(60 * SECOND);
    let error = manager.token(&client, &waits()).await.expect_err("a wait");
    assert!(error.retry_after().expect("a wait") > 500 * SECOND);
    assert_eq!(world.requests(), requests);
    manager.clear_waits();
    manager.token(&client, &waits()).await.expect("a token");
}

#[tokio::test]
async fn no_provider_has_everybody_wait_for_a_day() {
    let world = World::default();
    world.provider(|provider| {
        provider
            .responses
            .push_back((429, Some(86_400), String::new()))
    });
    let source = TokenSource::builder(&world.client()).grant(request());
    let source = source.options(world.options()).build().expect("a source");
    ask(&world, &source).await.expect_err("429");
    let error = source.token().await.expect_err("a wait");
    assert!(error.retry_after().expect("a wait") <= HOUR);
    source.clear_wait().await.expect("no store");
    ask(&world, &source).await.expect("a token");
}

#[tokio::test]
async fn a_source_without_a_request_is_refused() {
    let world = World::default();
    let builder = TokenSource::builder(&world.client()).options(Options::default());
    let error = builder.build().expect_err("no request");
    assert_eq!(error.kind(), TokenErrorKind::Config);
}

/// A code is good once: its exchange is driven to its end, whoever waits.
#[tokio::test]
async fn drain_waits_for_a_code_in_flight() {
    for is_of_manager in [true, false] {
        let world = World::default();
        let manager = TokenManager::with_options(10, world.options()).expect("a manager");
        let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", "c");
        let builder = TokenSource::builder(&world.client()).grant(code);
        let source = if is_of_manager {
            builder.build_in(&manager)
        } else {
            builder.options(world.options()).build()
        };
        let source = source.expect("a source");
        let asked = asking(&source);
        run_all_tasks().await;
        assert_eq!(world.requests(), 1, "it was sent");
        asked.abort();
        assert_eq!(source.drain(Duration::ZERO).await.in_flight, 1);
        let of_manager = manager.drain(Duration::ZERO).await;
        assert_eq!(of_manager.in_flight, usize::from(is_of_manager));
        let draining = tokio::spawn({
            let source = source.clone();
            async move { source.drain(HOUR).await }
        });
        world.pass(SECOND).await;
        assert!(draining.await.expect("no panic").is_complete());
        source.cached().expect("the token that nobody waited for");
    }
}

static IN_A_HEADER: Endpoint<'static> = TOKEN.with_token_use(TokenUse::Header {
    name: "X-Api-Token",
    pattern: "Token {token}",
});
static IN_THE_QUERY: Endpoint<'static> =
    TOKEN.with_token_use(TokenUse::Query { name: "api_token" });

/// A manager has one place for the tokens of all its sources.
#[tokio::test]
async fn a_source_whose_provider_takes_tokens_elsewhere_is_refused_unless_the_manager_says_where() {
    let world = World::default();
    let source = |endpoint: &'static Endpoint<'static>, manager: &TokenManager| {
        let request = TokenRequest::new(endpoint, &CLIENT_CREDENTIALS);
        let source = TokenSource::builder(&world.client()).grant(request);
        source.build_in(manager)
    };
    let unset = manager(&world, 10);
    for (endpoint, place) in [
        (&IN_A_HEADER, "the header `x-api-token` as `Token {token}`"),
        (
            &IN_THE_QUERY,
            "the parameter `api_token` of the URL's query",
        ),
    ] {
        let error = source(endpoint, &unset).expect_err("another place");
        assert_eq!(error.kind(), TokenErrorKind::Config);
        let message = error.to_string();
        assert!(message.contains(place), "{message}");
        assert!(message.contains("Options::header"), "{message}");
    }
    source(&TOKEN, &unset).expect("the usual place");

    let header = TokenHeader::new("X-Api-Token", "Token {token}").expect("a header");
    let set = TokenManager::with_options(10, world.options().header(header));
    let source = source(&IN_A_HEADER, &set.expect("a manager")).expect("a source");
    let token = ask(&world, &source).await.expect("a token");
    let expected = format!("Token {}", token.access_token());
    assert_eq!(token.header_value(), expected.as_str());
}

//! What a token at hand is and holds, and for how long it is at hand.

use tokensmith_runtime::{Endpoint, EndpointKind, Expiry, ExpiryFormat, TokenRequest};

use super::*;
use crate::testing::{CLIENT_CREDENTIALS, REFRESH_TOKEN, TOKEN};
use crate::{Keyring, MemoryStore, TokenHeader, TokenManager};

#[tokio::test]
async fn a_token_at_hand_costs_no_request() {
    let world = World::default();
    let source = source(&world);
    assert!(source.cached().is_none());
    let token = ask(&world, &source).await.expect("a token");
    assert_eq!(
        token.header_value().as_bytes(),
        format!("Bearer {}", token.access_token()).as_bytes()
    );
    assert!(token.header_value().is_sensitive());
    assert!(!format!("{token:?} {source:?}").contains(token.access_token()));
    world.jump(HOUR / 2);
    assert!(source.cached().is_some());
    let again = source
        .token()
        .now_or_never()
        .expect("no wait")
        .expect("a token");
    assert_eq!(again.access_token(), token.access_token());
    assert_eq!(world.requests(), 1);
    let metrics = source.metrics();
    assert_eq!((metrics.hits, metrics.misses), (2, 1));
}

#[tokio::test]
async fn a_token_of_unknown_lifetime_is_used_for_some_minutes() {
    let world = World::default();
    world.provider(|provider| provider.lifetime = None);
    let source = with(&world, Policy::default().with_jitter(0.0));
    let token = ask(&world, &source).await.expect("a token");
    assert_eq!(token.expires_at(), None);
    world.jump(4 * MINUTE - SECOND);
    assert!(source.cached().is_some());
    world.provider(|provider| provider.is_down = true);
    world.jump(MINUTE);
    ask(&world, &source).await.expect_err("no token");
}

/// A provider whose description says that a lifetime of zero means "never".
static NEVER: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_operations(&[&CLIENT_CREDENTIALS])
    .with_expiry(Expiry::new(ExpiryFormat::Seconds).zero_is_never());

#[tokio::test]
async fn a_token_that_never_expires_is_at_hand_until_it_is_refused() {
    let world = World::default();
    world.provider(|provider| provider.lifetime = Some(0));
    let shared = MemoryStore::with_clock(world.clone());
    let source = || {
        let options = world.options();
        let options = options.store(shared.clone(), Keyring::new("key", [7; 32]));
        let request = TokenRequest::new(&NEVER, &CLIENT_CREDENTIALS);
        let builder = TokenSource::builder(&world.client()).grant(request);
        builder.options(options).build().expect("a source")
    };
    let (first, other) = (source(), source());
    for source in [&first, &other] {
        let token = ask(&world, source).await.expect("a token");
        assert!(token.never_expires());
        assert_eq!(token.expires_at(), None);
    }
    world.jump(100 * 365 * 24 * HOUR);
    for source in [&first, &other] {
        let token = source.cached().expect("it is at hand");
        assert!(source.invalidate(&token));
    }
    assert_eq!(world.requests(), 1, "the other one came from the store");
    ask(&world, &first).await.expect("a token");
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn only_the_token_at_hand_can_be_dropped() {
    let world = World::default();
    let source = source(&world);
    let old = ask(&world, &source).await.expect("a token");
    assert!(!source.invalidate(&old), "it is too young");
    world.jump(MINUTE);
    assert!(source.invalidate(&old));
    assert!(!source.invalidate(&old), "it is gone already");
    assert!(source.cached().is_none());
    let new = ask(&world, &source).await.expect("a token");
    assert!(!source.invalidate(&old), "it was replaced");
    assert!(source.cached().is_some());
    assert_ne!(new.access_token(), old.access_token());
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn a_request_with_a_refresh_token_is_refused_in_whatever_order_the_source_is_set_up() {
    let world = World::default();
    let client = world.client();
    let theirs =
        || TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", "used once");
    let manager = TokenManager::with_options(10, world.options()).expect("a manager");
    let builder = || TokenSource::builder(&client);
    let builders = [
        builder().grant(theirs()),
        builder().grant(theirs()).subject("ada"),
        builder().subject("ada").grant(theirs()),
        builder().grant(theirs()).options(world.options()),
        builder().options(world.options()).grant(theirs()),
        builder().grant(request()).grant(theirs()),
    ];
    for (index, builder) in builders.into_iter().enumerate() {
        let source = match index % 2 {
            0 => builder.build(),
            _ => builder.build_in(&manager),
        };
        let error = source.expect_err("no source");
        assert_eq!(error.kind(), TokenErrorKind::Config, "{index}");
        assert!(error.to_string().contains("UserTokens"), "{index}: {error}");
    }
    TokenSource::new(&client, theirs()).expect_err("no source");
    manager.source(&client, theirs()).expect_err("no source");
    let error = manager.token(&client, &theirs()).await;
    assert_eq!(error.expect_err("no token").kind(), TokenErrorKind::Config);
    assert_eq!((world.requests(), manager.len()), (0, 0));
}

#[tokio::test]
async fn the_header_is_the_api_s() {
    let world = World::default();
    let header = TokenHeader::new("X-Shopify-Access-Token", "{token}").expect("a header");
    let builder = TokenSource::builder(&world.client()).grant(request());
    let source = builder
        .options(world.options().header(header))
        .build()
        .expect("a source");
    let token = ask(&world, &source).await.expect("a token");
    assert_eq!(source.header_name(), "x-shopify-access-token");
    assert_eq!(
        token.header_value().as_bytes(),
        token.access_token().as_bytes()
    );
    for (name, pattern) in [
        ("no name", "{token}"),
        ("x", "token"),
        ("x", "{token}{token}"),
        ("x", "\n{token}"),
    ] {
        let error = TokenHeader::new(name, pattern).expect_err("no header");
        assert_eq!(error.kind(), TokenErrorKind::Config);
    }
}

#[tokio::test]
async fn what_came_with_the_token_is_there() {
    let world = World::default();
    let body = r#"{"access_token":"t","token_type":"bearer","expires_in":60,"scope":"a b",
        "instance_url":"https://na1.example.com","id_token":"id"}"#;
    world.provider(|provider| provider.responses.push_back((200, None, body.to_owned())));
    let source = source(&world);
    let token = ask(&world, &source).await.expect("a token");
    assert_eq!(token.token_type(), "bearer");
    assert_eq!(
        token.get("instance_url").and_then(|url| url.as_str()),
        Some("https://na1.example.com")
    );
    assert_eq!(token.id_token().map(|token| token.expose()), Some("id"));
    let scopes = token.scopes().map(|scopes| scopes.collect::<Vec<_>>());
    assert_eq!(scopes, Some(vec!["a", "b"]));
}

#[test]
fn a_request_with_a_refresh_token_is_refused_whatever_its_grant() {
    use tokensmith_runtime::{Endpoint, EndpointKind, Operation, Parameter, TokenRequest};

    static NAMELESS: Operation<'static> =
        Operation::new().with_parameters(&[Parameter::new("refresh_token").secret()]);
    static TOKEN: Endpoint<'static> =
        Endpoint::new(EndpointKind::Token, &["/token"]).with_operations(&[&NAMELESS]);
    let client = World::default().client();
    let source = TokenSource::new(&client, TokenRequest::new(&TOKEN, &NAMELESS));
    source.expect("a source without a refresh token");
    let request = TokenRequest::new(&TOKEN, &NAMELESS).secret_parameter("refresh_token", "theirs");
    let error = TokenSource::new(&client, request).expect_err("a refresh token");
    assert_eq!(error.kind(), TokenErrorKind::Config);
    assert!(error.to_string().contains("UserTokens"), "{error}");
}

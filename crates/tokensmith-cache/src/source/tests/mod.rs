use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tokio::spawn;

use super::TokenSource;
use crate::testing::{HOUR, MINUTE, SECOND, World, ask, request, settle};
use crate::{Clock as _, Policy, TokenErrorKind, TokenHeader};

fn source(world: &World) -> TokenSource {
    with(world, Policy::default())
}

fn with(world: &World, policy: Policy) -> TokenSource {
    TokenSource::builder(&world.client())
        .grant(request())
        .options(world.options().policy(policy))
        .build()
        .expect("a source")
}

#[tokio::test]
async fn ten_thousand_callers_make_one_request() {
    let world = World::default();
    let source = source(&world);
    for lifetime in 1..=3 {
        let callers = (0..10_000).map(|_| {
            let source = source.clone();
            spawn(async move { source.token().await })
        });
        let callers: Vec<_> = callers.collect();
        world.pass(SECOND).await;
        let tokens = join_all(callers).await;
        assert_eq!(world.requests(), lifetime);
        for token in tokens {
            let token = token.expect("no panic").expect("a token");
            assert!(
                token
                    .access_token()
                    .starts_with(&format!("client.{lifetime}."))
            );
        }
        // They come again when the token is at its end.
        world.jump(2 * HOUR);
    }
}

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
}

#[tokio::test]
async fn one_caller_refreshes_early_and_the_others_keep_the_old_token() {
    for lifetime in [60_u32, 3600, 60 * 24 * 3600] {
        let world = World::default();
        world.provider(|provider| provider.lifetime = Some(lifetime.into()));
        let source = with(&world, Policy::default().with_jitter(0.0));
        let old = ask(&world, &source).await.expect("a token");
        let early = (SECOND * lifetime / 5).min(24 * HOUR);
        world.jump(SECOND * lifetime - early - SECOND);
        assert!(source.cached().is_some(), "{lifetime} s: too early");
        world.jump(SECOND);
        assert!(source.cached().is_none(), "{lifetime} s: too late");
        let first = spawn({
            let source = source.clone();
            async move { source.token().await }
        });
        settle().await;
        for _ in 0..100 {
            let token = source
                .token()
                .now_or_never()
                .expect("no wait")
                .expect("a token");
            assert_eq!(token.access_token(), old.access_token());
        }
        let first = first.await.expect("no panic").expect("a token");
        assert_eq!(first.access_token(), old.access_token(), "at once, too");
        world.pass(SECOND).await;
        let new = source.cached().expect("a new token");
        assert_ne!(new.access_token(), old.access_token());
        assert_eq!(world.requests(), 2);
    }
}

#[tokio::test]
async fn processes_refresh_at_times_of_their_own() {
    let world = World::default();
    let mut times = Vec::new();
    let sources: Vec<_> = (0..40).map(|_| source(&world)).collect();
    for source in &sources {
        ask(&world, source).await.expect("a token");
    }
    world.jump(HOUR * 4 / 5 - MINUTE);
    for minute in 0..10 {
        times.push((
            minute,
            sources
                .iter()
                .filter(|source| source.cached().is_none())
                .count(),
        ));
        world.jump(MINUTE);
    }
    let some = times
        .iter()
        .filter(|(_, due)| (1..40).contains(due))
        .count();
    assert!(some >= 3, "{times:?}");
    assert_eq!(times.last().map(|(_, due)| *due), Some(40));
}

#[tokio::test]
async fn a_refresh_behind_the_scenes_keeps_nobody_waiting() {
    let world = World::default();
    let options = world.options().spawn(|refresh| drop(spawn(refresh)));
    let builder = TokenSource::builder(&world.client()).grant(request());
    let source = builder.options(options).build().expect("a source");
    let old = ask(&world, &source).await.expect("a token");
    world.jump(HOUR - MINUTE);
    for _ in 0..10 {
        let token = source
            .token()
            .now_or_never()
            .expect("no wait")
            .expect("a token");
        assert_eq!(token.access_token(), old.access_token());
    }
    world.pass(SECOND).await;
    let new = source.cached().expect("a new token");
    assert_ne!(new.access_token(), old.access_token());
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn the_first_caller_may_give_up() {
    let world = World::default();
    let source = source(&world);
    let callers: Vec<_> = (0..3)
        .map(|_| {
            let source = source.clone();
            spawn(async move { source.token().await })
        })
        .collect();
    settle().await;
    callers[0].abort();
    callers[1].abort();
    world.pass(SECOND).await;
    for (index, caller) in callers.into_iter().enumerate() {
        let outcome = caller.await;
        assert_eq!(outcome.is_ok(), index == 2, "{outcome:?}");
    }
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn who_looks_late_gets_no_token_that_ended_meanwhile() {
    let world = World::default();
    let source = source(&world);
    let mut late = Box::pin({
        let source = source.clone();
        async move { source.token().await }
    });
    assert!((&mut late).now_or_never().is_none());
    ask(&world, &source).await.expect("a token");
    world.jump(2 * HOUR);
    let late = spawn(late);
    world.pass(SECOND).await;
    let token = late.await.expect("no panic").expect("a token");
    assert!(token.access_token().starts_with("client.2."));
}

#[tokio::test]
async fn where_all_give_up_the_next_one_goes_on() {
    let world = World::default();
    let source = source(&world);
    let caller = spawn({
        let source = source.clone();
        async move { source.token().await }
    });
    settle().await;
    caller.abort();
    world.pass(MINUTE).await;
    let token = ask(&world, &source).await.expect("a token");
    assert!(token.access_token().starts_with("client.1."));
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn an_answer_that_nobody_waited_for_is_as_old_as_it_is() {
    let world = World::default();
    let source = source(&world);
    for (rest, requests) in [(HOUR / 2, 1), (2 * HOUR, 3)] {
        let caller = spawn({
            let source = source.clone();
            async move { source.token().await }
        });
        settle().await;
        caller.abort();
        world.pass(rest).await;
        let token = ask(&world, &source).await.expect("a token");
        let end = token.access_token().rsplit('.').next();
        let end: u64 = end.and_then(|end| end.parse().ok()).expect("a time");
        assert!(world.now() < Duration::from_millis(end));
        assert_eq!(world.requests(), requests);
        // Its end is an hour after it was sent, whenever that was.
        world.jump(Duration::from_millis(end) - world.now());
        assert!(source.cached().is_none());
        world.jump(HOUR);
    }
}

#[tokio::test]
async fn a_refresh_that_was_given_up_long_ago_is_begun_anew_if_it_failed() {
    let world = World::default();
    world.provider(|provider| provider.is_silent = true);
    let source = source(&world);
    let caller = spawn({
        let source = source.clone();
        async move { source.token().await }
    });
    settle().await;
    caller.abort();
    world.pass(HOUR).await;
    world.provider(|provider| provider.is_silent = false);
    ask(&world, &source).await.expect("a token");
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn all_who_wait_get_the_same_error_and_nobody_asks_again_too_soon() {
    let world = World::default();
    world.provider(|provider| {
        let answer = (429, Some(600), r#"{"error":"slow_down"}"#.to_owned());
        provider.answers.extend([answer.clone(), answer]);
    });
    let source = source(&world);
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let source = source.clone();
            spawn(async move { source.token().await })
        })
        .collect();
    world.pass(SECOND).await;
    for caller in callers {
        let error = caller.await.expect("no panic").expect_err("no token");
        assert_eq!(error.kind(), TokenErrorKind::Exchange);
        let exchange = error.exchange().expect("what went wrong");
        assert_eq!(exchange.status(), Some(429));
    }
    for _ in 0..590 {
        let error = source
            .token()
            .now_or_never()
            .expect("no wait")
            .expect_err("no token");
        assert!(error.retry_after().expect("a wait") <= SECOND * 600);
        world.jump(SECOND);
    }
    assert_eq!(
        world.requests(),
        1,
        "the provider was asked within Retry-After"
    );
    world.jump(SECOND * 12);
    ask(&world, &source).await.expect_err("no token");
    world.jump(SECOND * 601);
    ask(&world, &source).await.expect("a token");
    assert_eq!(world.requests(), 3);
}

#[tokio::test]
async fn an_hour_without_the_provider() {
    let world = World::default();
    world.provider(|provider| provider.lifetime = Some(4 * 3600));
    let source = source(&world);
    let old = ask(&world, &source).await.expect("a token");
    world.provider(|provider| provider.is_down = true);
    // Into the time for a refresh, and an hour on: the old token is good until its end.
    world.jump(HOUR * 32 / 10);
    ask(&world, &source).await.expect("the old token");
    world.pass(SECOND / 2).await;
    assert!(source.cached().is_some(), "a plain read again, for a while");
    for _ in 0..(39 * 60) {
        let token = ask(&world, &source).await.expect("the old token");
        assert_eq!(token.access_token(), old.access_token());
        world.pass(SECOND).await;
    }
    assert!(world.requests() < 70, "{} requests", world.requests());
    world.jump(20 * MINUTE);
    let error = ask(&world, &source).await.expect_err("no token");
    assert!(
        !error
            .exchange()
            .expect("what went wrong")
            .may_have_been_sent()
    );
    world.provider(|provider| provider.is_down = false);
    world.jump(2 * MINUTE);
    let new = ask(&world, &source).await.expect("a token");
    assert_ne!(new.access_token(), old.access_token());
}

#[tokio::test]
async fn an_error_says_all_in_one_line() {
    let world = World::default();
    let body = r#"{"error":"invalid_client","error_description":"Unknown client"}"#;
    world.provider(|provider| {
        let refusal = (401, Some(30), body.to_owned());
        provider.answers.extend([refusal.clone(), refusal]);
    });
    let error = ask(&world, &source(&world)).await.expect_err("no token");
    let text = error.to_string();
    for part in [
        "cannot get a token",
        "auth.example.com",
        "401",
        "invalid_client",
        "Unknown client",
        "30 s",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn a_provider_that_never_answers_is_given_up() {
    let world = World::default();
    world.provider(|provider| provider.is_silent = true);
    let source = with(&world, Policy::default().with_deadline(5 * SECOND));
    let start = world.now();
    let error = ask(&world, &source).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::Deadline);
    assert!(world.now() - start < 6 * SECOND);
    let busy = world.provider(|provider| provider.busy["client"]);
    assert_eq!(busy, 0, "the request was dropped");
}

#[tokio::test]
async fn a_token_that_is_at_its_end_is_not_handed_out() {
    let world = World::default();
    world.provider(|provider| provider.lifetime = Some(0));
    let source = source(&world);
    let error = ask(&world, &source).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::Expired);
    let error = source
        .token()
        .now_or_never()
        .expect("no wait")
        .expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::Expired);
    assert_eq!(world.requests(), 1, "no loop");
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

#[tokio::test]
async fn a_panic_ends_one_refresh_only() {
    let world = World::default();
    world.provider(|provider| provider.panics = true);
    let source = source(&world);
    let error = ask(&world, &source).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::Panicked);
    world.provider(|provider| provider.panics = false);
    world.jump(MINUTE);
    ask(&world, &source).await.expect("a token");
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
    world.provider(|provider| provider.answers.push_back((200, None, body.to_owned())));
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
fn threads_share_one_request() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokensmith_runtime::{Any, BlockingTransport, Credentials, TransportError, blocking};

    #[derive(Clone, Default)]
    struct Slow(Arc<AtomicUsize>);

    impl BlockingTransport for Slow {
        fn send(
            &self,
            _request: http::Request<Vec<u8>>,
        ) -> Result<http::Response<Vec<u8>>, TransportError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            // Time for the others to come.
            std::thread::sleep(SECOND / 5);
            Ok(http::Response::new(
                br#"{"access_token":"t","expires_in":60}"#.to_vec(),
            ))
        }
    }

    let transport = Slow::default();
    let credentials = Credentials::new("id", "secret");
    let client = blocking::Client::<Any, _>::with_transport(
        transport.clone(),
        "https://auth.example.com",
        credentials,
    );
    let source = crate::blocking::TokenSource::new(&client.expect("a client"), request());
    let source = source.expect("a source");
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..32).map(|_| scope.spawn(|| source.token())).collect();
        for thread in threads {
            let token = thread.join().expect("no panic").expect("a token");
            assert_eq!(token.access_token(), "t");
        }
    });
    assert_eq!(transport.0.load(Ordering::SeqCst), 1);
}

/// A transport for threads with a made-up response, and how often it was used.
#[cfg(feature = "file")]
mod threads {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokensmith_runtime::{Any, BlockingTransport, Credentials, TransportError, blocking};

    use super::*;
    use crate::{FileStore, Keyring, Options};

    #[derive(Clone, Default)]
    struct Once(Arc<AtomicUsize>);

    impl BlockingTransport for Once {
        fn send(
            &self,
            _request: http::Request<Vec<u8>>,
        ) -> Result<http::Response<Vec<u8>>, TransportError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            let body = br#"{"access_token":"t","expires_in":3600}"#;
            Ok(http::Response::new(body.to_vec()))
        }
    }

    fn client(transport: &Once) -> blocking::Client<Any, Once> {
        let credentials = Credentials::new("id", "secret");
        let client = blocking::Client::with_transport(
            transport.clone(),
            "https://auth.example.com",
            credentials,
        );
        client.expect("a client")
    }

    #[test]
    fn processes_share_a_token_through_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let transport = Once::default();
        for _ in 0..3 {
            let store = FileStore::new(folder.path().join("tokens")).expect("a store");
            let options = Options::default().store(store, Keyring::new("key", [7; 32]));
            let builder = crate::blocking::TokenSource::builder(&client(&transport));
            let builder = builder.grant(request()).options(options);
            let source = crate::blocking::TokenSource::build(builder).expect("a source");
            assert_eq!(source.token().expect("a token").access_token(), "t");
        }
        assert_eq!(transport.0.load(Ordering::SeqCst), 1);
    }

    #[cfg(feature = "redis")]
    #[tokio::test]
    async fn a_store_that_needs_a_runtime_is_refused_with_the_reason() {
        let store = crate::RedisStore::new("redis://localhost:1").expect("a store");
        let options = Options::default().store(store, Keyring::new("key", [7; 32]));
        let builder = crate::blocking::TokenSource::builder(&client(&Once::default()));
        let builder = builder.grant(request()).options(options);
        let error = crate::blocking::TokenSource::build(builder).expect_err("no runtime");
        assert_eq!(error.kind(), TokenErrorKind::Config);
        assert!(error.to_string().contains("tokio"), "{error}");
    }
}

mod schedules;

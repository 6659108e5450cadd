//! What callers get when there is no token, and when the provider is asked again.

use super::*;

#[tokio::test]
async fn all_who_wait_get_the_same_error_and_nobody_asks_again_too_soon() {
    let world = World::default();
    world.provider(|provider| {
        let response = (429, Some(600), r#"{"error":"slow_down"}"#.to_owned());
        provider.responses.extend([response.clone(), response]);
    });
    let source = source(&world);
    let callers: Vec<_> = (0..1000).map(|_| asking(&source)).collect();
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
async fn an_error_says_all_in_one_line() {
    let world = World::default();
    let body = r#"{"error":"invalid_client","error_description":"Unknown client"}"#;
    world.provider(|provider| {
        let refusal = (401, Some(30), body.to_owned());
        provider.responses.extend([refusal.clone(), refusal]);
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
async fn a_provider_that_never_responds_is_given_up() {
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
async fn a_token_that_expired_while_the_process_was_stopped_is_asked_for_again() {
    let world = World::default();
    let source = source(&world);
    let asked = asking(&source);
    run_all_tasks().await;
    world.jump(2 * HOUR);
    world.pass(SECOND).await;
    asked.await.expect("no panic").expect("a token");
    assert_eq!((world.requests(), source.metrics().failures), (2, 0));
}

#[tokio::test]
async fn a_token_that_lives_too_short_is_asked_for_twice_and_holds_up_no_other_machine() {
    let world = World::default();
    world.provider(|provider| {
        provider.lifetime = Some(1);
        provider.latency = 2 * SECOND;
    });
    let store = crate::MemoryStore::with_clock(world.clone());
    let [one, other] = [(), ()].map(|()| {
        let keyring = crate::Keyring::new("key", [7; 32]);
        let policy = Policy::default().with_jitter(0.0);
        let options = world.options().policy(policy).store(store.clone(), keyring);
        let builder = TokenSource::builder(&world.client()).grant(request());
        builder.options(options).build().expect("a source")
    });
    let error = ask(&world, &one).await.expect_err("no token");
    assert_eq!(
        error.to_string(),
        "auth.example.com: the token had expired by the time its response was read: it lives for 1 s and was asked for 2 s \
         ago; this process was held up, or the provider's lifetime is too short; the next try is in 1 s"
    );
    assert_eq!(world.requests(), 2);
    let error = ask(&world, &other).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::Expired);
    assert_eq!(world.requests(), 4);
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

//! Refreshes of tokens that are still valid.

use super::*;

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
        let first = asking(&source);
        run_all_tasks().await;
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

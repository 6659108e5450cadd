//! Many callers, one request.

use tokensmith_runtime::{Any, Client, Credentials, Transport, TransportError};

use super::*;

#[tokio::test]
async fn ten_thousand_callers_make_one_request() {
    let world = World::default();
    let source = source(&world);
    for lifetime in 1..=3 {
        let callers = (0..10_000).map(|_| asking(&source));
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
async fn the_first_caller_may_give_up() {
    let world = World::default();
    let source = source(&world);
    let callers: Vec<_> = (0..3).map(|_| asking(&source)).collect();
    run_all_tasks().await;
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
    let caller = asking(&source);
    run_all_tasks().await;
    caller.abort();
    world.pass(MINUTE).await;
    let token = ask(&world, &source).await.expect("a token");
    assert!(token.access_token().starts_with("client.1."));
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn a_response_that_nobody_waited_for_is_as_old_as_it_is() {
    let world = World::default();
    let source = source(&world);
    for (rest, requests) in [(HOUR / 2, 1), (2 * HOUR, 3)] {
        let caller = asking(&source);
        run_all_tasks().await;
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

/// A transport whose connection has a task of its own, which reads a response after others were woken: as hyper's does.
#[derive(Clone)]
struct Connection(World);

impl Transport for Connection {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let world = self.0.clone();
        let read = spawn(async move {
            let response = world.send(request).await;
            run_all_tasks().await;
            response
        });
        read.await.expect("a response")
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }
}

#[tokio::test]
async fn a_response_that_a_stopped_process_reads_is_as_old_as_its_request() {
    let world = World::default();
    let credentials = Credentials::new("client", "S3cret-canary");
    let client = Client::<Any, _>::with_transport(
        Connection(world.clone()),
        "https://auth.example.com",
        credentials,
    );
    let source = TokenSource::builder(&client.expect("a client")).grant(request());
    let source = source.options(
        world
            .options()
            .policy(Policy::default().with_deadline(9 * HOUR)),
    );
    let source = source.build().expect("a source");
    let asked = asking(&source);
    run_all_tasks().await;
    // The token lives for an hour.
    world.jump(2 * HOUR);
    world.pass(SECOND).await;
    world.pass(5 * SECOND).await;
    if let Ok(token) = asked.await.expect("no panic") {
        assert!(
            token.access_token().starts_with("client.2."),
            "{}",
            token.access_token()
        );
    }
    assert!(
        source
            .cached()
            .is_none_or(|token| token.access_token().starts_with("client.2."))
    );
}

#[tokio::test]
async fn a_refresh_that_was_given_up_long_ago_is_begun_anew_if_it_failed() {
    let world = World::default();
    world.provider(|provider| provider.is_silent = true);
    let source = source(&world);
    let caller = asking(&source);
    run_all_tasks().await;
    caller.abort();
    world.pass(HOUR).await;
    world.provider(|provider| provider.is_silent = false);
    ask(&world, &source).await.expect("a token");
    assert_eq!(world.requests(), 2);
}

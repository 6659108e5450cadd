//! The orders in which threads can meet in a slot, tried by shuttle.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use shuttle::scheduler::RandomScheduler;
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::{future, thread};
use tokensmith_runtime::{self as runtime, Secret, Spawner};

use super::{Inner, TokenSource};
use crate::refresh::{Context, Grant, MaySend, Remembered, TokenSlot};
use crate::time::{Clock, Moment};
use crate::token::Kept;
use crate::{Options, Policy, TokenHeader};

type Fetched = Result<runtime::Token, runtime::Error>;

const ITERATIONS: usize = 2000;

/// A provider that notices when it is asked twice at once, and the time, which goes on with each read.
#[derive(Default)]
struct World {
    time: AtomicU64,
    busy: AtomicU64,
    asked: AtomicU64,
    name: Arc<str>,
}

#[derive(Clone)]
struct Provider(Arc<World>);

impl Clock for Provider {
    fn now(&self) -> Duration {
        Duration::from_secs(3600 + self.0.time.fetch_add(1, Ordering::SeqCst))
    }
}

impl Grant for Provider {
    fn full<'a>(&'a self, _may_send: MaySend<'a>) -> Option<BoxFuture<'a, Fetched>> {
        Some(Box::pin(async {
            assert_eq!(
                self.0.busy.fetch_add(1, Ordering::SeqCst),
                0,
                "asked twice at once"
            );
            future::yield_now().await;
            let number = self.0.asked.fetch_add(1, Ordering::SeqCst);
            self.0.busy.fetch_sub(1, Ordering::SeqCst);
            Ok(token(number))
        }))
    }

    fn is_one_time(&self) -> bool {
        false
    }

    fn refresh<'a>(
        &'a self,
        _refresh_token: &'a Secret,
        _may_send: MaySend<'a>,
    ) -> Option<BoxFuture<'a, Fetched>> {
        None
    }

    fn revoke<'a>(
        &'a self,
        _token: &'a Secret,
    ) -> Option<BoxFuture<'a, Result<(), runtime::Error>>> {
        None
    }

    fn spawner(&self) -> Option<Spawner> {
        None
    }

    fn provider(&self) -> &Arc<str> {
        &self.0.name
    }

    fn sleep(&self, _duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(future::yield_now())
    }
}

/// A token of an unknown lifetime, which is the policy's.
fn token(number: u64) -> runtime::Token {
    serde_json::from_value(serde_json::json!({ "access_token": number.to_string() }))
        .expect("a token")
}

fn source(world: &Arc<World>, lifetime: u64) -> TokenSource {
    let policy = Policy::default()
        .with_jitter(0.0)
        .with_min_age(Duration::ZERO)
        .with_deadline(Duration::from_secs(1_000_000_000))
        .with_unknown_lifetime(Duration::from_secs(lifetime));
    let options = Options::default()
        .policy(policy)
        .clock(Provider(Arc::clone(world)));
    let context: Arc<Context> = Arc::new(options.context(None));
    TokenSource::of(Inner {
        context,
        slot: Arc::new(TokenSlot::new(Remembered::default())),
        grant: Arc::new(Provider(Arc::clone(world))),
        user: None,
        name: None,
    })
}

fn check(play: impl Fn() + Send + Sync + 'static) {
    let mut config = shuttle::Config::new();
    // A refresh needs more than shuttle's threads have unless told.
    config.stack_size = 1024 * 1024;
    shuttle::Runner::new(RandomScheduler::new(ITERATIONS), config).run(play);
}

#[test]
fn nobody_asks_while_somebody_does() {
    check(|| {
        let world = Arc::new(World::default());
        let source = source(&world, 1_000_000);
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let source = source.clone();
                thread::spawn(move || future::block_on(source.token()).expect("a token"))
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().expect("no panic").access_token(), "0");
        }
        assert_eq!(world.asked.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_token_is_dropped_once_and_asked_for_once() {
    check(|| {
        let world = Arc::new(World::default());
        let source = source(&world, 1_000_000);
        let refused = future::block_on(source.token()).expect("a token");
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let (source, refused) = (source.clone(), refused.clone());
                thread::spawn(move || {
                    // All of them were refused with the same token.
                    let dropped = source.invalidate(&refused);
                    let next = future::block_on(source.token()).expect("a token");
                    assert_eq!(next.access_token(), "1");
                    u32::from(dropped)
                })
            })
            .collect();
        let dropped: u32 = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .sum();
        assert_eq!(dropped, 1);
        assert_eq!(world.asked.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn tokens_that_end_soon_are_refreshed_by_one_at_a_time() {
    check(|| {
        // Time goes on by a second with each look at the clock: tokens end in the middle of everything.
        let world = Arc::new(World::default());
        let source = source(&world, 40);
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let source = source.clone();
                thread::spawn(move || {
                    for _ in 0..4 {
                        let token = future::block_on(source.token());
                        if let Ok(token) = &token {
                            assert!(!token.access_token().is_empty());
                        }
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
    });
}

#[test]
fn who_gives_up_leaves_the_refresh_to_the_others() {
    check(|| {
        let world = Arc::new(World::default());
        let source = source(&world, 1_000_000);
        let threads: Vec<_> = (0..3)
            .map(|index| {
                let source = source.clone();
                thread::spawn(move || {
                    if index == 0 {
                        // Looks once, and is gone.
                        let mut asked = Box::pin(source.token());
                        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
                        drop(asked.as_mut().poll(&mut context));
                        return;
                    }
                    let token = future::block_on(source.token()).expect("a token");
                    assert_eq!(token.access_token(), "0");
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
        assert_eq!(world.asked.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn signing_in_wins_over_any_refresh() {
    check(|| {
        let world = Arc::new(World::default());
        let source = source(&world, 1_000_000);
        let refreshing = {
            let source = source.clone();
            thread::spawn(move || drop(future::block_on(source.token())))
        };
        let signing_in = {
            let source = source.clone();
            thread::spawn(move || {
                let generation = source.0.slot.reset();
                let (header, policy) = (TokenHeader::default(), Policy::default());
                let kept = Kept::new(&signed_in(), &header, &policy, Moment::from(YEAR), None);
                let kept = Arc::new(kept.expect("a token"));
                source.0.slot.install(generation, kept);
            })
        };
        refreshing.join().expect("no panic");
        signing_in.join().expect("no panic");
        assert_eq!(source.0.slot.load().access_token(), "signed in");
    });
}

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn signed_in() -> runtime::Token {
    serde_json::from_value(serde_json::json!({ "access_token": "signed in" })).expect("a token")
}

//! What is told of a user's tokens: to an observer, and by `tracing`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::reuse::{Line, Provider};
use super::*;
use crate::{EventKind, Options, TokenStore as _};

const LEASE: Duration = Duration::from_secs(10);

/// What was told, in the order in which it happened.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<(EventKind, String)>>>);

impl Told {
    fn options(&self, world: &World) -> Options {
        let told = self.clone();
        world.options().observer(move |event| {
            let mut told = told.0.lock().unwrap_or_else(PoisonError::into_inner);
            told.push((event.kind, format!("{event:?}")));
        })
    }

    fn machine(&self, world: &World, store: &Faulty) -> UserTokens {
        let users = builder(world).options(self.options(world));
        let users = users.refresh_tokens(store.clone(), keyring());
        users.build().expect("users")
    }

    fn kinds(&self) -> Vec<EventKind> {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.iter().map(|(kind, _)| *kind).collect()
    }

    fn texts(&self) -> Vec<String> {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.iter().map(|(_, text)| text.clone()).collect()
    }
}

/// A life without accidents but one: the store fails for a while.
async fn live(told: &Told) {
    let world = rotating();
    let store = store(&world);
    let users = told.machine(&world, &store);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    token(&world, &users).await.expect("a token");
    store.fail("begin", Fault::Refuses);
    world.jump(2 * HOUR);
    token(&world, &users).await.expect_err("the store fails");
    store.mend();
    drop(users.sign_out("ada").await.expect("a subject"));
}

async fn save_late(told: &Told) {
    let world = rotating();
    let store = store(&world);
    let users = told.machine(&world, &store);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    store.fail("save", Fault::Refuses);
    token(&world, &users).await.expect("a token");
    store.mend();
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
}

/// The machine is stopped for longer than its lease before the store confirms the section.
async fn stop_past_the_lease(told: &Told, another_comes: bool) {
    let world = rotating();
    let store = store(&world);
    let stopped = told.machine(&world, &store);
    sign_in(&stopped, "refresh-0").await;
    world.jump(HOUR);
    store.fail("confirm", Fault::Stops);
    let asked = asking(&stopped);
    run_all_tasks().await;
    store.mend();
    world.advance_only_the_clock(LEASE + SECOND);
    let other = machine(&world, &store);
    if another_comes {
        let other = other.clone();
        asking(&other);
        run_all_tasks().await;
    }
    store.resume();
    world.pass(30 * SECOND).await;
    asked.await.expect("no panic").expect("a token");
    let expected = if another_comes { 2 } else { 1 };
    assert_eq!(used(&world).len(), expected, "{:?}", used(&world));
    world.jump(2 * HOUR);
    token(&world, &other).await.expect("a token");
    assert_eq!(other.metrics().reuse_suspected, 0, "nothing was sent twice");
}

/// A machine is killed after it has sent the request; another one goes on.
async fn go_on_after_a_kill(told: &Told) {
    let world = World::default();
    let store = store(&world);
    let provider: Arc<Mutex<Provider>> = Arc::default();
    let lines = [0, 1].map(|machine| Line::new(&world, machine, &provider));
    let [killed, next] = [world.options(), told.options(&world)];
    let killed = machine_on(&lines[0], &store, killed);
    let next = machine_on(&lines[1], &store, next);
    let refresh_token = lines[0].provider().sign_in(0);
    let signed_in = killed.sign_in("ada", &response(&refresh_token)).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    asking(&killed);
    run_all_tasks().await;
    assert!(lines[0].provider().sent.contains(&(0, refresh_token)));
    lines[0].kill();
    token(&world, &next).await.expect("a token");
    assert_eq!(next.metrics().reuse_suspected, 1);
}

/// Another machine signs the user in while the request of this one is in flight.
async fn lose_the_section_in_flight(told: &Told, latency: Duration) {
    let world = rotating();
    let store = store(&world);
    let users = told.machine(&world, &store);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    world.provider(|provider| provider.latency = latency);
    let asked = asking(&users);
    run_all_tasks().await;
    sign_in(&machine(&world, &store), "refresh-9").await;
    world.pass(latency).await;
    world.provider(|provider| provider.refresh_token = "refresh-9".to_owned());
    world.pass(2 * latency).await;
    asked.await.expect("no panic").expect("a token");
    assert_eq!(users.metrics().sections_lost, 1);
}

/// The shared store of access tokens forgets the lease while the request is in flight.
async fn lose_the_lease_in_flight(told: &Told) {
    let world = rotating();
    let shared = MemoryStore::with_clock(world.clone());
    let options = told.options(&world).store(shared.clone(), keyring());
    let users = builder(&world).options(options);
    let users = users.refresh_tokens(store(&world), keyring());
    let users = users.build().expect("users");
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    world.provider(|provider| provider.latency = 8 * SECOND);
    let asked = asking(&users);
    run_all_tasks().await;
    let inner = users.0.inner("ada").expect("a subject");
    let name = inner.name.as_ref().expect("a name");
    shared.delete(name).await.expect("deleted");
    world.pass(9 * SECOND).await;
    asked.await.expect("no panic").expect("a token");
    assert_eq!(users.metrics().leases_lost, 1);
}

#[tokio::test]
async fn events_say_what_happens() {
    let told = Told::default();
    live(&told).await;
    let expected = [
        EventKind::SignedIn,
        EventKind::RefreshBegun,
        EventKind::RefreshDone,
        EventKind::RefreshBegun,
        EventKind::FailedClosed,
        EventKind::RefreshFailed,
        EventKind::SignedOut,
    ];
    assert_eq!(told.kinds(), expected);
    let texts = told.texts();
    assert!(
        texts.iter().all(|text| text.contains("\"ada\"")),
        "{texts:?}"
    );
}

/// The provider takes no refresh token any more.
async fn be_refused(told: &Told) -> UserTokens {
    let world = rotating();
    let users = told.machine(&world, &store(&world));
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    world.provider(|provider| provider.refresh_token = "another".to_owned());
    for _ in 0..3 {
        let error = token(&world, &users).await.expect_err("refused");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
        world.jump(MINUTE);
    }
    assert_eq!(used(&world), ["refresh-0"]);
    users
}

#[tokio::test]
async fn a_refusal_is_told_with_its_error_and_counted_once() {
    let told = Told::default();
    let users = be_refused(&told).await;
    let metrics = users.metrics();
    assert_eq!((metrics.refused, metrics.refreshes), (1, 0));
    assert_eq!(metrics.failures, 3, "each time somebody asks");
    let failed = [EventKind::RefreshBegun, EventKind::RefreshFailed];
    let expected = [&[EventKind::SignedIn][..], &failed, &failed, &failed].concat();
    assert_eq!(told.kinds(), expected);
    let refused = &told.texts()[2];
    assert!(refused.contains("InvalidGrant"), "{refused}");
}

#[tokio::test]
async fn a_refresh_token_that_is_saved_late_is_told() {
    let told = Told::default();
    save_late(&told).await;
    let expected = [
        EventKind::SignedIn,
        EventKind::RefreshBegun,
        EventKind::SaveFailed,
        EventKind::RefreshDone,
        EventKind::SavedLate,
    ];
    assert_eq!(told.kinds(), expected);
}

#[tokio::test]
async fn a_section_that_was_lost_is_told_and_nothing_is_sent_in_it() {
    for another_comes in [true, false] {
        let told = Told::default();
        stop_past_the_lease(&told, another_comes).await;
        let expected = [
            EventKind::SignedIn,
            EventKind::RefreshBegun,
            EventKind::SectionLost,
            EventKind::RefreshDone,
        ];
        assert_eq!(told.kinds(), expected, "{another_comes}");
    }
}

#[tokio::test]
async fn a_section_that_was_lost_in_flight_is_told_once() {
    for latency in [SECOND, 8 * SECOND] {
        let told = Told::default();
        lose_the_section_in_flight(&told, latency).await;
        let expected = [
            EventKind::SignedIn,
            EventKind::RefreshBegun,
            EventKind::SectionLostInFlight,
            EventKind::RefreshDone,
        ];
        assert_eq!(told.kinds(), expected, "{latency:?}");
    }
}

#[tokio::test]
async fn a_lease_that_was_lost_in_flight_is_told_once() {
    let told = Told::default();
    lose_the_lease_in_flight(&told).await;
    let expected = [
        EventKind::SignedIn,
        EventKind::RefreshBegun,
        EventKind::LeaseLost,
        EventKind::RefreshDone,
    ];
    assert_eq!(told.kinds(), expected);
}

#[tokio::test]
async fn that_a_refresh_token_may_have_been_used_is_told() {
    let told = Told::default();
    go_on_after_a_kill(&told).await;
    let expected = [
        EventKind::RefreshBegun,
        EventKind::ReuseSuspected,
        EventKind::RefreshDone,
    ];
    assert_eq!(told.kinds(), expected);
}

#[cfg(feature = "tracing")]
mod tracing_events {
    use std::fmt;

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Level, Metadata, Subscriber};

    use super::*;

    /// What `tracing` was told: the level, the message, and everything else.
    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<(Level, String, String)>>>);

    #[derive(Default)]
    struct Fields {
        message: String,
        others: String,
    }

    impl Visit for Fields {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            match field.name() {
                "message" => self.message = format!("{value:?}"),
                name => self.others.push_str(&format!("{name}={value:?} ")),
            }
        }
    }

    impl Subscriber for Heard {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target().starts_with("tokensmith_cache")
        }

        fn event(&self, event: &Event<'_>) {
            let mut fields = Fields::default();
            event.record(&mut fields);
            let level = *event.metadata().level();
            let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push((level, fields.message, fields.others));
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    /// All that can happen, to one observer and to `tracing` alike. What other machines tell is not compared.
    #[tokio::test]
    async fn tracing_hears_what_an_observer_is_told_and_no_secret() {
        // With one subscriber alone, `tracing` takes that of whichever thread is the first to come
        // by an event: another test's, which has none, and the event is off from then on.
        let _other = tracing::Dispatch::new(Heard::default());
        for scenario in 0..7 {
            let (told, heard) = (Told::default(), Heard::default());
            let guard = tracing::subscriber::set_default(heard.clone());
            match scenario {
                0 => live(&told).await,
                1 => save_late(&told).await,
                2 => stop_past_the_lease(&told, false).await,
                3 => lose_the_section_in_flight(&told, 8 * SECOND).await,
                4 => lose_the_lease_in_flight(&told).await,
                5 => drop(be_refused(&told).await),
                _ => go_on_after_a_kill(&told).await,
            }
            drop(guard);
            let heard = heard.0.lock().unwrap_or_else(PoisonError::into_inner);
            let mut messages = heard.iter().map(|(_, message, _)| message.as_str());
            for kind in told.kinds() {
                assert!(
                    messages.any(|message| message == kind.as_str()),
                    "{kind:?} is missing or out of order: {heard:?}"
                );
            }
            let warned = |kind: EventKind| {
                let level = heard
                    .iter()
                    .find(|(_, message, _)| message == kind.as_str());
                level.is_none_or(|(level, ..)| *level == Level::WARN)
            };
            assert!(
                warned(EventKind::ReuseSuspected)
                    && warned(EventKind::FailedClosed)
                    && warned(EventKind::SectionLostInFlight),
                "{heard:?}"
            );
            let failure = heard
                .iter()
                .find(|(_, message, _)| message.contains("failed"));
            assert!(failure.is_none_or(|(.., others)| others.contains("auth.example.com")));
            for text in heard
                .iter()
                .map(|heard| format!("{heard:?}"))
                .chain(told.texts())
            {
                let has_secret = [
                    "refresh-0",
                    "refresh-1",
                    "rt-",
                    "S3cret",
                    "from the code exchange",
                ]
                .iter()
                .any(|secret| text.contains(secret));
                assert!(!has_secret, "{text}");
            }
            // A name or an address of a person may not be in every log.
            assert!(!format!("{heard:?}").contains("ada"), "{heard:?}");
        }
    }
}

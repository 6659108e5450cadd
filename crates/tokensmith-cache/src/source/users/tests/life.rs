//! One user's life in random order, against a provider that detects reuse: the same user on two machines that share access and
//! refresh tokens, and another user beside. Each machine has its own way to the store of refresh tokens, and its own faults.
//!
//! At every step: no refresh token comes twice, unless a process was killed after the provider had
//! used it and before it had saved the next one, or was cut off with the next one from a store that
//! others reached, or the provider failed after it had used it. Each such use is counted by its
//! case, and was told by an event. No token is somebody else's; and there is none after signing
//! out. In the end the tokens are those of the last sign-in. The clocks of the machines differ, and
//! responses may be late.

mod accidents;
mod crashes;
mod event;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use self::event::{Event, event};
use super::reuse::{Line, Provider};
use super::*;
use crate::testing::{CODE, StoreClock};
use crate::{Clock as _, Policy};
use proptest::prelude::*;

const SUBJECTS: [&str; 2] = ["ada", "bob"];
const MACHINES: usize = 2;
const OPERATIONS: [&str; 7] = ["load", "begin", "confirm", "save", "end", "put", "delete"];
const LEASE: Duration = Duration::from_secs(10);

struct Machine {
    users: UserTokens,
    line: Line,
    store: Faulty,
    /// Since when an operation fails here, and somebody can get a section.
    cut_off: Option<Duration>,
}

/// Why a refresh token may come twice: three of the five cases of `SECURITY.md`. In the other two a
/// process is stopped, as a whole, or loses its runtime: `Life` does not do that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Killed,
    CutOff,
    Failed,
}

/// How often a refresh token came twice, by its case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Reuse {
    killed: usize,
    cut_off: usize,
    failed: usize,
}

/// Somebody who waits for a token.
type Asked = tokio::task::JoinHandle<Result<String, crate::TokenError>>;

struct Life {
    world: World,
    clock: StoreClock,
    store: Faulty,
    access_tokens: MemoryStore,
    provider: Arc<Mutex<Provider>>,
    machines: Vec<Machine>,
    asked: Vec<(usize, usize, Asked)>,
    /// Whether each user is signed in, for certain.
    is_signed_in: [Option<bool>; 2],
    /// The sign-in of which each user's tokens are in the end, where that is certain.
    last_sign_in: [Option<usize>; 2],
    /// The refresh tokens that are in the configuration of each machine, by user.
    configured: [[Option<String>; MACHINES]; 2],
    /// The last one that was in any configuration, by user.
    last_configured: [Option<String>; 2],
    /// How far the clock of each machine is ahead.
    skews: [Duration; MACHINES],
    /// The refresh tokens that may come twice, and why.
    excused: HashMap<String, Case>,
    /// How often the machines that are no more have told that a refresh token may come twice.
    suspected: u64,
}

impl Life {
    /// A life with a provider that takes refresh tokens again for this long after their first use.
    fn new(grace_period: Duration, skews: [Duration; MACHINES]) -> Self {
        let world = World::default();
        let clock = StoreClock::new(&world);
        let provider: Arc<Mutex<Provider>> = Arc::default();
        let grace = |mut provider: MutexGuard<'_, Provider>| provider.grace_period = grace_period;
        grace(provider.lock().unwrap_or_else(PoisonError::into_inner));
        let mut life = Self {
            store: Faulty::new(MemoryRefreshTokenStore::with_clock(clock.clone())),
            clock,
            access_tokens: MemoryStore::with_clock(world.clone()),
            world,
            provider,
            machines: Vec::new(),
            asked: Vec::new(),
            is_signed_in: [Some(false); 2],
            last_sign_in: [None; 2],
            configured: <_>::default(),
            last_configured: [None, None],
            skews,
            excused: HashMap::new(),
            suspected: 0,
        };
        life.machines = (0..MACHINES).map(|machine| life.start(machine)).collect();
        life
    }

    fn provider(&self) -> MutexGuard<'_, Provider> {
        self.provider.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, machine: usize) -> Machine {
        let line = Line::new(&self.world, machine, &self.provider);
        let policy = policy().with_grace_period(self.provider().grace_period);
        let store = self.store.another();
        let clock = StoreClock::new(&self.world);
        clock.set(true, self.skews[machine]);
        let options = Options::default().clock(clock).policy(policy);
        let options = options.store(self.access_tokens.clone(), keyring());
        let started = Machine {
            users: machine_on(&line, &store, options),
            line,
            store,
            cut_off: None,
        };
        for (user, subject) in SUBJECTS.into_iter().enumerate() {
            if let Some(refresh_token) = &self.configured[user][machine] {
                let source = started.users.source_with(subject, refresh_token);
                source.expect("a subject");
            }
        }
        started
    }

    fn configure(&mut self, user: usize, whose: Option<usize>, is_new: bool) {
        let last = self.last_configured[user].clone().filter(|_| !is_new);
        let refresh_token = last.unwrap_or_else(|| self.provider().sign_in(user));
        self.last_configured[user] = Some(refresh_token.clone());
        self.is_signed_in[user] = None;
        for machine in (0..MACHINES).filter(|machine| whose.is_none_or(|whose| whose == *machine)) {
            self.configured[user][machine] = Some(refresh_token.clone());
            let users = &self.machines[machine].users;
            let source = users.source_with(SUBJECTS[user], refresh_token.as_str());
            source.expect("a subject");
        }
    }

    /// Lets time go by in steps that are short beside a lease: nobody is stopped for longer than that.
    async fn pass(&self, duration: Duration) {
        let steps = duration.as_secs();
        for _ in 0..steps {
            self.world.jump(SECOND);
            run_all_tasks().await;
        }
        self.world
            .pass(duration - SECOND * u32::try_from(steps).expect("a short time"))
            .await;
    }

    /// Lets something be done that may take time.
    async fn done<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let work = tokio::spawn(work);
        for _ in 0..2000 {
            run_all_tasks().await;
            if work.is_finished() {
                break;
            }
            self.world.jump(SECOND / 20);
        }
        work.await.expect("an outcome")
    }

    async fn happen(&mut self, event: Event) {
        match event {
            Event::SignIn(user, machine) => self.sign_in(user, machine).await,
            Event::SignInBy(user, machine) => self.sign_in_by(user, machine).await,
            Event::SignOut(user, machine) => self.sign_out(user, machine).await,
            Event::Ask(user, machine) => self.ask(user, machine).await,
            Event::GiveUp => {
                for (_, _, asked) in self.asked.drain(..) {
                    asked.abort();
                }
            }
            Event::Expire => self.pass(Duration::from_secs(61)).await,
            Event::Pass(time) => self.pass(time).await,
            Event::LoseResponses(lost) => self.provider().loses_responses = lost,
            Event::FailLate(fails) => self.provider().fails_late = fails,
            Event::Delay(delay) => self.provider().delay = delay,
            Event::Evict => self.access_tokens.evict(),
            Event::Configure(user, whose, is_new) => self.configure(user, whose, is_new),
            Event::Break(whose, operation, fault) => {
                for machine in self.of(whose) {
                    machine.store.fail(operation, fault);
                }
            }
            Event::Outage(user, machine, time) => self.outage(user, machine, time).await,
            Event::SetClock(user, machine, is_set_forward, by) => {
                self.set_clock(user, machine, is_set_forward, by).await;
            }
            Event::Mend(whose) => self.mend(whose),
            Event::Kill(machine) => self.kill(machine),
            Event::KillAt(operation, point, user, machine) => {
                self.kill_at(operation, point, user, machine).await;
            }
            Event::KillInFlight(point, user, machine) => {
                self.kill_in_flight(point, user, machine).await;
            }
            Event::Restart(machine) => self.restart(machine).await,
        }
        run_all_tasks().await;
        self.check().await;
    }

    async fn ask(&mut self, user: usize, machine: usize) {
        let users = self.machines[machine].users.clone();
        let asked = tokio::spawn(async move {
            let token = users.token(SUBJECTS[user]).await;
            token.map(|token| token.access_token().to_owned())
        });
        self.asked.push((user, machine, asked));
        run_all_tasks().await;
    }

    fn mend(&self, whose: Option<usize>) {
        for machine in self.of(whose) {
            machine.store.mend();
            machine.store.resume();
        }
    }

    /// One machine, or all.
    fn of(&self, whose: Option<usize>) -> impl Iterator<Item = &Machine> {
        let machines = self.machines.iter().enumerate();
        let machines = machines.filter(move |(index, _)| whose.is_none_or(|whose| whose == *index));
        machines.map(|(_, machine)| machine)
    }

    async fn sign_in(&mut self, user: usize, machine: usize) {
        let refresh_token = self.provider().sign_in(user);
        let mut response = response(&refresh_token);
        response.access_token = format!("{user}.{refresh_token}").into();
        response.metadata.expires_in = Some(MINUTE);
        let users = self.machines[machine].users.clone();
        let signed_in = self
            .done(async move { users.sign_in(SUBJECTS[user], &response).await })
            .await;
        self.is_signed_in[user] = signed_in.is_ok().then_some(true);
        self.note_sign_in(user, machine, signed_in.is_ok());
    }

    async fn sign_in_by(&mut self, user: usize, machine: usize) {
        let users = self.machines[machine].users.clone();
        let client = self.machines[machine].line.client();
        let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", user.to_string());
        let signed_in = self
            .done(async move { users.sign_in_by(SUBJECTS[user], &client, code).await })
            .await;
        let is_stored = !self.has_unsaved(user, machine);
        self.is_signed_in[user] = (signed_in.is_ok() && is_stored).then_some(true);
        // Where the store could not be read, the clocks decide later.
        let is_read = is_stored || self.machines[machine].store.works("load");
        self.note_sign_in(user, machine, signed_in.is_ok() && is_read);
    }

    /// The last sign-in counts, unless another machine carries out an earlier one or a sign-out
    /// later, by its clock.
    fn note_sign_in(&mut self, user: usize, machine: usize, is_certain: bool) {
        let is_last = (0..MACHINES).all(|other| other == machine || !self.is_behind(user, other));
        let sign_in = self.provider().sign_ins();
        self.last_sign_in[user] = (is_certain && is_last).then_some(sign_in);
    }

    async fn sign_out(&mut self, user: usize, machine: usize) {
        let users = self.machines[machine].users.clone();
        let left = self
            .done(async move { users.sign_out(SUBJECTS[user]).await })
            .await;
        // A sign-in by a code that another machine has in memory only may undo it; and nobody here knows of a refresh token
        // that another machine was given and nobody has used.
        let may_be_undone = (0..MACHINES).any(|other| {
            let given = self.configured[user][other].as_ref();
            let given = given.filter(|_| self.configured[user][machine].as_ref() != given);
            let is_unused = |token: &String| !self.provider().used.contains_key(token);
            other != machine && (self.has_unsaved(user, other) || given.is_some_and(is_unused))
        });
        let is_out = left.expect("a subject").refresh_token.is_none() && !may_be_undone;
        self.is_signed_in[user] = is_out.then_some(false);
        self.last_sign_in[user] = None;
        // Whoever asked before may still get the token of before.
        self.asked.retain(|(asked, _, task)| {
            if *asked == user {
                task.abort();
            }
            *asked != user
        });
        // Also where the store does not know it yet.
        let users = self.machines[machine].users.clone();
        let token = self
            .done(async move { users.token(SUBJECTS[user]).await })
            .await;
        assert!(token.is_err(), "a token after signing out");
    }

    fn entry(&self, user: usize) -> StoreName {
        let inner = self.machines[0].users.0.inner(SUBJECTS[user]);
        let user = inner.expect("a subject").user.expect("a user");
        user.entry.clone()
    }

    /// The refresh token that the store has of a user.
    fn stored(&self, user: usize) -> Option<String> {
        let entry = &self.entry(user);
        let sealed = self.store.store.load(entry).now_or_never();
        let sealed = sealed.expect("no wait").expect("no fault")?;
        let refresh_tokens = self.machines[0]
            .users
            .0
            .refresh_tokens()
            .expect("a refresh_tokens");
        let stored = refresh_tokens.open(entry, &sealed).expect("the key");
        let credential = stored.credential()?;
        Some(credential.refresh_token.expose().to_owned())
    }

    async fn check(&mut self) {
        let mut waiting = Vec::new();
        for (user, machine, asked) in self.asked.drain(..) {
            if !asked.is_finished() {
                waiting.push((user, machine, asked));
                continue;
            }
            let outcome = asked.await.expect("no panic");
            if let Ok(token) = outcome {
                let (whose, _) = token.split_once('.').expect("a name");
                assert_eq!(whose, user.to_string(), "somebody else's token");
            }
        }
        self.asked = waiting;
        self.note_what_failed_late();
        self.note_who_is_cut_off();
        let reused = self.provider().reused.clone();
        for token in &reused {
            assert!(self.excused.contains_key(token), "{token} came twice");
        }
        let machines = self.machines.iter();
        let told = machines.map(|machine| machine.users.metrics().reuse_suspected);
        let told = self.suspected + told.sum::<u64>();
        assert!(told >= reused.len() as u64, "{told} told of {reused:?}");
    }

    /// How often a refresh token came twice.
    fn reuse(&self) -> Reuse {
        let mut reuse = Reuse::default();
        for token in &self.provider().reused {
            match self.excused[token] {
                Case::Killed => reuse.killed += 1,
                Case::CutOff => reuse.cut_off += 1,
                Case::Failed => reuse.failed += 1,
            }
        }
        reuse
    }

    /// Whatever was: once all is well, whoever signs in gets tokens for as long as they like.
    async fn end(&mut self) {
        self.mend(None);
        self.provider().loses_responses = false;
        self.provider().fails_late = false;
        self.provider().delay = Duration::ZERO;
        self.pass(3 * MINUTE).await;
        for machine in &self.machines {
            let left = machine.users.drain(Duration::ZERO).await;
            assert!(left.is_complete(), "{left:?}");
        }
        for (user, subject) in SUBJECTS.into_iter().enumerate() {
            if let Some(sign_in) = self.last_sign_in[user] {
                let stored = self.stored(user).expect("signed in");
                let whose = self.provider().families[&stored];
                assert_eq!(whose, (user, sign_in), "the tokens of another sign-in");
            }
            if self.is_signed_in[user] == Some(false) {
                for machine in 0..MACHINES {
                    let users = self.machines[machine].users.clone();
                    let now = self.world.now();
                    self.world.jump(2 * MINUTE);
                    let token = self.done(async move { users.token(subject).await }).await;
                    assert!(token.is_err(), "signed out at {now:?}");
                }
            }
            self.sign_in(user, 0).await;
            assert_eq!(self.is_signed_in[user], Some(true));
            for round in 0..4 {
                self.world.jump(2 * MINUTE);
                let users = self.machines[round % MACHINES].users.clone();
                let token = self.done(async move { users.token(subject).await }).await;
                let token = token.expect("signed in for good");
                let whose = format!("{user}.");
                assert!(token.access_token().starts_with(&whose));
            }
        }
        self.check().await;
    }
}

/// How machines share: with a provider that takes refresh tokens again for no time, unless set.
fn policy() -> Policy {
    Policy::default().with_lease(LEASE)
}

/// Plays a life, and says what came twice in it, and how often the provider forgave that.
fn play(grace_period: Duration, events: Vec<Event>) -> (Reuse, usize) {
    play_with(grace_period, [Duration::ZERO; MACHINES], events)
}

/// The same where the clocks of the machines are ahead.
fn play_with(
    grace_period: Duration,
    skews: [Duration; MACHINES],
    events: Vec<Event>,
) -> (Reuse, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        let mut life = Life::new(grace_period, skews);
        for event in events {
            life.happen(event).await;
        }
        life.end().await;
        (life.reuse(), life.provider().forgiven)
    })
}

/// How far the clocks of the machines are ahead: up to an hour.
fn skews() -> impl Strategy<Value = [Duration; MACHINES]> {
    prop::array::uniform2((0_u64..3600).prop_map(Duration::from_secs))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_life(skews in skews(), events in proptest::collection::vec(event(), 1..60)) {
        play_with(Duration::ZERO, skews, events);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// Within its grace period, the provider forgives all that is documented.
    #[test]
    fn a_life_with_a_grace_period(
        skews in skews(),
        events in proptest::collection::vec(event(), 1..60),
    ) {
        let (reuse, _) = play_with(24 * HOUR, skews, events);
        prop_assert_eq!(reuse, Reuse::default());
    }
}

//! What holds whatever happens, and in whatever order.

use std::time::Duration;

use proptest::prelude::*;
use tokio::task::JoinHandle;

use crate::testing::{HOUR, MINUTE, World, ask, request, run_all_tasks};
use crate::{Clock as _, Keyring, MemoryStore, Token, TokenError, TokenSource};

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    Pass(Duration),
    Ask(usize),
    GiveUp(usize),
    /// Looks at an outcome that is there, and has its token dropped.
    Refuse(usize),
    Break(Trouble),
    Mend,
    Lifetime(Option<u64>),
}

#[derive(Debug, Clone, Copy)]
enum Trouble {
    Down,
    Silent,
    Busy,
    Panics,
}

fn event() -> impl Strategy<Value = Event> {
    let trouble = prop_oneof![
        Just(Trouble::Down),
        Just(Trouble::Silent),
        Just(Trouble::Busy),
        Just(Trouble::Panics),
    ];
    let pass = prop_oneof![
        1_u64..200,
        200_u64..5_000,
        5_000_u64..100_000,
        100_000_u64..5_000_000,
    ];
    prop_oneof![
        4 => pass.prop_map(|milliseconds| Event::Pass(Duration::from_millis(milliseconds))),
        6 => (0_usize..4).prop_map(Event::Ask),
        2 => any::<usize>().prop_map(Event::GiveUp),
        1 => (0_usize..4).prop_map(Event::Refuse),
        1 => trouble.prop_map(Event::Break),
        2 => Just(Event::Mend),
        1 => prop_oneof![
            Just(None),
            (0_u64..5).prop_map(Some),
            (5_u64..100).prop_map(Some),
            (100_u64..5000).prop_map(Some),
        ].prop_map(Event::Lifetime),
    ]
}

/// Sources for two scopes, two for each.
struct Play {
    world: World,
    sources: Vec<TokenSource>,
    asked: Vec<(usize, JoinHandle<Outcome>)>,
}

/// A token, and when it was handed out.
type Outcome = Result<(Token, Duration), TokenError>;

const SCOPES: [&str; 2] = ["one", "other"];

impl Play {
    /// Each source is a machine of its own where they share a store; else the two of a scope are the same.
    fn new(is_fleet: bool) -> Self {
        let world = World::default();
        let store = MemoryStore::with_clock(world.clone());
        let source = |scope: &str| {
            let mut options = world.options();
            if is_fleet {
                options = options.store(store.clone(), Keyring::new("key", [7; 32]));
            }
            TokenSource::builder(&world.client())
                .grant(request().scope(scope))
                .options(options)
                .build()
                .expect("a source")
        };
        let sources = SCOPES.iter().flat_map(|scope| {
            let first = source(scope);
            let second = if is_fleet {
                source(scope)
            } else {
                first.clone()
            };
            [first, second]
        });
        Self {
            sources: sources.collect(),
            world,
            asked: Vec::new(),
        }
    }

    async fn happen(&mut self, event: Event) {
        let world = self.world.clone();
        match event {
            Event::Pass(duration) => world.pass(duration).await,
            Event::Ask(index) => {
                let source = self.sources[index].clone();
                let asked = tokio::spawn(async move {
                    let token = source.token().await?;
                    Ok((token, world.now()))
                });
                self.asked.push((index, asked));
                run_all_tasks().await;
            }
            Event::GiveUp(index) => {
                if let Some(index) = index.checked_rem(self.asked.len()) {
                    self.asked.swap_remove(index).1.abort();
                }
            }
            Event::Refuse(index) => {
                if let Some(token) = self.sources[index].cached() {
                    self.sources[index].invalidate(&token);
                }
            }
            Event::Break(trouble) => world.provider(|provider| match trouble {
                Trouble::Down => provider.is_down = true,
                Trouble::Silent => provider.is_silent = true,
                Trouble::Panics => provider.panics = true,
                Trouble::Busy => provider
                    .responses
                    .extend([(429, Some(7), String::new()), (503, None, String::new())]),
            }),
            Event::Mend => mend(&world),
            Event::Lifetime(lifetime) => world.provider(|provider| provider.lifetime = lifetime),
        }
        self.check().await;
    }

    /// What was handed out was valid then, and of the right scope.
    async fn check(&mut self) {
        let mut waiting = Vec::new();
        for (index, asked) in self.asked.drain(..) {
            if !asked.is_finished() {
                waiting.push((index, asked));
                continue;
            }
            let Ok((token, when)) = asked.await.expect("no panic") else {
                continue;
            };
            let parts: Vec<_> = token.access_token().split('.').collect();
            assert_eq!(parts[0], SCOPES[index / 2], "another scope's token");
            let end: u128 = parts[2].parse().expect("a time");
            assert!(when.as_millis() < end, "a token that had ended");
        }
        self.asked = waiting;
    }
}

fn mend(world: &World) {
    world.provider(|provider| {
        provider.is_down = false;
        provider.is_silent = false;
        provider.panics = false;
        provider.responses.clear();
    });
}

fn play(events: Vec<Event>, is_fleet: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        let mut play = Play::new(is_fleet);
        for event in events {
            play.happen(event).await;
        }
        if !is_fleet {
            let most = play.world.provider(|provider| provider.most_busy);
            assert!(most <= 1, "{most} refreshes at once");
        }
        // Whatever was, everybody gets a token once the provider is well again.
        mend(&play.world);
        play.world
            .provider(|provider| provider.lifetime = Some(3600));
        // What is under way ends, and what it leaves behind.
        play.world.pass(2 * MINUTE).await;
        play.world.jump(HOUR);
        run_all_tasks().await;
        for source in &play.sources {
            ask(&play.world, source).await.expect("a token");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn one_machine(events in proptest::collection::vec(event(), 1..40)) {
        play(events, false);
    }

    #[test]
    fn a_fleet(events in proptest::collection::vec(event(), 1..40)) {
        play(events, true);
    }
}

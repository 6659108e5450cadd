//! More users than there is room for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::reuse::{Line, Provider};
use super::*;
use crate::TokenError;
use crate::testing::CODE;

/// Users 0, 1, 2 ... of one machine.
struct Crowd {
    world: World,
    store: Faulty,
    line: Line,
    users: UserTokens,
}

impl Crowd {
    fn new(capacity: usize) -> Self {
        let world = World::default();
        let store = store(&world);
        let provider: Arc<Mutex<Provider>> = Arc::default();
        let line = Line::new(&world, 0, &provider);
        let users = UserTokens::builder(&line.client(), refresh)
            .options(world.options())
            .refresh_tokens(store.clone(), keyring())
            .capacity(capacity);
        Self {
            users: users.build().expect("users"),
            world,
            store,
            line,
        }
    }

    async fn sign_in(&self, user: usize) {
        let refresh_token = self.line.provider().sign_in(user);
        let mut response = response(&refresh_token);
        response.access_token = format!("{user}.{refresh_token}").into();
        response.metadata.expires_in = Some(MINUTE);
        let signed_in = self.users.sign_in(&user.to_string(), &response).await;
        signed_in.expect("signed in");
    }

    /// Asks for the tokens of these users at once.
    async fn ask(&self, users: std::ops::Range<usize>) -> Vec<Result<String, TokenError>> {
        let asked: Vec<_> = users.map(|user| self.begin(user)).collect();
        self.world.pass(SECOND).await;
        let mut tokens = Vec::new();
        for asked in asked {
            tokens.push(asked.await.expect("no panic"));
        }
        tokens
    }

    fn begin(&self, user: usize) -> tokio::task::JoinHandle<Result<String, TokenError>> {
        let users = self.users.clone();
        tokio::spawn(async move {
            let token = users.token(&user.to_string()).await;
            token.map(|token| token.access_token().to_owned())
        })
    }

    /// Has so many others come, each often enough to be worth keeping.
    async fn others_come(&self, others: std::ops::Range<usize>) {
        for other in others {
            self.sign_in(other).await;
            for _ in 0..3 {
                let token = self.users.token(&other.to_string()).await;
                token.expect("the token of the sign-in");
            }
        }
    }

    fn has_slot(&self, user: usize) -> bool {
        let identity = self.users.0.identity(&user.to_string());
        self.users.0.slots.get(&identity).is_some()
    }

    fn sent(&self) -> usize {
        self.line.provider().sent.len()
    }
}

#[tokio::test]
async fn thousands_of_users_take_the_room_of_a_hundred() {
    const USERS: usize = 5000;
    let crowd = Crowd::new(100);
    for user in 0..USERS {
        crowd.sign_in(user).await;
    }
    for round in 1..=2 {
        crowd.world.jump(2 * MINUTE);
        for first in (0..USERS).step_by(50) {
            for (user, token) in (first..).zip(crowd.ask(first..first + 50).await) {
                let token = token.expect("a token");
                assert!(token.starts_with(&format!("{user}.")), "{user}: {token}");
            }
        }
        assert!(crowd.users.len() <= 100, "{} slots", crowd.users.len());
        assert_eq!(crowd.sent(), round * USERS, "each refresh token once");
    }
    assert!(crowd.line.provider().reused.is_empty());
    assert!(crowd.users.metrics().evictions > 2 * USERS as u64);
}

#[tokio::test]
async fn more_refreshes_at_once_than_there_is_room_for_are_each_made_once() {
    let crowd = Crowd::new(1);
    for user in 0..200 {
        crowd.sign_in(user).await;
    }
    crowd.world.jump(2 * MINUTE);
    for token in crowd.ask(0..200).await {
        token.expect("a token");
    }
    assert_eq!(crowd.sent(), 200);
    assert!(crowd.line.provider().reused.is_empty());
}

#[tokio::test]
async fn an_unsaved_refresh_token_outlives_the_slot() {
    let crowd = Crowd::new(10);
    crowd.sign_in(0).await;
    crowd.world.jump(2 * MINUTE);
    crowd.store.fail("save", Fault::Refuses);
    crowd.ask(0..1).await.remove(0).expect("the token is good");
    assert_eq!(crowd.users.metrics().unsaved, 1);
    crowd.others_come(1..40).await;
    assert!(!crowd.has_slot(0), "it had to make room");
    let error = crowd.ask(0..1).await.remove(0).expect_err("not saved");
    assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore);
    assert_eq!(crowd.sent(), 1, "nothing is sent before it is saved");
    crowd.store.mend();
    crowd.world.pass(MINUTE).await;
    assert!(crowd.users.drain(Duration::ZERO).await.is_complete());
    crowd.ask(0..1).await.remove(0).expect("a token");
    assert_eq!(crowd.sent(), 2);
    assert!(crowd.line.provider().reused.is_empty());
}

#[tokio::test]
async fn a_refresh_under_way_keeps_its_slot() {
    let crowd = Crowd::new(10);
    crowd.sign_in(0).await;
    crowd.world.jump(2 * MINUTE);
    let asked = crowd.begin(0);
    run_all_tasks().await;
    asked.abort();
    crowd.others_come(1..40).await;
    assert!(crowd.has_slot(0));
    crowd.world.pass(SECOND).await;
    let token = crowd.users.token("0").await;
    token.expect("the one that nobody waited for");
    assert_eq!(crowd.sent(), 1);
}

#[tokio::test]
async fn a_source_keeps_its_slot() {
    let crowd = Crowd::new(10);
    crowd.sign_in(0).await;
    let source = crowd.users.source("0").expect("a source");
    crowd.others_come(1..40).await;
    let token = source.cached().expect("it is at hand");
    assert!(token.access_token().starts_with("0."));
    assert!(crowd.has_slot(0));
    drop(source);
    crowd.others_come(40..80).await;
    assert!(!crowd.has_slot(0), "nobody uses it any more");
}

#[tokio::test]
async fn what_the_provider_refused_is_remembered_within_bounds() {
    let crowd = Crowd::new(10);
    for user in 0..500 {
        crowd.sign_in(user).await;
    }
    crowd.line.provider().refuse_all();
    crowd.world.jump(2 * MINUTE);
    for user in 0..500 {
        let error = crowd
            .ask(user..user + 1)
            .await
            .remove(0)
            .expect_err("refused");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(crowd.sent(), 500);
    assert!(crowd.users.0.slots.remembered() <= 40);
    // The last ones are remembered, slot or not.
    for user in (490..500).rev() {
        let error = crowd
            .ask(user..user + 1)
            .await
            .remove(0)
            .expect_err("refused");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(crowd.sent(), 500);
}

/// Each user who had to make room is counted, for users and for tenants.
#[tokio::test]
async fn evictions_are_counted() {
    let world = rotating();
    let users = builder(&world).capacity(10).build().expect("users");
    for user in 0..100 {
        let (subject, response) = (user.to_string(), response("refresh-0"));
        let signed_in = users.sign_in(&subject, &response).await;
        signed_in.expect("signed in");
    }
    let (evicted, left) = (users.metrics().evictions, users.len() as u64);
    assert!(left <= 10, "{left}");
    assert_eq!(evicted + left, 100);

    let manager = crate::TokenManager::with_options(10, world.options()).expect("a manager");
    for tenant in 0..100 {
        let request = crate::testing::request().parameter("tenant", tenant.to_string());
        let source = manager.source(&world.client(), request).expect("a source");
        ask(&world, &source).await.expect("a token");
    }
    let (evicted, left) = (manager.metrics().evictions, manager.len() as u64);
    // The last one was in use when there was no room.
    assert!(left <= 11, "{left}");
    assert_eq!(evicted + left, 100);
    assert_eq!(manager.metrics().hits, 0);
}

/// A refresh that was not sent yet belongs to the sign-in before, also where its slot is gone.
#[tokio::test]
async fn a_refresh_whose_slot_is_gone_is_not_sent_after_a_sign_in() {
    let world = rotating();
    let store = store(&world);
    let users = builder(&world).refresh_tokens(store.clone(), keyring());
    let users = users.capacity(1).build().expect("users");
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    for operation in ["confirm", "put"] {
        let fault = if operation == "put" {
            Fault::Refuses
        } else {
            Fault::Stops
        };
        store.fail(operation, fault);
    }
    let asked = asking(&users);
    run_all_tasks().await;
    asked.abort();
    world.provider(|provider| {
        let body = r#"{"access_token":"a","refresh_token":"refresh-9","expires_in":3600}"#;
        provider.responses.push_back((200, None, body.to_owned()));
        provider.latency = Duration::ZERO;
    });
    let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", "c");
    let client = world.client();
    users
        .sign_in_by("ada", &client, code)
        .await
        .expect("signed in");
    drop(users.token("bob").await.expect_err("not signed in"));
    assert_eq!(users.len(), 1);
    store.mend();
    store.resume();
    world.pass(MINUTE).await;
    assert_eq!(used(&world), Vec::<String>::new());
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-9"));
}

//! Signing in and out, and who gets whose token.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;

use super::*;
use crate::testing::{CODE, REVOCATION, REVOKE};
use crate::{
    Begin, RefreshTokenStore as _, StoreError, StoreFuture, StoreName, TokenStore, Version,
};

async fn sign_in(users: &UserTokens, refresh_token: &str) {
    let signed_in = users.sign_in("ada", &response(refresh_token)).await;
    signed_in.expect("signed in");
}

/// A machine that revokes refresh tokens at the provider.
fn revoking(world: &World, store: &Faulty) -> UserTokens {
    let users = builder(world).revoke(|token| {
        TokenRequest::new(&REVOCATION, &REVOKE).secret_parameter("token", token.clone())
    });
    let users = users.refresh_tokens(store.clone(), keyring());
    users.build().expect("users")
}

/// The refresh tokens that were revoked, in their order.
fn revoked(world: &World) -> Vec<String> {
    world.provider(|provider| {
        let bodies = provider.requests.iter().map(|(_, body)| body.as_str());
        let forms = bodies.map(|body| body.split('&'));
        let tokens = forms.filter_map(|mut form| form.find_map(|pair| pair.strip_prefix("token=")));
        tokens.map(str::to_owned).collect()
    })
}

#[tokio::test]
async fn users_share_nothing() {
    let world = rotating();
    let users = machine(&world, &store(&world));
    sign_in(&users, "refresh-0").await;
    for subject in ["bob", "ad", "adab", "Ada", " ada"] {
        let error = users.token(subject).await.expect_err(subject);
        assert_eq!(error.kind(), TokenErrorKind::UserRequired, "{subject}");
    }
    assert_eq!(world.requests(), 0);
    let error = users.token("").await.expect_err("nobody");
    assert_eq!(error.kind(), TokenErrorKind::Config);
}

#[tokio::test]
async fn signing_out_leaves_nothing_anywhere() {
    let world = rotating();
    let store = store(&world);
    let shared = MemoryStore::with_clock(world.clone());
    let machine = || {
        let options = world.options().store(shared.clone(), keyring());
        let users = builder(&world).options(options);
        let users = users.refresh_tokens(store.clone(), keyring());
        users.build().expect("users")
    };
    let users = machine();
    sign_in(&users, "refresh-0").await;
    let other = machine().token("ada").await;
    other.expect("from the shared store");
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    for users in [users, machine()] {
        let error = users.token("ada").await.expect_err("signed out");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn a_refresh_that_was_sent_ends_and_its_tokens_are_revoked() {
    let world = rotating();
    let users = revoking(&world, &store(&world));
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    let asked = tokio::spawn({
        let users = users.clone();
        async move { users.token("ada").await }
    });
    run_all_tasks().await;
    let left = tokio::spawn({
        let users = users.clone();
        async move { users.sign_out("ada").await }
    });
    world.pass(SECOND).await;
    let left = left.await.expect("no panic").expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    let error = asked.await.expect("no panic").expect_err("signed out");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    assert!(users.drain(MINUTE).await.is_complete());
    let newest = world.provider(|provider| provider.refresh_token.clone());
    assert_eq!(revoked(&world), ["refresh-0".to_owned(), newest]);
    users.token("ada").await.expect_err("signed out");
}

#[tokio::test]
async fn a_token_that_could_not_be_saved_before_the_sign_out_is_revoked() {
    let world = rotating();
    let store = store(&world);
    let users = revoking(&world, &store);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    store.fail("save", Fault::Refuses);
    token(&world, &users).await.expect("a token");
    let newest = world.provider(|provider| provider.refresh_token.clone());
    // Another machine, which does not know of the new refresh token.
    let other = revoking(&world, &store);
    let left = tokio::spawn(async move { other.sign_out("ada").await });
    world.pass(SECOND).await;
    store.mend();
    world.pass(MINUTE).await;
    let left = left.await.expect("no panic").expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    assert!(revoked(&world).contains(&newest), "{:?}", revoked(&world));
    users.token("ada").await.expect_err("signed out");
}

#[tokio::test]
async fn what_could_not_be_done_is_said() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    store.fail("delete", Fault::Refuses);
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.refresh_token.is_some() && !left.is_complete());
    store.mend();
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.is_complete());
}

#[tokio::test]
async fn signing_in_wins_over_a_refresh_that_is_under_way() {
    let world = rotating();
    let users = signed_in(&world, &store(&world)).await;
    let asked = tokio::spawn({
        let users = users.clone();
        async move { users.token("ada").await }
    });
    run_all_tasks().await;
    sign_in(&users, "another account").await;
    world.pass(SECOND).await;
    let new = asked.await.expect("no panic").expect("the new token");
    assert_eq!(new.access_token(), "from the code exchange");
    world.provider(|provider| provider.refresh_token = "another+account".to_owned());
    world.jump(HOUR);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "another+account"]);
}

#[tokio::test]
async fn signing_in_ends_refusals_and_waits() {
    let world = rotating();
    let users = signed_in(&world, &store(&world)).await;
    world.provider(|provider| provider.refresh_token = "refresh-9".to_owned());
    let error = token(&world, &users).await.expect_err("refused");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    sign_in(&users, "refresh-9").await;
    users.token("ada").await.expect("at once");
    world.jump(HOUR);
    token(&world, &users).await.expect("a token");
}

#[tokio::test]
async fn signing_in_on_another_machine_is_noticed_within_a_second() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    world.provider(|provider| provider.refresh_token = "refresh-9".to_owned());
    for _ in 0..20 {
        token(&world, &users).await.expect_err("refused");
        world.jump(MINUTE);
    }
    assert_eq!(world.requests(), 1, "what was refused is not sent again");
    token(&world, &users).await.expect_err("refused");
    sign_in(&machine(&world, &store), "refresh-9").await;
    world.jump(2 * SECOND);
    token(&world, &users).await.expect("a token");
}

#[tokio::test]
async fn signing_in_is_not_cut_off_by_a_caller_that_gives_up() {
    let world = rotating();
    let users = machine(&world, &store(&world));
    let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", "c");
    world.provider(|provider| {
        let body = r#"{"access_token":"a","refresh_token":"refresh-0","expires_in":3600}"#;
        provider.responses.push_back((200, None, body.to_owned()));
    });
    let signing_in = tokio::spawn({
        let (users, client) = (users.clone(), world.client());
        async move { users.sign_in_by("ada", &client, code).await }
    });
    run_all_tasks().await;
    signing_in.abort();
    world.pass(SECOND).await;
    let token = users.token("ada").await.expect("signed in");
    assert_eq!(token.access_token(), "a");
}

#[tokio::test]
async fn a_new_refresh_token_to_begin_with_counts_when_the_old_one_was_refused() {
    let world = rotating();
    let users = machine(&world, &store(&world));
    let source = users.source_with("ada", "refused").expect("a source");
    let error = ask(&world, &source).await.expect_err("refused");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    let source = users.source_with("ada", "refresh-0").expect("a source");
    ask(&world, &source).await.expect("a token");
    assert_eq!(used(&world), ["refused", "refresh-0"]);
}

/// A shared store whose deletions fail while there is a refresh token.
#[derive(Clone)]
struct DeletesNothing {
    store: MemoryStore,
    refresh_tokens: Faulty,
    fails: Arc<AtomicBool>,
    entry: StoreName,
}

impl TokenStore for DeletesNothing {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        self.store.begin(name, known, lease)
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.store.renew(name, lease, duration)
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        self.store.put(name, version, value, lifetime)
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        self.store.fail(name, lease, cool_down)
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        let found = self.refresh_tokens.store.load(&self.entry).now_or_never();
        let is_there = found.expect("no wait").expect("no fault").is_some();
        if is_there && self.fails.load(Ordering::Relaxed) {
            return Box::pin(async { Err(StoreError::new("broken")) });
        }
        self.store.delete(name)
    }
}

/// A machine whose shared store fails to delete, and what mends it.
fn deletes_nothing(world: &World, store: &Faulty) -> (UserTokens, Arc<AtomicBool>) {
    let fails = Arc::new(AtomicBool::new(true));
    let shared = DeletesNothing {
        store: MemoryStore::with_clock(world.clone()),
        refresh_tokens: store.clone(),
        fails: Arc::clone(&fails),
        entry: entry(&machine(world, store)),
    };
    let users = builder(world).options(world.options().store(shared, keyring()));
    let users = users.refresh_tokens(store.clone(), keyring());
    (users.build().expect("users"), fails)
}

fn entry(users: &UserTokens) -> StoreName {
    let inner = users.0.inner("ada").expect("a subject");
    inner.user.as_ref().expect("a user").entry.clone()
}

/// What the store has of the user.
fn stored(users: &UserTokens, store: &Faulty) -> Option<crate::refresh::Stored> {
    let entry = entry(users);
    let sealed = store.store.load(&entry).now_or_never().expect("no wait");
    let sealed = sealed.expect("no fault")?;
    let vault = users.0.vault().expect("a vault");
    Some(vault.open(&entry, &sealed).expect("the key"))
}

fn stored_token(users: &UserTokens, store: &Faulty) -> Option<String> {
    let stored = stored(users, store)?;
    let credential = stored.credential()?;
    Some(credential.refresh_token.expose().to_owned())
}

#[tokio::test]
async fn a_sign_in_that_is_tried_again_brings_no_spent_refresh_token_back() {
    let world = rotating();
    let store = store(&world);
    let (users, fails) = deletes_nothing(&world, &store);
    let mut response = response("refresh-0");
    response.metadata.expires_in = Some(HOUR);
    let error = users.sign_in("ada", &response).await;
    let error = error.expect_err("the shared store fails");
    assert_eq!(error.kind(), TokenErrorKind::Store);
    token(&world, &users).await.expect("a token");
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-1"));
    fails.store(false, Ordering::Relaxed);
    users.sign_in("ada", &response).await.expect("signed in");
    world.jump(2 * HOUR);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    // A new sign-in is another one, also where the provider gives the same refresh token.
    response.access_token = "another".into();
    users.sign_in("ada", &response).await.expect("signed in");
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-0"));
}

#[tokio::test]
async fn a_response_is_as_old_as_it_is() {
    let world = rotating();
    let users = machine(&world, &store(&world));
    let mut response = response("refresh-0");
    response.metadata.expires_in = Some(HOUR);
    response.metadata.expires_at = Some(SystemTime::now() + HOUR / 4);
    users.sign_in("ada", &response).await.expect("signed in");
    world.jump(HOUR / 2);
    let token = token(&world, &users).await.expect("a token");
    assert_ne!(token, "from the code exchange");
}

/// Signs in by a code whose exchange returns this refresh token.
fn exchange(
    world: &World,
    users: &UserTokens,
) -> tokio::task::JoinHandle<Result<crate::Token, crate::TokenError>> {
    world.provider(|provider| {
        let body = r#"{"access_token":"a","refresh_token":"refresh-0","expires_in":3600}"#;
        provider.responses.push_back((200, None, body.to_owned()));
    });
    let (users, client) = (users.clone(), world.client());
    let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", "c");
    tokio::spawn(async move { users.sign_in_by("ada", &client, code).await })
}

#[tokio::test]
async fn a_code_is_good_once_and_its_tokens_outlive_a_store_that_fails() {
    for fault in [Fault::Refuses, Fault::Hangs, Fault::LosesOutcome] {
        let world = rotating();
        let store = store(&world);
        let users = machine(&world, &store);
        for operation in ["load", "put", "begin"] {
            store.fail(operation, fault);
        }
        let signed_in = exchange(&world, &users);
        world.pass(5 * SECOND).await;
        let signed_in = signed_in.await.expect("no panic").expect("signed in");
        assert_eq!(signed_in.access_token(), "a");
        assert_eq!(users.metrics().unsaved, 1, "{fault:?}");
        assert!(!users.drain(Duration::ZERO).await.is_complete());
        store.mend();
        world.pass(MINUTE).await;
        assert!(users.drain(Duration::ZERO).await.is_complete());
        world.jump(HOUR);
        token(&world, &machine(&world, &store))
            .await
            .expect("a token");
        assert_eq!(used(&world), ["refresh-0"], "{fault:?}");
    }
}

#[tokio::test]
async fn a_sign_in_that_is_stored_late_gives_way_to_a_later_one() {
    let world = rotating();
    let store = store(&world);
    let (cut_off, mine) = (machine(&world, &store), store.another());
    let users = machine(&world, &mine);
    for operation in ["put", "begin"] {
        mine.fail(operation, Fault::Refuses);
    }
    let signed_in = exchange(&world, &users);
    world.pass(SECOND).await;
    signed_in.await.expect("no panic").expect("signed in");
    sign_in(&cut_off, "refresh-9").await;
    mine.mend();
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-9"));
}

#[tokio::test]
async fn signing_out_wins_over_a_code_exchange_that_is_under_way() {
    let world = rotating();
    let users = revoking(&world, &store(&world));
    let signing_in = exchange(&world, &users);
    run_all_tasks().await;
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    world.pass(SECOND).await;
    let error = signing_in.await.expect("no panic").expect_err("signed out");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    users.token("ada").await.expect_err("signed out");
    assert_eq!(revoked(&world), ["refresh-0"]);
}

#[tokio::test]
async fn a_refresh_token_to_begin_with_is_not_used_after_signing_out() {
    let world = rotating();
    let store = store(&world);
    let [one, other] = [(), ()].map(|()| machine(&world, &store));
    for users in [&one, &other] {
        users.source_with("ada", "refresh-0").expect("a source");
        token(&world, users).await.expect("a token");
        world.jump(2 * HOUR);
    }
    let slot = other.0.inner("ada").expect("a subject").slot;
    assert!(!slot.is_in_use(), "it may go");
    let left = one.sign_out("ada").await.expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    world.jump(HOUR);
    for users in [one, other, machine(&world, &store)] {
        users.source_with("ada", "refresh-0").expect("a source");
        let error = token(&world, &users).await.expect_err("signed out");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    // Another one is a new beginning.
    let newest = world.provider(|provider| provider.refresh_token.clone());
    let users = machine(&world, &store);
    users.source_with("ada", newest).expect("a source");
    token(&world, &users).await.expect("a token");
}

#[tokio::test]
async fn a_refresh_token_to_begin_with_does_not_replace_a_sign_in() {
    let world = rotating();
    let store = store(&world);
    let users = machine(&world, &store);
    sign_in(&users, "another account").await;
    world.jump(HOUR);
    users.source_with("ada", "refresh-0").expect("a source");
    let error = token(&world, &users).await.expect_err("refused");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    assert_eq!(used(&world), ["another+account"]);
}

#[tokio::test]
async fn what_was_saved_just_before_it_was_deleted_is_revoked() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let users = revoking(&world, &mine);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    mine.fail("delete", Fault::Stops);
    let left = tokio::spawn({
        let users = users.clone();
        async move { users.sign_out("ada").await }
    });
    run_all_tasks().await;
    mine.mend();
    let other = machine(&world, &store);
    let other = tokio::spawn(async move { other.token("ada").await });
    world.pass(SECOND / 5).await;
    other.await.expect("no panic").expect("a token");
    mine.resume();
    world.pass(SECOND).await;
    let left = left.await.expect("no panic").expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    assert_eq!(revoked(&world), ["refresh-1"]);
}

#[tokio::test]
async fn signing_in_without_a_refresh_token_revokes_nothing() {
    let world = rotating();
    let store = store(&world);
    let users = revoking(&world, &store);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    let asked = tokio::spawn({
        let users = users.clone();
        async move { users.token("ada").await }
    });
    run_all_tasks().await;
    let other = machine(&world, &store);
    let mut without = response("");
    without.refresh_token = None;
    other.sign_in("ada", &without).await.expect("signed in");
    world.pass(SECOND).await;
    let error = asked
        .await
        .expect("no panic")
        .expect_err("no refresh token");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    assert!(revoked(&world).is_empty(), "{:?}", revoked(&world));
    // The one from before may be another account's.
    world.jump(HOUR);
    token(&world, &other).await.expect_err("no refresh token");
    assert_eq!(used(&world), ["refresh-0"]);
}

#[tokio::test]
async fn a_sign_out_that_the_store_does_not_know_yet_counts_all_the_same() {
    for (is_signed_in_again, is_signed_in_elsewhere) in
        [(false, false), (true, false), (false, true)]
    {
        let world = rotating();
        let store = store(&world);
        let mine = store.another();
        let users = revoking(&world, &mine);
        sign_in(&users, "refresh-0").await;
        world.jump(HOUR);
        mine.fail("delete", Fault::Refuses);
        let signing_out = tokio::spawn({
            let users = users.clone();
            async move { users.sign_out("ada").await }
        });
        world.pass(SECOND).await;
        let left = signing_out.await.expect("no panic").expect("a subject");
        assert!(left.refresh_token.is_some());
        let other = machine(&world, &store);
        if is_signed_in_again {
            sign_in(&users, "refresh-9").await;
        } else if is_signed_in_elsewhere {
            sign_in(&other, "refresh-9").await;
        }
        mine.mend();
        if !is_signed_in_again {
            let error = users.token("ada").await.expect_err("signed out");
            assert_eq!(error.kind(), TokenErrorKind::UserRequired);
        }
        world.pass(MINUTE).await;
        assert!(users.drain(Duration::ZERO).await.is_complete());
        let is_signed_in = is_signed_in_again || is_signed_in_elsewhere;
        let expected = is_signed_in.then_some("refresh-9");
        assert_eq!(stored_token(&users, &store).as_deref(), expected);
        assert!(used(&world).is_empty());
        world.provider(|provider| provider.refresh_token = "refresh-9".to_owned());
        world.jump(2 * HOUR);
        let outcome = token(&world, &users).await;
        assert_eq!(outcome.is_ok(), is_signed_in, "{outcome:?}");
    }
}

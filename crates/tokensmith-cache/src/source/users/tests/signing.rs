//! Signing in and out, and who gets whose token.

use super::*;
use crate::testing::{CODE, REVOCATION, REVOKE};

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

//! Signing in, and who gets whose token.

use std::time::SystemTime;

use super::*;

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
async fn signing_in_wins_over_a_refresh_that_is_under_way() {
    let world = rotating();
    let users = signed_in(&world, &store(&world)).await;
    let asked = asking(&users);
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

#[tokio::test]
async fn signing_in_without_a_refresh_token_revokes_nothing() {
    let world = rotating();
    let store = store(&world);
    let users = revoking(&world, &store);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    let asked = asking(&users);
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
async fn signing_in_loses_no_token_that_a_refresh_could_not_save_meanwhile() {
    a_refresh_while_signing_in_cannot_save(|_, users| {
        let users = users.clone();
        tokio::spawn(async move { users.sign_in("ada", &response("refresh-0")).await })
    })
    .await;
}

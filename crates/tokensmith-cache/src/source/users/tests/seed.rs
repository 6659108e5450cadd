//! Refresh tokens to begin with.

use super::*;

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
    sign_out(&one).await;
    world.jump(HOUR);
    for users in [one, other, machine(&world, &store)] {
        users.source_with("ada", "refresh-0").expect("a source");
        let error = token(&world, &users).await.expect_err("signed out");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    // Another one is a new beginning.
    let users = machine(&world, &store);
    users.source_with("ada", newest(&world)).expect("a source");
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

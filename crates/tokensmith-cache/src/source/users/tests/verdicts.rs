//! When the user has to sign in again, and when not.

use tokensmith_runtime::{Endpoint, Rotation};

use super::*;
use crate::{BeginSection, Clock as _, Policy, RefreshTokenStore as _};

#[tokio::test]
async fn a_seed_is_used_where_the_store_is_empty() {
    let world = rotating();
    let users = machine(&world, &store(&world));
    let source = users.source_with("ada", "refresh-0").expect("a source");
    ask(&world, &source).await.expect("a token");
    world.jump(2 * HOUR);
    ask(&world, &source).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
}

#[tokio::test]
async fn a_refusal_is_final_only_if_the_store_has_nothing_else() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    world.provider(|provider| provider.refresh_token = "newer".to_owned());
    let asked = asking(&users);
    run_all_tasks().await;
    // Another machine signs the user in while the request is under way.
    let other = machine(&world, &store);
    let signed_in = other.sign_in("ada", &response("newer")).await;
    signed_in.expect("signed in");
    world.pass(SECOND).await;
    let token = asked.await.expect("no panic");
    token.expect("a token by the newer one");
    assert_eq!(used(&world), ["refresh-0", "newer"]);
}

#[tokio::test]
async fn codes_that_mean_sign_in_again() {
    for code in [
        "invalid_grant",
        "interaction_required",
        "login_required",
        "consent_required",
        "invalid_token",
    ] {
        let world = rotating();
        let users = signed_in(&world, &store(&world)).await;
        world.provider(|provider| {
            let body = format!(r#"{{"error":"{code}","error_description":"Gone."}}"#);
            provider.responses.push_back((400, None, body));
        });
        let error = token(&world, &users).await.expect_err(code);
        assert_eq!(error.kind(), TokenErrorKind::UserRequired, "{code}");
        assert!(!error.is_retryable());
        let text = error.to_string();
        assert!(text.contains(code) && text.contains("Gone."), "{text}");
        let metrics = users.metrics();
        assert_eq!((metrics.refused, metrics.failures), (1, 1), "{code}");
    }
}

#[tokio::test]
async fn a_failure_that_says_nothing_of_the_refresh_token_keeps_it() {
    for status in [429, 500, 503] {
        let world = rotating();
        let users = signed_in(&world, &store(&world)).await;
        world.provider(|provider| provider.responses.push_back((status, None, String::new())));
        let error = token(&world, &users).await.expect_err("no token");
        assert_eq!(error.kind(), TokenErrorKind::Exchange);
        world.jump(2 * MINUTE);
        token(&world, &users).await.expect("a token");
    }
}

#[tokio::test]
async fn after_a_lost_response_a_refresh_token_is_not_sent_again() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    world.provider(|provider| provider.loses_response = true);
    let error = token(&world, &users).await.expect_err("lost");
    assert_eq!(error.kind(), TokenErrorKind::Exchange);
    world.provider(|provider| provider.loses_response = false);
    world.jump(2 * MINUTE);
    for users in [&users, &machine(&world, &store)] {
        let error = token(&world, users).await.expect_err("it may be used up");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(world.requests(), 1);
    let signed_in = users.sign_in("ada", &response("refresh-1")).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    token(&world, &users).await.expect("a token");
}

#[tokio::test]
async fn a_provider_that_does_not_rotate_has_the_refresh_token_sent_again() {
    let world = World::default();
    let users = signed_in(&world, &store(&world)).await;
    token(&world, &users).await.expect("a token");
    world.jump(2 * HOUR);
    world.provider(|provider| provider.loses_response = true);
    token(&world, &users).await.expect_err("lost");
    world.provider(|provider| provider.loses_response = false);
    world.jump(2 * MINUTE);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0"; 3]);
}

#[tokio::test]
async fn within_the_grace_period_it_is_sent_again() {
    let world = rotating();
    let policy = Policy::default().with_grace_period(MINUTE);
    let users = builder(&world).options(world.options().policy(policy));
    let users = users.refresh_tokens(store(&world), keyring());
    let users = users.build().expect("users");
    let signed_in = users.sign_in("ada", &response("refresh-0")).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    world.provider(|provider| provider.loses_response = true);
    token(&world, &users).await.expect_err("lost");
    // What the provider does within its grace period.
    world.provider(|provider| {
        provider.loses_response = false;
        provider.refresh_token = "refresh-0".to_owned();
    });
    world.jump(2 * MINUTE);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-0"]);
}

#[tokio::test]
async fn after_a_crash_the_next_one_reports_it_and_goes_on() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    // The section of a process that was killed after it had confirmed it.
    let entry = users.0.inner("ada").expect("a user").user.expect("a user");
    let begun = store.store.begin(&entry.entry, 10 * SECOND).await;
    let Ok(BeginSection::Begun(begun)) = begun else {
        panic!("{begun:?}");
    };
    let confirmed = store
        .store
        .confirm(&entry.entry, begun.section, 10 * SECOND);
    assert!(confirmed.await.expect("a store"));
    let token = token(&world, &users).await;
    token.expect("a token, after the lease");
    assert_eq!(users.metrics().reuse_suspected, 1);
}

#[tokio::test]
async fn an_empty_refresh_or_id_token_takes_no_place() {
    let world = rotating();
    let users = signed_in(&world, &store(&world)).await;
    let body = r#"{"access_token":"a","refresh_token":"","id_token":"","expires_in":60}"#;
    world.provider(|provider| provider.responses.push_back((200, None, body.to_owned())));
    token(&world, &users).await.expect("a token");
    let kept = users.token("ada").await.expect("at hand");
    assert_eq!((kept.access_token(), kept.id_token()), ("a", None));
    world.jump(2 * HOUR);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-0"]);
}

#[tokio::test]
async fn whoever_holds_a_valid_token_gets_it_at_once() {
    let world = rotating();
    let users = signed_in(&world, &store(&world)).await;
    let old = token(&world, &users).await.expect("a token");
    world.jump(HOUR * 95 / 100);
    world.provider(|provider| provider.is_silent = true);
    let now = world.now();
    let token = users.token("ada").await.expect("the valid one");
    assert_eq!((token.access_token(), world.now()), (&*old, now));
}

#[tokio::test]
async fn a_seed_that_was_used_is_not_used_again() {
    let world = rotating();
    let store = store(&world);
    let source = |refresh_token: &str| {
        let users = machine(&world, &store);
        let source = users.source_with("ada", refresh_token);
        source.expect("a source")
    };
    ask(&world, &source("refresh-0")).await.expect("a token");
    // The settings of a process that starts again have the same refresh token still.
    let restarted = source("refresh-0");
    world.provider(|provider| provider.loses_response = true);
    ask(&world, &restarted).await.expect_err("lost");
    world.provider(|provider| provider.loses_response = false);
    world.jump(2 * MINUTE);
    for source in [restarted, source("refresh-0")] {
        let error = ask(&world, &source).await.expect_err("all were used");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    world.provider(|provider| provider.refresh_token = "new".to_owned());
    ask(&world, &source("new")).await.expect("a token");
}

#[tokio::test]
async fn whoever_is_not_signed_in_leaves_no_trace_in_the_store() {
    let world = rotating();
    let store = store(&world);
    let users = machine(&world, &store);
    store.fail("begin", Fault::Refuses);
    let error = users.token("made up").await.expect_err("nobody");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired, "{error}");
    assert!(!error.is_retryable());
}

/// An endpoint whose document says that refresh tokens stay valid.
static KEEPING: Endpoint<'static> = TOKEN.with_rotation(Rotation::Never);

async fn signed_in_where_kept(world: &World) -> UserTokens {
    let refresh = |token: &Secret| {
        let request = TokenRequest::new(&KEEPING, &REFRESH_TOKEN);
        request.secret_parameter("refresh_token", token.clone())
    };
    let builder = UserTokens::builder(&world.client(), refresh).options(world.options());
    let users = builder.refresh_tokens(store(world), keyring()).build();
    let users = users.expect("users");
    let signed_in = users.sign_in("ada", &response("refresh-0")).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    users
}

#[tokio::test]
async fn where_the_document_says_that_it_stays_valid_it_is_sent_again_from_the_first_use_on() {
    let world = World::default();
    let users = signed_in_where_kept(&world).await;
    world.provider(|provider| provider.loses_response = true);
    token(&world, &users).await.expect_err("lost");
    world.provider(|provider| provider.loses_response = false);
    world.jump(2 * MINUTE);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0"; 2]);
}

#[tokio::test]
async fn a_response_with_another_refresh_token_counts_more_than_the_document() {
    let world = rotating();
    let users = signed_in_where_kept(&world).await;
    token(&world, &users).await.expect("a token");
    world.jump(2 * HOUR);
    world.provider(|provider| provider.loses_response = true);
    token(&world, &users).await.expect_err("lost");
    world.provider(|provider| provider.loses_response = false);
    world.jump(2 * MINUTE);
    let error = token(&world, &users).await.expect_err("it may be used up");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
}

//! When the user has to sign in again, and when not.

use tokensmith_runtime::{EndpointKind, Rotation};

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

static HUBSPOT: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_operations(&[&REFRESH_TOKEN])
    .with_error_code(&["/status"])
    .with_error_codes(&[("BAD_REFRESH_TOKEN", "invalid_grant")]);

/// A provider's own code ends as the code of RFC 6749 does that its document maps it to; without a
/// map nobody knows what it means.
#[tokio::test]
async fn a_code_of_the_providers_own_means_what_the_document_says() {
    for (status, expected) in [
        ("BAD_REFRESH_TOKEN", TokenErrorKind::UserRequired),
        ("BAD_WEATHER", TokenErrorKind::Exchange),
    ] {
        let world = rotating();
        let users = machine_of(&world, &HUBSPOT, &store(&world));
        let signed_in = users.sign_in("ada", &response("refresh-0")).await;
        signed_in.expect("signed in");
        world.provider(|provider| {
            let body = format!(r#"{{"status":"{status}","message":"missing or unknown"}}"#);
            provider.responses.push_back((400, None, body));
        });
        world.jump(2 * HOUR);
        let error = token(&world, &users).await.expect_err("refused");
        assert_eq!(error.kind(), expected, "{status}");
    }
}

/// Responds once with this failure, and says how often reuse was suspected when it was asked again.
async fn suspected_after(
    world: &World,
    users: &UserTokens,
    failure: (u16, Option<u64>, &str),
) -> u64 {
    let (status, retry_after, body) = failure;
    world.provider(|provider| {
        provider
            .responses
            .push_back((status, retry_after, body.to_owned()));
    });
    let error = token(world, users).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::Exchange, "{failure:?}");
    world.jump(2 * MINUTE);
    token(world, users).await.expect("a token");
    assert_eq!(used(world), ["refresh-0", "refresh-0"], "{failure:?}");
    users.metrics().reuse_suspected
}

#[tokio::test]
async fn a_response_that_refuses_before_it_does_anything_keeps_the_refresh_token() {
    for failure in [
        (429, None, ""),
        (503, Some(30), ""),
        (503, None, r#"{"error":"temporarily_unavailable"}"#),
        (500, None, r#"{"error":"temporarily_unavailable"}"#),
        (401, None, r#"{"error":"invalid_client"}"#),
        (404, None, ""),
    ] {
        let world = rotating();
        let users = signed_in(&world, &store(&world)).await;
        let suspected = suspected_after(&world, &users, failure).await;
        assert_eq!(suspected, 0, "{failure:?}");
    }
}

/// Nobody can know whether the provider has used the refresh token before it failed. It is sent again, also by another
/// machine, and each time that is told.
#[tokio::test]
async fn after_a_failure_of_the_provider_a_refresh_token_is_sent_again_and_that_is_told() {
    for failure in [
        (500, None, ""),
        (500, None, r#"{"error":"server_error"}"#),
        (501, None, ""),
        (503, None, ""),
    ] {
        let world = rotating();
        let store = store(&world);
        let users = signed_in(&world, &store).await;
        let suspected = suspected_after(&world, &users, failure).await;
        assert_eq!(suspected, 1, "{failure:?}");
        // Of the next one nothing is suspected.
        world.jump(2 * HOUR);
        token(&world, &users).await.expect("a token");
        assert_eq!(users.metrics().reuse_suspected, 1);

        world.jump(2 * HOUR);
        world.provider(|provider| provider.responses.push_back((500, None, String::new())));
        token(&world, &users).await.expect_err("no token");
        let other = machine(&world, &store);
        world.jump(2 * MINUTE);
        token(&world, &other).await.expect("a token");
        assert_eq!(other.metrics().reuse_suspected, 1);
    }
}

#[tokio::test]
async fn where_the_refresh_token_stays_valid_a_failure_has_nobody_suspect_anything() {
    let world = World::default();
    let users = signed_in_at(&world, &KEEPING).await;
    assert_eq!(suspected_after(&world, &users, (500, None, "")).await, 0);
}

#[tokio::test]
async fn after_a_lost_response_a_refresh_token_is_not_sent_again() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    lose_a_response(&world, &users).await;
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
    lose_a_response(&world, &users).await;
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0"; 3]);
}

#[tokio::test]
async fn within_the_grace_period_it_is_sent_again() {
    let world = rotating();
    let policy = Policy::default().with_grace_period(3 * MINUTE);
    let users = builder(&world).options(world.options().policy(policy));
    let users = users.refresh_tokens(store(&world), keyring());
    let users = users.build().expect("users");
    let signed_in = users.sign_in("ada", &response("refresh-0")).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    lose_a_response(&world, &users).await;
    // What the provider does within its grace period.
    world.provider(|provider| provider.refresh_token = "refresh-0".to_owned());
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-0"]);
}

#[tokio::test]
async fn after_a_crash_the_next_one_reports_it_and_goes_on() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    leave_a_record(&entry(&users), &store).await;
    let token = token(&world, &users).await;
    token.expect("a token, after the lease");
    assert_eq!(users.metrics().reuse_suspected, 1);
}

/// A machine was killed after it had sent. The next one is not heard either, or is refused before
/// anything is done: that says nothing of the first one.
#[tokio::test]
async fn a_doubt_outlives_a_request_that_was_not_carried_out() {
    for is_down in [true, false] {
        let world = rotating();
        let store = store(&world);
        let users = signed_in(&world, &store).await;
        leave_a_record(&entry(&users), &store).await;
        world.provider(|provider| {
            provider.is_down = is_down;
            provider.responses.push_back((429, None, String::new()));
        });
        let error = token(&world, &users).await.expect_err("no token");
        assert_eq!(error.kind(), TokenErrorKind::Exchange, "{error}");
        assert_eq!(users.metrics().reuse_suspected, 1);
        world.provider(|provider| {
            provider.is_down = false;
            provider.responses.clear();
        });
        world.jump(2 * MINUTE);
        let other = machine(&world, &store);
        token(&world, &other).await.expect("a token");
        assert_eq!(other.metrics().reuse_suspected, 1, "down: {is_down}");
        // Of the next one nothing is suspected.
        world.jump(2 * HOUR);
        token(&world, &other).await.expect("a token");
        assert_eq!(other.metrics().reuse_suspected, 1);
    }
}

/// The section of a process that was killed after it had confirmed it.
async fn leave_a_record(entry: &StoreName, store: &Faulty) {
    let begun = store.store.begin(entry, 10 * SECOND).await;
    let Ok(BeginSection::Begun(begun)) = begun else {
        panic!("{begun:?}");
    };
    let confirmed = store.store.confirm(entry, begun.section, 10 * SECOND);
    assert!(confirmed.await.expect("a store"));
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

async fn signed_in_at(world: &World, endpoint: &'static Endpoint<'static>) -> UserTokens {
    let users = machine_of(world, endpoint, &store(world));
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    users
}

#[tokio::test]
async fn where_the_document_says_that_it_stays_valid_it_is_sent_again_from_the_first_use_on() {
    let world = World::default();
    let users = signed_in_at(&world, &KEEPING).await;
    lose_a_response(&world, &users).await;
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0"; 2]);
}

#[tokio::test]
async fn a_response_with_another_refresh_token_counts_more_than_the_document() {
    let world = rotating();
    let users = signed_in_at(&world, &KEEPING).await;
    token(&world, &users).await.expect("a token");
    world.jump(2 * HOUR);
    lose_a_response(&world, &users).await;
    let error = token(&world, &users).await.expect_err("it may be used up");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
}

static SOMETIMES: Endpoint<'static> = TOKEN.with_rotation(Rotation::Sometimes);
static ALWAYS: Endpoint<'static> = TOKEN.with_rotation(Rotation::Always);

#[tokio::test]
async fn where_the_document_says_that_it_rotates_a_response_without_a_new_one_ends_no_protection() {
    for endpoint in [&SOMETIMES, &ALWAYS] {
        let world = World::default();
        let users = signed_in_at(&world, endpoint).await;
        token(&world, &users).await.expect("a token");
        world.jump(2 * HOUR);
        lose_a_response(&world, &users).await;
        let error = token(&world, &users).await.expect_err("it may be used up");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
        assert_eq!(used(&world), ["refresh-0", "refresh-0"]);
    }
}

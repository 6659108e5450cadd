//! No refresh token is used twice, and none is lost.

use std::time::{Duration, SystemTime};

use super::*;

#[tokio::test]
async fn each_new_refresh_token_is_saved_and_used_next() {
    let world = rotating();
    let users = signed_in(&world, &store(&world)).await;
    for _ in 0..3 {
        token(&world, &users).await.expect("a token");
        world.jump(2 * HOUR);
    }
    assert_eq!(used(&world), ["refresh-0", "refresh-1", "refresh-2"]);
}

#[tokio::test]
async fn a_new_process_goes_on_where_the_old_one_stopped() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    token(&world, &users).await.expect("a token");
    drop(users);
    let users = machine(&world, &store);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
}

#[tokio::test]
async fn a_new_client_secret_signs_nobody_out() {
    let world = rotating();
    let store = store(&world);
    drop(signed_in(&world, &store).await);
    let credentials = tokensmith_runtime::Credentials::new("client", "another secret");
    let client = tokensmith_runtime::Client::with_transport(
        world.clone(),
        "https://auth.example.com",
        credentials,
    );
    let users = UserTokens::builder(&client.expect("a client"), refresh)
        .options(world.options())
        .refresh_tokens(store, keyring());
    let users = users.build().expect("users");
    token(&world, &users).await.expect("a token");
}

#[tokio::test]
async fn a_caller_that_gives_up_signs_nobody_out() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    let asked = asking(&users);
    run_all_tasks().await;
    asked.abort();
    drop(users);
    world.pass(SECOND).await;
    // Another machine, long after the lease.
    world.jump(MINUTE);
    let users = machine(&world, &store);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
}

#[tokio::test]
async fn what_cannot_be_decrypted_signs_nobody_out() {
    let world = rotating();
    let store = store(&world);
    drop(signed_in(&world, &store).await);
    let other = Keyring::new("other", [8; 32]).with_naming_key([7; 32]);
    let users = builder(&world).refresh_tokens(store.clone(), other);
    let users = users.build().expect("users");
    let error = token(&world, &users).await.expect_err("no key");
    assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore);
    let users = machine(&world, &store);
    token(&world, &users).await.expect("a token");
}

#[tokio::test]
async fn machines_that_share_access_tokens_have_to_share_refresh_tokens() {
    let world = rotating();
    let shared = || {
        let store = MemoryStore::with_clock(world.clone());
        world.options().store(store, keyring())
    };
    let error = builder(&world).options(shared()).build();
    let error = error.expect_err("no store of refresh tokens");
    assert_eq!(error.kind(), TokenErrorKind::Config);
    let users = builder(&world).options(shared());
    let users = users.refresh_tokens(store(&world), keyring());
    users.build().expect("users");
}

#[tokio::test]
async fn a_refresh_token_of_any_characters_is_kept() {
    let world = rotating();
    let store = store(&world);
    let users = machine(&world, &store);
    let signed_in = users.sign_in("ada", &response("a\"b\\c/d")).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    world.provider(|provider| provider.refresh_token = "a%22b%5Cc%2Fd".to_owned());
    token(&world, &machine(&world, &store))
        .await
        .expect("a token");
}

#[tokio::test]
async fn the_grace_period_counts_from_the_sending() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    world.provider(|provider| provider.loses_response = true);
    let asked = asking(&users);
    run_all_tasks().await;
    assert_eq!(world.requests(), 1, "it was sent");
    // Stored times have milliseconds.
    std::thread::sleep(Duration::from_millis(2));
    let sent = SystemTime::now();
    std::thread::sleep(Duration::from_millis(2));
    world.pass(SECOND).await;
    asked.await.expect("no panic").expect_err("lost");
    let stored = stored(&users, &store).expect("a value");
    let credential = stored.credential().expect("a refresh token");
    let lost = credential.lost.expect("it was lost");
    assert!(lost <= sent, "{:?} later", lost.duration_since(sent));
}

#[tokio::test]
async fn a_gateway_that_gives_up_may_have_passed_the_request_on() {
    for (status, is_sent_again) in [
        (408, false),
        (502, false),
        (504, false),
        (520, false),
        (524, false),
        (429, true),
        (500, true),
        (503, true),
    ] {
        let world = rotating();
        let users = signed_in(&world, &store(&world)).await;
        world.provider(|provider| {
            let response = (status, None, String::new());
            provider.responses.push_back(response);
        });
        token(&world, &users).await.expect_err("no token");
        world.jump(HOUR);
        let again = token(&world, &users).await;
        assert_eq!(again.is_ok(), is_sent_again, "{status}: {again:?}");
        assert_eq!(used(&world).len(), 1 + usize::from(is_sent_again));
    }
}

#[tokio::test]
async fn an_observer_that_panics_costs_nothing() {
    let world = rotating();
    let store = store(&world);
    let options = world.options().observer(|_| panic!("the observer panics"));
    let users = builder(&world).options(options);
    let users = users.refresh_tokens(store.clone(), keyring());
    let users = users.build().expect("users");
    let signed_in = users.sign_in("ada", &response("refresh-0")).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    store.fail("save", Fault::Refuses);
    token(&world, &users).await.expect("the token is good");
    store.mend();
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-1"));
}

#[tokio::test]
async fn a_transport_that_panics_may_have_sent_the_request() {
    let world = rotating();
    let users = signed_in(&world, &store(&world)).await;
    world.provider(|provider| provider.panics = true);
    let error = token(&world, &users).await.expect_err("a panic");
    assert_eq!(error.kind(), TokenErrorKind::Panicked);
    world.provider(|provider| provider.panics = false);
    world.jump(HOUR);
    let error = token(&world, &users).await.expect_err("lost");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired, "{error}");
    assert_eq!(used(&world), ["refresh-0"]);
}

#[tokio::test]
async fn a_request_that_may_be_sent_twice_is_refused() {
    use tokensmith_runtime::{Endpoint, EndpointKind, Operation, Parameter};

    static TWICE: Operation<'static> = Operation::grant("refresh_token")
        .with_parameters(&[Parameter::new("refresh_token").required().secret()]);
    static TOKEN: Endpoint<'static> =
        Endpoint::new(EndpointKind::Token, &["/token"]).with_operations(&[&TWICE]);
    let world = rotating();
    let users = UserTokens::builder(&world.client(), |token| {
        TokenRequest::new(&TOKEN, &TWICE).secret_parameter("refresh_token", token.clone())
    });
    let error = users.options(world.options()).build();
    let error = error.expect_err("it may be sent twice");
    assert_eq!(error.kind(), TokenErrorKind::Config);
    assert!(error.to_string().contains("one_time"), "{error}");
}

#[tokio::test]
async fn a_path_that_goes_on_as_a_subject_is_another_user() {
    use tokensmith_runtime::EndpointKind;

    static SHORT: Endpoint<'static> =
        Endpoint::new(EndpointKind::Token, &["/token/1"]).with_operations(&[&REFRESH_TOKEN]);
    static LONG: Endpoint<'static> =
        Endpoint::new(EndpointKind::Token, &["/token/12"]).with_operations(&[&REFRESH_TOKEN]);
    let world = rotating();
    let store = store(&world);
    let short = machine_of(&world, &SHORT, &store);
    let signed_in = short.sign_in("23", &response("refresh-0")).await;
    signed_in.expect("signed in");
    let other = machine_of(&world, &LONG, &store).source("3");
    let error = ask(&world, &other.expect("a source")).await;
    let error = error.expect_err("another user");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn tenants_that_differ_by_the_path_share_no_refresh_token() {
    use tokensmith_runtime::EndpointKind;

    static OTHER: Endpoint<'static> =
        Endpoint::new(EndpointKind::Token, &["/other/token"]).with_operations(&[&REFRESH_TOKEN]);
    let world = rotating();
    let store = store(&world);
    drop(signed_in(&world, &store).await);
    let error = token(&world, &machine_of(&world, &OTHER, &store)).await;
    let error = error.expect_err("another tenant");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    assert_eq!(world.requests(), 0);
}

static IN_A_HEADER: Endpoint<'static> =
    TOKEN.with_token_use(tokensmith_runtime::TokenUse::Header {
        name: "X-Api-Token",
        pattern: "Token {token}",
    });

#[tokio::test]
async fn the_token_goes_where_the_document_says_unless_the_options_say_where() {
    let world = rotating();
    let store = store(&world);
    let header = crate::TokenHeader::new("X-Other", "Other {token}").expect("a header");
    for (options, prefix) in [
        (world.options(), "Token "),
        (world.options().header(header), "Other "),
    ] {
        let users = machine_with(&world, &IN_A_HEADER, &store, options);
        let signed_in = users.sign_in("ada", &response("refresh-0")).await;
        let token = signed_in.expect("signed in");
        let expected = format!("{prefix}{}", token.access_token());
        assert_eq!(token.header_value(), expected.as_str());
    }
}

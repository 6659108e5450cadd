//! What the errors say, each in one line: who, what, where, why, and when the next try is.

use super::*;
use crate::testing::request;
use crate::{Policy, StoreError, TokenError, TokenSource};

/// A machine of a provider with a name, without chance in its waits.
fn named(world: &World, store: &Faulty, keyring: Keyring) -> UserTokens {
    let options = world.options().policy(Policy::default().with_jitter(0.0));
    let users = UserTokens::builder(&world.client().provider("moov"), refresh).options(options);
    let users = users.refresh_tokens(store.clone(), keyring);
    users.build().expect("users")
}

/// The error of a refresh in a world that was prepared.
async fn refreshed(prepare: impl FnOnce(&World, &Faulty)) -> TokenError {
    let world = rotating();
    let store = store(&world);
    let users = named(&world, &store, keyring());
    let signed_in = users.sign_in("ada", &response("refresh-0")).await;
    signed_in.expect("signed in");
    world.jump(HOUR);
    prepare(&world, &store);
    token(&world, &users).await.expect_err("no token")
}

/// The error of a client's own token, shared through a store with a machine that asked before.
async fn asked(prepare: impl FnOnce(&World), comes_second: bool) -> TokenError {
    let world = World::default();
    let shared = MemoryStore::with_clock(world.clone());
    prepare(&world);
    let policy = Policy::default().with_jitter(0.0);
    let [first, second] = [(), ()].map(|()| {
        let options = world.options().policy(policy.clone());
        let options = options.store(shared.clone(), keyring());
        let builder = TokenSource::builder(&world.client()).grant(request());
        builder.options(options).build().expect("a source")
    });
    let error = ask(&world, &first).await.expect_err("no token");
    if comes_second {
        return ask(&world, &second).await.expect_err("no token");
    }
    error
}

fn respond(status: u16, retry_after: Option<u64>, body: &'static str) -> impl Fn(&World) {
    move |world: &World| {
        world.provider(|provider| {
            let response = (status, retry_after, body.to_owned());
            provider.responses.push_back(response);
        });
    }
}

fn all<T>(error: TokenErrorKind, message: &'static str, source: Option<T>) -> TokenError
where
    T: std::error::Error + Send + Sync + 'static,
{
    match source {
        Some(source) => error.because(message).with_source(source),
        None => error.because(message),
    }
}

#[tokio::test]
async fn each_error_says_who_what_where_why_and_when() {
    let unknown_client = r#"{"error":"invalid_client","error_description":"Unknown client"}"#;
    let expired = r#"{"error":"invalid_grant","error_description":"Expired"}"#;
    let users = named(&rotating(), &store(&rotating()), keyring());
    let other_key = async {
        let world = rotating();
        let store = store(&world);
        let signed_in = named(&world, &store, keyring());
        let signed_in = signed_in.sign_in("ada", &response("refresh-0")).await;
        signed_in.expect("signed in");
        let other = Keyring::new("other", [8; 32]).with_naming_key([7; 32]);
        let users = named(&world, &store, other);
        token(&world, &users).await.expect_err("no key")
    };
    let broken = StoreError::new("connection refused");
    let errors = [
        users.token("").await.expect_err("nobody"),
        refreshed(|world, _| respond(401, Some(30), unknown_client)(world)).await,
        refreshed(|world, _| world.provider(|provider| provider.is_down = true)).await,
        refreshed(|world, _| world.provider(|provider| provider.loses_response = true)).await,
        refreshed(|world, _| respond(400, None, expired)(world)).await,
        users.token("bob").await.expect_err("not signed in"),
        asked(
            |world| world.provider(|provider| provider.is_silent = true),
            false,
        )
        .await,
        asked(
            |world| world.provider(|provider| provider.lifetime = Some(0)),
            false,
        )
        .await,
        refreshed(|_, store| store.fail("begin", Fault::Refuses)).await,
        refreshed(|_, store| store.fail("confirm", Fault::Hangs)).await,
        other_key.await,
        all(
            TokenErrorKind::Store,
            "the access token in the shared store cannot be deleted",
            Some(broken),
        ),
        asked(respond(429, Some(600), ""), false).await,
        asked(respond(429, Some(600), ""), true).await,
        asked(
            |world| world.provider(|provider| provider.panics = true),
            false,
        )
        .await,
    ];
    let texts = errors.map(|error| format!("{:?}: {error}", error.kind()));
    let expected = [
        "Config: the subject is empty: it names whose token it is",
        "Exchange: moov: cannot refresh the token (POST auth.example.com/token): invalid_client (HTTP 401, retry after 30 s): Unknown client; the next try is in 30 s",
        "Exchange: moov: cannot refresh the token: cannot connect to auth.example.com:443: down; the next try is in 1 s",
        "Exchange: moov: cannot refresh the token: the connection to auth.example.com:443 broke before the response of POST auth.example.com/token was complete: lost; the next try is in 1 s",
        "UserRequired: moov: the user has to sign in again: the provider refused the refresh token (POST auth.example.com/token): invalid_grant (HTTP 400): Expired",
        "UserRequired: moov: the user has to sign in: there is no refresh token",
        "Deadline: auth.example.com: the refresh took longer than its deadline; the next try is in 1 s",
        "Expired: auth.example.com: the provider returned a token that had already expired; the next try is in 1 s",
        "RefreshTokenStore: moov: a section cannot be begun: broken; the next try is in 1 s",
        "RefreshTokenStore: moov: the section cannot be confirmed: the store took too long; the next try is in 1 s",
        "RefreshTokenStore: moov: the stored refresh token cannot be decrypted: a key of the keyring may be missing; the next try is in 1 s",
        "Store: the access token in the shared store cannot be deleted: connection refused",
        "Exchange: auth.example.com: cannot get a token (POST auth.example.com/token): HTTP 429: the response body is empty (retry after 600 s); the next try is in 600 s",
        "CoolingDown: auth.example.com: the provider asked another machine to wait; the next try is in 600 s",
        "Panicked: auth.example.com: what asked for the token has panicked; the next try is in 1 s",
    ];
    assert_eq!(texts.join("\n"), expected.join("\n"));
}

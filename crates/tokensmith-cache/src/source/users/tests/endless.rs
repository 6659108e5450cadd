//! Access tokens that never expire, where the description of the provider says that a lifetime of
//! zero means so.

use tokensmith_runtime::{EndpointKind, Expiry, ExpiryFormat};

use super::*;
use crate::testing::CODE;

static NEVER: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_operations(&[&REFRESH_TOKEN, &CODE])
    .with_expiry(Expiry::new(ExpiryFormat::Seconds).zero_is_never());

const CENTURY: std::time::Duration = std::time::Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A machine of a fleet that shares access tokens, and refresh tokens.
fn machine(world: &World, access_tokens: &MemoryStore, store: &Faulty) -> UserTokens {
    let options = world.options().store(access_tokens.clone(), keyring());
    machine_with(world, &NEVER, store, options)
}

#[tokio::test]
async fn a_token_that_never_expires_is_refreshed_only_where_an_api_refuses_it() {
    let world = rotating();
    world.provider(|provider| {
        provider.lifetime = Some(0);
        let body = r#"{"access_token":"first","refresh_token":"refresh-0","expires_in":0}"#;
        provider.responses.push_back((200, None, body.to_owned()));
    });
    let (access_tokens, store) = (MemoryStore::with_clock(world.clone()), store(&world));
    let users = machine(&world, &access_tokens, &store);
    let code = TokenRequest::new(&NEVER, &CODE).secret_parameter("code", "c");
    let signing_in = tokio::spawn({
        let (users, client) = (users.clone(), world.client());
        async move { users.sign_in_by("ada", &client, code).await }
    });
    world.pass(SECOND).await;
    let token = signing_in.await.expect("no panic").expect("signed in");
    assert!(token.never_expires());
    assert_eq!(token.expires_at(), None);

    let (first, other) = (users, machine(&world, &access_tokens, &store));
    let found = ask(&world, &other.source("ada").expect("a subject")).await;
    assert!(found.expect("from the shared store").never_expires());
    world.jump(CENTURY);
    for users in [&first, &other] {
        let source = users.source("ada").expect("a subject");
        let found = ask(&world, &source).await.expect("a token");
        assert!(found.never_expires());
        assert_eq!(found.access_token(), token.access_token());
        assert!(source.invalidate(&found), "an API refuses it");
    }
    assert_eq!(world.requests(), 1, "that of the code");
    for users in [&first, &other] {
        let source = users.source("ada").expect("a subject");
        let next = ask(&world, &source).await.expect("a token");
        assert!(next.never_expires());
        assert_ne!(next.access_token(), token.access_token());
    }
    assert_eq!(world.requests(), 2, "one of them refreshed it for both");
}

//! How long all machines leave the provider alone.

use super::*;

#[tokio::test]
async fn all_machines_wait_as_long_as_the_provider_says() {
    let world = World::default();
    world.provider(|provider| {
        provider
            .responses
            .push_back((429, Some(300), String::new()))
    });
    let store = store(&world);
    let (one, other) = (machine(&world, store.clone()), machine(&world, store));
    ask(&world, &one).await.expect_err("no token");
    let error = ask(&world, &other).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::CoolingDown);
    assert!(error.retry_after().expect("a wait") > 290 * SECOND);
    world.jump(4 * MINUTE);
    ask(&world, &other).await.expect_err("no token");
    assert_eq!(world.requests(), 1);
    world.jump(2 * MINUTE);
    ask(&world, &other).await.expect("a token");
}

#[tokio::test]
async fn a_wait_in_the_store_ends_where_the_policy_says() {
    let world = World::default();
    let store = store(&world);
    let one = machine(&world, store.clone());
    let name = one.0.name.clone().expect("a name");
    let Begin::Leased(lease) = store.begin(&name, None, MINUTE).await.expect("begun") else {
        panic!("no lease");
    };
    store.fail(&name, lease, 24 * HOUR).await.expect("failed");
    let error = ask(&world, &one).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::CoolingDown);
    assert!(error.retry_after().expect("a wait") <= HOUR, "{error}");
    world.jump(HOUR + SECOND);
    ask(&world, &one).await.expect("a token");
}

#[tokio::test]
async fn an_operator_clears_the_waits_of_other_machines_too() {
    let world = World::default();
    world.provider(|provider| {
        let response = (429, Some(300), String::new());
        provider.responses.push_back(response);
    });
    let store = store(&world);
    let options = || {
        let keyring = Keyring::new("key", [7; 32]);
        world.options().store(store.clone(), keyring)
    };
    let managers =
        [(), ()].map(|()| crate::TokenManager::with_options(1, options()).expect("a manager"));
    let [one, other] = [0, 1].map(|index| {
        let source = TokenSource::builder(&world.client()).grant(request());
        source.build_in(&managers[index]).expect("a source")
    });
    ask(&world, &one).await.expect_err("no token");
    ask(&world, &other).await.expect_err("no token");
    managers[1].clear_waits();
    ask(&world, &other).await.expect("a token");
    assert_eq!(world.requests(), 2);
    // Once: a wait that the provider asks for now counts.
    let refused = other.token().await.expect("at hand");
    world.jump(MINUTE);
    assert!(other.invalidate(&refused));
    ask(&world, &other)
        .await
        .expect_err("the wait of the other");
}

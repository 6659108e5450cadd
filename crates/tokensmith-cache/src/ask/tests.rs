use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use tokensmith_runtime::{Secret, TokenRequest};

use crate::store::StoreFuture;
use crate::testing::{HOUR, MINUTE, REFRESH_TOKEN, TOKEN, World, ask, request};
use crate::{
    OldRefreshTokenStore, Replaced, SourceBuilder, StoreError, TokenErrorKind, TokenSource,
};

/// An application's store, and all that was done with it.
#[derive(Clone, Default)]
struct Drawer(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    token: Option<Secret>,
    is_broken: bool,
    /// How many requests the provider had seen when each token was put here.
    put: Vec<(String, usize)>,
    world: World,
}

impl Drawer {
    fn new(world: &World, token: &str) -> Self {
        let drawer = Self::default();
        drawer.inside(|inside| {
            inside.token = Some(token.into());
            inside.world = world.clone();
        });
        drawer
    }

    fn inside<T>(&self, change: impl FnOnce(&mut Inside) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl OldRefreshTokenStore for Drawer {
    fn load(&self) -> StoreFuture<'_, Option<Secret>> {
        Box::pin(ready(Ok(self.inside(|inside| inside.token.clone()))))
    }

    fn replace<'a>(
        &'a self,
        previous: Option<&'a Secret>,
        next: &'a Secret,
    ) -> StoreFuture<'a, Replaced> {
        let outcome = self.inside(|inside| {
            if inside.is_broken {
                return Err(StoreError::new("the drawer is stuck"));
            }
            if inside.token.as_ref() != previous {
                return Ok(Replaced::Conflict(inside.token.clone()));
            }
            inside.token = Some(next.clone());
            let requests = inside.world.requests();
            inside.put.push((next.expose().to_owned(), requests));
            Ok(Replaced::Done)
        });
        Box::pin(ready(outcome))
    }
}

fn builder(world: &World) -> SourceBuilder<tokensmith_runtime::Any, World> {
    TokenSource::builder(&world.client())
        .refresh(|token| {
            TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", token)
        })
        .options(world.options())
}

fn rotating() -> World {
    let world = World::default();
    world.provider(|provider| provider.rotates = true);
    world
}

/// The refresh tokens that were used, in their order; `-` for the other grant.
fn used(world: &World) -> Vec<String> {
    world.provider(|provider| {
        let bodies = provider.requests.iter().map(|(_, body)| {
            let token = body
                .split('&')
                .find_map(|pair| pair.strip_prefix("refresh_token="));
            token.unwrap_or("-").to_owned()
        });
        bodies.collect()
    })
}

#[tokio::test]
async fn each_new_refresh_token_is_safe_before_it_is_used() {
    let world = rotating();
    let drawer = Drawer::new(&world, "refresh-0");
    let source = builder(&world)
        .refresh_tokens(drawer.clone())
        .build()
        .expect("a source");
    for _ in 0..3 {
        ask(&world, &source).await.expect("a token");
        world.jump(2 * HOUR);
    }
    assert_eq!(used(&world), ["refresh-0", "refresh-1", "refresh-2"]);
    let put = drawer.inside(|inside| inside.put.clone());
    let expected = [("refresh-1", 1), ("refresh-2", 2), ("refresh-3", 3)];
    assert_eq!(
        put,
        expected.map(|(token, requests)| (token.to_owned(), requests))
    );
}

#[tokio::test]
async fn a_provider_that_does_not_rotate_has_the_same_one_used_again() {
    let world = World::default();
    let source = builder(&world)
        .refresh_token("refresh-0")
        .build()
        .expect("a source");
    for _ in 0..2 {
        ask(&world, &source).await.expect("a token");
        world.jump(2 * HOUR);
    }
    assert_eq!(used(&world), ["refresh-0", "refresh-0"]);
}

#[tokio::test]
async fn a_store_that_fails_costs_no_token_and_the_new_one_waits_for_it() {
    let world = rotating();
    let drawer = Drawer::new(&world, "refresh-0");
    let source = builder(&world)
        .refresh_tokens(drawer.clone())
        .build()
        .expect("a source");
    drawer.inside(|inside| inside.is_broken = true);
    ask(&world, &source).await.expect("the token is good");
    world.jump(2 * HOUR);
    let error = ask(&world, &source)
        .await
        .expect_err("the new one is not safe");
    assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore);
    assert_eq!(world.requests(), 1, "it was not used");
    drawer.inside(|inside| inside.is_broken = false);
    world.jump(2 * MINUTE);
    ask(&world, &source).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    assert_eq!(drawer.inside(|inside| inside.put.len()), 2);
}

#[tokio::test]
async fn what_another_process_has_put_there_is_used() {
    let world = rotating();
    let drawer = Drawer::new(&world, "refresh-0");
    let source = builder(&world)
        .refresh_tokens(drawer.clone())
        .build()
        .expect("a source");
    ask(&world, &source).await.expect("a token");
    // Another process has refreshed.
    world.provider(|provider| provider.refresh_token = "other".to_owned());
    drawer.inside(|inside| inside.token = Some("other".into()));
    world.jump(2 * HOUR);
    ask(&world, &source).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "other"]);
}

#[tokio::test]
async fn one_that_was_replaced_while_it_was_used_is_not_the_end() {
    /// Gives the old one once more, as if another process had been in between.
    #[derive(Clone)]
    struct Late(Drawer, Arc<Mutex<bool>>);

    impl OldRefreshTokenStore for Late {
        fn load(&self) -> StoreFuture<'_, Option<Secret>> {
            let first = std::mem::replace(
                &mut *self.1.lock().unwrap_or_else(PoisonError::into_inner),
                false,
            );
            if first {
                return Box::pin(ready(Ok(Some("old".into()))));
            }
            self.0.load()
        }

        fn replace<'a>(
            &'a self,
            previous: Option<&'a Secret>,
            next: &'a Secret,
        ) -> StoreFuture<'a, Replaced> {
            self.0.replace(previous, next)
        }
    }

    let world = rotating();
    let drawer = Late(Drawer::new(&world, "refresh-0"), Arc::new(Mutex::new(true)));
    let source = builder(&world)
        .refresh_tokens(drawer)
        .build()
        .expect("a source");
    ask(&world, &source).await.expect("a token");
    assert_eq!(used(&world), ["old", "refresh-0"]);
}

#[tokio::test]
async fn where_somebody_else_was_first_theirs_counts() {
    let world = rotating();
    let drawer = Drawer::new(&world, "refresh-0");
    let source = builder(&world)
        .refresh_tokens(drawer.clone())
        .build()
        .expect("a source");
    let asked = tokio::spawn({
        let source = source.clone();
        async move { source.token().await }
    });
    crate::testing::settle().await;
    // The user signs in again while the request is under way.
    drawer.inside(|inside| inside.token = Some("signed-in".into()));
    world.pass(crate::testing::SECOND).await;
    asked.await.expect("no panic").expect("a token");
    assert_eq!(
        drawer.inside(|inside| inside.put.len()),
        0,
        "theirs was not overwritten"
    );
    world.provider(|provider| provider.refresh_token = "signed-in".to_owned());
    world.jump(2 * HOUR);
    ask(&world, &source).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "signed-in"]);
}

#[tokio::test]
async fn a_refused_refresh_token_falls_back_to_the_other_grant() {
    let world = rotating();
    let builder = builder(&world).grant(request()).refresh_token("revoked");
    let source = builder.build().expect("a source");
    ask(&world, &source).await.expect("a token");
    world.jump(2 * HOUR);
    ask(&world, &source).await.expect("a token");
    assert_eq!(used(&world), ["revoked", "-", "-"], "it is not tried again");
}

#[tokio::test]
async fn where_there_is_no_other_grant_the_user_is_asked_for() {
    let world = rotating();
    let drawer = Drawer::new(&world, "revoked");
    let source = builder(&world)
        .refresh_tokens(drawer.clone())
        .build()
        .expect("a source");
    for _ in 0..3 {
        let error = ask(&world, &source).await.expect_err("no token");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
        world.jump(2 * MINUTE);
    }
    assert_eq!(world.requests(), 1, "what was refused is not tried again");
    // The user has signed in.
    drawer.inside(|inside| inside.token = Some("refresh-0".into()));
    world.jump(2 * MINUTE);
    ask(&world, &source).await.expect("a token");
}

#[tokio::test]
async fn a_failure_that_says_nothing_of_the_refresh_token_keeps_it() {
    let world = rotating();
    world.provider(|provider| provider.answers.push_back((503, None, String::new())));
    let source = builder(&world)
        .refresh_token("refresh-0")
        .build()
        .expect("a source");
    let error = ask(&world, &source).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::Exchange);
    world.jump(2 * MINUTE);
    ask(&world, &source).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-0"]);
}

#[tokio::test]
async fn a_code_is_used_once_unless_it_never_left() {
    static CODE: tokensmith_runtime::Operation<'static> =
        tokensmith_runtime::Operation::grant("authorization_code").one_time();
    let world = rotating();
    world.provider(|provider| provider.is_down = true);
    let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", "c");
    let source = builder(&world).grant(code).build().expect("a source");
    let error = ask(&world, &source).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::Exchange);
    world.provider(|provider| provider.is_down = false);
    world.jump(2 * MINUTE);
    ask(&world, &source).await.expect("a token");
    for _ in 0..2 {
        world.jump(2 * HOUR);
        let error = ask(&world, &source).await.expect_err("no token");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(used(&world), ["-", "-"], "the code was not sent again");
}

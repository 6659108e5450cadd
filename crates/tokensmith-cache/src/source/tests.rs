mod early;
mod failures;
mod schedules;
mod sharing;
mod threads;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tokio::spawn;

use super::TokenSource;
use crate::testing::{HOUR, MINUTE, SECOND, World, ask, asking, request, run_all_tasks};
use crate::{Clock as _, Policy, TokenErrorKind};

fn source(world: &World) -> TokenSource {
    with(world, Policy::default())
}

fn with(world: &World, policy: Policy) -> TokenSource {
    TokenSource::builder(&world.client())
        .grant(request())
        .options(world.options().policy(policy))
        .build()
        .expect("a source")
}

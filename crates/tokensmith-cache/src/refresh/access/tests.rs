//! Machines that share a store.

mod failing_store;
mod fleet;
mod secrets;
mod waits;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::store::{Begin, StoreError, StoreName};
use crate::testing::{HOUR, MINUTE, SECOND, World, ask, asking, request, run_all_tasks};
use crate::{
    Clock as _, EventKind, Keyring, MemoryStore, Policy, TokenErrorKind, TokenSource, TokenStore,
};

fn machine(world: &World, store: impl TokenStore + 'static) -> TokenSource {
    with_key(world, store, Keyring::new("key", [7; 32]))
}

fn with_key(world: &World, store: impl TokenStore + 'static, keyring: Keyring) -> TokenSource {
    let options = world.options().store(store, keyring);
    let builder = TokenSource::builder(&world.client()).grant(request());
    builder
        .options(options.policy(Policy::default()))
        .build()
        .expect("a source")
}

fn store(world: &World) -> MemoryStore {
    MemoryStore::with_clock(world.clone())
}

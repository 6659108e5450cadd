//! Token stores, and fleets that share them.

mod blocking;
mod cluster;
mod failing_stores;
mod fleet;
mod lossy;
mod paused_redis;
mod refresh_token_store;
mod store;
mod system_keyring;
mod users;
mod users_fleet;

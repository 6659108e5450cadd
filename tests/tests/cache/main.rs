//! Token stores, and fleets that share them.

mod failing_stores;
mod fleet;
mod lossy;
mod refresh_token_store;
mod store;
mod system_keyring;
mod users_fleet;

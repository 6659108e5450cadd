//! Token stores, and fleets that share them.

mod fleet;
mod lossy;
mod store;

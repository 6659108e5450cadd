//! A mock of an invented provider, and what it responds with.

#![allow(clippy::unwrap_used)]

mod acme;
mod assertions;
mod certificates;
mod checks;
mod clients;
mod control;
mod end_session;
mod faults;
mod grants;
mod hostile;
mod origins;
mod proofs;
mod pushed;
mod refusals;
mod registration;
mod repeated;
mod server;
mod sign_in;
mod standard;

//! The harness itself, tried by hand before any client relies on it.

mod endpoints;
mod postgres;
mod prism;
mod server;

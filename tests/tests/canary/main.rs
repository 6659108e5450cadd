//! Secrets that must not show: not in `Debug`, `Display` or the chain of an error's sources, not in a panic's message, and
//! not in what the whole HTTP stack logs at its most talkative.

mod bird;
mod echoed;
mod failed;
mod given;
mod issued;
mod masked;
mod readable;
mod seen;

#[path = "../wire/caller.rs"]
#[allow(
    dead_code,
    reason = "these tests need less of it than those of the wire"
)]
mod caller;

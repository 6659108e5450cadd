//! A provider with a sandbox, whose tokens are revoked on other hosts. See `tests/hosts.rs`.

include!(concat!(env!("OUT_DIR"), "/globex.rs"));

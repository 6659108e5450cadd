//! What must not compile is in `tests/ui`.

//! What the generator makes of documents, good and bad.

mod bad_input;
mod compile;
mod documents;
mod intake;
mod layout;
mod misuse;
mod snapshots;
mod stability;

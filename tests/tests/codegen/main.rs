//! What the generator makes of documents, good and bad.

mod bad_input;
mod compile;
mod diff;
mod documents;
mod explain;
mod formatting;
mod hostile;
mod import;
mod intake;
mod meanings;
mod mistakes;
mod mock_example;
mod mock_server;
mod rules;
mod snapshots;
mod stability;
mod visible;

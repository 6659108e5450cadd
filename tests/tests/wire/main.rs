//! The generated crates over the wire, against servers that know the providers' pages only.

mod answer;
mod auto;
mod caller;
mod moov;
mod moov_answers;
mod moveworks;
mod refused;
mod request;
mod retry;
mod transport;
mod workiva;

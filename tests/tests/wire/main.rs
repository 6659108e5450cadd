//! The generated crates over the wire, against servers that know the providers' pages only.

mod auto;
mod caller;
mod declared;
mod facts;
mod moov;
mod moov_responses;
mod moveworks;
mod refused;
mod request;
mod retry;
mod transport;
mod workiva;

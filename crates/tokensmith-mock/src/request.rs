//! What a request is held against.

pub(crate) mod check;
pub(crate) mod client_auth;
pub(crate) mod members;
mod multipart;
pub(crate) mod route;

//! What a request is held against.

pub(crate) mod client_auth;
pub(crate) mod members;
mod multipart;
pub(crate) mod parameter_check;
pub(crate) mod route;

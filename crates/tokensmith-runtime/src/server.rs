//! Where requests go.

pub(crate) mod environment;
pub(crate) mod plain_http;
pub(crate) mod url;

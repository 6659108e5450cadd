//! What an OpenAPI document looks like: its parts, references, operations, bodies, security schemes, and the
//! extension `x-tokensmith`.

pub(crate) mod condition;
pub(crate) mod direction;
pub(crate) mod extension;
pub(crate) mod facts;
pub(crate) mod grammar;
pub(crate) mod media;
pub(crate) mod operation;
pub(crate) mod reference;
pub(crate) mod schema;
pub(crate) mod security_scheme;
pub(crate) mod site;
pub(crate) mod untyped;
pub(crate) mod vendor_key;
pub(crate) mod vendor_url;

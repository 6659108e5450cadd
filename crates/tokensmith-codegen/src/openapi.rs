//! What an OpenAPI document looks like: references, operations, bodies, security schemes, and the
//! extension `x-tokensmith`.

pub(crate) mod extension;
pub(crate) mod media;
pub(crate) mod reference;
pub(crate) mod security_scheme;
pub(crate) mod site;

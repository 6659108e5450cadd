//! From bytes to one tree that knows where each part was written.
//!
//! The files of a document, its overlay and the other files that it refers to are read, and Swagger 2.0
//! becomes OpenAPI 3.0. Nothing here knows about OAuth.

pub(crate) mod external;
pub mod file;
pub(crate) mod fingerprint;
pub(crate) mod hidden_text;
pub(crate) mod load;
pub(crate) mod origin;
pub(crate) mod overlay;
pub(crate) mod position;
pub(crate) mod swagger;

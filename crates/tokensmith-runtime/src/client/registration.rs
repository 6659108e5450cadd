//! Registering a client with an authorization server (RFC 7591), and reading or deleting what was
//! registered (RFC 7592).

mod client_metadata;
mod registered;
mod request;
mod stored;

pub use client_metadata::{ApplicationType, ClientMetadata};
pub use registered::RegisteredClient;
pub use request::{ClientConfigurationRequest, RegistrationRequest};

#[cfg(test)]
mod tests;

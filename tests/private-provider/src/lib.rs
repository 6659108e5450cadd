//! A provider whose document stays here: `specs/acme.yaml` is the module [`acme`].
//!
//! ```no_run
//! use private_provider::acme::{Client, ClientCredentials, Credentials};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(Credentials::new("id", "secret"))?;
//! let token = client.send(ClientCredentials::new()).await?;
//! # Ok(())
//! # }
//! ```

include!(concat!(env!("OUT_DIR"), "/acme.rs"));

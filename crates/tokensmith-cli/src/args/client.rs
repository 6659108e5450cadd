//! Who asks, and what proves it.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde::{Deserialize, Serialize};
use tokensmith_runtime::ClientAuth;
use tokensmith_runtime::jwt::Algorithm;

/// What `--client-key` signs with unless it is said.
const CLIENT_KEY_ALGORITHM: Algorithm = Algorithm::RS256;
/// What `--dpop` signs with unless it is said.
const DPOP_ALGORITHM: Algorithm = Algorithm::ES256;

/// How the client authenticates. Its id and its secret are never arguments.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Client")]
#[serde(default)]
pub(crate) struct ClientArgs {
    /// How the client authenticates [default: as the document says, or auto]
    #[serde(with = "super::by_name")]
    #[arg(long, value_parser = PossibleValuesParser::new(ClientAuth::ALL.iter().map(|auth| auth.as_str())).try_map(|name| name.parse::<ClientAuth>()))]
    pub(crate) client_auth: Option<ClientAuth>,
    /// The audience of client assertions, if it is not a URL on the host that they are sent to
    /// [default: as the document says]
    #[arg(long, value_name = "AUDIENCE")]
    pub(crate) audience: Option<String>,
    /// The private key for the client authentication private-key-jwt, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) client_key: Option<PathBuf>,
    /// The key id (`kid`) of --client-key
    #[arg(long, value_name = "ID", requires = "client_key")]
    pub(crate) client_key_id: Option<String>,
    /// The signature algorithm of --client-key
    #[serde(with = "super::by_name")]
    #[arg(long, value_name = "NAME", requires = "client_key", default_value = CLIENT_KEY_ALGORITHM.as_str(), value_parser = PossibleValuesParser::new(Algorithm::ALL.iter().map(|algorithm| algorithm.as_str())).try_map(|name| name.parse::<Algorithm>()))]
    pub(crate) client_key_algorithm: Algorithm,
    /// The client certificate and its private key in one PEM file, for tls-client-auth
    #[arg(long, value_name = "FILE")]
    pub(crate) client_certificate: Option<PathBuf>,
    /// The private key that tokens are bound to by DPoP (RFC 9449), PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) dpop: Option<PathBuf>,
    /// The signature algorithm of --dpop
    #[serde(with = "super::by_name")]
    #[arg(long, value_name = "NAME", requires = "dpop", default_value = DPOP_ALGORITHM.as_str(), value_parser = PossibleValuesParser::new(Algorithm::ALL.iter().map(|algorithm| algorithm.as_str())).try_map(|name| name.parse::<Algorithm>()))]
    pub(crate) dpop_algorithm: Algorithm,
}

impl Default for ClientArgs {
    fn default() -> Self {
        Self {
            client_auth: None,
            audience: None,
            client_key: None,
            client_key_id: None,
            client_key_algorithm: CLIENT_KEY_ALGORITHM,
            client_certificate: None,
            dpop: None,
            dpop_algorithm: DPOP_ALGORITHM,
        }
    }
}

//! The arguments of `tokensmith jwks`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use tokensmith_runtime::jwt::Algorithm;

/// Print the public keys of private keys as a JWK set
///
/// The set (RFC 7517) is what verifiers of the JWTs of a connector read. Give the current key and,
/// before and after a change of keys, the other one as well, for as long as verifiers keep the set
/// or JWTs that it signed are valid. Unless --key-id is given, the key id is the thumbprint
/// (RFC 7638), as in the JWTs of a connector without `key_id`.
#[derive(Args)]
pub(crate) struct JwksArgs {
    /// A file with a private key in PEM: RSA, P-256, P-384 or Ed25519
    #[arg(required = true, value_name = "KEY")]
    pub(crate) keys: Vec<PathBuf>,
    /// The key id (`kid`) of a key; may be repeated, in the order of the keys
    #[arg(long, value_name = "ID")]
    pub(crate) key_id: Vec<String>,
    /// The signature algorithm of the RSA keys
    #[arg(long, value_name = "NAME", default_value = "RS256", value_parser = PossibleValuesParser::new(RSA.iter().map(|algorithm| algorithm.as_str())).try_map(|name| name.parse::<Algorithm>()))]
    pub(crate) algorithm: Algorithm,
}

/// The algorithms of RSA keys.
const RSA: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

//! `tokensmith jwks`: the public halves of the keys that JWTs are signed with.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde_json::json;
use tokensmith_codegen::diagnostic::output::{Printable, try_print};
use tokensmith_runtime::Secret;
use tokensmith_runtime::jwt::{Algorithm, Key};

use crate::credentials::private_key;
use crate::failure::Failure;

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
    keys: Vec<PathBuf>,
    /// The key id (`kid`) of a key; may be repeated, in the order of the keys
    #[arg(long, value_name = "ID")]
    key_id: Vec<String>,
    /// The signature algorithm of the RSA keys
    #[arg(long, value_name = "NAME", default_value = "RS256", value_parser = PossibleValuesParser::new(RSA.iter().map(|algorithm| algorithm.as_str())).try_map(|name| name.parse::<Algorithm>()))]
    algorithm: Algorithm,
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

/// Prints the set.
pub(crate) fn run(args: &JwksArgs) -> Result<ExitCode, Failure> {
    if args.key_id.len() > args.keys.len() {
        return Err(Failure::Usage(
            "--key-id is given more often than there are keys".to_owned(),
        ));
    }
    let ids = args.key_id.iter().map(Some).chain(std::iter::repeat(None));
    let mut set: Vec<serde_json::Value> = Vec::new();
    for (file, id) in args.keys.iter().zip(ids) {
        let failed = |message: &str| {
            let file = file.display().to_string();
            Failure::Failed(format!("{}: {message}", file.escape_debug()))
        };
        let key = any_key(&private_key::read(file)?, args.algorithm).ok_or_else(|| {
            failed(
                "expected a private key in PEM: RSA of at least 2048 bits, P-256, P-384 or Ed25519; \
                 `openssl pkcs8 -topk8 -nocrypt -in KEY` makes PKCS #8 of other forms",
            )
        })?;
        let key = match id {
            Some(id) => key.with_id(id),
            None => key,
        };
        let jwk = key
            .public_jwk()
            .ok_or_else(|| failed("the key has no public half"))?;
        if set.iter().any(|other| other["kid"] == jwk["kid"]) {
            return Err(failed("an earlier key has the same key id"));
        }
        set.push(jwk);
    }
    try_print(Printable::json(&json!({ "keys": set })))?;
    Ok(ExitCode::SUCCESS)
}

/// The key, by the algorithm that it takes.
fn any_key(pem: &Secret, of_rsa: Algorithm) -> Option<Key> {
    let algorithms = [of_rsa, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDsa];
    let mut keys = algorithms.into_iter();
    keys.find_map(|algorithm| Key::from_pem(pem, algorithm).ok())
}

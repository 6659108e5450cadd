//! `tokensmith jwks`: the public halves of the keys that JWTs are signed with.

use std::process::ExitCode;

use serde_json::json;
use tokensmith_codegen::diagnostic::output::{Printable, try_print};
use tokensmith_runtime::Secret;
use tokensmith_runtime::jwt::{Algorithm, Key};

use crate::args::JwksArgs;
use crate::credentials::private_key;
use crate::failure::Failure;

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

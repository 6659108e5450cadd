//! The compact serialization of a signed token (RFC 7515 section 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::Key;
use crate::{Error, Secret};

/// Signs the claims. `header` is what else the header has, such as `typ`.
pub(crate) fn sign(
    key: &Key,
    mut header: Map<String, Value>,
    claims: &Map<String, Value>,
) -> Result<Secret, Error> {
    header.insert("alg".to_owned(), key.algorithm().as_str().into());
    if let Some(id) = key.id() {
        header.insert("kid".to_owned(), id.into());
    }
    if let Some((name, thumbprint)) = key.thumbprint() {
        header.insert(name.to_owned(), thumbprint.into());
    }
    let mut token = format!("{}.{}", encode(&header)?, encode(claims)?);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(Secret::from(token))
}

fn encode(members: &Map<String, Value>) -> Result<String, Error> {
    let json = serde_json::to_vec(members)
        .map_err(|error| Error::config("the claims cannot be written").with_source(error))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

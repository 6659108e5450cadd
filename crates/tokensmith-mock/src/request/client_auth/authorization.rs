//! The header `Authorization` of a client.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokensmith_runtime::{ClientAuth, Endpoint};

use super::Proven;
use crate::refusal::Refusal;
use crate::request::members::form_text;

/// The schemes that a refusal may name.
const SCHEMES: [&str; 6] = ["Basic", "Bearer", "DPoP", "Digest", "Negotiate", "Token"];

/// Splits a header `Authorization` into its scheme and the rest. Nothing if the scheme is not known:
/// the text may be the secret itself, which no refusal shows.
pub(super) fn scheme<'v, 'e>(
    value: &'v str,
    endpoint: &Endpoint<'e>,
) -> Option<(&'e str, &'v str)> {
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    let own = std::iter::once(endpoint.auth_scheme());
    let mut known = own.chain(SCHEMES.iter().copied());
    let found = known.find(|known| scheme.eq_ignore_ascii_case(known))?;
    Some((found, rest))
}

/// Reads the header `Authorization`.
pub(super) fn read(value: &str, endpoint: &Endpoint<'_>) -> Result<Proven, Refusal> {
    let auth = endpoint.client_auth();
    let expected = endpoint.auth_scheme();
    let Some((scheme, proof)) = scheme(value, endpoint) else {
        return Err(Refusal::client(format!(
            "the header Authorization has no known scheme: `{expected}` is expected"
        )));
    };
    if scheme != expected {
        return Err(Refusal::client(format!(
            "the header Authorization has the scheme `{scheme}`, not `{expected}`"
        )));
    }
    let nothing = || Refusal::client("the client authentication is empty");
    if auth == ClientAuth::Secret {
        let secret = Some(proof.to_owned()).filter(|proof| !proof.is_empty());
        let secret = secret.ok_or_else(nothing)?;
        return Ok(Proven::by_secret(None, secret, auth.as_str()));
    }
    let malformed =
        || Refusal::client("the credentials of HTTP Basic are not base64 of `id:secret`");
    let pair = STANDARD.decode(proof).map_err(|_| malformed())?;
    let pair = String::from_utf8(pair).map_err(|_| malformed())?;
    let (id, secret) = pair.split_once(':').ok_or_else(malformed)?;
    let decode = |text: &str| match auth {
        ClientAuth::BasicRaw => Ok(text.to_owned()),
        _ => form_text(text).ok_or_else(|| {
            Refusal::client("the credentials of HTTP Basic are not form-encoded (RFC 6749 2.3.1)")
        }),
    };
    let (id, secret) = (decode(id)?, decode(secret)?);
    match auth {
        ClientAuth::BasicSecret if id.is_empty() => Err(nothing()),
        ClientAuth::BasicSecret if !secret.is_empty() => Err(Refusal::client(
            "HTTP Basic has the secret as the user name, and no password",
        )),
        ClientAuth::BasicSecret => Ok(Proven::by_secret(None, id, auth.as_str())),
        _ if id.is_empty() || secret.is_empty() && !endpoint.public_by_basic() => Err(nothing()),
        _ => Ok(Proven::by_secret(Some(id), secret, "basic")),
    }
}

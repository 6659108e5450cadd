//! Texts that nobody can guess.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use crate::{Error, Secret};

/// 256 random bits in base64url: 43 characters, which also make a code verifier (RFC 7636 section
/// 4.1).
pub(crate) fn token() -> Result<Secret, Error> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    SystemRandom::new()
        .fill(bytes.as_mut())
        .map_err(|_| Error::config("the operating system gives no random bytes"))?;
    Ok(Secret::from(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
}

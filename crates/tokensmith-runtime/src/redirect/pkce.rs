//! Proof Key for Code Exchange (RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

use crate::{Error, Secret, client_auth::random};

/// What a client proves with that an authorization code was meant for it (RFC 7636 section 4.1).
///
/// ```
/// use tokensmith_runtime::CodeVerifier;
///
/// // RFC 7636 appendix B.
/// let verifier = CodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")?;
/// assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
/// # Ok::<(), tokensmith_runtime::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// A verifier that was made elsewhere.
    ///
    /// # Errors
    ///
    /// Of the kind `config` unless it has 43 to 128 letters, digits, `-`, `.`, `_` and `~`.
    pub fn new(verifier: impl Into<Secret>) -> Result<Self, Error> {
        let verifier = verifier.into();
        let text = verifier.expose();
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved) {
            Ok(Self(verifier))
        } else {
            Err(Error::config(
                "a code verifier has 43 to 128 letters, digits, `-`, `.`, `_` and `~`",
            ))
        }
    }

    /// A verifier of 256 random bits.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the operating system gives no random bytes.
    pub fn random() -> Result<Self, Error> {
        random::token().map(Self)
    }

    /// What is sent with the authorization request: the SHA-256 of the verifier in base64url
    /// (`S256`).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.0.expose().as_bytes()))
    }

    /// What is sent with the code, as `code_verifier`.
    pub fn as_secret(&self) -> &Secret {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_verifier_is_one() {
        let (one, other) = (
            CodeVerifier::random().unwrap(),
            CodeVerifier::random().unwrap(),
        );
        assert_ne!(one.as_secret(), other.as_secret());
        assert!(CodeVerifier::new(one.as_secret()).is_ok());
    }

    #[test]
    fn a_text_of_another_form_is_none() {
        for text in [
            "",
            "short",
            &"a".repeat(129),
            &format!("{}+", "a".repeat(43)),
        ] {
            assert!(CodeVerifier::new(text).is_err());
        }
    }
}

//! Which ID token a response of a token endpoint held, and how it came.

use std::fmt;

use http::Uri;
use ring::digest::{SHA256, digest};

use crate::{Error, PlainHttpHosts, Secret};

/// Where a response came from.
#[derive(Clone)]
pub(crate) struct Origin {
    /// The issuer whose token endpoint was asked, as far as the client knew it.
    issuer: Option<String>,
    /// Whether nobody on the way could change it: by TLS, or on this machine.
    is_confidential: bool,
}

/// An ID token that came in a token response. Only the engine makes one, so that a response which a
/// program read from elsewhere has none.
#[derive(Clone)]
pub(crate) struct Receipt {
    origin: Origin,
    hash: [u8; 32],
}

impl Origin {
    /// What came from this URL, which is the token endpoint of the issuer, if there is one.
    pub(crate) fn new(issuer: Option<&str>, url: &Uri) -> Self {
        let is_tls = url.scheme_str() == Some("https");
        Self {
            issuer: issuer.map(str::to_owned),
            is_confidential: is_tls || PlainHttpHosts::default().contains(url),
        }
    }

    pub(crate) fn receipt(self, id_token: &Secret) -> Receipt {
        Receipt {
            origin: self,
            hash: hash(id_token),
        }
    }
}

impl Receipt {
    /// Fails unless the ID token is the one that this issuer's token endpoint sent, and came so
    /// that nobody could change it (OpenID Connect Core section 3.1.3.7 (6)).
    pub(crate) fn check(
        receipt: Option<&Self>,
        id_token: &Secret,
        issuer: &str,
    ) -> Result<(), Error> {
        let problem = match receipt {
            Some(receipt) if receipt.hash == hash(id_token) => {
                let origin = &receipt.origin;
                match origin.issuer.as_deref() == Some(issuer) {
                    _ if !origin.is_confidential => "the ID token came over plain http",
                    true => return Ok(()),
                    false => {
                        "the ID token came from a URL that is not known to be the token endpoint of the \
                         issuer"
                    }
                }
            }
            _ => "the ID token did not come in a response that this program received",
        };
        Err(Error::config(format!(
            "{problem}: it has to be checked by its signature, see `Client::id_token`"
        )))
    }
}

fn hash(id_token: &Secret) -> [u8; 32] {
    let mut hash = [0; 32];
    let digest = digest(&SHA256, id_token.expose().as_bytes());
    hash.copy_from_slice(digest.as_ref());
    hash
}

impl fmt::Debug for Receipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Receipt")
    }
}

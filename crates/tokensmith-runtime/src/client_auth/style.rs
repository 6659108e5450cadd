//! One concrete client authentication, and which to try in which order.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::{ClientAuth, Credentials};

/// A way of authenticating with nothing left to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Basic,
    BasicRaw,
    Body,
    Query,
    /// Both as headers of their own.
    Header,
    /// The secret alone in the header.
    Secret,
    /// Basic with the secret as the user name.
    BasicSecret,
    /// The identifier in the body, and nothing that proves it.
    Public,
    /// The assertion of the credentials.
    Assertion,
    /// The assertion of the credentials, as the secret.
    AssertionSecret,
    /// An assertion made of the secret.
    SecretAssertion,
}

impl Style {
    /// How an error message names it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Basic | Self::BasicRaw => "HTTP Basic authentication",
            Self::Body => "authentication in the body",
            Self::Query => "authentication in the query",
            Self::Header => "authentication in headers",
            Self::Secret => "the secret in the header",
            Self::BasicSecret => "HTTP Basic with the secret as the user name",
            Self::Public => "no client authentication",
            Self::Assertion | Self::SecretAssertion => "a client assertion",
            Self::AssertionSecret => "a client assertion as the secret",
        }
    }
}

/// What to try: one style, and perhaps a second one when the first is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Styles {
    pub(crate) first: Style,
    pub(crate) second: Option<Style>,
}

impl Styles {
    /// `public_by_basic` is whether a client without a secret authenticates by Basic; `known` is what an earlier request has learnt; a `one_time` credential is not tried twice.
    pub(crate) fn choose(
        (auth, public_by_basic): (ClientAuth, bool),
        credentials: &Credentials,
        known: Option<Style>,
        one_time: bool,
    ) -> Self {
        let only = |first| Self {
            first,
            second: None,
        };
        let has_assertion = credentials.assertion().is_some();
        if credentials.secret().is_none() && !has_assertion {
            let is_sent = credentials.has_empty_secret() || public_by_basic;
            return only(match auth {
                ClientAuth::Basic if is_sent => Style::Basic,
                ClientAuth::BasicRaw if is_sent => Style::BasicRaw,
                ClientAuth::TlsClientAuth => Style::Public,
                _ if public_by_basic => Style::Basic,
                _ => Style::Public,
            });
        }
        match auth {
            ClientAuth::None | ClientAuth::TlsClientAuth => only(Style::Public),
            ClientAuth::PrivateKeyJwt => only(Style::Assertion),
            ClientAuth::AssertionSecret if has_assertion => only(Style::AssertionSecret),
            // Whoever has an assertion made means it to be sent.
            _ if has_assertion => only(Style::Assertion),
            ClientAuth::ClientSecretJwt => only(Style::SecretAssertion),
            ClientAuth::Basic => only(Style::Basic),
            ClientAuth::BasicRaw => only(Style::BasicRaw),
            ClientAuth::Body | ClientAuth::AssertionSecret => only(Style::Body),
            ClientAuth::Query => only(Style::Query),
            ClientAuth::Header => only(Style::Header),
            ClientAuth::Secret => only(Style::Secret),
            ClientAuth::BasicSecret => only(Style::BasicSecret),
            ClientAuth::Auto => {
                let first = known.unwrap_or(Style::Basic);
                let other = match first {
                    Style::Body => Style::Basic,
                    _ => Style::Body,
                };
                Self {
                    first,
                    second: (!one_time).then_some(other),
                }
            }
        }
    }
}

/// The credentials of a Basic header before and after base64, the parts joined by a colon (RFC 7617
/// section 2).
pub(crate) fn basic_pair(id: &str, secret: &str, style: Style) -> Zeroizing<String> {
    // Room for any encoding, so that no part of the secret stays behind in memory that was too
    // small.
    let room = 3 * (id.len() + secret.len()) + 1;
    let mut pair = Zeroizing::new(String::with_capacity(room));
    if style == Style::BasicRaw {
        pair.extend([id, ":", secret]);
    } else {
        pair.extend(form_urlencoded::byte_serialize(id.as_bytes()));
        pair.push(':');
        pair.extend(form_urlencoded::byte_serialize(secret.as_bytes()));
    }
    Zeroizing::new(STANDARD.encode(pair.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(auth: ClientAuth, public_by_basic: bool, credentials: &Credentials) -> Style {
        Styles::choose((auth, public_by_basic), credentials, None, false).first
    }

    #[test]
    fn a_client_without_a_secret_uses_basic_where_the_endpoint_says_so() {
        let public = Credentials::public("app");
        let confidential = Credentials::new("app", "secret");
        for auth in [ClientAuth::Body, ClientAuth::None, ClientAuth::Auto] {
            assert_eq!(first(auth, true, &public), Style::Basic, "{auth:?}");
            assert_eq!(first(auth, false, &public), Style::Public, "{auth:?}");
        }
        let certificate = first(ClientAuth::TlsClientAuth, true, &public);
        assert_eq!(certificate, Style::Public);
        assert_eq!(first(ClientAuth::Body, true, &confidential), Style::Body);
    }
}

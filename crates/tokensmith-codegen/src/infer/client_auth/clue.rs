//! What speaks for one client authentication, and against others.

use super::in_words;
use crate::diagnostic::finding::{Evidence, EvidenceKind};
use crate::infer::security::Scheme;
use crate::model::ClientAuth;

/// A part of the document that says how a client authenticates; parameters with their place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Clue<'a> {
    Basic,
    Word(&'a str),
    Method(ClientAuth),
    Certificate,
    Header(&'a str),
    Secret(&'a str),
    Assertion(&'a str),
    /// A token that the endpoint asks for, and that is what it gives.
    Circular(&'a str),
    /// A method that a description names, and the description's place.
    Named(ClientAuth, &'a str),
}

impl<'a> Clue<'a> {
    pub(super) fn of(scheme: Scheme<'a>) -> Option<Self> {
        match scheme {
            Scheme::Basic => Some(Self::Basic),
            Scheme::Word(word) => Some(Self::Word(word)),
            Scheme::Method(method) => Some(Self::Method(method)),
            Scheme::Certificate => Some(Self::Certificate),
            _ => None,
        }
    }

    /// Whether a method is what it means.
    pub(super) fn speaks_for(self, method: ClientAuth) -> bool {
        match self {
            Self::Basic | Self::Word(_) | Self::Header(_) => method.is_in_authorization(),
            Self::Method(own) => own == method,
            Self::Named(ClientAuth::Auto, _) => {
                matches!(
                    method,
                    ClientAuth::Auto | ClientAuth::Basic | ClientAuth::Body
                )
            }
            Self::Named(own, _) => own == method || method == ClientAuth::Auto,
            Self::Circular(_) => false,
            Self::Certificate => method == ClientAuth::TlsClientAuth,
            Self::Secret(_) => matches!(
                method,
                ClientAuth::Auto
                    | ClientAuth::Body
                    | ClientAuth::Query
                    | ClientAuth::Header
                    | ClientAuth::AssertionSecret
            ),
            Self::Assertion(_) => method.sends_client_assertion(),
        }
    }

    pub(super) fn evidence(self, security_at: &str) -> Evidence {
        let security = |text: &str| Evidence::new(EvidenceKind::Security, security_at).saying(text);
        let parameter =
            |at: &str, text: &str| Evidence::new(EvidenceKind::Parameters, at).saying(text);
        match self {
            Self::Basic => security("HTTP Basic"),
            Self::Word(word) => security(&format!("the HTTP scheme {word}")),
            Self::Method(method) => security(&format!("a scheme called like {}", method.as_str())),
            Self::Certificate => security("mutual TLS"),
            Self::Header(at) => parameter(at, "an Authorization header for Basic"),
            Self::Secret(at) => parameter(at, "a client secret"),
            Self::Assertion(at) => parameter(at, "client_assertion"),
            Self::Named(method, at) => {
                Evidence::new(EvidenceKind::Description, at).saying(in_words::shown(method))
            }
            Self::Circular(at) => {
                let text = "asks for a token or a key, before there is a token";
                Evidence::new(EvidenceKind::Security, at).saying(text)
            }
        }
    }
}

//! How client assertions (RFC 7523) are signed, where a document declares them.

use super::Inference;
use crate::infer::security::Scheme;
use crate::model::ClientAuth;

impl Inference<'_> {
    /// Where `client_assertion` is declared, if nothing else says how the client signs it.
    pub(super) fn guessed_assertion(&self, shown: Option<ClientAuth>) -> Option<&str> {
        let is_shown = self
            .schemes
            .iter()
            .any(|scheme| matches!(scheme, Scheme::Method(_) | Scheme::Certificate));
        let at = self.parameters.assertion.as_deref();
        at.filter(|_| {
            shown == Some(ClientAuth::PrivateKeyJwt)
                && !is_shown
                && self.named_assertion().is_none()
                && self.assertion_as_usual().is_none()
        })
    }

    /// How assertions are signed by the words of the document.
    pub(super) fn named_assertion(&self) -> Option<ClientAuth> {
        let named = self.parameters.named.as_ref()?;
        Some(named.method).filter(|method| method.sends_client_assertion())
    }

    /// How the assertions of the token endpoint are signed: those of other endpoints are signed as they are (RFC 9126, section 2).
    pub(super) fn assertion_as_usual(&self) -> Option<ClientAuth> {
        let usual = self.usual.filter(|usual| usual.sends_client_assertion());
        usual.filter(|_| self.parameters.assertion.is_some())
    }
}

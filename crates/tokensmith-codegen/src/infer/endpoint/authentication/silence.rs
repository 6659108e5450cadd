//! Endpoints of which the document does not say how the client authenticates: as at the token endpoint.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::Declarations;
use crate::infer::endpoint::Builder;
use crate::infer::security::{AUTHORIZATION, Scheme};
use crate::model::{ClientAuth, EndpointKind};

impl Builder<'_, '_> {
    /// Whether nothing says how the client authenticates at an endpoint where it does as at the token endpoint. A public client may
    /// revoke its tokens, and what protects an introspection endpoint is seldom declared: there, any `security` says enough, unless the
    /// description demands more. What pushes an authorization request is the client of the token request (RFC 9126, section 2).
    pub(super) fn is_silent(
        &self,
        kind: EndpointKind,
        alternatives: &[Vec<Scheme<'_>>],
        declarations: &Declarations<'_>,
    ) -> bool {
        let client = &declarations.client;
        let is_shown = !client.secret.is_empty()
            || client.assertion.is_some()
            || client.authorization_header.is_some()
            || client.unsaid_header.is_some()
            || declarations.common.contains_key(AUTHORIZATION)
            || client.named.is_some();
        let is_of_callers = |scheme: &Scheme<'_>| {
            matches!(scheme, Scheme::Bearer | Scheme::Token | Scheme::Unknown)
        };
        let asks_of_client = alternatives
            .iter()
            .flatten()
            .any(|scheme| !is_of_callers(scheme));
        let own = self.operation.security.as_ref();
        let is_unsaid = match kind {
            EndpointKind::Revocation | EndpointKind::Introspection => {
                own.is_none() && self.context.api.security.is_none()
            }
            EndpointKind::PushedAuthorization => own.is_none_or(|own| !own.is_empty()),
            _ => false,
        };
        let has_sibling = kind != EndpointKind::Token && kind.authenticates_client();
        let is_demanded = has_sibling && client.is_demanded;
        !is_shown && !asks_of_client && (is_unsaid || is_demanded)
    }

    /// Says how a client authenticates at an endpoint of which the document says nothing: RFC 7009, section 2.1, RFC 7662,
    /// section 2.1 and RFC 9126, section 2 leave it to what the token endpoint has.
    pub(super) fn tell_as_at_token_endpoint(
        &self,
        kind: EndpointKind,
        is_demanded: bool,
        diagnostics: &mut Diagnostics,
    ) {
        let at = &self.site.pointer;
        let help = "say which it is, by `none` where no secret is to be sent there:\nx-tokensmith: {client-auth: basic}";
        let unsaid = format!(
            "the document does not say how the client authenticates at the {} endpoint",
            kind.as_str()
        );
        let Some(method) = self.usual.map(ClientAuth::as_str) else {
            let message = format!("{unsaid}; Basic is tried first, then the body");
            diagnostics.push(Diagnostic::new(Rule::UnknownClientAuth, at, message).help(help));
            return;
        };
        let message = format!("{unsaid}; it does as at the token endpoint: `{method}`");
        let mut tokens = self.context.sites.iter();
        let token = tokens.find(|site| site.kind == EndpointKind::Token);
        let place = token.map_or(at, |token| &token.pointer);
        let finding = Finding::new(Question::ClientAuthentication, method)
            .by(EvidenceKind::SiblingEndpoint, place);
        // By RFC 9126, section 2, and nothing that the document has says otherwise.
        let is_by_rfc = kind == EndpointKind::PushedAuthorization
            && self.usual == Some(ClientAuth::None)
            && !is_demanded;
        diagnostics.find(match is_by_rfc {
            true => finding,
            false => finding.inferred(at, message, help),
        });
    }
}

//! How a client authenticates at an endpoint of this kind.

use super::Builder;
use crate::diagnostic::Diagnostics;
use crate::infer::client_auth;
use crate::infer::declaration::Declarations;
use crate::infer::security::Scheme;
use crate::model::{Authentication, ClientAuth, EndpointKind, Operation};

impl Builder<'_, '_> {
    /// Returns how a client authenticates, and whether it shows a certificate.
    pub(super) fn authentication(
        &self,
        kind: EndpointKind,
        (grants, operations): (&[String], &[Operation]),
        (alternatives, declarations): (&[Vec<Scheme<'_>>], &Declarations<'_>),
        diagnostics: &mut Diagnostics,
    ) -> (Authentication, bool) {
        let parameters = &declarations.client;
        let mut certificate = false;
        let mut authentication = match self.method_without_evidence(kind, declarations) {
            Some(method) => {
                let mut authentication = Authentication::standard(method);
                client_auth::apply(self.site, &mut authentication);
                authentication
            }
            None => {
                certificate = client_auth::always_has_certificate(alternatives);
                client_auth::infer(self.site, alternatives, parameters, grants, diagnostics)
            }
        };
        certificate |= authentication.method == ClientAuth::TlsClientAuth;
        if kind != EndpointKind::Authorization {
            let names = &declarations.runtime;
            names.client_id.clone_into(&mut authentication.client_id);
            names
                .client_secret
                .clone_into(&mut authentication.client_secret);
            let names_nobody = match kind {
                EndpointKind::Token => is_without_client(declarations, operations),
                _ => declarations.has_credential() && parameters.id.is_empty(),
            };
            if authentication.method == ClientAuth::None && names_nobody {
                authentication.client_id.clear();
            }
        }
        (authentication, certificate)
    }

    /// The method where neither the security schemes nor the parameters show one that has to be inferred.
    fn method_without_evidence(
        &self,
        kind: EndpointKind,
        declarations: &Declarations<'_>,
    ) -> Option<ClientAuth> {
        if kind == EndpointKind::Authorization {
            return Some(ClientAuth::Auto);
        }
        let declared = self.site.extension.client_auth.method;
        if !declarations.client.secret.is_empty() || declarations.client.assertion {
            return None;
        }
        // What the caller shows is all that the endpoint asks for.
        if declarations.has_credential() {
            return Some(declared.unwrap_or(ClientAuth::None));
        }
        // A public client may revoke its tokens, and what protects an introspection endpoint is often left out.
        let is_often_bare = matches!(kind, EndpointKind::Revocation | EndpointKind::Introspection);
        let has_security = self.operation.security.is_some() || self.context.api.security.is_some();
        (is_often_bare && !has_security).then(|| declared.unwrap_or(ClientAuth::Auto))
    }
}

/// Whether no request names the client: the document has nothing of it, and no RFC asks for it. What says nothing of its requests has none.
fn is_without_client(declarations: &Declarations<'_>, operations: &[Operation]) -> bool {
    let mut operations = operations.iter();
    let is_of_rfc = operations.any(|operation| operation.grant.is_some());
    !is_of_rfc && declarations.client.id.is_empty()
}

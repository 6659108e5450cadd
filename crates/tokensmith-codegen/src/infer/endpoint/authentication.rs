//! How a client authenticates at an endpoint of this kind.

use super::Builder;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::client_auth;
use crate::infer::declaration::Declarations;
use crate::infer::security::Scheme;
use crate::model::{Authentication, ClientAuth, EndpointKind, Operation, rfc};

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
        let mut authentication = match self.method_without_evidence(kind, declarations, diagnostics)
        {
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
        tell_undeclared_secrets(grants, declarations, authentication.method, diagnostics);
        certificate |= authentication.method == ClientAuth::TlsClientAuth;
        if kind != EndpointKind::Authorization {
            let names = &declarations.runtime;
            names.client_id.clone_into(&mut authentication.client_id);
            names
                .client_secret
                .clone_into(&mut authentication.client_secret);
            let names_nobody = match kind {
                EndpointKind::Token => is_without_client(declarations, operations),
                EndpointKind::DeviceAuthorization => {
                    declarations.has_credential() && parameters.id.is_empty()
                }
                _ => parameters.id.is_empty(),
            };
            if authentication.method == ClientAuth::None && names_nobody {
                authentication.client_id.clear();
                let parameters = operations
                    .iter()
                    .flat_map(|operation| &operation.parameters);
                let is_stated = self.site.extension.client_auth.method.is_some();
                if kind == EndpointKind::Token
                    && !is_stated
                    && (grants.iter().any(|grant| grant == "password")
                        || !parameters.clone().any(|parameter| parameter.secret))
                {
                    diagnostics.push(names_nobody_at(&self.site.pointer));
                }
            }
        }
        (authentication, certificate)
    }

    /// The method where neither the security schemes nor the parameters show one that has to be inferred.
    fn method_without_evidence(
        &self,
        kind: EndpointKind,
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<ClientAuth> {
        if kind == EndpointKind::Authorization {
            return Some(ClientAuth::Auto);
        }
        let declared = self.site.extension.client_auth.method;
        if !declarations.client.secret.is_empty() || declarations.client.assertion {
            return None;
        }
        // A header says how, as at the token endpoint.
        if declarations.client.authorization_header || declarations.client.unsaid_header.is_some() {
            return None;
        }
        // What the caller shows is all that the endpoint asks for.
        if declarations.has_credential() {
            return Some(declared.unwrap_or(ClientAuth::None));
        }
        // A public client may revoke its tokens, and what protects an introspection endpoint is often left out.
        let is_often_bare = matches!(kind, EndpointKind::Revocation | EndpointKind::Introspection);
        let has_security = self.operation.security.is_some() || self.context.api.security.is_some();
        (is_often_bare && !has_security).then(|| {
            declared.unwrap_or_else(|| {
                diagnostics.push(as_at_token_endpoint(kind, self.usual, &self.site.pointer));
                self.usual.unwrap_or(ClientAuth::Auto)
            })
        })
    }
}

/// Says how a client authenticates at an endpoint of which the document says nothing: RFC 7009, section 2.1 and RFC 7662, section 2.1
/// leave it to what the token endpoint has.
fn as_at_token_endpoint(kind: EndpointKind, usual: Option<ClientAuth>, at: &str) -> Diagnostic {
    let kind = kind.as_str();
    let help = "say which it is:\nx-tokensmith: {client-auth: basic}";
    let (rule, rest) = match usual {
        Some(method) => (
            Rule::Inferred,
            format!("it does as at the token endpoint: `{}`", method.as_str()),
        ),
        None => (
            Rule::UnknownClientAuth,
            "Basic is tried first, then the body".to_owned(),
        ),
    };
    let message = format!(
        "the document does not say how the client authenticates at the {kind} endpoint; {rest}"
    );
    Diagnostic::new(rule, at, message).help(help)
}

/// Tells grants whose bodies do not declare the secret that those of others do: all requests of an endpoint carry it.
fn tell_undeclared_secrets(
    grants: &[String],
    declarations: &Declarations<'_>,
    method: ClientAuth,
    diagnostics: &mut Diagnostics,
) {
    let name = declarations.runtime.client_secret;
    let is_of_some = declarations.is_in_branch(name) && !declarations.common.contains_key(name);
    if method != ClientAuth::Body || !is_of_some {
        return;
    }
    for grant in grants {
        let mut own = declarations
            .branches
            .iter()
            .filter(|branch| branch.is_for(grant) && !branch.grants.is_empty());
        let Some(first) = own.clone().next() else {
            continue;
        };
        if own.any(|branch| branch.parameters.contains_key(name)) {
            continue;
        }
        let message = format!(
            "the body of the grant {} declares no `{}`, and others do; where the client has a secret, it is sent all the same",
            grant.escape_debug(),
            name.escape_debug()
        );
        diagnostics.push(
            Diagnostic::new(Rule::Inferred, &first.pointer, message)
                .help("for requests without it, use a client with `Credentials::public`"),
        );
    }
}

fn names_nobody_at(at: &str) -> Diagnostic {
    let message = "the document declares neither a client authentication nor a `client_id`; requests have neither";
    Diagnostic::new(Rule::UnknownClientAuth, at, message).help(
        "where the provider wants to know the client, say how:\nx-tokensmith: {client-auth: body}",
    )
}

/// Whether no request names the client: the document has nothing of it, and no RFC asks for it. What says nothing of its requests has none.
fn is_without_client(declarations: &Declarations<'_>, operations: &[Operation]) -> bool {
    /// Grants whose credential says enough, by RFC 6749, section 4.3.2, RFC 7521, section 4.1 and RFC 8693, section 2.1.
    const OF_THEIR_OWN: [&str; 4] = [
        "password",
        rfc::JWT_BEARER,
        rfc::SAML2_BEARER,
        rfc::TOKEN_EXCHANGE,
    ];
    let is_enough = |operation: &Operation| match operation.grant.as_deref() {
        None => true,
        Some(grant) => rfc::grant(grant).is_some_and(|grant| OF_THEIR_OWN.contains(&grant.value)),
    };
    declarations.client.id.is_empty() && operations.iter().all(is_enough)
}

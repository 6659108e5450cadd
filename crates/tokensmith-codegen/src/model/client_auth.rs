//! How a client authenticates at an endpoint.

use openapiv3::{OpenAPI, Operation, ReferenceOr, SecurityRequirement, SecurityScheme};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::extension::ClientAuth;
use crate::model::rfc;
use crate::prune::Site;

/// What the request itself has to say about it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    /// `client_id` is among the parameters.
    pub(crate) id: bool,
    /// `client_secret` is among the parameters.
    pub(crate) secret: bool,
    /// `client_secret` must be there.
    pub(crate) secret_required: bool,
    /// `client_assertion` is among the parameters.
    pub(crate) assertion: bool,
    /// An `Authorization` header is among the parameters.
    pub(crate) authorization_header: bool,
}

/// Infers the client authentication: `x-tokensmith` first, then the security schemes and the parameters.
pub(crate) fn infer(
    api: &OpenAPI,
    site: &Site,
    operation: &Operation,
    seen: Seen,
    grants: &[String],
    diagnostics: &mut Diagnostics,
) -> ClientAuth {
    if let Some(client_auth) = site.extension.client_auth {
        return client_auth;
    }
    let requirements = operation.security.as_ref().or(api.security.as_ref());
    let basic = seen.authorization_header
        || requirements.is_some_and(|requirements| mentions_basic(api, requirements));
    match (basic, seen.secret) {
        _ if seen.secret_required => ClientAuth::Body,
        (true, true) => ClientAuth::Auto,
        (true, false) => ClientAuth::Basic,
        (false, true) => ClientAuth::Body,
        (false, false) if seen.assertion => {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Unsupported,
                    &site.pointer,
                    "the client authenticates by `client_assertion` (RFC 7523), which is not supported yet",
                )
                .help("where the provider takes a secret as well, say so:\nx-tokensmith: {client-auth: auto}"),
            );
            ClientAuth::Auto
        }
        (false, false) if !needs_secret(grants) => ClientAuth::None,
        (false, false) => {
            diagnostics.push(
                Diagnostic::new(
                    Rule::UnknownClientAuth,
                    &site.pointer,
                    "nothing says how the client authenticates; Basic is tried first, then the body",
                )
                .help("say which it is:\nx-tokensmith: {client-auth: basic}"),
            );
            ClientAuth::Auto
        }
    }
}

fn needs_secret(grants: &[String]) -> bool {
    grants
        .iter()
        .any(|grant| rfc::grant(grant).is_none_or(|grant| grant.confidential))
}

/// Whether some alternative asks for HTTP Basic. OAuth and bearer schemes on a token endpoint are circular and not obeyed.
fn mentions_basic(api: &OpenAPI, requirements: &[SecurityRequirement]) -> bool {
    let schemes = api
        .components
        .as_ref()
        .map(|components| &components.security_schemes);
    requirements
        .iter()
        .flat_map(|requirement| requirement.keys())
        .any(|name| match schemes.and_then(|schemes| schemes.get(name)) {
            Some(ReferenceOr::Item(SecurityScheme::HTTP { scheme, .. })) => {
                scheme.eq_ignore_ascii_case("basic")
            }
            _ => false,
        })
}

//! The credential of the caller's that an endpoint asks for in the `Authorization` header.
//!
//! Providers revoke and introspect on behalf of whoever shows an access token (RFC 7662, section
//! 2.1), and services exchange an API key for a token. A token endpoint that asks for what it gives
//! is circular, and not obeyed.

use openapiv3::Operation as ApiOperation;

use super::Scheme;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::infer::declaration::DeclaredParameter;
use crate::infer::schema::{Kind, Shape};
use crate::model::Location;
use crate::openapi::security_scheme::SecurityScheme;
use crate::openapi::site::Site;
use crate::prose::listed;
use tokensmith_description::ClientAuth;

/// The header that carries it.
pub(crate) const AUTHORIZATION: &str = "Authorization";
/// What stands before a token there (RFC 6750, section 2.1).
pub(crate) const BEARER: &str = "Bearer ";

/// The credential that the security requirements ask for, unless the client can do with its own
/// authentication. It is required where every alternative asks for it.
pub(crate) fn credential(
    alternatives: &[Vec<Scheme<'_>>],
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Option<DeclaredParameter<'static>> {
    let stated = site.extension.client_auth.method;
    if stated.is_some_and(ClientAuth::is_in_authorization)
        || alternatives.iter().any(is_clients_own)
    {
        return None;
    }
    let scheme = *alternatives.iter().flatten().find(is_callers)?;
    let asking = || alternatives.iter().filter(|all| all.contains(&scheme));
    if asking().any(|all| all.iter().any(is_in_header)) {
        let message = "the endpoint asks for HTTP Basic and for a token at once, and one `Authorization` header holds one of them";
        diagnostics.push(
            Diagnostic::new(Rule::Unsupported, &site.pointer, message)
                .help("where either will do, make them alternatives:\nsecurity: [{basic: []}, {bearer: []}]"),
        );
    }
    let required = asking().count() == alternatives.len();
    Some(match scheme {
        Scheme::Bearer | Scheme::Token => bearer(&site.pointer, required, None),
        _ => authorization_key(&site.pointer, required, None),
    })
}

/// The scopes that the caller's token needs, in a sentence.
pub(crate) fn scopes_in_words(context: &Context<'_>, operation: &ApiOperation) -> Option<String> {
    let own = operation.security.as_ref();
    let requirements = own.or(context.api.security.as_ref())?;
    let is_for_tokens = |name: &String| {
        let scheme = context.untyped.security_scheme(name);
        scheme.is_some_and(|scheme| SecurityScheme(scheme.value).is_for_tokens())
    };
    let of_tokens = requirements
        .iter()
        .flatten()
        .filter(|(name, _)| is_for_tokens(name));
    let mut alternatives: Vec<&Vec<String>> = of_tokens.map(|(_, scopes)| scopes).collect();
    alternatives.sort();
    alternatives.dedup();
    // Where one needs nothing, any token will do.
    if alternatives.first()?.is_empty() {
        return None;
    }
    let is_one = matches!(alternatives.as_slice(), [only] if only.len() == 1);
    let noun = if is_one { "scope" } else { "scopes" };
    let alternatives = alternatives.into_iter().map(|scopes| {
        let scopes: Vec<String> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
        listed(&scopes, "and")
    });
    let alternatives = alternatives.collect::<Vec<_>>().join(", or ");
    Some(format!("The token needs the {noun} {alternatives}."))
}

/// A key that the caller gives, and that is all of the header.
pub(crate) fn authorization_key<'a>(
    at: &str,
    required: bool,
    description: Option<&'a str>,
) -> DeclaredParameter<'a> {
    let usual = "The key that the provider wants, as it stands in the header.";
    let description = description.unwrap_or(usual);
    DeclaredParameter::new(secret(at), Location::Header, required, Some(description))
}

/// A token that the caller gives, and that stands in the header after `Bearer`.
pub(crate) fn bearer<'a>(
    at: &str,
    required: bool,
    description: Option<&'a str>,
) -> DeclaredParameter<'a> {
    let description = description.unwrap_or("The token that the provider wants, without `Bearer`.");
    DeclaredParameter {
        prefix: Some(BEARER),
        ..DeclaredParameter::new(secret(at), Location::Header, required, Some(description))
    }
}

fn secret<'a>(at: &str) -> Shape<'a> {
    Shape {
        pointer: at.to_owned(),
        kind: Kind::Text,
        is_password: true,
        ..Shape::default()
    }
}

/// Whether a security requirement is about a credential of the caller's.
pub(crate) fn asks_callers(alternatives: &[Vec<Scheme<'_>>]) -> bool {
    !alternatives.iter().any(is_clients_own)
        && alternatives
            .iter()
            .flatten()
            .any(|scheme| is_callers(&scheme))
}

/// Whether a security requirement is about a token of an OAuth flow.
pub(crate) fn has_flow(alternatives: &[Vec<Scheme<'_>>]) -> bool {
    alternatives
        .iter()
        .flatten()
        .any(|scheme| *scheme == Scheme::Token)
}

/// Whether a token of an OAuth flow is all that a caller may show.
pub(crate) fn has_flow_only(alternatives: &[Vec<Scheme<'_>>]) -> bool {
    let mut callers = alternatives.iter().flatten().filter(is_callers);
    has_flow(alternatives) && callers.all(|scheme| *scheme == Scheme::Token)
}

fn is_callers(scheme: &&Scheme<'_>) -> bool {
    matches!(
        scheme,
        Scheme::Bearer | Scheme::Token | Scheme::Authorization
    )
}

/// Whether the client's own authentication is all that an alternative asks for.
fn is_clients_own(all: &Vec<Scheme<'_>>) -> bool {
    let is_own = |scheme: &Scheme<'_>| {
        is_in_header(scheme) || matches!(scheme, Scheme::Method(_) | Scheme::Certificate)
    };
    all.iter().any(is_own) && !all.iter().any(|scheme| is_callers(&scheme))
}

fn is_in_header(scheme: &Scheme<'_>) -> bool {
    match scheme {
        Scheme::Basic | Scheme::Word(_) => true,
        Scheme::Method(method) => method.is_in_authorization(),
        _ => false,
    }
}

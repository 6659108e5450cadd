//! Endpoints that begin a grant which no token endpoint ends.

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::infer::authorization;
use crate::infer::grant::grants_to_write::{on_token_endpoint, with_added};
use crate::model::{Endpoint, EndpointKind, rfc};

/// Tells of authorization and device authorization endpoints whose codes no declared request redeems.
pub(super) fn tell(context: &Context<'_>, endpoints: &[Endpoint], diagnostics: &mut Diagnostics) {
    for (kind, parameter, grant) in [
        (EndpointKind::Authorization, "code", "authorization_code"),
        (
            EndpointKind::DeviceAuthorization,
            "device_code",
            rfc::DEVICE_CODE,
        ),
    ] {
        if endpoints
            .iter()
            .any(|endpoint| redeems(endpoint, parameter, grant))
        {
            continue;
        }
        let is_begun = endpoints.iter().any(|endpoint| endpoint.kind == kind);
        if let Some((endpoint, value)) = by_short_name(endpoints, grant) {
            if is_begun {
                diagnostics.push(not_polled(endpoint, value, grant));
            }
            continue;
        }
        let site = context.sites.iter().find(|site| site.kind == kind);
        let place = match (is_begun, site) {
            (true, Some(site)) => Some(site.pointer.clone()),
            _ if kind == EndpointKind::Authorization => authorization::first_flow(context),
            _ => None,
        };
        let Some(place) = place else {
            continue;
        };
        let message = format!(
            "no token endpoint takes the grant {grant}: what the {} endpoint gives cannot be exchanged for a token",
            kind.as_str()
        );
        let help = on_token_endpoint(endpoints, &[grant]);
        diagnostics.push(Diagnostic::new(Rule::Unused, place, message).help(help));
    }
}

/// The token endpoint that takes a grant by the last part of its URN, and the value that it has there.
fn by_short_name<'e>(endpoints: &'e [Endpoint], grant: &str) -> Option<(&'e Endpoint, &'e str)> {
    let (_, short) = grant.rsplit_once(':')?;
    let tokens = endpoints
        .iter()
        .filter(|endpoint| endpoint.kind == EndpointKind::Token);
    let mut grants = tokens.flat_map(|endpoint| {
        let values = endpoint.grants();
        values.map(move |value| (endpoint, value))
    });
    grants.find(|(_, value)| {
        let last = value.rsplit(':').next().unwrap_or(value);
        rfc::is_same_grant(last, short)
    })
}

fn not_polled(endpoint: &Endpoint, value: &str, grant: &str) -> Diagnostic {
    let message = format!(
        "the client does not poll with the grant `{}`: only {grant} is polled with",
        value.escape_debug()
    );
    let others = endpoint.grants().filter(|other| *other != value);
    let list = with_added(others, [grant]);
    let place = endpoint
        .declared_at
        .first()
        .map_or("/paths", String::as_str);
    Diagnostic::new(Rule::Unused, place, message).help(format!(
        "repeat the request until the user has decided; where the provider takes the registered value, list that instead:\nenum: [{list}]"
    ))
}

/// Whether a token endpoint has a request with such a code.
fn redeems(endpoint: &Endpoint, parameter: &str, grant: &str) -> bool {
    endpoint.kind == EndpointKind::Token
        && endpoint.operations.iter().any(|operation| {
            let own = operation.grant.as_deref();
            let takes = own.is_some_and(|own| rfc::is_same_grant(own, grant));
            // The parameters of an RFC's grant are its own; those of the others may be anything.
            let is_other = own.and_then(rfc::grant).is_some();
            takes
                || !is_other
                    && operation
                        .parameters
                        .iter()
                        .any(|own| rfc::meant(&own.wire) == parameter)
        })
}

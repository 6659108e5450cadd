//! What an endpoint of a kind cannot be.

use openapiv3::Operation as ApiOperation;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::{self, EndpointKind, Method};
use crate::openapi::site::Site;
use crate::pointer;

/// The method, if requests can be sent by it.
pub(super) fn method(
    site: &Site,
    operation: &ApiOperation,
    kind: EndpointKind,
    diagnostics: &mut Diagnostics,
) -> Option<Method> {
    let name = site.method.as_str();
    let shown = name.to_uppercase();
    let unsupported = |message: String| {
        Diagnostic::new(Rule::Unsupported, &site.pointer, message)
            .help("where the provider takes POST as well, declare that")
    };
    let method = model::method(name)
        .filter(|method| kind != EndpointKind::Authorization || *method == Method::Get);
    let Some(method) = method else {
        let message = format!("the endpoint is called by {shown}, which is not supported");
        diagnostics.push(unsupported(message));
        return None;
    };
    if !method.has_body() && operation.request_body.is_some() {
        let message = format!("a {shown} request has no body");
        diagnostics.push(
            unsupported(message).help("declare what is in it as query parameters, or use POST"),
        );
        return None;
    }
    Some(method)
}

/// Keys of `x-tokensmith` that mean nothing at an endpoint of this kind are mistakes.
pub(super) fn reject_what_does_not_apply(
    site: &Site,
    kind: EndpointKind,
    diagnostics: &mut Diagnostics,
) {
    let extension = &site.extension;
    let is_token = kind == EndpointKind::Token;
    let is_authorization = kind == EndpointKind::Authorization;
    let has_response = is_token
        || matches!(
            kind,
            EndpointKind::Introspection | EndpointKind::DeviceAuthorization
        );
    let wrong = [
        ("grants", extension.grants.is_some() && !is_token),
        (
            "grant-type-parameter",
            extension.grant_type_parameter.is_some() && !is_token && !is_authorization,
        ),
        (
            "access-token",
            extension.access_token.is_some() && !is_token,
        ),
        ("expiry", extension.expiry.is_some() && !is_token),
        ("fields", !extension.fields.is_empty() && !has_response),
        ("failure", !extension.failure.is_empty() && is_authorization),
        (
            "code-challenge",
            extension.code_challenge.is_some() && !is_authorization,
        ),
    ];
    for (key, _) in wrong.into_iter().filter(|(_, is_wrong)| *is_wrong) {
        let place = pointer::join_all(&site.pointer, &[crate::openapi::extension::KEY, key]);
        let message = format!("`{key}` means nothing at the {} endpoint", kind.as_str());
        diagnostics.push(
            Diagnostic::new(Rule::Extension, place, message)
                .help("remove it, or move it to the endpoint that it is about"),
        );
    }
}

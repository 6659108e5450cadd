//! Refresh tokens that no request takes.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{Endpoint, EndpointKind, FieldType, Model, Success, TypeDef, rfc};
use crate::openapi::operation::Operation;

const REFRESH_TOKEN: &str = "refresh_token";

/// Tells that a response gives a refresh token, and that no token endpoint takes one.
pub(super) fn tell(
    root: &Value,
    operation: &Operation<'_>,
    (model, endpoint): (&Model, &Endpoint),
) -> Option<Diagnostic> {
    let is_token = |endpoint: &Endpoint| endpoint.kind == EndpointKind::Token;
    // A success without a body has what RFC 6749 has.
    let responses = operation.responses();
    let is_described = responses
        .iter()
        .any(|response| response.status.starts_with('2') && !response.bodies(root).is_empty());
    if !is_token(endpoint) || !is_described || !gives_refresh_token(model, endpoint) {
        return None;
    }
    let takes = |endpoint: &Endpoint| {
        endpoint.operations.iter().any(|operation| {
            let own = operation.grant.as_deref();
            let is_refresh = own.is_some_and(|own| rfc::is_same_grant(own, REFRESH_TOKEN));
            let mut parameters = operation.parameters.iter();
            is_refresh || parameters.any(|parameter| parameter.wire == REFRESH_TOKEN)
        })
    };
    let mut endpoints = model.endpoints.iter().filter(|endpoint| is_token(endpoint));
    if endpoints.any(takes) {
        return None;
    }
    let message = "the response has a `refresh_token`, and no declared request takes one: it cannot be exchanged for another access token";
    let help = "where the provider takes it, add the grant to the values of `grant_type`:\nenum: [refresh_token]";
    let at = endpoint.declared_at.first()?;
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

fn gives_refresh_token(model: &Model, endpoint: &Endpoint) -> bool {
    let Success::Token(response) = &endpoint.response else {
        return false;
    };
    let Some(TypeDef::Struct(def)) = model.type_def(response) else {
        return false;
    };
    let mut fields = def.fields.iter();
    fields.any(|field| field.wire == REFRESH_TOKEN && field.ty == FieldType::Secret)
}

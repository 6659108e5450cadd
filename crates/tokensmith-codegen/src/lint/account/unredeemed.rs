//! Refresh tokens that no request takes.

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name::letters;
use crate::model::{Endpoint, EndpointKind, FieldType, Model, Success, TypeDef, rfc};
use crate::openapi::direction::Direction;
use crate::openapi::facts::{Fact, Kind};

const REFRESH_TOKEN: &str = "refresh_token";

/// Tells that a response gives a refresh token, and that no token endpoint takes one.
pub(super) fn tell(model: &Model, endpoint: &Endpoint, facts: &[Fact<'_>]) -> Option<Diagnostic> {
    let is_token = |endpoint: &Endpoint| endpoint.kind == EndpointKind::Token;
    // A success that the document does not describe is read as RFC 6749 has it.
    let is_declared = facts.iter().any(|fact| {
        let is_of_response = fact.direction == Direction::Response && fact.kind == Kind::Property;
        is_of_response && letters(fact.name) == "refreshtoken"
    });
    if !is_token(endpoint) || !is_declared || !gives_refresh_token(model, endpoint) {
        return None;
    }
    let takes = |endpoint: &Endpoint| {
        endpoint.operations.iter().any(|operation| {
            let own = operation.grant.as_deref();
            let is_refresh = own.is_some_and(|own| rfc::is_same_grant(own, REFRESH_TOKEN));
            let mut parameters = operation.parameters.iter();
            // A token exchange takes tokens of any type (RFC 8693, section 2.1).
            let takes = |name: &str| [REFRESH_TOKEN, "subject_token"].contains(&name);
            is_refresh || parameters.any(|parameter| takes(&parameter.wire))
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

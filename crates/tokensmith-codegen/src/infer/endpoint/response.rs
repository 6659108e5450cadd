//! What an endpoint responds with: its successes and its refusals.

use std::collections::BTreeMap;

use super::Builder;
use crate::diagnostic::Diagnostics;
use crate::infer::error::Refusals;
use crate::infer::types::Types;
use crate::infer::{device_response, error, introspection_response, token_response};
use crate::model::{EndpointKind, Expiry, Success};

/// Where a success has its token, how it says when that expires, and what it holds.
pub(super) struct Response {
    pub(super) access_token: Vec<String>,
    pub(super) expiry: Expiry<String>,
    pub(super) fields: BTreeMap<String, String>,
    pub(super) holds: Success,
    /// What it declares, and what it holds has no field for.
    pub(super) undeclared: Vec<String>,
}

impl Builder<'_, '_> {
    pub(super) fn success(
        &self,
        kind: EndpointKind,
        types: &mut Types,
        diagnostics: &mut Diagnostics,
    ) -> Option<Response> {
        let mut undeclared = Vec::new();
        let mut fields = self.site.extension.fields.clone();
        let holds = match kind {
            EndpointKind::Token => {
                let label = self.label.as_deref().unwrap_or_default();
                let (context, site, operation) = (self.context, self.site, self.operation);
                let token =
                    token_response::token(context, site, operation, label, types, diagnostics)?;
                return Some(Response {
                    access_token: token.pointers,
                    expiry: token.expiry,
                    fields: token.fields,
                    holds: Success::Token(token.ident),
                    undeclared: Vec::new(),
                });
            }
            EndpointKind::Introspection => {
                let (context, site, operation) = (self.context, self.site, self.operation);
                undeclared = introspection_response::tell(context, site, operation, diagnostics);
                Success::Introspection
            }
            EndpointKind::DeviceAuthorization => {
                let (context, site, operation) = (self.context, self.site, self.operation);
                fields = device_response::fields(context, site, operation, diagnostics);
                Success::DeviceAuthorization
            }
            EndpointKind::PushedAuthorization => Success::PushedAuthorization,
            EndpointKind::Registration => Success::Registration,
            EndpointKind::Revocation
            | EndpointKind::Authorization
            | EndpointKind::EndSession
            | EndpointKind::Metadata => Success::Nothing,
        };
        Some(Response {
            access_token: Vec::new(),
            expiry: Expiry::STANDARD,
            fields,
            holds,
            undeclared,
        })
    }

    pub(super) fn refusals(
        &self,
        kind: EndpointKind,
        types: &mut Types,
        diagnostics: &mut Diagnostics,
    ) -> Refusals {
        // Bodies of the first token endpoint are the provider's usual ones and need no name in front.
        let usual = match kind {
            kind if kind.is_for_browsers() => return Refusals::stated(self.site),
            EndpointKind::Token => "",
            kind => kind.variant(),
        };
        let label = self.label.as_deref().unwrap_or(usual);
        let (api, operation) = (self.context.api, self.operation);
        error::refusals(api, operation, self.site, label, types, diagnostics)
    }
}

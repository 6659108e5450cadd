//! The operations of an endpoint: one for each grant, or the only one.

use super::Builder;
use crate::diagnostic::Diagnostics;
use crate::infer::declaration::Declarations;
use crate::infer::{authorization, grant};
use crate::model::{EndpointKind, Location, Operation, ParameterKind, rfc};

impl Builder<'_, '_> {
    /// The grants of a token endpoint.
    pub(super) fn grants(
        &self,
        kind: EndpointKind,
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<String> {
        if kind != EndpointKind::Token {
            return Vec::new();
        }
        let declared = (self.context.api, self.operation);
        grant::grants(declared, self.site, declarations, diagnostics)
    }

    pub(super) fn operations(
        &self,
        kind: EndpointKind,
        grants: &[String],
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Operation> {
        match kind {
            EndpointKind::Token => {
                grant::operations(self.provider, grants, declarations, self.site, diagnostics)
            }
            EndpointKind::Authorization => {
                let of = (self.item, self.operation);
                vec![authorization::operation(
                    (self.context, of, self.site),
                    declarations,
                    diagnostics,
                )]
            }
            EndpointKind::Revocation
            | EndpointKind::Introspection
            | EndpointKind::DeviceAuthorization
            | EndpointKind::PushedAuthorization
            | EndpointKind::EndSession
            | EndpointKind::Metadata
            | EndpointKind::Registration => vec![only_operation(kind, declarations, diagnostics)],
        }
    }
}

/// The operation of an endpoint that knows no grants.
fn only_operation(
    kind: EndpointKind,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> Operation {
    let takes_token = matches!(kind, EndpointKind::Revocation | EndpointKind::Introspection);
    let is_token = |name: &str| takes_token && name == "token";
    let mut parameters = grant::all_parameters(declarations, is_token, diagnostics);
    for parameter in parameters
        .iter_mut()
        .filter(|parameter| is_token(&parameter.wire))
    {
        parameter.secret |= matches!(parameter.kind, ParameterKind::Text);
    }
    let ident = match kind {
        EndpointKind::Introspection => rfc::INTROSPECT_TOKEN,
        EndpointKind::DeviceAuthorization => rfc::AUTHORIZE_DEVICE,
        EndpointKind::PushedAuthorization => rfc::PUSH_AUTHORIZATION,
        EndpointKind::EndSession => rfc::END_SESSION,
        EndpointKind::Registration => rfc::REGISTER_CLIENT,
        _ => rfc::REVOKE_TOKEN,
    };
    if kind.is_for_browsers() {
        // A browser that is sent somewhere takes no headers along.
        parameters.retain(|parameter| parameter.location != Location::Header);
    }
    Operation {
        ident: ident.to_owned(),
        grant: None,
        // A second request would register a second client.
        one_time: kind == EndpointKind::Registration,
        names_client: false,
        description: None,
        parameters,
    }
}

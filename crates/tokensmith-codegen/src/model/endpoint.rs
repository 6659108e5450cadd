//! The OAuth endpoints of a document.

use openapiv3::{Operation as ApiOperation, PathItem};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::extension::{ClientAuth, OneOrMore, Role};
use crate::model::parameter::{self, Declarations};
use crate::model::types::Types;
use crate::model::{
    Context, Endpoint, EndpointKind, Operation, PathChoice, client_auth, distinct, error, grant,
    name, response, rfc, server,
};
use crate::pointer;
use crate::prune::Site;

/// Token endpoints in the order of their paths, then revocation endpoints.
pub(crate) fn endpoints(
    provider: &str,
    context: &Context<'_>,
    types: &mut Types,
    diagnostics: &mut Diagnostics,
) -> Vec<Endpoint> {
    let mut endpoints: Vec<(Option<&str>, Endpoint)> = Vec::new();
    for (role, kind) in [
        (Role::Token, EndpointKind::Token),
        (Role::Revocation, EndpointKind::Revocation),
    ] {
        for site in context.sites.iter().filter(|site| site.role == role) {
            if site.extension.alternative_of.is_some() {
                continue;
            }
            let Some((item, operation)) = lookup(context, site) else {
                continue;
            };
            let count = endpoints
                .iter()
                .filter(|(_, endpoint)| endpoint.kind == kind)
                .count();
            let builder = Builder {
                provider,
                context,
                site,
                item,
                operation,
                label: label(site, operation, count),
            };
            if let Some(endpoint) = builder.build(kind, types, diagnostics) {
                endpoints.push((operation.operation_id.as_deref(), endpoint));
            }
        }
    }
    alternatives(context, &mut endpoints, diagnostics);
    let mut endpoints: Vec<Endpoint> = endpoints
        .into_iter()
        .map(|(_, endpoint)| endpoint)
        .collect();
    distinct::reject_collisions(context, &endpoints, diagnostics);
    distinct::tell_requests_apart(provider, &mut endpoints);
    distinct::tell_enums_apart(&mut endpoints);
    endpoints
}

fn lookup<'a>(context: &Context<'a>, site: &Site) -> Option<(&'a PathItem, &'a ApiOperation)> {
    let item = context.api.paths.paths.get(&site.path)?.as_item()?;
    let (_, operation) = item.iter().find(|(method, _)| *method == site.method)?;
    Some((item, operation))
}

/// What tells an endpoint from others of its kind; the first needs nothing.
fn label(site: &Site, operation: &ApiOperation, count: usize) -> Option<String> {
    if count == 0 {
        return None;
    }
    operation
        .operation_id
        .as_deref()
        .and_then(name::pascal)
        .or_else(|| name::pascal(&site.path))
}

/// Paths that are said to be other ways to an endpoint.
fn alternatives(
    context: &Context<'_>,
    endpoints: &mut [(Option<&str>, Endpoint)],
    diagnostics: &mut Diagnostics,
) {
    for site in context.sites {
        let Some(wanted) = site.extension.alternative_of.as_deref() else {
            continue;
        };
        let found = endpoints
            .iter_mut()
            .find(|(operation_id, _)| *operation_id == Some(wanted));
        match (found, lookup(context, site)) {
            (Some((_, endpoint)), Some((_, operation))) => {
                endpoint
                    .paths
                    .extend(path_choice(context, site, operation, diagnostics));
            }
            _ => diagnostics.push(
                Diagnostic::new(
                    Rule::Extension,
                    pointer::join_all(&site.pointer, &[crate::extension::KEY, "alternative-of"]),
                    format!("no endpoint has the operationId `{wanted}`"),
                )
                .help("name the operationId of the endpoint that this is another path of"),
            ),
        }
    }
}

fn path_choice(
    context: &Context<'_>,
    site: &Site,
    operation: &ApiOperation,
    diagnostics: &mut Diagnostics,
) -> Option<PathChoice> {
    let Some(ident) = name::pascal(&site.path) else {
        diagnostics.push(crate::model::types::unusable(&site.path, &site.pointer));
        return None;
    };
    let description = operation
        .summary
        .clone()
        .or_else(|| operation.description.clone());
    // A fragment tells two operations of one path apart in a document; it is never sent.
    let path = site.path.split('#').next().unwrap_or_default();
    Some(PathChoice {
        path: on_its_server(context, site, path),
        ident,
        description,
    })
}

/// An endpoint on a server of its own, such as a revocation endpoint on another host, is known by its whole URL.
fn on_its_server(context: &Context<'_>, site: &Site, path: &str) -> String {
    let token = context.sites.iter().find(|site| site.role == Role::Token);
    let servers = |site: &Site| server::declared(context.api, &site.path, &site.method).0;
    let own = servers(site);
    let same = token.is_none_or(|token| {
        servers(token)
            .iter()
            .map(|server| &server.url)
            .eq(own.iter().map(|server| &server.url))
    });
    match own
        .iter()
        .find(|server| server::is_absolute(&server.url) && !server.url.contains('{'))
    {
        Some(server) if !same => format!("{}{path}", server.url.trim_end_matches('/')),
        _ => path.to_owned(),
    }
}

struct Builder<'c, 'a> {
    provider: &'c str,
    context: &'c Context<'a>,
    site: &'c Site,
    item: &'a PathItem,
    operation: &'a ApiOperation,
    label: Option<String>,
}

impl Builder<'_, '_> {
    fn build(
        &self,
        kind: EndpointKind,
        types: &mut Types,
        diagnostics: &mut Diagnostics,
    ) -> Option<Endpoint> {
        let Self {
            context,
            site,
            item,
            operation,
            ..
        } = *self;
        let api = context.api;
        if site.method != "post" {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Unsupported,
                    &site.pointer,
                    format!(
                        "the endpoint is called by {}, which is not supported yet",
                        site.method.to_uppercase()
                    ),
                )
                .help("where the provider takes POST as well, declare that"),
            );
            return None;
        }
        let mut declarations =
            parameter::declarations(api, item, operation, &site.pointer, diagnostics);
        declarations.complete_path(site);
        let (operations, grants) = match kind {
            EndpointKind::Token => {
                let grants = grant::grants(api, site, &declarations, diagnostics);
                (
                    grant::operations(self.provider, &grants, &declarations, site, diagnostics),
                    grants,
                )
            }
            EndpointKind::Revocation => (
                vec![self.revocation(&declarations, diagnostics)],
                Vec::new(),
            ),
        };
        let client_auth = match kind {
            // A public client may revoke its tokens, so nothing can be missing here.
            EndpointKind::Revocation
                if !declarations.seen.secret && operation.security.is_none() =>
            {
                site.extension.client_auth.unwrap_or(ClientAuth::Auto)
            }
            _ => client_auth::infer(
                api,
                site,
                operation,
                declarations.seen,
                &grants,
                diagnostics,
            ),
        };
        let label = self.label.as_deref().unwrap_or_default();
        let (access_token, response) = match kind {
            EndpointKind::Token => {
                let token = response::token(api, site, operation, label, types, diagnostics)?;
                (token.pointers, Some(token.ident))
            }
            EndpointKind::Revocation => (Vec::new(), None),
        };
        // Bodies of the first token endpoint are the provider's usual ones and need no name in front.
        let error_label = if kind == EndpointKind::Token {
            label
        } else {
            self.label.as_deref().unwrap_or(kind.noun())
        };
        Some(Endpoint {
            kind,
            ident: self.ident(kind)?,
            paths: vec![path_choice(context, site, operation, diagnostics)?],
            formats: declarations.formats,
            client_auth,
            access_token,
            scope_separator: site
                .extension
                .scope_separator
                .clone()
                .unwrap_or_else(|| " ".to_owned()),
            error_code: pointers(site.extension.error.code.as_ref()),
            error_description: pointers(site.extension.error.description.as_ref()),
            operations,
            response,
            error: format!("{label}{}Error", kind.noun()),
            errors: error::cases(
                api,
                operation,
                &site.pointer,
                error_label,
                types,
                diagnostics,
            ),
        })
    }

    fn ident(&self, kind: EndpointKind) -> Option<String> {
        let label = self
            .label
            .as_deref()
            .filter(|label| !EndpointKind::ALL.iter().any(|kind| kind.noun() == *label));
        // A second endpoint that is called like the first of a kind is told from it by its own kind.
        let other = self
            .label
            .as_ref()
            .map(|label| format!("{label}{}", kind.noun()));
        name::screaming(label.or(other.as_deref()).unwrap_or(kind.noun()))
    }

    fn revocation(
        &self,
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Operation {
        let mut parameters: Vec<_> = declarations
            .common
            .iter()
            .filter(|(name, _)| !rfc::ENGINE.contains(name))
            .filter_map(|(name, declared)| {
                let required = declared.required || *name == "token";
                let mut parameter = parameter::parameter(name, declared, required, diagnostics)?;
                parameter.secret |= *name == "token";
                Some(parameter)
            })
            .collect();
        grant::sort(&mut parameters);
        grant::reject_collisions(&parameters, declarations, diagnostics);
        Operation {
            ident: rfc::REVOKE_TOKEN.to_owned(),
            grant: None,
            one_time: false,
            description: self
                .operation
                .description
                .clone()
                .or_else(|| self.operation.summary.clone()),
            parameters,
        }
    }
}

impl EndpointKind {
    const ALL: [Self; 2] = [Self::Token, Self::Revocation];

    fn noun(self) -> &'static str {
        match self {
            Self::Token => "Token",
            Self::Revocation => "Revocation",
        }
    }
}

fn pointers(declared: Option<&OneOrMore>) -> Vec<String> {
    declared
        .map(|pointers| pointers.as_slice().to_vec())
        .unwrap_or_default()
}

//! The OAuth endpoints of a document.

mod check;
mod declarations;

use openapiv3::{Operation as ApiOperation, PathItem};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, Severity};
use crate::infer::declaration::Declarations;
use crate::infer::server::{Environments, Placement};
use crate::infer::types::Types;
use crate::infer::{
    Context, authorization, client_auth, error, example, grant, name_collision, second_place,
    token_response,
};
use crate::model::{
    Attributes, Authentication, ClientAuth, CodeChallengeMethod, Endpoint, EndpointKind, Examples,
    Expiry, KINDS, Location, Operation, OwnedFailureMark, ParameterKind, PathChoice, Success, name,
    rfc,
};
use crate::openapi::extension::{OneOrMore, Role};
use crate::openapi::site::Site;
use crate::pointer;

/// Token endpoints in the order of their paths, then the others by their kind.
pub(crate) fn endpoints(
    provider: &str,
    context: &Context<'_>,
    environments: &Environments,
    types: &mut Types,
    diagnostics: &mut Diagnostics,
) -> Vec<Endpoint> {
    let mut endpoints: Vec<(Option<&str>, Endpoint)> = Vec::new();
    for kind in KINDS {
        let role = role(kind);
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
                environments,
                site,
                item,
                operation,
                label: label(site, operation, count),
            };
            if let Some(endpoint) = builder.build_or_leave(kind, types, diagnostics) {
                endpoints.push((operation.operation_id.as_deref(), endpoint));
            }
        }
    }
    alternatives(context, environments, &mut endpoints, diagnostics);
    let mut endpoints: Vec<Endpoint> = endpoints
        .into_iter()
        .map(|(_, endpoint)| endpoint)
        .collect();
    if endpoints.iter().all(Endpoint::is_called) {
        let found = authorization::of_flows(context, environments, &endpoints, diagnostics);
        endpoints.extend(found);
    }
    name_collision::reject_collisions(context, &endpoints, diagnostics);
    name_collision::tell_requests_apart(provider, &mut endpoints);
    name_collision::tell_enums_apart(&mut endpoints);
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
    environments: &Environments,
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
            (Some((_, endpoint)), Some(_)) if !endpoint.is_called() => diagnostics.push(
                Diagnostic::new(
                    Rule::Unsupported,
                    &site.pointer,
                    "an authorization endpoint has one path only",
                )
                .help("remove one of them, or mark it:\nx-tokensmith: {endpoint: none}"),
            ),
            (Some((_, endpoint)), Some((_, operation))) => {
                let placed = environments.placement(context, site, "the other path", diagnostics);
                let choice = path_choice(site, operation, diagnostics);
                let (Some(placement), Some(choice)) = (placed, choice) else {
                    continue;
                };
                endpoint
                    .paths
                    .extend(beside(endpoint, placement, choice, site, diagnostics));
            }
            _ => diagnostics.push(
                Diagnostic::new(
                    Rule::Extension,
                    pointer::join_all(
                        &site.pointer,
                        &[crate::openapi::extension::KEY, "alternative-of"],
                    ),
                    format!("no endpoint has the operationId `{wanted}`"),
                )
                .help("name the operationId of the endpoint that this is another path of"),
            ),
        }
    }
}

/// Another path of an endpoint: on the same servers, or a whole URL where there is one only.
fn beside(
    endpoint: &Endpoint,
    placement: Placement,
    choice: PathChoice,
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Option<PathChoice> {
    let url = match placement {
        Placement::Servers if endpoint.servers.is_empty() => return Some(choice),
        Placement::Elsewhere(servers) if servers == endpoint.servers => return Some(choice),
        Placement::At(url) => Some(url),
        Placement::Elsewhere(servers) => match servers.as_slice() {
            [only] if only.variables.is_empty() => Some(only.url.clone()),
            _ => None,
        },
        Placement::Servers => None,
    };
    if let Some(url) = url {
        return Some(PathChoice {
            path: format!("{}{}", url.trim_end_matches('/'), choice.path),
            ..choice
        });
    }
    let message = format!(
        "`{}` is on other servers than the endpoint that it is another path of",
        site.path.escape_debug()
    );
    diagnostics.push(
        Diagnostic::new(Rule::Environments, &site.pointer, message)
            .help("give both the same `servers`, or remove `alternative-of`"),
    );
    None
}

fn path_choice(
    site: &Site,
    operation: &ApiOperation,
    diagnostics: &mut Diagnostics,
) -> Option<PathChoice> {
    let is_root = site.path.split(['?', '#']).next() == Some("/");
    let Some(ident) = name::pascal(&site.path).or_else(|| is_root.then(|| "Root".to_owned()))
    else {
        diagnostics.push(crate::infer::types::unusable(&site.path, &site.pointer));
        return None;
    };
    let description = operation
        .summary
        .clone()
        .or_else(|| operation.description.clone());
    // A fragment tells two operations of one path apart in a document; it is never sent.
    let path = site.sent_path().split('#').next().unwrap_or_default();
    Some(PathChoice {
        path: path.to_owned(),
        ident,
        description,
    })
}

struct Builder<'c, 'a> {
    provider: &'c str,
    context: &'c Context<'a>,
    environments: &'c Environments,
    site: &'a Site,
    item: &'a PathItem,
    operation: &'a ApiOperation,
    label: Option<String>,
}

impl<'a> Builder<'_, 'a> {
    /// An endpoint that gives no tokens and that nobody asked for is left out rather than in the way of the others.
    fn build_or_leave(
        &self,
        kind: EndpointKind,
        types: &mut Types,
        diagnostics: &mut Diagnostics,
    ) -> Option<Endpoint> {
        if kind == EndpointKind::Token || self.site.extension.endpoint.is_some() {
            return self.build(kind, types, diagnostics);
        }
        let mut found = diagnostics.aside();
        let mut own_types = types.clone();
        let endpoint = self.build(kind, &mut own_types, &mut found);
        let found = found.into_vec();
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity() == Severity::Error;
        let Some(error) = found.iter().find(is_error) else {
            *types = own_types;
            found
                .into_iter()
                .for_each(|diagnostic| diagnostics.push(diagnostic));
            return endpoint;
        };
        if error.rule == Rule::Extension {
            found
                .into_iter()
                .for_each(|diagnostic| diagnostics.push(diagnostic));
            return None;
        }
        let message = format!(
            "the {} endpoint is left out: {}",
            kind.as_str(),
            error.message
        );
        diagnostics.push(Diagnostic {
            rule: Rule::LeftOut,
            message,
            ..error.clone()
        });
        None
    }

    fn build(
        &self,
        kind: EndpointKind,
        types: &mut Types,
        diagnostics: &mut Diagnostics,
    ) -> Option<Endpoint> {
        let Self {
            context,
            site,
            operation,
            ..
        } = *self;
        let api = context.api;
        let extension = &site.extension;
        let method = check::method(site, operation, kind, diagnostics)?;
        let alternatives = self.alternatives(diagnostics);
        let (engine, mut declarations) = self.declarations(kind, &alternatives, diagnostics);
        check::reject_what_does_not_apply(site, kind, diagnostics);
        let grants = match kind {
            EndpointKind::Token => {
                grant::grants((api, operation), site, &declarations, diagnostics)
            }
            _ => Vec::new(),
        };
        let operations = self.operations(kind, &grants, &declarations, diagnostics);
        let mut certificate = false;
        let mut authentication = match kind {
            EndpointKind::Authorization => {
                let mut authentication = Authentication::standard(ClientAuth::Auto);
                client_auth::apply(site, &mut authentication);
                authentication
            }
            // What the caller shows is all that the endpoint asks for.
            _ if declarations.has_credential()
                && declarations.seen.secret.is_empty()
                && !declarations.seen.assertion =>
            {
                let method = extension.client_auth.method.unwrap_or(ClientAuth::None);
                let mut authentication = Authentication::standard(method);
                client_auth::apply(site, &mut authentication);
                authentication
            }
            // A public client may revoke its tokens, and what protects an introspection endpoint is often left out.
            EndpointKind::Revocation | EndpointKind::Introspection
                if declarations.seen.secret.is_empty()
                    && !declarations.seen.assertion
                    && operation.security.is_none()
                    && api.security.is_none() =>
            {
                let mut authentication = Authentication::standard(
                    extension.client_auth.method.unwrap_or(ClientAuth::Auto),
                );
                client_auth::apply(site, &mut authentication);
                authentication
            }
            _ => {
                certificate = client_auth::always_has_certificate(&alternatives);
                client_auth::infer(
                    site,
                    &alternatives,
                    &declarations.seen,
                    &grants,
                    diagnostics,
                )
            }
        };
        certificate |= authentication.method == ClientAuth::TlsClientAuth;
        if kind != EndpointKind::Authorization {
            engine.client_id.clone_into(&mut authentication.client_id);
            engine
                .client_secret
                .clone_into(&mut authentication.client_secret);
            let names_nobody = match kind {
                EndpointKind::Token => is_without_client(&declarations, &operations),
                _ => declarations.has_credential() && declarations.seen.id.is_empty(),
            };
            if authentication.method == ClientAuth::None && names_nobody {
                authentication.client_id.clear();
            }
        }
        let label = self.label.as_deref().unwrap_or_default();
        let (access_token, expiry, response) = match kind {
            EndpointKind::Token => {
                let token =
                    token_response::token(context, site, operation, label, types, diagnostics)?;
                (token.pointers, token.expiry, Success::Token(token.ident))
            }
            EndpointKind::Introspection => (Vec::new(), Expiry::STANDARD, Success::Introspection),
            EndpointKind::DeviceAuthorization => {
                (Vec::new(), Expiry::STANDARD, Success::DeviceAuthorization)
            }
            EndpointKind::Revocation | EndpointKind::Authorization | EndpointKind::Metadata => {
                (Vec::new(), Expiry::STANDARD, Success::Nothing)
            }
        };
        // Bodies of the first token endpoint are the provider's usual ones and need no name in front.
        let error_label = if kind == EndpointKind::Token {
            label
        } else {
            self.label.as_deref().unwrap_or(kind.variant())
        };
        let errors = match kind {
            EndpointKind::Authorization => Vec::new(),
            _ => error::cases(api, operation, site, error_label, types, diagnostics),
        };
        let accept = declarations
            .accept
            .take()
            .or_else(|| token_response::accept(api, operation, &site.pointer, diagnostics))
            .filter(|media| kind != EndpointKind::Authorization && media != "application/json");
        let grant_location = match kind {
            EndpointKind::Authorization => Location::Query,
            _ => grant::location(&declarations),
        };
        let mut choice = path_choice(site, operation, diagnostics)?;
        let what = format!(
            "the {} endpoint `{}`",
            kind.as_str(),
            site.path.escape_debug()
        );
        let servers = match self
            .environments
            .placement(context, site, &what, diagnostics)?
        {
            Placement::Servers => Vec::new(),
            Placement::Elsewhere(servers) => servers,
            Placement::At(url) => {
                choice.path.insert_str(0, url.trim_end_matches('/'));
                Vec::new()
            }
        };
        let mut endpoint = Endpoint {
            kind,
            ident: self.ident(kind)?,
            paths: vec![choice],
            servers,
            attributes: Attributes {
                method,
                grant_type: (engine.grant_type.to_owned(), grant_location),
                copies: match kind {
                    EndpointKind::Authorization => second_place::of_authorization(&declarations),
                    _ => second_place::copies(
                        &declarations,
                        authentication.method,
                        grant_location,
                        diagnostics,
                    ),
                },
                code_challenge: code_challenge(site, &declarations),
                formats: declarations.formats,
                json_media_type: declarations.json_media_type,
                accept,
                authentication,
                access_token,
                fields: extension.fields.clone().into_iter().collect(),
                expiry,
                failures: failures(site),
                scope_separator: extension
                    .scope_separator
                    .clone()
                    .unwrap_or_else(|| " ".to_owned()),
                error_code: pointers(extension.error.code.as_ref()),
                error_description: pointers(extension.error.description.as_ref()),
            },
            certificate,
            dpop: declarations.dpop,
            operations,
            response,
            error: format!("{label}{}Error", kind.variant()),
            errors,
            examples: Examples::default(),
        };
        endpoint.examples = example::examples(context, site, &endpoint, diagnostics);
        Some(endpoint)
    }

    fn ident(&self, kind: EndpointKind) -> Option<String> {
        let label = self
            .label
            .as_deref()
            .filter(|label| !KINDS.iter().any(|kind| kind.variant() == *label));
        // A second endpoint that is called like the first of a kind is told from it by its own kind.
        let other = self
            .label
            .as_ref()
            .map(|label| format!("{label}{}", kind.variant()));
        name::screaming(label.or(other.as_deref()).unwrap_or(kind.variant()))
    }

    fn operations(
        &self,
        kind: EndpointKind,
        grants: &[String],
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Operation> {
        let description = || {
            let ApiOperation {
                description,
                summary,
                ..
            } = self.operation;
            description.clone().or_else(|| summary.clone())
        };
        match kind {
            EndpointKind::Token => {
                let mut operations =
                    grant::operations(self.provider, grants, declarations, self.site, diagnostics);
                if let [only] = operations.as_mut_slice()
                    && only.grant.is_none()
                {
                    only.description = description();
                }
                operations
            }
            EndpointKind::Authorization => vec![Operation {
                description: description(),
                ..authorization::operation(declarations, diagnostics)
            }],
            EndpointKind::Revocation
            | EndpointKind::Introspection
            | EndpointKind::DeviceAuthorization
            | EndpointKind::Metadata => vec![Operation {
                description: description(),
                ..only_operation(kind, declarations, diagnostics)
            }],
        }
    }
}

/// Whether no request names the client: the document has nothing of it, and no RFC asks for it. What says nothing of its requests has none.
fn is_without_client(declarations: &Declarations<'_>, operations: &[Operation]) -> bool {
    let mut operations = operations.iter();
    let is_of_rfc = operations.any(|operation| operation.grant.is_some());
    !is_of_rfc && declarations.seen.id.is_empty()
}

/// The operation of an endpoint that knows no grants.
fn only_operation(
    kind: EndpointKind,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> Operation {
    let takes_token = kind != EndpointKind::DeviceAuthorization;
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
        _ => rfc::REVOKE_TOKEN,
    };
    Operation {
        ident: ident.to_owned(),
        grant: None,
        one_time: false,
        description: None,
        parameters,
    }
}

/// What `x-tokensmith` calls an endpoint of a kind.
fn role(kind: EndpointKind) -> Role {
    match kind {
        EndpointKind::Token => Role::Token,
        EndpointKind::Revocation => Role::Revocation,
        EndpointKind::Introspection => Role::Introspection,
        EndpointKind::DeviceAuthorization => Role::DeviceAuthorization,
        EndpointKind::Authorization => Role::Authorization,
        EndpointKind::Metadata => Role::None,
    }
}

/// As `x-tokensmith` says, or else by S256 unless the document lists the methods without it (RFC 7636, section 4.3).
fn code_challenge(site: &Site, declarations: &Declarations<'_>) -> CodeChallengeMethod {
    if let Some(method) = site.extension.code_challenge {
        return method;
    }
    let values = declarations
        .common
        .get("code_challenge_method")
        .map_or([].as_slice(), |declared| &declared.shape.values);
    let lists = |name: &str| values.iter().any(|value| value == name);
    if lists("plain") && !lists("S256") {
        CodeChallengeMethod::Plain
    } else {
        CodeChallengeMethod::S256
    }
}

fn failures(site: &Site) -> Vec<OwnedFailureMark> {
    let failures = site.extension.failure.iter();
    failures
        .map(|failure| OwnedFailureMark {
            pointer: failure.at.clone(),
            values: failure.values.clone(),
            negated: failure.negated,
        })
        .collect()
}

fn pointers(declared: Option<&OneOrMore>) -> Vec<String> {
    declared.map(OneOrMore::to_vec).unwrap_or_default()
}

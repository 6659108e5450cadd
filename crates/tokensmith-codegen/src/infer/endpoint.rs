//! The OAuth endpoints of a document.

mod authentication;
mod check;
mod declarations;
mod flow_urls;
mod order;
mod path;
mod unredeemed;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Operation as ApiOperation, PathItem};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, Severity};
use crate::infer::declaration::Declarations;
use crate::infer::error::Refusals;
use crate::infer::runtime_parameters::RuntimeParameters;
use crate::infer::server::{Environments, Placement};
use crate::infer::types::Types;
use crate::infer::{
    Context, authorization, error, example, grant, introspection_response, list_style,
    name_collision, second_place, security, token_response,
};
use crate::model::{
    Attributes, Authentication, ClientAuth, CodeChallengeMethod, Endpoint, EndpointKind,
    EndpointServer, Examples, Expiry, KINDS, Location, Operation, OwnedFailureMark, ParameterKind,
    PathChoice, Success, name, rfc,
};
use crate::openapi::extension::{OneOrMore, Role};
use crate::openapi::site::Site;
use tokensmith_description::TokenUse;

/// Token endpoints, the main one first, then the others by their kind.
pub(crate) fn endpoints(
    provider: &str,
    context: &Context<'_>,
    environments: &Environments,
    types: &mut Types,
    diagnostics: &mut Diagnostics,
) -> Vec<Endpoint> {
    let mut endpoints: Vec<(Option<&str>, Endpoint)> = Vec::new();
    let mut successes: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for kind in KINDS {
        let role = role(kind);
        for site in order::sites(context, role) {
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
            let is_token = |endpoint: &&Endpoint| endpoint.kind == EndpointKind::Token;
            let mut known = endpoints.iter().map(|(_, endpoint)| endpoint);
            let main = known.find(is_token);
            let builder = Builder {
                usual: main.map(|main| main.attributes.authentication.method),
                provider,
                context,
                environments,
                site,
                item,
                operation,
                label: label(site, operation, count),
            };
            if let Some(endpoint) = builder.build_or_leave(kind, types, diagnostics) {
                if let Success::Token(response) = &endpoint.response {
                    let said = words::of_success(context.api, operation);
                    successes.entry(response.clone()).or_default().insert(said);
                }
                endpoints.push((operation.operation_id.as_deref(), endpoint));
            }
        }
    }
    // What is said of one of several endpoints is not said of their common response.
    for (response, said) in &successes {
        if let (Some(Some(text)), 1) = (said.first(), said.len()) {
            types.describe(response, text);
        }
    }
    path::alternatives(context, environments, &mut endpoints, diagnostics);
    let mut endpoints: Vec<Endpoint> = endpoints
        .into_iter()
        .map(|(_, endpoint)| endpoint)
        .collect();
    if endpoints.iter().all(Endpoint::is_called) {
        let found = authorization::of_flows(context, environments, &endpoints, diagnostics);
        endpoints.extend(found);
    }
    unredeemed::tell(context, &endpoints, diagnostics);
    flow_urls::tell(context, diagnostics);
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

struct Builder<'c, 'a> {
    provider: &'c str,
    context: &'c Context<'a>,
    environments: &'c Environments,
    site: &'a Site,
    item: &'a PathItem,
    operation: &'a ApiOperation,
    label: Option<String>,
    /// How clients authenticate at the main token endpoint.
    usual: Option<ClientAuth>,
}

/// Where a success has its token, how it says when that expires, and what it holds.
struct Response {
    access_token: Vec<String>,
    expiry: Expiry<String>,
    fields: BTreeMap<String, String>,
    holds: Success,
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
        let method = check::method(site, operation, kind, diagnostics)?;
        let alternatives = self.alternatives(diagnostics);
        let (runtime, mut declarations) = self.declarations(kind, &alternatives, diagnostics);
        check::reject_what_does_not_apply(site, kind, diagnostics);
        let grants = match kind {
            EndpointKind::Token => {
                grant::grants((api, operation), site, &declarations, diagnostics)
            }
            _ => Vec::new(),
        };
        if kind == EndpointKind::DeviceAuthorization && declarations.common.is_empty() {
            diagnostics.push(check::undeclared_device_request(&site.pointer));
        }
        let mut operations = self.operations(kind, &grants, &declarations, diagnostics);
        let description = words::of_operation(operation, &grants, &declarations);
        let (authentication, certificate) = self.authentication(
            kind,
            (&grants, &operations),
            (&alternatives, &declarations),
            diagnostics,
        );
        // Where the client is named in the body anyway, nothing has to be said.
        for operation in &mut operations {
            operation.names_client &= security::is_in_authorization(authentication.method);
            self.separate_scopes(operation);
        }
        let success = self.success(kind, types, diagnostics)?;
        let refusals = self.refusals(kind, types, diagnostics);
        let accept = declarations
            .accept
            .take()
            .or_else(|| token_response::accept::accept(api, operation, &site.pointer, diagnostics))
            .filter(|media| kind != EndpointKind::Authorization && media != "application/json");
        let (path, servers) = self.place(kind, diagnostics)?;
        let ident = self.ident(kind)?;
        let dpop = declarations.dpop;
        let requests =
            self.request_attributes(kind, (runtime, authentication), declarations, diagnostics);
        let attributes = Attributes {
            method,
            accept,
            access_token: success.access_token,
            expiry: success.expiry,
            fields: success.fields.into_iter().collect(),
            failures: failures(site),
            error_code: refusals.location.code,
            error_description: refusals.location.description,
            ..self.stated(kind, requests)
        };
        let mut endpoint = Endpoint {
            kind,
            declared_at: vec![site.pointer.clone()],
            ident,
            description,
            paths: vec![path],
            servers,
            attributes,
            deprecated: operation.deprecated,
            certificate,
            dpop,
            operations,
            response: success.holds,
            error: format!(
                "{}{}Error",
                self.label.as_deref().unwrap_or_default(),
                kind.variant()
            ),
            errors: refusals.cases,
            examples: Examples::default(),
        };
        endpoint.examples = example::examples(context, operation, site, &endpoint, diagnostics);
        Some(endpoint)
    }

    /// What nothing but `x-tokensmith` says.
    fn stated(&self, kind: EndpointKind, attributes: Attributes) -> Attributes {
        let extension = &self.site.extension;
        let request_id = extension.request_id.as_ref();
        Attributes {
            token_use: self.token_use(kind),
            required_scopes: extension.required_scopes.clone().unwrap_or_default(),
            fragment: extension.fragment.clone().unwrap_or_default(),
            rotation: extension.refresh_token.rotates,
            required_in_redirect: extension.required_in_redirect.clone().unwrap_or_default(),
            request_id: request_id.map_or(Vec::new(), OneOrMore::to_vec),
            error_codes: extension.error.codes.clone().into_iter().collect(),
            ..attributes
        }
    }

    /// Where requests to the API carry the token: all token endpoints of a provider are for the same
    /// API, unless one says otherwise.
    fn token_use(&self, kind: EndpointKind) -> TokenUse<String> {
        let stated = |site: &Site| site.extension.token_use.clone();
        let mut tokens = self.context.sites.iter();
        let of_another =
            || tokens.find_map(|site| stated(site).filter(|_| site.role == Role::Token));
        match kind {
            EndpointKind::Token => stated(self.site)
                .or_else(of_another)
                .unwrap_or_else(TokenUse::standard),
            _ => TokenUse::standard(),
        }
    }

    /// Puts the operation's own separator between scopes that are a list.
    fn separate_scopes(&self, operation: &mut Operation) {
        let Some(own) = &self.site.extension.scope_separator else {
            return;
        };
        for parameter in &mut operation.parameters {
            let is_scopes = matches!(parameter.kind, ParameterKind::Scopes { list: true });
            if is_scopes && parameter.separator.as_deref() == Some(list_style::SPACE) {
                parameter.separator = Some(own.clone());
            }
        }
    }

    /// How requests are written; nothing is said of responses.
    fn request_attributes(
        &self,
        kind: EndpointKind,
        (runtime, authentication): (RuntimeParameters<'a>, Authentication),
        declarations: Declarations<'a>,
        diagnostics: &mut Diagnostics,
    ) -> Attributes {
        let grant_location = match kind {
            EndpointKind::Authorization => Location::Query,
            _ => grant::location(&declarations),
        };
        let copies = match kind {
            EndpointKind::Authorization => second_place::of_authorization(&declarations),
            _ => second_place::copies(
                &declarations,
                authentication.method,
                grant_location,
                diagnostics,
            ),
        };
        let separator = self.site.extension.scope_separator.clone();
        Attributes {
            grant_type: (runtime.grant_type.to_owned(), grant_location),
            copies,
            code_challenge: code_challenge(self.site, &declarations),
            formats: declarations.formats,
            json_media_type: declarations.json_media_type,
            authentication,
            scope_separator: separator.unwrap_or_else(|| " ".to_owned()),
            ..Attributes::default()
        }
    }

    fn success(
        &self,
        kind: EndpointKind,
        types: &mut Types,
        diagnostics: &mut Diagnostics,
    ) -> Option<Response> {
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
                });
            }
            EndpointKind::Introspection => {
                let (context, site, operation) = (self.context, self.site, self.operation);
                introspection_response::tell(context, site, operation, diagnostics);
                Success::Introspection
            }
            EndpointKind::DeviceAuthorization => Success::DeviceAuthorization,
            EndpointKind::Revocation | EndpointKind::Authorization | EndpointKind::Metadata => {
                Success::Nothing
            }
        };
        Some(Response {
            access_token: Vec::new(),
            expiry: Expiry::STANDARD,
            fields: self.site.extension.fields.clone(),
            holds,
        })
    }

    fn refusals(
        &self,
        kind: EndpointKind,
        types: &mut Types,
        diagnostics: &mut Diagnostics,
    ) -> Refusals {
        // Bodies of the first token endpoint are the provider's usual ones and need no name in front.
        let usual = match kind {
            EndpointKind::Authorization => return Refusals::stated(self.site),
            EndpointKind::Token => "",
            kind => kind.variant(),
        };
        let label = self.label.as_deref().unwrap_or(usual);
        let (api, operation) = (self.context.api, self.operation);
        error::refusals(api, operation, self.site, label, types, diagnostics)
    }

    /// The endpoint's path, and the servers that it is on where they are not the provider's.
    fn place(
        &self,
        kind: EndpointKind,
        diagnostics: &mut Diagnostics,
    ) -> Option<(PathChoice, Vec<EndpointServer>)> {
        let mut choice = path::path_choice(self.site, self.operation, diagnostics)?;
        let what = format!(
            "the {} endpoint `{}`",
            kind.as_str(),
            self.site.path.escape_debug()
        );
        let placement = self
            .environments
            .placement(self.context, self.site, &what, diagnostics)?;
        let servers = match placement {
            Placement::Servers => Vec::new(),
            Placement::Elsewhere(servers) => servers,
            Placement::At(url) => {
                choice.path.insert_str(0, url.trim_end_matches('/'));
                Vec::new()
            }
        };
        Some((choice, servers))
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
        match kind {
            EndpointKind::Token => {
                grant::operations(self.provider, grants, declarations, self.site, diagnostics)
            }
            EndpointKind::Authorization => {
                vec![authorization::operation(
                    self.site,
                    declarations,
                    diagnostics,
                )]
            }
            EndpointKind::Revocation
            | EndpointKind::Introspection
            | EndpointKind::DeviceAuthorization
            | EndpointKind::Metadata => vec![only_operation(kind, declarations, diagnostics)],
        }
    }
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
        names_client: false,
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
        // It is not in documents.
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

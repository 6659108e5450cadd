//! The OAuth endpoints of a document.

mod attributes;
mod authentication;
mod code_exchange;
mod declarations;
mod deprecation;
mod description;
mod endpoint_findings;
mod flow_urls;
mod kind_rules;
mod label;
mod main_endpoint;
mod operations;
mod path;
mod polled;
mod response;
mod unredeemed;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Operation as ApiOperation, PathItem};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::Declarations;
use crate::infer::server::{Environments, Placement};
use crate::infer::types::Types;
use crate::infer::{Context, authorization, example, grant, name_collision, token_response};
use crate::model::{
    Attributes, ClientAuth, Endpoint, EndpointKind, EndpointServer, Examples, Operation,
    PathChoice, Success, kinds, name,
};
use crate::openapi::site::Site;
use authentication::Authenticated;
use label::label;

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
    for kind in kinds() {
        for site in main_endpoint::sites(context, kind) {
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
                label: label(context, site, operation, count),
            };
            let before = diagnostics.count_findings();
            let built = builder.build_or_leave(kind, types, diagnostics);
            diagnostics.findings_belong_to(before, &site.pointer);
            if let Some(endpoint) = built {
                if let Success::Token(response) = &endpoint.response {
                    let said = description::of_success(context.api, operation);
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
    name_collision::name_by_operations(&mut endpoints);
    let mut endpoints: Vec<Endpoint> = endpoints
        .into_iter()
        .map(|(_, endpoint)| endpoint)
        .collect();
    if endpoints.iter().all(Endpoint::is_called) {
        let found = authorization::of_flows(context, environments, &endpoints, diagnostics);
        endpoints.extend(found);
    }
    code_exchange::complete(&mut endpoints, diagnostics);
    unredeemed::tell(context, &endpoints, diagnostics);
    flow_urls::tell(context, diagnostics);
    name_collision::reject_collisions(context, &endpoints, diagnostics);
    name_collision::tell_requests_apart(provider, &mut endpoints);
    name_collision::tell_errors_apart(&mut endpoints);
    name_collision::tell_enums_apart(&mut endpoints);
    endpoints
}

fn lookup<'a>(context: &Context<'a>, site: &Site) -> Option<(&'a PathItem, &'a ApiOperation)> {
    let item = context.api.paths.paths.get(&site.path)?.as_item()?;
    let (_, operation) = item.iter().find(|(method, _)| *method == site.method)?;
    Some((item, operation))
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
        let Some(error) = found.first_error() else {
            *types = own_types;
            diagnostics.extend(found);
            return endpoint;
        };
        if error.rule == Rule::Extension {
            diagnostics.extend(found);
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
        let (context, site, operation) = (self.context, self.site, self.operation);
        let api = context.api;
        let method = kind_rules::method(site, operation, kind, diagnostics)?;
        endpoint_findings::endpoint(site, kind, diagnostics);
        let alternatives = self.alternatives(diagnostics);
        let (runtime, mut declarations) = self.declarations(kind, &alternatives, diagnostics);
        kind_rules::reject_what_does_not_apply(site, kind, diagnostics);
        kind_rules::require_endpoint_of_pushed(site, context.sites, diagnostics);
        let grants = self.grants(kind, &declarations, diagnostics);
        if kind == EndpointKind::DeviceAuthorization && declarations.common.is_empty() {
            diagnostics.find(kind_rules::undeclared_device_request(&site.pointer));
        }
        let mut operations = self.operations(kind, &grants, &declarations, diagnostics);
        kind_rules::require_parameter_of_scopes(site, &operations, diagnostics);
        authentication::describe_scopes_of_bearer(context, operation, &mut operations);
        let description = description::of_operation(operation, &grants, &declarations);
        let Authenticated {
            authentication,
            certificate,
            words: client,
        } = self.authentication(
            kind,
            (&grants, &operations),
            (&alternatives, &declarations),
            diagnostics,
        );
        let is_apart = authentication.method.is_in_authorization();
        for operation in &mut operations {
            name_client(operation, is_apart, &declarations, diagnostics);
            self.separate_scopes(operation);
        }
        let success = self.success(kind, types, diagnostics)?;
        let refusals = self.refusals(kind, types, diagnostics);
        polled::tell(site, &operations, &refusals, diagnostics);
        let accept = declarations
            .accept
            .take()
            .or_else(|| token_response::accept::accept(api, operation, &site.pointer, diagnostics))
            .filter(|media| !kind.is_for_browsers() && media != "application/json");
        let (path, servers) = self.place(kind, diagnostics)?;
        let media = (&*declarations.formats, accept.as_deref());
        endpoint_findings::requests(self, kind, (&path, &servers), media, diagnostics);
        let accept = accept.or_else(|| declarations.accept_by_words(kind, diagnostics));
        let (ident, dpop) = (self.ident(kind)?, declarations.dpop);
        let nested = self.nested(&authentication, &operations, &declarations, diagnostics);
        let requests =
            self.request_attributes(kind, (runtime, authentication), declarations, diagnostics);
        let attributes = Attributes {
            method,
            accept,
            access_token: success.access_token,
            expiry: success.expiry,
            fields: success.fields.into_iter().collect(),
            failures: attributes::failures(site),
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
            deprecated: deprecation::read(operation, (site, self.context.untyped), diagnostics),
            certificate,
            dpop,
            client,
            operations,
            nested,
            response: success.holds,
            undeclared_fields: success.undeclared,
            error: self.error_type(kind),
            errors: refusals.cases,
            examples: Examples::default(),
        };
        endpoint.examples = example::examples(context, operation, site, &endpoint, diagnostics);
        Some(endpoint)
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

    /// The name of the type of its refusals.
    fn error_type(&self, kind: EndpointKind) -> String {
        let label = self.label.as_deref().unwrap_or_default();
        name::joined(label, &format!("{}Error", kind.variant()))
    }

    fn ident(&self, kind: EndpointKind) -> Option<String> {
        let label = self
            .label
            .as_deref()
            .filter(|label| !kinds().any(|kind| kind.variant() == *label));
        // A second endpoint that is called like the first of a kind is told from it by its own kind.
        let other = self
            .label
            .as_ref()
            .map(|label| format!("{label}{}", kind.variant()));
        name::screaming(label.or(other.as_deref()).unwrap_or(kind.variant()))
    }
}
/// Names the client in the body of a request as well, where a branch or words demand it. `is_apart` is whether it is named elsewhere:
/// where it is in the body anyway, nothing has to be said.
fn name_client(
    operation: &mut Operation,
    is_apart: bool,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) {
    let in_words = match operation.grant.as_deref() {
        Some(value) if is_apart && !operation.names_client => {
            grant::client_in_words(value, declarations)
        }
        _ => None,
    };
    operation.names_client = is_apart && (operation.names_client || in_words.is_some());
    if let Some(finding) = in_words {
        diagnostics.find(finding);
    }
}

//! What a document means in OAuth's terms, one file a question.

mod authorization;
mod body_branch;
mod client_auth;
mod code_size;
mod declaration;
mod deviation;
mod device_response;
mod endpoint;
mod error;
mod error_location;
mod example;
mod fact_source;
mod grant;
mod introspection_response;
mod list_style;
mod name_collision;
mod parameter;
mod parameter_places;
mod response_member;
mod runtime_parameters;
mod schema;
mod scope;
mod second_place;
mod security;
pub(crate) mod server;
mod token_response;
mod types;
mod written_body;

#[cfg(test)]
mod inferred_tests;

use std::collections::BTreeMap;

pub(crate) use declaration::{body_format, media_types_in};
pub(crate) use grant::grants_to_write;
pub(crate) use grant::negation::affirmed;
use openapiv3::OpenAPI;
pub(crate) use security::BEARER;
use semver::Version;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::{EndpointKind, FirstServer, Model, name};
use crate::openapi::condition::Conditions;
use crate::openapi::extension::{self, InfoExtension};
use crate::openapi::site::Site;
use crate::openapi::untyped::Untyped;
use crate::select::{self, asked_scope::AskedScope};

/// What every part of the model is built from.
pub(crate) struct Context<'a> {
    pub(crate) api: &'a OpenAPI,
    pub(crate) untyped: &'a Untyped,
    pub(crate) sites: &'a [Site],
    /// The scopes that security requirements ask for, of any operation.
    pub(crate) asked_scopes: &'a BTreeMap<String, AskedScope>,
    /// What the bodies of operations ask for under conditions.
    pub(crate) conditions: &'a Conditions<'a>,
    pub(crate) first_server: Option<&'a FirstServer>,
}

/// Builds the model; `None` when the diagnostics say why it cannot be.
pub(crate) fn build(
    name: &str,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Model> {
    let extension = context.api.info.extensions.get(extension::KEY);
    let info: InfoExtension = match extension::parsed(extension, "/info") {
        Ok(info) => info,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            InfoExtension::default()
        }
    };
    let mut types = types::Types::new(context.api);
    let environments = server::Environments::of(context, diagnostics);
    let mut endpoints = endpoint::endpoints(name, context, &environments, &mut types, diagnostics);
    let base_path = environments.base_path.clone();
    let flow_url = environments.flow_url.clone();
    let servers = environments.into_servers(&endpoints, diagnostics);
    server::in_redirect::check(context.sites, &servers, diagnostics);
    let scopes = scope::scopes(context, &endpoints, diagnostics);
    let version = version(info.version.as_deref(), diagnostics);
    let sources = fact_source::sources(&info, diagnostics);
    let verified = fact_source::verified(&info, diagnostics);
    if !diagnostics.has_errors()
        && !endpoints
            .iter()
            .any(|endpoint| endpoint.kind == EndpointKind::Token)
    {
        diagnostics.push(select::no_token_endpoint::unknown());
    }
    if diagnostics.has_errors() {
        return None;
    }
    let mut types = types.into_sorted();
    types::one_type_of_tokens(&mut types, &mut endpoints);
    let api = context.api;
    let mut model = Model {
        name: name.to_owned(),
        title: info
            .title
            .or_else(|| name::pascal(name))
            .unwrap_or_else(|| name.to_owned()),
        version,
        description: api.info.description.clone(),
        docs_url: api.external_docs.as_ref().map(|docs| docs.url.clone()),
        sources,
        verified,
        servers,
        first_server: context.first_server.cloned(),
        base_path,
        flow_url,
        endpoints,
        types,
        scopes,
        deviations: Vec::new(),
        notes: Vec::new(),
    };
    if !diagnostics.budget().code(code_size::code_size(&model)) {
        return None;
    }
    (model.deviations, model.notes) = deviation::sentences(&model);
    Some(model)
}

/// The version of a crate whose document does not say which.
const FIRST: Version = Version::new(0, 1, 0);

/// The greatest number in a version: there has to be one after it.
const GREATEST: u64 = u32::MAX as u64;

/// The version that a document gives its crate.
fn version(written: Option<&str>, diagnostics: &mut Diagnostics) -> Version {
    let Some(written) = written else {
        return FIRST;
    };
    let fault = match written.parse::<Version>() {
        Ok(version) if version.major.max(version.minor).max(version.patch) <= GREATEST => {
            return version;
        }
        Ok(_) => format!("a number is greater than {GREATEST}"),
        Err(error) => error.to_string(),
    };
    let message = format!("`{}` is not a version: {fault}", written.escape_debug());
    diagnostics.push(
        Diagnostic::new(Rule::Extension, "/info/x-tokensmith/version", message)
            .help("write three numbers, as Semantic Versioning has them: 0.1.0"),
    );
    FIRST
}

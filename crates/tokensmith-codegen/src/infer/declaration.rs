//! Request parameters as a document has them, wherever it puts them.

mod body;
mod common_to_media_types;
mod format_in_words;
mod header;
mod path;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    MediaType, OpenAPI, Operation, Parameter as ApiParameter, ParameterData,
    ParameterSchemaOrContent, PathItem, ReferenceOr, RequestBody,
};
use serde_json::{Map, Value};

pub(crate) use body::body_format;

use crate::diagnostic::budget::{PARAMETERS, PATH_VARIABLES};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::body_branch::Branch;
use crate::infer::client_auth::ClientParameters;
use crate::infer::list_style::{self, odd_style, separator};
use crate::infer::places::Places;
use crate::infer::runtime_parameters::RuntimeParameters;
use crate::infer::schema::{Kind, SchemaRef, Schemas, Shape, scalar_text};
use crate::infer::security::{AUTHORIZATION, authorization_key, bearer};
use crate::model::credential;
use crate::model::{BodyFormat, Location};
use crate::openapi::condition::Condition;
use crate::openapi::extension;
use crate::openapi::reference;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::says_deprecated;
use header::Authorization;

/// A parameter as the document has it, before it is given to grants.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredParameter<'a> {
    pub(crate) shape: Shape<'a>,
    /// Where it is sent, if nothing is said of more places.
    pub(crate) location: Location,
    pub(crate) required: bool,
    /// Everywhere that the document has it.
    pub(crate) places: Places,
    pub(crate) description: Option<&'a str>,
    /// What the items of a list are.
    pub(crate) items: Kind,
    /// What stands before the value in a header.
    pub(crate) prefix: Option<&'static str>,
    /// What stands between the items of a list, where the parameter is not repeated.
    pub(crate) separator: Option<&'static str>,
    /// Whether it is JSON text wherever it stands.
    pub(crate) is_json: bool,
}

impl<'a> DeclaredParameter<'a> {
    pub(crate) fn new(
        shape: Shape<'a>,
        location: Location,
        required: bool,
        description: Option<&'a str>,
    ) -> Self {
        Self {
            shape,
            location,
            required,
            places: Places::one(location, required),
            description,
            items: Kind::Any,
            prefix: None,
            separator: None,
            is_json: false,
        }
    }

    /// Whether its value is a credential: by what the document says, else by its name.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        let words = self.description.or(self.shape.description);
        let is_described =
            words.is_some_and(|words| credential::is_described_as_credential(name, words));
        self.shape
            .is_secret(credential::is_credential_parameter(name) || is_described)
    }

    /// Adds the same parameter as it is declared once more. In one place the first declaration counts; of several places the
    /// one that is best to send it in, with what the others say of its values.
    fn merge(&mut self, mut other: Self, name: &str) {
        if self.location == other.location {
            self.places.add(other.location, other.required);
            self.required |= other.required;
            return;
        }
        self.places.extend(&other.places);
        let main = match self.is_secret(name) || other.is_secret(name) {
            true => self.places.main_of_secret(),
            false => self.places.main(),
        };
        if main == Some(other.location) {
            std::mem::swap(self, &mut other);
            self.places = std::mem::take(&mut other.places);
        }
        self.required |= other.required;
        self.description = self.description.or(other.description);
        self.shape.complete(other.shape);
    }
}

/// All that an operation takes.
#[derive(Debug, Clone)]
pub(crate) struct Declarations<'a> {
    pub(crate) runtime: RuntimeParameters<'a>,
    /// Parameters of every request, by name.
    pub(crate) common: BTreeMap<&'a str, DeclaredParameter<'a>>,
    /// What one of several request bodies adds.
    pub(crate) branches: Vec<Branch<'a>>,
    /// Grants that all bodies list, beside those of their own.
    pub(crate) shared_grants: Vec<String>,
    pub(crate) formats: Vec<BodyFormat>,
    pub(crate) client: ClientParameters,
    /// The media type of JSON bodies, where it is another than the usual one.
    pub(crate) json_media_type: Option<String>,
    /// The value of the `Content-Type` header, where the document says which it is.
    content_type: Option<String>,
    /// The value of the `Accept` header, where the document says which it is.
    pub(crate) accept: Option<String>,
    /// Whether there is a `DPoP` header (RFC 9449).
    pub(crate) dpop: bool,
    /// The credential of the caller's that the `Authorization` header is declared for: it is a parameter where the endpoint takes one.
    pub(crate) credential: Option<DeclaredParameter<'a>>,
    /// What has to be there for some values of a property: the caller adds them, for the typed schemas do not have them.
    pub(crate) conditions: Vec<&'a Condition<'a>>,
    /// What the document says of the operation.
    pub(crate) operation_description: Option<&'a str>,
    /// What the document says of the body and of its schemas.
    pub(crate) descriptions: Vec<&'a str>,
    /// Whole request bodies that the document gives as examples: the caller adds them, for they may be references.
    pub(crate) examples: Vec<&'a Map<String, Value>>,
}

/// Collects what an operation takes from its parameters and its request body.
pub(crate) fn declarations<'a>(
    api: &'a OpenAPI,
    (item, operation): (&'a PathItem, &'a Operation),
    (runtime, site): (RuntimeParameters<'a>, &'a Site),
    diagnostics: &mut Diagnostics,
) -> Declarations<'a> {
    let schemas = Schemas { api };
    let mut found = Declarations::of(runtime);
    found.operation_description = operation.description.as_deref();
    let at = site.pointer.as_str();
    let item_at = at.rsplit_once('/').map_or(at, |(item, _)| item);
    let own = resolved(api, &operation.parameters, at);
    let inherited = resolved(api, &item.parameters, item_at);
    // An operation's own parameters override its path's.
    let known: BTreeSet<_> = own.iter().map(|(parameter, _)| key(parameter)).collect();
    let inherited = inherited
        .into_iter()
        .filter(|(parameter, _)| !known.contains(&key(parameter)));
    let all: Vec<_> = own.iter().cloned().chain(inherited).collect();
    if all.len() > PARAMETERS.most {
        diagnostics.push(PARAMETERS.exceeded(&pointer::join(at, "parameters")));
        return found;
    }
    let path = path::Names::new(&site.path, &all);
    if path.count() > PATH_VARIABLES.most {
        diagnostics.push(PATH_VARIABLES.exceeded(item_at));
        return found;
    }
    for (parameter, place) in all {
        let mut name = parameter.parameter_data_ref().name.as_str();
        if location(parameter) == Some(Location::Path) {
            match path.meant(name, &place, diagnostics) {
                Some(meant) => name = meant,
                None => continue,
            }
        }
        found.parameter((name, parameter), &place, schemas, diagnostics);
    }
    if let Some(body) = &operation.request_body {
        let place = pointer::join(at, "requestBody");
        if let Some((body, place)) = resolve_body(api, body, place) {
            found.body(body, &place, schemas, diagnostics);
        }
    } else {
        found.formats = vec![BodyFormat::Form];
    }
    found
}

/// Where a parameter of the query is declared: on the operation, or else on its path.
pub(crate) fn query_parameter(
    (api, (item, operation), site): (&OpenAPI, (&PathItem, &Operation), &Site),
    name: &str,
) -> Option<String> {
    let at = site.pointer.as_str();
    let item_at = at.rsplit_once('/').map_or(at, |(item, _)| item);
    let own = resolved(api, &operation.parameters, at);
    let inherited = resolved(api, &item.parameters, item_at);
    let mut all = own.into_iter().chain(inherited);
    let wanted = (Some(Location::Query), name.to_owned());
    let found = all.find(|(parameter, _)| key(parameter) == wanted);
    found.map(|(_, place)| place)
}

/// The parameters in a list, and where they stand.
fn resolved<'a>(
    api: &'a OpenAPI,
    parameters: &'a [ReferenceOr<ApiParameter>],
    owner: &str,
) -> Vec<(&'a ApiParameter, String)> {
    let resolved = parameters
        .iter()
        .enumerate()
        .filter_map(|(index, parameter)| {
            let place = pointer::join_all(owner, &["parameters", &index.to_string()]);
            resolve_parameter(api, parameter, place)
        });
    resolved.collect()
}

/// What tells parameters apart: the place and the name. Headers have no case.
fn key(parameter: &ApiParameter) -> (Option<Location>, String) {
    let name = &parameter.parameter_data_ref().name;
    match location(parameter) {
        place @ Some(Location::Header) => (place, name.to_ascii_lowercase()),
        place => (place, name.clone()),
    }
}

/// Nowhere for a cookie.
fn location(parameter: &ApiParameter) -> Option<Location> {
    match parameter {
        ApiParameter::Query { .. } => Some(Location::Query),
        ApiParameter::Header { .. } => Some(Location::Header),
        ApiParameter::Path { .. } => Some(Location::Path),
        ApiParameter::Cookie { .. } => None,
    }
}

fn resolve_parameter<'a>(
    api: &'a OpenAPI,
    parameter: &'a ReferenceOr<ApiParameter>,
    at: String,
) -> Option<(&'a ApiParameter, String)> {
    let components = api.components.as_ref();
    reference::typed(parameter, at, "parameters", |name| {
        components?.parameters.get(name)
    })
}

pub(crate) fn resolve_body<'a>(
    api: &'a OpenAPI,
    body: &'a ReferenceOr<RequestBody>,
    at: String,
) -> Option<(&'a RequestBody, String)> {
    let components = api.components.as_ref();
    reference::typed(body, at, "requestBodies", |name| {
        components?.request_bodies.get(name)
    })
}

/// The schema of a parameter, and whether its value is JSON.
fn schema<'a>(format: &'a ParameterSchemaOrContent, at: &str) -> (Option<SchemaRef<'a>>, bool) {
    match format {
        ParameterSchemaOrContent::Schema(schema) => {
            let place = pointer::join(at, "schema");
            (Some(SchemaRef::new(schema, place)), false)
        }
        ParameterSchemaOrContent::Content(content) => {
            let Some((media_type, MediaType { schema, .. })) = content.iter().next() else {
                return (None, false);
            };
            let schema = schema.as_ref().map(|schema| {
                let place = pointer::join_all(at, &["content", media_type, "schema"]);
                SchemaRef::new(schema, place)
            });
            (schema, body_format(media_type) == Some(BodyFormat::Json))
        }
    }
}

impl<'a> Declarations<'a> {
    fn of(runtime: RuntimeParameters<'a>) -> Self {
        Self {
            runtime,
            common: BTreeMap::new(),
            branches: Vec::new(),
            shared_grants: Vec::new(),
            formats: Vec::new(),
            client: ClientParameters::default(),
            json_media_type: None,
            content_type: None,
            accept: None,
            dpop: false,
            credential: None,
            conditions: Vec::new(),
            operation_description: None,
            descriptions: Vec::new(),
            examples: Vec::new(),
        }
    }

    fn parameter(
        &mut self,
        (name, parameter): (&'a str, &'a ApiParameter),
        at: &str,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        let data = parameter.parameter_data_ref();
        let Some(location) = location(parameter) else {
            let rule = if data.required {
                Rule::Unsupported
            } else {
                Rule::LeftOut
            };
            diagnostics.push(
                Diagnostic::new(rule, at, "a token request sends no cookies")
                    .help("remove the parameter"),
            );
            return;
        };
        if location == Location::Header
            && let Some(diagnostic) = header::unsettable(name, at)
        {
            diagnostics.push(diagnostic);
            return;
        }
        let (schema, is_json) = schema(&data.format, at);
        let bare = || Shape {
            pointer: at.to_owned(),
            ..Shape::default()
        };
        let mut shape = schema.map_or_else(bare, |schema| schemas.shape(&schema, diagnostics));
        let stated = extension::value(&data.extensions, at, diagnostics);
        shape.stated_secret = stated.secret.or(shape.stated_secret);
        shape.random = stated.random.or(shape.random);
        let description = data.description.as_deref();
        shape.deprecated |= data.deprecated == Some(true) && !says_deprecated(description);
        let example = || data.example.as_ref().and_then(scalar_text);
        shape.example = shape.example.take().or_else(example);
        if name == self.runtime.grant_type {
            shape = common_to_media_types::one_grant(shape, schemas, diagnostics);
        }
        if location == Location::Header && self.header((name, data), &shape, at) {
            return;
        }
        // A path is not whole without its parameters; every request says who sends it.
        let is_always_sent =
            location == Location::Header && name.eq_ignore_ascii_case("user-agent");
        let required = data.required && !is_always_sent || location == Location::Path;
        let separator = separator(parameter);
        if separator.is_none() {
            diagnostics.push(odd_style(name, required, at));
            if !required {
                return;
            }
        }
        let items = items(&mut shape, schemas, diagnostics);
        let mut separator = separator.flatten();
        if location == Location::Query && separator.is_none() {
            separator = list_style::of_scopes(name, &shape, diagnostics);
        }
        let declared = DeclaredParameter {
            items,
            separator,
            is_json,
            ..DeclaredParameter::new(shape, location, required, data.description.as_deref())
        };
        self.add(name, declared);
    }

    /// Reads a header that the caller's token or the runtime sends; `false` where it is a parameter like others.
    fn header(
        &mut self,
        (name, data): (&'a str, &'a ParameterData),
        shape: &Shape<'a>,
        at: &str,
    ) -> bool {
        if !name.eq_ignore_ascii_case(AUTHORIZATION) {
            return self.runtime_header(name, shape);
        }
        let description = data.description.as_deref();
        match header::authorization(shape, description, data.example.as_ref()) {
            Authorization::Basic => {
                self.client.authorization_header = Some(at.to_owned());
                let text = description.or(shape.description);
                self.client.header_words = text.map(str::to_owned);
            }
            Authorization::Unsaid => self.client.unsaid_header = Some(at.to_owned()),
            Authorization::Bearer => self.credential = Some(bearer(at, data.required, description)),
            Authorization::Key => {
                self.credential = Some(authorization_key(at, data.required, description))
            }
        }
        true
    }

    /// Adds a parameter; where there is one of its name, they are one in several places.
    pub(crate) fn add(&mut self, name: &'a str, declared: DeclaredParameter<'a>) {
        let name = self.known_name(name, declared.location);
        self.note(name, &declared.shape.pointer, &declared.places);
        match self.common.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(declared);
            }
            Entry::Occupied(mut entry) => {
                entry.get_mut().merge(declared, name);
            }
        }
    }

    /// The name under which a parameter is known already: headers have no case.
    fn known_name(&self, name: &'a str, location: Location) -> &'a str {
        if location != Location::Header {
            return name;
        }
        let own = self.runtime.own_name(name);
        let known = || {
            let mut common = self.common.iter();
            let found = common.find(|(known, declared)| {
                declared.places.has(Location::Header) && known.eq_ignore_ascii_case(name)
            });
            found.map(|(known, _)| *known)
        };
        own.or_else(known).unwrap_or(name)
    }

    fn note(&mut self, name: &str, at: &str, places: &Places) {
        for (location, required) in places.iter() {
            if !self.runtime.sends(name, location) {
                continue;
            }
            if name == self.runtime.client_id {
                self.client.id.add(location, required);
            }
            if name == self.runtime.client_secret {
                self.client.secret.add(location, required);
                self.client.secret_at.get_or_insert_with(|| at.to_owned());
            }
            if name == "client_assertion" {
                self.client.assertion.get_or_insert_with(|| at.to_owned());
            }
        }
    }

    /// The names of all that may be text.
    pub(crate) fn names(&self) -> BTreeSet<&'a str> {
        let branches = self.branches.iter().flat_map(|branch| &branch.parameters);
        let all = self.common.iter().chain(branches);
        all.filter(|(_, declared)| matches!(declared.shape.kind, Kind::Text | Kind::Any))
            .map(|(name, _)| *name)
            .collect()
    }

    /// Whether a credential of the caller's stands in the `Authorization` header.
    pub(crate) fn has_credential(&self) -> bool {
        self.common.contains_key(AUTHORIZATION)
    }

    /// Whether there is a parameter of this name, in any body.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.common.contains_key(name) || self.is_in_branch(name)
    }

    /// The parameter of a name: that of all bodies, or else of the first that has it.
    pub(crate) fn described(&self, name: &str) -> Option<&DeclaredParameter<'a>> {
        let branches = self.branches.iter();
        let mut of_branches = branches.filter_map(|branch| branch.parameters.get(name));
        self.common.get(name).or_else(|| of_branches.next())
    }

    /// Whether one of several bodies has it.
    pub(crate) fn is_in_branch(&self, name: &str) -> bool {
        let mut branches = self.branches.iter();
        branches.any(|branch| branch.parameters.contains_key(name))
    }
}

/// The only value that there is.
pub(crate) fn constant(shape: &Shape<'_>) -> Option<String> {
    match shape.values.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// What the items of a list are. A list of secrets is one itself, and a list has the values and the members that its items may
/// have.
fn items<'a>(shape: &mut Shape<'a>, schemas: Schemas<'a>, diagnostics: &mut Diagnostics) -> Kind {
    let Some(items) = &shape.items else {
        return Kind::Any;
    };
    let item = schemas.shape(items, diagnostics);
    shape.is_password |= item.is_secret(false);
    let kind = item.kind;
    if shape.kind == Kind::List {
        let item = item.united();
        if shape.values.is_empty() {
            shape.values = item.values;
        }
        shape.properties = item.properties;
        shape.required = item.required;
    }
    kind
}

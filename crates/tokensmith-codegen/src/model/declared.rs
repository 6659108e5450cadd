//! Request parameters as a document has them, wherever it puts them.

mod body;

use std::collections::BTreeMap;

use openapiv3::{
    MediaType, OpenAPI, Operation, Parameter as ApiParameter, ParameterSchemaOrContent, PathItem,
    ReferenceOr, RequestBody,
};

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::branch::{self, Branch};
use crate::model::client_auth::Seen;
use crate::model::engine::Engine;
use crate::model::grant::values;
use crate::model::schema::{Kind, SchemaRef, Schemas, Shape, plain};
use crate::model::server::template_names;
use crate::model::style::{odd_style, query_separator, separator};
use crate::model::{BodyFormat, Location};
use crate::pointer;
use crate::prune::Site;
use crate::reference::component_name;

/// A parameter as the document has it, before it is given to grants.
#[derive(Debug, Clone)]
pub(crate) struct Declared<'a> {
    pub(crate) shape: Shape<'a>,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) description: Option<&'a str>,
    /// What the items of a list are.
    pub(crate) items: Kind,
    /// What stands between the items of a list, where the parameter is not repeated.
    pub(crate) separator: Option<&'static str>,
    /// Whether it is JSON text wherever it stands.
    pub(crate) is_json: bool,
}

impl<'a> Declared<'a> {
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
            description,
            items: Kind::Any,
            separator: None,
            is_json: false,
        }
    }
}

/// All that an operation takes.
#[derive(Debug, Clone)]
pub(crate) struct Declarations<'a> {
    pub(crate) engine: Engine<'a>,
    /// Parameters of every request, by name.
    pub(crate) common: BTreeMap<&'a str, Declared<'a>>,
    /// What one of several request bodies adds.
    pub(crate) branches: Vec<Branch<'a>>,
    pub(crate) formats: Vec<BodyFormat>,
    pub(crate) seen: Seen,
    /// The value of the `Accept` header, where the document says which it is.
    pub(crate) accept: Option<String>,
    /// Whether there is a `DPoP` header (RFC 9449).
    pub(crate) dpop: bool,
    /// Whole request bodies that the document gives as examples: the caller adds them, for they may be references.
    pub(crate) examples: Vec<&'a Map<String, Value>>,
}

/// Collects what an operation takes from its parameters and its request body.
pub(crate) fn declarations<'a>(
    api: &'a OpenAPI,
    item: &'a PathItem,
    operation: &'a Operation,
    (engine, at): (Engine<'a>, &str),
    diagnostics: &mut Diagnostics,
) -> Declarations<'a> {
    let schemas = Schemas { api };
    let mut found = Declarations::of(engine);
    let item_at = at.rsplit_once('/').map_or(at, |(item, _)| item);
    // The first of a name counts: an operation's own parameters override its path's.
    for (owner, parameters) in [(at, &operation.parameters), (item_at, &item.parameters)] {
        for (index, parameter) in parameters.iter().enumerate() {
            let place = pointer::join_all(owner, &["parameters", &index.to_string()]);
            if let Some((parameter, place)) = resolve_parameter(api, parameter, place) {
                found.parameter(parameter, &place, schemas, diagnostics);
            }
        }
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

fn resolve_parameter<'a>(
    api: &'a OpenAPI,
    parameter: &'a ReferenceOr<ApiParameter>,
    at: String,
) -> Option<(&'a ApiParameter, String)> {
    match parameter {
        ReferenceOr::Item(parameter) => Some((parameter, at)),
        ReferenceOr::Reference { reference } => {
            let name = component_name(reference, "parameters")?;
            let target = api.components.as_ref()?.parameters.get(&name)?;
            resolve_parameter(api, target, pointer::join("/components/parameters", &name))
        }
    }
}

fn resolve_body<'a>(
    api: &'a OpenAPI,
    body: &'a ReferenceOr<RequestBody>,
    at: String,
) -> Option<(&'a RequestBody, String)> {
    match body {
        ReferenceOr::Item(body) => Some((body, at)),
        ReferenceOr::Reference { reference } => {
            let name = component_name(reference, "requestBodies")?;
            let target = api.components.as_ref()?.request_bodies.get(&name)?;
            resolve_body(
                api,
                target,
                pointer::join("/components/requestBodies", &name),
            )
        }
    }
}

/// How a body of this media type is written; `None` when it is neither form nor JSON.
pub(crate) fn body_format(media_type: &str) -> Option<BodyFormat> {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" | "*/*" | "application/*" => Some(BodyFormat::Form),
        "application/json" | "text/json" => Some(BodyFormat::Json),
        _ if essence.ends_with("+json") => Some(BodyFormat::Json),
        _ => None,
    }
}

impl<'a> Declarations<'a> {
    fn of(engine: Engine<'a>) -> Self {
        Self {
            engine,
            common: BTreeMap::new(),
            branches: Vec::new(),
            formats: Vec::new(),
            seen: Seen::default(),
            accept: None,
            dpop: false,
            examples: Vec::new(),
        }
    }

    fn parameter(
        &mut self,
        parameter: &'a ApiParameter,
        at: &str,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        let data = parameter.parameter_data_ref();
        let location = match parameter {
            ApiParameter::Query { .. } => Location::Query,
            ApiParameter::Header { .. } => Location::Header,
            ApiParameter::Path { .. } => Location::Path,
            ApiParameter::Cookie { .. } => {
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
            }
        };
        let content = match &data.format {
            ParameterSchemaOrContent::Schema(_) => None,
            ParameterSchemaOrContent::Content(content) => content.iter().next(),
        };
        let schema = match (&data.format, content) {
            (ParameterSchemaOrContent::Schema(schema), _) => {
                Some(SchemaRef::new(schema, pointer::join(at, "schema")))
            }
            (_, Some((media_type, MediaType { schema, .. }))) => schema.as_ref().map(|schema| {
                let place = pointer::join_all(at, &["content", media_type, "schema"]);
                SchemaRef::new(schema, place)
            }),
            (_, None) => None,
        };
        let bare = || Shape {
            pointer: at.to_owned(),
            ..Shape::default()
        };
        let shape = schema.map_or_else(bare, |schema| schemas.shape(&schema, diagnostics));
        let shape = if data.name == self.engine.grant_type {
            body::one_grant(shape, schemas, diagnostics)
        } else {
            shape
        };
        if location == Location::Header && self.engine_header(&data.name, &shape) {
            return;
        }
        // A path is not whole without its parameters.
        let required = data.required || location == Location::Path;
        let separator = separator(parameter);
        if separator.is_none() {
            diagnostics.push(odd_style(&data.name, required, at));
            if !required {
                return;
            }
        }
        let declared = Declared {
            items: items(&shape, schemas, diagnostics),
            separator: separator.flatten(),
            is_json: content
                .is_some_and(|(media_type, _)| body_format(media_type) == Some(BodyFormat::Json)),
            ..Declared::new(shape, location, required, data.description.as_deref())
        };
        self.add(&data.name, declared);
    }

    /// Headers that the engine writes by itself.
    fn engine_header(&mut self, name: &str, shape: &Shape<'_>) -> bool {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("accept") {
            self.accept = constant(shape).or(shape.default.clone());
        }
        self.seen.authorization_header |= is("authorization");
        self.dpop |= is("dpop");
        [
            "authorization",
            "content-type",
            "accept",
            "content-length",
            "dpop",
        ]
        .into_iter()
        .any(is)
    }

    fn body(
        &mut self,
        body: &'a RequestBody,
        at: &str,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        let mut media: Vec<_> = body
            .content
            .iter()
            .filter_map(|(media_type, media)| Some((body_format(media_type)?, media_type, media)))
            .collect();
        // Form first, as RFC 6749 asks: the order of keys in a document means nothing.
        media.sort_by_key(|(format, media_type, _)| (*format, media_type.as_str()));
        if media.is_empty() {
            let types: Vec<&str> = body.content.keys().map(String::as_str).collect();
            diagnostics.push(
                Diagnostic::new(
                    Rule::UnknownMediaType,
                    pointer::join(at, "content"),
                    format!(
                        "a token request cannot be written as `{}`",
                        types.join("`, `")
                    ),
                )
                .help(
                    "declare `application/x-www-form-urlencoded` (RFC 6749) or `application/json`",
                ),
            );
        }
        let mut bodies = Vec::new();
        for (format, media_type, media) in media {
            if !self.formats.contains(&format) {
                self.formats.push(format);
            }
            if let Some(schema) = &media.schema {
                let place = pointer::join_all(at, &["content", media_type, "schema"]);
                let shape = schemas.shape(&SchemaRef::new(schema, place), diagnostics);
                bodies.push(self.body_schema(shape, (format, media), schemas, diagnostics));
            }
        }
        for (name, declared) in body::agreed(bodies, self.engine.grant_type) {
            self.add(name, declared);
        }
    }

    /// Reads the branches of a body; gives back the parameters that are there for all of them.
    fn body_schema(
        &mut self,
        shape: Shape<'a>,
        media: (BodyFormat, &'a MediaType),
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) -> BTreeMap<&'a str, Declared<'a>> {
        let by = self.engine.grant_type;
        let common = properties(&shape, media, by, schemas, diagnostics);
        let mut secrets = Vec::new();
        for leaf in branch::leaves(&shape, by) {
            let parameters = properties(&leaf.shape, media, by, schemas, diagnostics);
            for (name, declared) in &parameters {
                self.note(name, declared);
            }
            let secret = parameters.get(self.engine.client_secret);
            secrets.push(secret.is_some_and(|secret| secret.required));
            let branch = leaf.branch(parameters, by, diagnostics);
            // Another media type may have the same schemas.
            if !self.branches.iter().any(|other| other.is_same(&branch)) {
                self.branches.push(branch);
            }
        }
        let is_open =
            |declared: &Declared<'_>| values::stated(&declared.shape, diagnostics).is_empty();
        if common.get(by).is_none_or(is_open) {
            branch::tell_apart(&mut self.branches, by, diagnostics);
        }
        // What one branch asks for says nothing of the others.
        self.seen.secret_required |=
            !secrets.is_empty() && secrets.iter().all(|required| *required);
        common
    }

    /// A name between braces in the path is a parameter, whether the document declares it or not.
    pub(crate) fn complete_path(&mut self, site: &'a Site, diagnostics: &mut Diagnostics) {
        let names: Vec<&str> = template_names(&site.path).collect();
        let is_astray = |name: &&str, declared: &Declared<'_>| {
            declared.location == Location::Path && !names.contains(name)
        };
        let astray: Vec<&str> = self
            .common
            .iter()
            .filter(|(name, declared)| is_astray(name, declared))
            .map(|(name, _)| *name)
            .collect();
        for name in astray {
            let Some(declared) = self.common.remove(name) else {
                continue;
            };
            let meant = names
                .iter()
                .find(|other| is_alike(other, name) && !self.common.contains_key(*other));
            let shown = name.escape_debug();
            let place = &declared.shape.pointer;
            diagnostics.push(match meant {
                Some(meant) => Diagnostic::new(
                    Rule::Repaired,
                    place,
                    format!("the path has no `{{{shown}}}`; `{{{meant}}}` is taken for it"),
                )
                .help("write both alike"),
                None => Diagnostic::new(
                    Rule::LeftOut,
                    place,
                    format!("the path has no `{{{shown}}}`: the parameter is left out"),
                )
                .help("remove the parameter, or add it to the path"),
            });
            if let Some(meant) = meant {
                self.common.insert(meant, declared);
            }
        }
        for name in names {
            let shape = Shape {
                pointer: site.pointer.clone(),
                kind: Kind::Text,
                ..Shape::default()
            };
            let undeclared = Declared::new(shape, Location::Path, true, None);
            self.common.entry(name).or_insert(undeclared);
        }
    }

    /// Adds a parameter, unless there is one of its name.
    pub(crate) fn add(&mut self, name: &'a str, declared: Declared<'a>) {
        // The name of a header is the same in whatever letters.
        let is_same = |(other, known): (&&str, &Declared<'_>)| {
            known.location == Location::Header && other.eq_ignore_ascii_case(name)
        };
        if declared.location == Location::Header && self.common.iter().any(is_same) {
            return;
        }
        self.note(name, &declared);
        self.seen.secret_required |= name == self.engine.client_secret
            && declared.required
            && self.engine.sends(name, declared.location);
        self.common.entry(name).or_insert(declared);
    }

    fn note(&mut self, name: &str, declared: &Declared<'_>) {
        if !self.engine.sends(name, declared.location) {
            return;
        }
        let is_secret = name == self.engine.client_secret;
        self.seen.secret |= is_secret;
        self.seen.secret_in_query |= is_secret && declared.location == Location::Query;
        self.seen.assertion |= name == "client_assertion";
    }
}

/// Whether two names of a place in a path differ in case or in signs only.
fn is_alike(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    letters(one) == letters(other)
}

/// The objects that a media type has as examples, its own first.
fn examples(media: &MediaType) -> impl Iterator<Item = &Map<String, Value>> {
    let several = media.examples.values().filter_map(|example| {
        let example = example.as_item()?;
        example.value.as_ref()
    });
    let all = media.example.iter().chain(several);
    all.filter_map(Value::as_object)
}

/// The only value that there is.
pub(crate) fn constant(shape: &Shape<'_>) -> Option<String> {
    match shape.values.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn items<'a>(shape: &Shape<'a>, schemas: Schemas<'a>, diagnostics: &mut Diagnostics) -> Kind {
    let items = shape.items.as_ref();
    items.map_or(Kind::Any, |items| schemas.shape(items, diagnostics).kind)
}

fn properties<'a>(
    shape: &Shape<'a>,
    (format, media): (BodyFormat, &'a MediaType),
    by: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a str, Declared<'a>> {
    let mut properties = BTreeMap::new();
    for (name, schema) in &shape.properties {
        let mut property = schemas.shape(schema, diagnostics);
        if *name == by {
            property = body::one_grant(property, schemas, diagnostics);
        }
        let mut examples = examples(media);
        property.body_example = examples.find_map(|example| plain(example.get(*name)?));
        let description = property.description;
        // How a list is written matters where there is only text.
        let encoding = media
            .encoding
            .get(*name)
            .filter(|_| format == BodyFormat::Form);
        let separator = encoding.map_or(Some(None), |encoding| {
            let style = encoding.style.clone().unwrap_or_default();
            query_separator(&style, encoding.explode)
        });
        if separator.is_none() {
            let required = shape.required.contains(name);
            diagnostics.push(odd_style(name, required, &property.pointer));
            if !required {
                continue;
            }
        }
        let declared = Declared {
            items: items(&property, schemas, diagnostics),
            separator: separator.flatten(),
            ..Declared::new(
                property,
                Location::Body,
                shape.required.contains(name),
                description,
            )
        };
        properties.insert(*name, declared);
    }
    properties
}

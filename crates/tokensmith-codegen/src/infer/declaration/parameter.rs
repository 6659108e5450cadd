//! One declared parameter: what becomes of it, and how it joins others of its name.

use std::collections::btree_map::Entry;

use openapiv3::{MediaType, Parameter as ApiParameter, ParameterData, ParameterSchemaOrContent};

use super::header::{self, Authorization};
use super::of_operation::location;
use super::{Declarations, DeclaredParameter, body_format, common_to_media_types};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::list_style::{self, odd_style, separator};
use crate::infer::parameter_places::Places;
use crate::infer::schema::{Kind, SchemaRef, Schemas, Shape, scalar_text};
use crate::infer::security::{AUTHORIZATION, authorization_key, bearer};
use crate::model::{BodyFormat, Location};
use crate::openapi::{extension, vendor_key};
use crate::pointer;
use crate::prose::says_deprecated;

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
    pub(super) fn parameter(
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
                Diagnostic::new(
                    rule,
                    at,
                    format!(
                        "`{}` is a cookie, and a token request sends no cookies",
                        name.escape_debug()
                    ),
                )
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
        shape.has_more_values |= vendor_key::allows_more_values(|key| data.extensions.get(key));
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
            return self.runtime_header((name, data.description.as_deref()), shape, at);
        }
        let description = data.description.as_deref();
        match header::authorization(shape, description, data.example.as_ref()) {
            kind @ (Authorization::Basic | Authorization::Pair) => {
                self.client.authorization_header = Some(at.to_owned());
                self.client.header_is_of_pair = kind == Authorization::Pair;
                self.client.header_is_optional = !data.required;
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

    pub(super) fn note(&mut self, name: &str, at: &str, places: &Places) {
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
}

/// What the items of a list are. A list of secrets is one itself, and a list has the values and the members that its items may
/// have.
pub(super) fn items<'a>(
    shape: &mut Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Kind {
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

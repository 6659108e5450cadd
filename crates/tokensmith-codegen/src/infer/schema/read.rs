//! How a schema of a document becomes a shape.

use std::collections::BTreeSet;

use openapiv3::{Discriminator, ReferenceOr, Schema, SchemaData, SchemaKind};

use serde_json::Value;

use super::extent::extent;
use super::typed::{examples, vendor_values};
use super::{KIND, Kind, SchemaRef, Schemas, Shape, Target, scalar_text};
use crate::diagnostic::budget::LEVELS;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::{extension, reference, vendor_key};
use crate::pointer;
use crate::prose::says_deprecated;

/// The reading of one schema.
pub(super) struct Reader<'a, 'd> {
    schemas: Schemas<'a>,
    diagnostics: &'d mut Diagnostics,
    /// The components that are being read: meeting one again would never end.
    open: Vec<&'a str>,
    /// How many of those may be met again, from the start: the schemas of a discriminator's mapping extend the one that has it.
    extended: usize,
}

impl<'a, 'd> Reader<'a, 'd> {
    pub(super) fn new(schemas: Schemas<'a>, diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            schemas,
            diagnostics,
            open: Vec::new(),
            extended: 0,
        }
    }

    pub(super) fn read(&mut self, schema: &SchemaRef<'a>) -> Shape<'a> {
        let first = self.with_others(schema);
        if schema.alternatives.is_empty() {
            return first;
        }
        let alternatives = schema.alternatives.iter();
        let branches = [first]
            .into_iter()
            .chain(alternatives.map(|other| self.read(other)));
        Shape::of_branches(&schema.pointer, branches.collect())
    }

    fn with_others(&mut self, schema: &SchemaRef<'a>) -> Shape<'a> {
        let mut shape = self.alone(schema);
        for other in &schema.others {
            let other = self.read(other);
            if shape.narrow(other, self.diagnostics) && shape.name.take().is_some() {
                // It is another type than that of the component.
                shape.pointer.clone_from(&schema.pointer);
            }
        }
        shape
    }

    /// The schema without what other parts say.
    fn alone(&mut self, schema: &SchemaRef<'a>) -> Shape<'a> {
        if self.open.len() > LEVELS.most {
            self.diagnostics.push(LEVELS.exceeded(&schema.pointer));
            return Shape::default();
        }
        if !self.diagnostics.budget().parts(1, &schema.pointer) {
            return Shape::default();
        }
        match schema.schema {
            Target::Inline(inner) => self.inline(inner, &schema.pointer),
            Target::Reference(reference) => {
                let name = reference::component_name(reference, KIND);
                match name.and_then(|name| self.schemas.component(&name)) {
                    Some((name, target)) => self.component(name, target, &schema.pointer),
                    None => {
                        self.diagnostics
                            .push(reference::dangling(&schema.pointer, reference));
                        Shape::default()
                    }
                }
            }
        }
    }

    fn component(&mut self, name: &'a str, schema: &'a ReferenceOr<Schema>, at: &str) -> Shape<'a> {
        if let Some(index) = self.open.iter().position(|open| *open == name) {
            if index >= self.extended {
                self.diagnostics.push(circular(at));
            }
            return Shape::default();
        }
        self.open.push(name);
        let pointer = pointer::join_all("/components", &[KIND, name]);
        let mut shape = self.read(&SchemaRef::new(schema, pointer.clone()));
        self.open.pop();
        shape.name = Some(name);
        shape.pointer = pointer;
        shape.own_description = None;
        shape
    }

    fn inline(&mut self, schema: &'a Schema, at: &str) -> Shape<'a> {
        let data = &schema.schema_data;
        if !self.diagnostics.budget().parts(extent(schema, at), at) {
            return Shape::default();
        }
        let stated = extension::value(&data.extensions, at, self.diagnostics);
        let (title, description) = words(data);
        let mut shape = Shape {
            pointer: at.to_owned(),
            title,
            description,
            deprecated: (data.deprecated || extension::has_deprecated_mark(&data.extensions))
                && !says_deprecated(description),
            is_password: data.write_only,
            stated_secret: stated.secret,
            random: stated.random,
            has_more_values: vendor_key::allows_more_values(|key| data.extensions.get(key)),
            default: data.default.as_ref().and_then(scalar_text),
            example: data.example.as_ref().and_then(scalar_text),
            examples: examples(data),
            vendor_values: vendor_values(data).filter_map(scalar_text).collect(),
            ..Shape::default()
        };
        match &schema.schema_kind {
            SchemaKind::Type(ty) => shape.typed(ty),
            SchemaKind::AllOf { all_of } => self.merge_all(&mut shape, all_of),
            SchemaKind::OneOf { one_of } => self.branches(&mut shape, "oneOf", one_of),
            SchemaKind::AnyOf { any_of } => self.branches(&mut shape, "anyOf", any_of),
            SchemaKind::Not { .. } => {}
            SchemaKind::Any(any) => {
                shape.untyped(any);
                self.merge_all(&mut shape, &any.all_of);
                self.branches(&mut shape, "oneOf", &any.one_of);
                self.branches(&mut shape, "anyOf", &any.any_of);
            }
        }
        if shape.kind == Kind::List {
            shape.default = data.default.as_ref().and_then(list_text);
        }
        if let Some(discriminator) = &data.discriminator {
            self.discriminate(&mut shape, discriminator);
        }
        shape.settle_choice();
        shape
    }

    fn merge_all(&mut self, shape: &mut Shape<'a>, parts: &'a [ReferenceOr<Schema>]) {
        // A wrapper around one reference adds words to it, not a type of its own.
        let only = parts.len() == 1 && shape.properties.is_empty() && shape.values.is_empty();
        let at = shape.pointer.clone();
        let own: BTreeSet<&str> = shape.properties.keys().copied().collect();
        for (index, part) in parts.iter().enumerate() {
            let place = pointer::join_all(&at, &["allOf", &index.to_string()]);
            let part = SchemaRef::new(part, place);
            if self.is_within_itself(&part) {
                continue;
            }
            let part = self.read(&part);
            // A wrapper around one reference is what it wraps.
            if only && part.name.is_some() {
                shape.name = part.name;
                shape.pointer.clone_from(&part.pointer);
                shape.own_description = part.own_description.or(part.description);
            }
            shape.merge_part(part, &own, self.diagnostics);
        }
    }

    fn branches(&mut self, shape: &mut Shape<'a>, key: &str, branches: &'a [ReferenceOr<Schema>]) {
        for (index, branch) in branches.iter().enumerate() {
            let place = pointer::join_all(&shape.pointer, &[key, &index.to_string()]);
            let branch = SchemaRef::new(branch, place);
            if !self.is_within_itself(&branch) {
                shape.branches.push(self.read(&branch));
            }
        }
    }

    /// Whether a part is the schema that it is a part of, so that it says nothing more.
    fn is_within_itself(&mut self, part: &SchemaRef<'a>) -> bool {
        let Target::Reference(reference) = part.schema else {
            return false;
        };
        let name = reference::component_name(reference, KIND);
        let open = self
            .open
            .iter()
            .position(|open| Some(*open) == name.as_deref());
        if open.is_some() {
            // In a circle of choices there are more of these than of parts that are read.
            self.diagnostics.budget().parts(1, &part.pointer);
        }
        if open.is_some_and(|index| index >= self.extended) {
            let message = "the schema is a part of itself; it is read without that part";
            self.diagnostics.push(
                Diagnostic::new(Rule::Repaired, &part.pointer, message)
                    .help("remove the part: a schema contains itself as a property, or in `items`"),
            );
        }
        open.is_some()
    }

    /// A discriminator names the branches; where there is no `oneOf`, its mapping is all there is.
    fn discriminate(&mut self, shape: &mut Shape<'a>, discriminator: &'a Discriminator) {
        shape.discriminator = Some(&discriminator.property_name);
        // Each schema that extends this one has it again.
        if !self
            .diagnostics
            .budget()
            .parts(discriminator.mapping.len(), &shape.pointer)
        {
            return;
        }
        for (value, target) in &discriminator.mapping {
            let name = reference::component_name(target, KIND).unwrap_or_else(|| target.clone());
            shape
                .discriminated
                .entry(name)
                .or_default()
                .push(value.clone());
        }
        shape
            .discriminated
            .values_mut()
            .for_each(|values| values.sort());
        let mut names: Vec<String> = shape.discriminated.keys().cloned().collect();
        if names.is_empty() && reference::is_grant_type(&discriminator.property_name) {
            names = self.extensions(&shape.pointer);
        }
        // A schema that extends this one wants its properties, not those of its siblings.
        let is_extended = names.iter().any(|name| self.open.contains(&name.as_str()));
        if !shape.branches.is_empty() || is_extended {
            return;
        }
        let place = pointer::join_all(&shape.pointer, &["discriminator", "mapping"]);
        let extended = std::mem::replace(&mut self.extended, self.open.len());
        for name in names {
            if let Some((name, target)) = self.schemas.component(&name) {
                let branch = self.component(name, target, &place);
                shape.branches.push(branch);
            }
        }
        self.extended = extended;
    }

    /// The components that extend the schema at `base`, by name.
    fn extensions(&self, base: &str) -> Vec<String> {
        let components = self.schemas.api.components.as_ref();
        let extends = |schema: &ReferenceOr<Schema>| {
            let parts = match schema {
                ReferenceOr::Item(Schema {
                    schema_kind: SchemaKind::AllOf { all_of },
                    ..
                }) => all_of,
                ReferenceOr::Item(Schema {
                    schema_kind: SchemaKind::Any(any),
                    ..
                }) => &any.all_of,
                _ => return false,
            };
            parts.iter().any(|part| match part {
                ReferenceOr::Reference { reference } => {
                    pointer::of_reference(reference).as_deref() == Some(base)
                }
                ReferenceOr::Item(_) => false,
            })
        };
        let schemas = components
            .into_iter()
            .flat_map(|components| &components.schemas);
        let mut names: Vec<String> = schemas
            .filter(|(_, schema)| extends(schema))
            .map(|(name, _)| name.clone())
            .collect();
        names.sort();
        names
    }
}

/// A list of scalars as JSON.
fn list_text(value: &Value) -> Option<String> {
    let is_scalar = |item: &Value| item.is_string() || item.is_number() || item.is_boolean();
    let items = value.as_array()?;
    (!items.is_empty() && items.iter().all(is_scalar)).then(|| value.to_string())
}

/// The title and the description; a title that is a sentence describes, and names nothing.
fn words(data: &SchemaData) -> (Option<&str>, Option<&str>) {
    let description = data.description.as_deref();
    match data.title.as_deref() {
        Some(title) if is_sentence(title) => (None, description.or(Some(title))),
        title => (title, description),
    }
}

/// Whether a text is more than a name: it ends like a sentence, or is long and mostly in small letters.
fn is_sentence(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(_), later) = (words.next(), words) else {
        return false;
    };
    let count = later.clone().count();
    let small = later.filter(|word| word.starts_with(char::is_lowercase));
    count > 0 && text.trim_end().ends_with('.') || count > 2 && small.count() * 2 >= count
}

fn circular(at: &str) -> Diagnostic {
    Diagnostic::new(Rule::CircularReference, at, "the schema contains itself")
        .help("point the `$ref` at a schema that is not a `$ref` to this one")
}

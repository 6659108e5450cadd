//! A schema with its references followed and its `allOf` merged.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    AnySchema, Discriminator, ObjectType, OpenAPI, ReferenceOr, Schema, SchemaKind, StringFormat,
    StringType, Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::{pointer, reference};

/// The key of schemas among the components.
const KIND: &str = "schemas";

/// A schema as the document has it: where, and what.
#[derive(Debug, Clone)]
pub(crate) struct SchemaRef<'a> {
    pub(crate) pointer: String,
    schema: Target<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Target<'a> {
    Reference(&'a str),
    Inline(&'a Schema),
}

impl<'a> SchemaRef<'a> {
    pub(crate) fn new(schema: &'a ReferenceOr<Schema>, pointer: String) -> Self {
        let schema = match schema {
            ReferenceOr::Reference { reference } => Target::Reference(reference),
            ReferenceOr::Item(schema) => Target::Inline(schema),
        };
        Self { pointer, schema }
    }

    fn boxed(schema: &'a ReferenceOr<Box<Schema>>, pointer: String) -> Self {
        let schema = match schema {
            ReferenceOr::Reference { reference } => Target::Reference(reference),
            ReferenceOr::Item(schema) => Target::Inline(schema),
        };
        Self { pointer, schema }
    }
}

impl SchemaRef<'_> {
    /// Whether it is an object, or anything, of which no more is said.
    fn says_nothing(&self) -> bool {
        let Target::Inline(schema) = self.schema else {
            return false;
        };
        match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => object.properties.is_empty(),
            SchemaKind::Any(any) => {
                any.properties.is_empty()
                    && any.all_of.is_empty()
                    && any.one_of.is_empty()
                    && any.any_of.is_empty()
                    && any.enumeration.is_empty()
                    && any.typ.as_deref().is_none_or(|typ| typ == "object")
            }
            _ => false,
        }
    }
}

/// What kind of value a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    List,
    Object,
    #[default]
    Any,
}

/// Components within components; vendors stay below ten.
pub(crate) const DEEPEST: usize = 64;
/// Parts that one schema may have, counting each component as often as it is referred to.
const MOST_PARTS: usize = 10_000;

/// A schema, read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape<'a> {
    /// The component that gives it its name.
    pub(crate) name: Option<&'a str>,
    pub(crate) pointer: String,
    pub(crate) description: Option<&'a str>,
    /// What the component says of itself, where a reference to it has words of its own.
    pub(crate) own_description: Option<&'a str>,
    pub(crate) kind: Kind,
    pub(crate) is_password: bool,
    pub(crate) format: Option<String>,
    pub(crate) pattern: Option<&'a str>,
    pub(crate) values: Vec<String>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) default: Option<String>,
    pub(crate) example: Option<String>,
    /// What stands here in an example of the whole body.
    pub(crate) body_example: Option<String>,
    pub(crate) properties: BTreeMap<&'a str, SchemaRef<'a>>,
    pub(crate) required: BTreeSet<&'a str>,
    pub(crate) items: Option<SchemaRef<'a>>,
    /// The branches of `oneOf` and `anyOf`.
    pub(crate) branches: Vec<Shape<'a>>,
    /// The property that tells the branches apart.
    pub(crate) discriminator: Option<&'a str>,
    /// Values of that property, by the component that they mean.
    pub(crate) discriminated: BTreeMap<String, Vec<String>>,
}

/// Reads schemas of one document.
#[derive(Clone, Copy)]
pub(crate) struct Schemas<'a> {
    pub(crate) api: &'a OpenAPI,
}

impl<'a> Schemas<'a> {
    /// Reads a schema; what is wrong with it is reported and left out.
    pub(crate) fn shape(&self, schema: &SchemaRef<'a>, diagnostics: &mut Diagnostics) -> Shape<'a> {
        Reader {
            schemas: *self,
            diagnostics,
            open: Vec::new(),
            extended: 0,
            left: MOST_PARTS,
        }
        .read(schema)
    }

    fn component(&self, name: &str) -> Option<(&'a str, &'a ReferenceOr<Schema>)> {
        let (name, schema) = self.api.components.as_ref()?.schemas.get_key_value(name)?;
        Some((name, schema))
    }
}

/// The reading of one schema.
struct Reader<'a, 'd> {
    schemas: Schemas<'a>,
    diagnostics: &'d mut Diagnostics,
    /// The components that are being read: meeting one again would never end.
    open: Vec<&'a str>,
    /// How many of those may be met again, from the start: the schemas of a discriminator's mapping extend the one that has it.
    extended: usize,
    /// How many more parts may be read: components that refer to each other can describe very many.
    left: usize,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self, schema: &SchemaRef<'a>) -> Shape<'a> {
        if self.left == 0 {
            return Shape::default();
        }
        self.left -= 1;
        if self.left == 0 || self.open.len() > DEEPEST {
            self.left = 0;
            self.diagnostics.push(too_large(&schema.pointer));
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
        let mut shape = Shape {
            pointer: at.to_owned(),
            description: data.description.as_deref(),
            is_password: data.write_only,
            default: data.default.as_ref().and_then(plain),
            example: data.example.as_ref().and_then(plain),
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
        if let Some(discriminator) = &data.discriminator {
            self.discriminate(&mut shape, discriminator);
        }
        shape
    }

    fn merge_all(&mut self, shape: &mut Shape<'a>, parts: &'a [ReferenceOr<Schema>]) {
        // A wrapper around one reference adds words to it, not a type of its own.
        let only = parts.len() == 1 && shape.properties.is_empty() && shape.values.is_empty();
        let at = shape.pointer.clone();
        for (index, part) in parts.iter().enumerate() {
            let place = pointer::join_all(&at, &["allOf", &index.to_string()]);
            let part = self.read(&SchemaRef::new(part, place));
            // One part may say that there is an object, and another what is in it.
            for (name, property) in &part.properties {
                if let Some(own) = shape
                    .properties
                    .get_mut(name)
                    .filter(|own| own.says_nothing())
                {
                    *own = property.clone();
                }
            }
            shape.merge(part, only);
        }
    }

    fn branches(&mut self, shape: &mut Shape<'a>, key: &str, branches: &'a [ReferenceOr<Schema>]) {
        for (index, branch) in branches.iter().enumerate() {
            let place = pointer::join_all(&shape.pointer, &[key, &index.to_string()]);
            shape
                .branches
                .push(self.read(&SchemaRef::new(branch, place)));
        }
    }

    /// A discriminator names the branches; where there is no `oneOf`, its mapping is all there is.
    fn discriminate(&mut self, shape: &mut Shape<'a>, discriminator: &'a Discriminator) {
        shape.discriminator = Some(&discriminator.property_name);
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
        // A schema that extends this one wants its properties, not those of its siblings.
        let is_extended = shape
            .discriminated
            .keys()
            .any(|name| self.open.contains(&name.as_str()));
        if !shape.branches.is_empty() || is_extended {
            return;
        }
        let names: Vec<String> = shape.discriminated.keys().cloned().collect();
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
}

pub(crate) fn too_large(at: &str) -> Diagnostic {
    let message = format!(
        "the schema is too large: more than {DEEPEST} levels of references, or {MOST_PARTS} parts"
    );
    Diagnostic::new(Rule::Unsupported, at, message)
        .help("replace what the endpoint does not need by `type: object` without properties")
}

pub(crate) fn circular(at: &str) -> Diagnostic {
    Diagnostic::new(Rule::CircularReference, at, "the schema contains itself")
        .help("replace the reference back to it by `type: object` without properties")
}

impl<'a> Shape<'a> {
    fn typed(&mut self, ty: &'a Type) {
        match ty {
            Type::String(text) => self.text(text),
            Type::Number(number) => {
                self.kind = Kind::Number;
                self.values = written(&number.enumeration);
            }
            Type::Integer(integer) => {
                self.kind = Kind::Integer;
                self.values = written(&integer.enumeration);
            }
            Type::Boolean(boolean) => {
                self.kind = Kind::Boolean;
                self.values = written(&boolean.enumeration);
            }
            Type::Object(ObjectType {
                properties,
                required,
                ..
            }) => {
                self.kind = Kind::Object;
                self.object(properties, required);
            }
            Type::Array(array) => {
                self.kind = Kind::List;
                let place = pointer::join(&self.pointer, "items");
                self.items = array
                    .items
                    .as_ref()
                    .map(|items| SchemaRef::boxed(items, place));
            }
        }
    }

    fn text(&mut self, text: &'a StringType) {
        self.kind = Kind::Text;
        self.pattern = text.pattern.as_deref();
        self.values = text.enumeration.iter().flatten().cloned().collect();
        self.min_length = text.min_length;
        self.max_length = text.max_length;
        self.format = match &text.format {
            VariantOrUnknownOrEmpty::Item(StringFormat::Password) => {
                self.is_password = true;
                None
            }
            VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Some("date-time".to_owned()),
            VariantOrUnknownOrEmpty::Unknown(format) => Some(format.clone()),
            _ => None,
        };
    }

    fn untyped(&mut self, any: &'a AnySchema) {
        self.kind = match any.typ.as_deref() {
            Some("string") => Kind::Text,
            Some("integer") => Kind::Integer,
            Some("number") => Kind::Number,
            Some("boolean") => Kind::Boolean,
            Some("array") => Kind::List,
            Some("object") => Kind::Object,
            _ if !any.properties.is_empty() => Kind::Object,
            _ => Kind::Any,
        };
        self.pattern = any.pattern.as_deref();
        self.values = any.enumeration.iter().filter_map(plain).collect();
        self.min_length = any.min_length;
        self.max_length = any.max_length;
        self.is_password |= any.format.as_deref() == Some("password");
        self.format = any.format.clone();
        self.object(&any.properties, &any.required);
        let place = pointer::join(&self.pointer, "items");
        self.items = any
            .items
            .as_ref()
            .map(|items| SchemaRef::boxed(items, place));
    }

    fn object<M>(&mut self, properties: M, required: &'a [String])
    where
        M: IntoIterator<Item = (&'a String, &'a ReferenceOr<Box<Schema>>)>,
    {
        let parent = pointer::join(&self.pointer, "properties");
        for (name, property) in properties {
            let place = pointer::join(&parent, name);
            self.properties
                .insert(name, SchemaRef::boxed(property, place));
        }
        self.required.extend(required.iter().map(String::as_str));
    }

    /// Takes over a part of `allOf`; what stands in the schema itself counts more.
    pub(crate) fn merge(&mut self, part: Shape<'a>, only: bool) {
        if only && part.name.is_some() {
            self.name = part.name;
            self.pointer = part.pointer;
            self.own_description = part.own_description.or(part.description);
        }
        self.description = self.description.or(part.description);
        if self.kind == Kind::Any {
            self.kind = part.kind;
        }
        self.is_password |= part.is_password;
        self.format = self.format.take().or(part.format);
        self.pattern = self.pattern.or(part.pattern);
        self.min_length = self.min_length.or(part.min_length);
        self.max_length = self.max_length.or(part.max_length);
        self.default = self.default.take().or(part.default);
        self.example = self.example.take().or(part.example);
        self.items = self.items.take().or(part.items);
        if self.values.is_empty() {
            self.values = part.values;
        }
        for (name, property) in part.properties {
            self.properties.entry(name).or_insert(property);
        }
        self.required.extend(part.required);
        self.branches.extend(part.branches);
        self.discriminator = self.discriminator.or(part.discriminator);
        self.discriminated.extend(part.discriminated);
    }

    /// What is said of the type itself, not of one place that has it.
    pub(crate) fn type_description(&self) -> Option<&'a str> {
        self.own_description.or(self.description)
    }

    /// The values of the discriminating property that mean this branch: those of the mapping, or else its component's name.
    pub(crate) fn discriminating_values(&self, branch: &Shape<'_>) -> Vec<String> {
        let Some(name) = branch.name else {
            return Vec::new();
        };
        self.discriminated
            .get(name)
            .cloned()
            .unwrap_or_else(|| vec![name.to_owned()])
    }

    /// The shape with the properties of all its branches, none of which is sure to be there.
    pub(crate) fn united(mut self) -> Self {
        for branch in std::mem::take(&mut self.branches) {
            let branch = branch.united();
            for (name, property) in branch.properties {
                self.properties.entry(name).or_insert(property);
            }
            if self.kind == Kind::Any {
                self.kind = branch.kind;
            }
        }
        self
    }
}

/// Numbers, or true and false, as they stand on the wire.
fn written<T: ToString>(values: &[Option<T>]) -> Vec<String> {
    values.iter().flatten().map(T::to_string).collect()
}

/// A scalar as it stands on the wire.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

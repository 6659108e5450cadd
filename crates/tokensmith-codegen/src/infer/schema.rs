//! A schema with its references followed and its `allOf` merged.

mod choice;
mod extent;
mod merge;
mod read;
mod typed;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{OpenAPI, ReferenceOr, Schema, SchemaKind, Type};
use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::budget::LEVELS;
use crate::openapi::extension::Random;
use crate::openapi::reference;

/// The key of schemas among the components.
const KIND: &str = "schemas";

/// A schema as the document has it: where, and what.
#[derive(Debug, Clone)]
pub(crate) struct SchemaRef<'a> {
    pub(crate) pointer: String,
    schema: Target<'a>,
    /// What else is said of the same value, by other parts of `allOf`.
    others: Vec<SchemaRef<'a>>,
    /// What may hold instead, by other branches of a choice.
    alternatives: Vec<SchemaRef<'a>>,
}

#[derive(Debug, Clone, Copy)]
enum Target<'a> {
    Reference(&'a str),
    Inline(&'a Schema),
}

impl<'a> Target<'a> {
    fn of(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Inline(schema),
        }
    }
}

impl<'a> SchemaRef<'a> {
    pub(crate) fn new(schema: &'a ReferenceOr<Schema>, pointer: String) -> Self {
        Self::of(Target::of(schema), pointer)
    }

    fn boxed(schema: &'a ReferenceOr<Box<Schema>>, pointer: String) -> Self {
        let schema = match schema {
            ReferenceOr::Reference { reference } => Target::Reference(reference),
            ReferenceOr::Item(schema) => Target::Inline(schema),
        };
        Self::of(schema, pointer)
    }

    fn of(schema: Target<'a>, pointer: String) -> Self {
        Self {
            pointer,
            schema,
            others: Vec::new(),
            alternatives: Vec::new(),
        }
    }

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

/// Whether values of a type have no members.
fn is_without_members(typ: &str) -> bool {
    ["array", "boolean", "integer", "number", "string"].contains(&typ)
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

/// A schema, read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape<'a> {
    /// The component that gives it its name.
    pub(crate) name: Option<&'a str>,
    pub(crate) pointer: String,
    pub(crate) title: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    /// What the component says of itself, where a reference to it has words of its own.
    pub(crate) own_description: Option<&'a str>,
    pub(crate) kind: Kind,
    /// Whether the document calls it deprecated, and its description does not.
    pub(crate) deprecated: bool,
    /// Whether the schema marks it as a secret: `format: password`, or `writeOnly`.
    pub(crate) is_password: bool,
    /// What `x-tokensmith` says of whether it is a secret, which counts more than marks and names.
    pub(crate) stated_secret: Option<bool>,
    /// What `x-tokensmith` says is made anew for each request.
    pub(crate) random: Option<Random>,
    pub(crate) format: Option<String>,
    pub(crate) pattern: Option<&'a str>,
    pub(crate) values: Vec<String>,
    /// Whether the vendor says that there are more values than `values` has.
    pub(crate) has_more_values: bool,
    /// Those of the values that a deprecated branch of the choice has.
    pub(crate) deprecated_values: Vec<String>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) default: Option<String>,
    pub(crate) example: Option<String>,
    /// Several examples (OpenAPI 3.1).
    pub(crate) examples: Vec<String>,
    /// Values that a key of the vendor's own lists; others may be allowed.
    pub(crate) vendor_values: Vec<String>,
    /// What stands here in an example of the whole body.
    pub(crate) body_example: Option<String>,
    pub(crate) properties: BTreeMap<&'a str, SchemaRef<'a>>,
    pub(crate) required: BTreeSet<&'a str>,
    /// Whether an object has no other members than its own.
    pub(crate) is_closed: bool,
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
        let shape = read::Reader::new(*self, diagnostics).read(schema);
        match diagnostics.budget().exceeded() {
            // Nothing becomes of the document, so that nothing needs to be made of what was read.
            Some(_) => Shape::default(),
            None => shape,
        }
    }

    /// Whether a value may have members, as far as that can be told before its schema is read.
    pub(crate) fn may_be_object(&self, schema: &SchemaRef<'a>) -> bool {
        if !schema.others.is_empty() || !schema.alternatives.is_empty() {
            return true;
        }
        let mut here = schema.schema;
        for _ in 0..LEVELS.most {
            let reference = match here {
                Target::Inline(schema) => {
                    return match &schema.schema_kind {
                        SchemaKind::Type(ty) => matches!(ty, Type::Object(_)),
                        SchemaKind::Any(any) => !any.typ.as_deref().is_some_and(is_without_members),
                        SchemaKind::Not { .. } => false,
                        _ => true,
                    };
                }
                Target::Reference(reference) => reference,
            };
            let name = reference::component_name(reference, KIND);
            let Some((_, target)) = name.and_then(|name| self.component(&name)) else {
                return false;
            };
            here = Target::of(target);
        }
        false
    }

    fn component(&self, name: &str) -> Option<(&'a str, &'a ReferenceOr<Schema>)> {
        let (name, schema) = self.api.components.as_ref()?.schemas.get_key_value(name)?;
        Some((name, schema))
    }
}

impl<'a> Shape<'a> {
    /// What is said of the type itself, not of one place that has it.
    pub(crate) fn type_description(&self) -> Option<&'a str> {
        self.own_description.or(self.description)
    }

    /// Whether a value of it is a secret: by what the document says, else by what its name says.
    pub(crate) fn is_secret(&self, by_name: bool) -> bool {
        self.stated_secret.unwrap_or(self.is_password || by_name)
    }
}

/// A scalar as it stands on the wire.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

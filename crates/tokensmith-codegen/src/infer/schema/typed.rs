//! What the type of a schema says, and its examples.

use openapiv3::{
    AdditionalProperties, AnySchema, ObjectType, ReferenceOr, Schema, SchemaData, StringFormat,
    StringType, Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::{Kind, SchemaRef, Shape, scalar_text};
use crate::pointer;
use crate::repair::normalize;

/// Whether an object has no members but those that are declared.
fn is_closed(additional: Option<&AdditionalProperties>) -> bool {
    matches!(additional, Some(AdditionalProperties::Any(false)))
}

impl<'a> Shape<'a> {
    pub(super) fn typed(&mut self, ty: &'a Type) {
        match ty {
            Type::String(text) => self.text(text),
            Type::Number(number) => {
                self.kind = Kind::Number;
                self.values = written(&number.enumeration);
                self.is_password |= is_password(&number.format);
            }
            Type::Integer(integer) => {
                self.kind = Kind::Integer;
                self.values = written(&integer.enumeration);
                self.is_password |= is_password(&integer.format);
            }
            Type::Boolean(boolean) => {
                self.kind = Kind::Boolean;
                self.values = written(&boolean.enumeration);
            }
            Type::Object(ObjectType {
                properties,
                required,
                additional_properties,
                ..
            }) => {
                self.kind = Kind::Object;
                self.is_closed = is_closed(additional_properties.as_ref());
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
            VariantOrUnknownOrEmpty::Item(StringFormat::Date) => Some("date".to_owned()),
            VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Some("date-time".to_owned()),
            VariantOrUnknownOrEmpty::Unknown(format) => {
                self.is_password |= format == "jwt";
                Some(format.clone())
            }
            _ => None,
        };
    }

    pub(super) fn untyped(&mut self, any: &'a AnySchema) {
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
        self.values = any.enumeration.iter().filter_map(scalar_text).collect();
        self.min_length = any.min_length;
        self.max_length = any.max_length;
        self.is_password |= any.format.as_deref() == Some("password");
        self.format = any.format.clone();
        self.is_closed = is_closed(any.additional_properties.as_ref());
        self.object(&any.properties, &any.required);
        let place = pointer::join(&self.pointer, "items");
        self.items = any
            .items
            .as_ref()
            .map(|items| SchemaRef::boxed(items, place));
    }

    pub(super) fn object<M>(&mut self, properties: M, required: &'a [String])
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
}

/// Numbers, or true and false, as they stand on the wire.
fn written<T: ToString>(values: &[Option<T>]) -> Vec<String> {
    values.iter().flatten().map(T::to_string).collect()
}

/// The texts of several examples.
pub(super) fn examples(data: &SchemaData) -> Vec<String> {
    several_examples(data).filter_map(scalar_text).collect()
}

/// The examples that the normalized document has under a key of its own; or what stands in the one that is a list. The values of
/// an enum that is not OpenAPI's are examples too: others may be allowed.
pub(super) fn several_examples(data: &SchemaData) -> impl Iterator<Item = &Value> {
    let several = data.extensions.get(normalize::EXAMPLES);
    let examples = several.or(data.example.as_ref());
    let examples = examples.and_then(Value::as_array);
    vendor_values(data).chain(examples.into_iter().flatten())
}

/// The values of an enum that is a vendor's own.
pub(super) fn vendor_values(data: &SchemaData) -> impl Iterator<Item = &Value> {
    let open = ["x-enum", "x-extensible-enum"].map(|key| data.extensions.get(key));
    let lists = open.into_iter().flatten();
    lists.filter_map(Value::as_array).flatten()
}

/// Whether the format of a number is that of a secret, which OpenAPI knows of texts only.
fn is_password<T>(format: &VariantOrUnknownOrEmpty<T>) -> bool {
    matches!(format, VariantOrUnknownOrEmpty::Unknown(format) if format == "password")
}

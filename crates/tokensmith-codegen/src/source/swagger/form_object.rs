//! Objects among the fields of a form: Swagger 2.0 has no such fields, and their properties are meant.

use serde_json::{Value, json};

use super::Moves;
use super::body::form;
use super::operation::Placed;
use crate::model::name::letters;
use crate::pointer;

/// More steps through `$ref` than this are no way to a schema.
const MAX_STEPS: usize = 16;

/// The fields that are objects, and the others. Beside a field for the grant type an object is one field of many.
pub(super) fn split(fields: Vec<Placed>, schemas: Option<&Value>) -> (Vec<Placed>, Vec<Placed>) {
    let is_grant = |(field, _): &Placed| {
        let name = field.get("name").and_then(Value::as_str);
        name.is_some_and(|name| letters(name) == "granttype")
    };
    if fields.iter().any(is_grant) {
        return (Vec::new(), fields);
    }
    let is_object = |(field, _): &Placed| {
        let schema = field.get("schema");
        schema.is_some_and(|schema| is_object(schema, schemas))
    };
    fields.into_iter().partition(is_object)
}

/// Whether a schema is an object's. One that stands elsewhere is: a value has no reason to.
fn is_object(schema: &Value, schemas: Option<&Value>) -> bool {
    let mut schema = schema;
    for _ in 0..MAX_STEPS {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            let is_called = schema.get("type").is_some_and(|name| name == "object");
            let has = |key: &str| schema.get(key).is_some();
            return is_called
                || ["properties", "allOf", "anyOf", "oneOf"]
                    .iter()
                    .any(|key| has(key));
        };
        let name = pointer::of_reference(reference).and_then(|at| {
            let mut tokens: Vec<String> = pointer::tokens(&at).collect();
            tokens.pop()
        });
        match name.and_then(|name| schemas?.get(name)) {
            Some(next) => schema = next,
            None => return true,
        }
    }
    false
}

/// The media type whose schema has the properties of objects, and the fields.
pub(super) fn media_type(
    objects: &[Placed],
    fields: &[Placed],
    to: &str,
    moves: &mut Moves,
) -> Value {
    let schema = |object: &Value| object.get("schema").cloned().unwrap_or_else(|| json!({}));
    let at = pointer::join(to, "schema");
    if let ([(object, from)], []) = (objects, fields) {
        moves.push((at, pointer::join(from, "schema")));
        return json!({ "schema": schema(object) });
    }
    let mut parts = Vec::new();
    for (index, (object, from)) in objects.iter().enumerate() {
        let place = pointer::join_all(&at, &["allOf", &index.to_string()]);
        moves.push((place, pointer::join(from, "schema")));
        parts.push(schema(object));
    }
    let mut media = json!({});
    if let Some((_, first)) = fields.first() {
        let place = pointer::join_all(&at, &["allOf", &parts.len().to_string()]);
        let list = pointer::parent(first).unwrap_or_default();
        for part in ["", "/properties"] {
            moves.push((place.clone() + part, list.to_owned()));
        }
        let mut made = Moves::new();
        media = form(fields, "", &mut made);
        let rest = |to: &str| to.strip_prefix("/schema").map(|rest| place.clone() + rest);
        let made = made.into_iter();
        moves.extend(made.filter_map(|(to, from)| Some((rest(&to)?, from))));
        parts.push(media["schema"].take());
    }
    media["schema"] = json!({ "allOf": parts });
    media
}

//! The request body that parameters make.

use serde_json::{Map, Value, json};

use super::operation::Placed;
use super::{Moves, Oddity, form_object, parameter};
use crate::pointer;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
pub(super) const JSON: &str = "application/json";

pub(super) fn raised(parameters: Vec<Placed>, at: &str, moves: &mut Moves) -> Vec<Value> {
    let raised = parameters
        .into_iter()
        .enumerate()
        .map(|(index, (mut value, from))| {
            let to = pointer::join(at, &index.to_string());
            if to != from {
                moves.push((to.clone(), from.clone()));
            }
            parameter::raise(&mut value, &to, &from, moves);
            value
        });
    raised.collect()
}

/// The request body that `body` and `formData` parameters make, and what is odd about them; `schemas` are those that references
/// name.
pub(super) fn body(
    parameters: Vec<Placed>,
    consumes: &[String],
    schemas: Option<&Value>,
    to: &str,
    moves: &mut Moves,
) -> (Value, Option<Oddity>) {
    let (mut fields, mut whole): (Vec<_>, Vec<_>) = parameters
        .into_iter()
        .partition(|(value, _)| parameter::is_of_form(value));
    // There can be one only; where there are several, each is meant as a field.
    let are_fields = whole.iter().all(|(value, _)| parameter::is_scalar(value))
        && (whole.len() > 1
            || whole
                .iter()
                .any(|(value, _)| value.get("name") == Some(&json!("grant_type"))));
    let mut oddity = (whole.len() > 1).then_some(Oddity::FirstBody);
    if are_fields {
        fields.append(&mut whole);
        oddity = Some(Oddity::Fields);
    }
    whole.truncate(1);
    if fields.is_empty() {
        return (whole_body(whole, consumes, to, moves), oddity);
    }
    let media = if whole.is_empty() {
        let is_form = |media: &&String| {
            let media = media.to_ascii_lowercase();
            media.starts_with(FORM) || media.starts_with(MULTIPART)
        };
        let has_file = fields
            .iter()
            .any(|(field, _)| field.get("type") == Some(&json!("file")));
        let default = if has_file { MULTIPART } else { FORM };
        let has_form = consumes.iter().any(|media| is_form(&media));
        let is_written = |media: &&String| is_form(media) || are_fields && !has_form;
        or_default(consumes.iter().filter(is_written), default)
    } else {
        oddity = oddity.or(Some(Oddity::BodyAndFields));
        or_default(consumes.iter(), JSON)
    };
    let (objects, fields) = form_object::split(fields, schemas);
    if !objects.is_empty() {
        oddity = oddity.or(Some(Oddity::FormObject));
    }
    let objects: Vec<Placed> = whole.into_iter().chain(objects).collect();
    (united(&objects, &fields, media, to, moves), oddity)
}

/// The body that one parameter is.
fn whole_body(whole: Vec<Placed>, consumes: &[String], to: &str, moves: &mut Moves) -> Value {
    let mut content = Map::new();
    let mut body = Map::new();
    if let Some((parameter, from)) = whole.into_iter().next() {
        moves.push((to.to_owned(), from.clone()));
        for media in or_default(consumes.iter(), JSON) {
            let place = pointer::join_all(to, &["content", &media, "schema"]);
            moves.push((place, pointer::join(&from, "schema")));
            let schema = parameter.get("schema").cloned();
            content.insert(
                media,
                json!({"schema": schema.unwrap_or_else(|| json!({}))}),
            );
        }
        for key in ["description", "required"] {
            if let Some(value) = parameter.get(key) {
                body.insert(key.to_owned(), value.clone());
            }
        }
    }
    body.insert("content".to_owned(), Value::Object(content));
    Value::Object(body)
}

/// The body whose members are the properties of objects, and fields.
fn united(
    objects: &[Placed],
    fields: &[Placed],
    media: Vec<String>,
    to: &str,
    moves: &mut Moves,
) -> Value {
    let mut body = Map::new();
    let Some((_, first)) = fields.first().or(objects.first()) else {
        return Value::Object(body);
    };
    let list = pointer::parent(first).unwrap_or_default();
    // Its content, and the media types in that, are the list as a whole.
    moves.push((to.to_owned(), list.to_owned()));
    moves.push((pointer::join(to, "content"), list.to_owned()));
    let mut content = Map::new();
    for media in media {
        let place = pointer::join_all(to, &["content", &media]);
        moves.push((place.clone(), list.to_owned()));
        let value = if objects.is_empty() {
            for part in ["/schema", "/schema/properties"] {
                moves.push((place.clone() + part, list.to_owned()));
            }
            form(fields, &place, moves)
        } else {
            form_object::media_type(objects, fields, &place, moves)
        };
        content.insert(media, value);
    }
    let description = objects.first().and_then(|(one, _)| one.get("description"));
    if let Some(description) = description {
        body.insert("description".to_owned(), description.clone());
    }
    let is_required = |(field, _): &Placed| is_true(field.get("required"));
    if fields.iter().chain(objects).any(is_required) {
        body.insert("required".to_owned(), json!(true));
    }
    body.insert("content".to_owned(), Value::Object(content));
    Value::Object(body)
}

/// Some put it in quotes.
fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| *value == json!(true) || *value == json!("true"))
}

pub(super) fn or_default<'a>(
    media: impl Iterator<Item = &'a String>,
    default: &str,
) -> Vec<String> {
    let media: Vec<String> = media.cloned().collect();
    if media.is_empty() {
        vec![default.to_owned()]
    } else {
        media
    }
}

/// The media type whose schema has the fields as its properties.
pub(super) fn form(fields: &[Placed], to: &str, moves: &mut Moves) -> Value {
    let (mut properties, mut encoding) = (Map::new(), Map::new());
    let mut required = Vec::new();
    for (field, from) in fields {
        let Some(name) = field.get("name").and_then(Value::as_str) else {
            continue;
        };
        let mut members = field.as_object().cloned().unwrap_or_default();
        if let Some((style, explode)) = parameter::style(&mut members) {
            let style = json!({"style": style, "explode": explode});
            encoding.insert(name.to_owned(), style);
        }
        if is_true(field.get("required")) {
            required.push(json!(name));
        }
        let mut schema = match members.remove("schema") {
            Some(Value::Object(schema)) => schema,
            _ => parameter::take_schema(&mut members),
        };
        for (key, value) in members {
            if key == "description" || key == "example" || key.starts_with("x-") {
                schema.entry(key).or_insert(value);
            }
        }
        let place = pointer::join_all(to, &["schema", "properties", name]);
        moves.push((place, from.clone()));
        properties.insert(name.to_owned(), Value::Object(schema));
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = Value::Array(required);
    }
    let mut media = json!({ "schema": schema });
    if !encoding.is_empty() {
        media["encoding"] = Value::Object(encoding);
    }
    media
}

//! Operations: their body, and the media types of what they send and get.

use serde_json::{Map, Value, json};

use super::{Moves, Oddity, form_object, parameter, servers};
use crate::openapi::grammar::METHODS;
use crate::openapi::reference::{self, Located};
use crate::pointer;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
const JSON: &str = "application/json";

/// What the whole document sends and gets, where an operation says nothing.
pub(super) struct MediaTypes {
    pub(super) consumes: Vec<String>,
    pub(super) produces: Vec<String>,
}

impl MediaTypes {
    pub(super) fn of(owner: &Map<String, Value>) -> Self {
        Self {
            consumes: list(owner.get("consumes")).unwrap_or_default(),
            produces: list(owner.get("produces")).unwrap_or_default(),
        }
    }
}

fn list(value: Option<&Value>) -> Option<Vec<String>> {
    let texts = |value: &Value| value.as_str().map(str::to_owned);
    match value? {
        Value::Array(items) => Some(items.iter().filter_map(texts).collect()),
        // A single one, though a list was asked for.
        one => texts(one).map(|one| vec![one]),
    }
}

/// What operations share.
pub(super) struct Context<'a> {
    pub(super) media: &'a MediaTypes,
    /// The document's `parameters`, as they were.
    pub(super) parameters: &'a Value,
    /// The document's `definitions`.
    pub(super) schemas: Option<&'a Value>,
}

/// A parameter and where it was.
pub(super) type Placed = (Value, String);

impl Context<'_> {
    /// Raises the operations of a path item. Returns their request bodies that are odd.
    pub(super) fn item(
        &self,
        item: &mut Value,
        at: &str,
        root: &Map<String, Value>,
        moves: &mut Moves,
    ) -> Vec<(String, Oddity)> {
        let mut oddities = Vec::new();
        let Some(item) = item.as_object_mut() else {
            return oddities;
        };
        let place = pointer::join(at, "parameters");
        let (of_body, others) = self.split(item.remove("parameters"), &place);
        for method in METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else {
                continue;
            };
            let at = pointer::join(at, method);
            oddities.extend(self.operation(operation, &of_body, &at, moves));
            // The scheme may be another for one operation.
            if let Some(schemes) = operation.remove("schemes")
                && let Some((servers, _)) = servers(root, Some(&schemes))
                && root.get("servers") != Some(&servers)
            {
                let (to, from) = (pointer::join(&at, "servers"), pointer::join(&at, "schemes"));
                for part in ["", "/0", "/0/url"] {
                    moves.push((to.clone() + part, from.clone()));
                }
                operation.insert("servers".to_owned(), servers);
            }
        }
        let others = raised(others, &place, moves);
        if !others.is_empty() {
            item.insert("parameters".to_owned(), Value::Array(others));
        }
        oddities
    }

    fn operation(
        &self,
        operation: &mut Map<String, Value>,
        inherited: &[Placed],
        at: &str,
        moves: &mut Moves,
    ) -> Option<(String, Oddity)> {
        let consumes = list(operation.remove("consumes").as_ref());
        let consumes = consumes.as_ref().unwrap_or(&self.media.consumes);
        let produces = list(operation.remove("produces").as_ref());
        let produces = produces.as_ref().unwrap_or(&self.media.produces);
        let place = pointer::join(at, "parameters");
        let (mut of_body, others) = self.split(operation.remove("parameters"), &place);
        for inherited in inherited {
            let is_same = |(own, _): &Placed| {
                own.get("name") == inherited.0.get("name") && own.get("in") == inherited.0.get("in")
            };
            if !of_body.iter().any(is_same) {
                of_body.push(inherited.clone());
            }
        }
        let others = raised(others, &place, moves);
        if !others.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(others));
        }
        let mut odd = None;
        if !of_body.is_empty() && !operation.contains_key("requestBody") {
            let to = pointer::join(at, "requestBody");
            let (body, oddity) = body(of_body, consumes, self.schemas, &to, moves);
            operation.insert("requestBody".to_owned(), body);
            odd = oddity.map(|oddity| (to, oddity));
        }
        let place = pointer::join(at, "responses");
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for (status, declared) in responses.into_iter().flatten() {
            let at = pointer::join(&place, status);
            response(declared, produces, &at, &at, moves);
        }
        odd
    }

    /// The parameters of the body, their references followed, and the others.
    fn split(&self, parameters: Option<Value>, at: &str) -> (Vec<Placed>, Vec<Placed>) {
        let Some(Value::Array(parameters)) = parameters else {
            return (Vec::new(), Vec::new());
        };
        let placed = parameters.into_iter().enumerate().map(|(index, value)| {
            let at = pointer::join(at, &index.to_string());
            match self.shared(&value, &at) {
                Some(shared) if parameter::is_of_body(&shared.0) => shared,
                _ => (value, at),
            }
        });
        placed.partition(|(value, _)| parameter::is_of_body(value))
    }

    /// What a reference into the document's `parameters` ends at, and where that stands.
    fn shared(&self, value: &Value, at: &str) -> Option<Placed> {
        value.get("$ref")?;
        let end = reference::follow(value, at, |reference, place| {
            let pointer = pointer::of_reference(reference);
            let target = pointer.and_then(|pointer| {
                let below = pointer.strip_prefix("/parameters")?;
                let value = self.parameters.pointer(below)?;
                Some(Located { value, pointer })
            });
            target.ok_or_else(|| reference::dangling(place, reference))
        });
        let end = end.ok()?;
        Some((end.value.clone(), end.pointer))
    }
}

fn raised(parameters: Vec<Placed>, at: &str, moves: &mut Moves) -> Vec<Value> {
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

fn or_default<'a>(media: impl Iterator<Item = &'a String>, default: &str) -> Vec<String> {
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

/// Raises a response; it is at `to` now and was at `from`.
pub(super) fn response(
    response: &mut Value,
    produces: &[String],
    to: &str,
    from: &str,
    moves: &mut Moves,
) {
    let Some(members) = response.as_object_mut() else {
        return;
    };
    let schema = members.remove("schema");
    let examples = members.remove("examples");
    let examples = examples.as_ref().and_then(Value::as_object);
    let headers = members.get_mut("headers").and_then(Value::as_object_mut);
    for (name, header) in headers.into_iter().flatten() {
        let at = |owner: &str| pointer::join_all(owner, &["headers", name]);
        parameter::raise(header, &at(to), &at(from), moves);
    }
    // Examples may be all that is said of a body.
    if schema.is_none() && examples.is_none_or(Map::is_empty) {
        return;
    }
    let mut content = Map::new();
    for (index, media) in or_default(produces.iter(), JSON).into_iter().enumerate() {
        let at = |owner: &str, keys: &[&str]| pointer::join_all(owner, keys);
        let mut value = match &schema {
            Some(schema) => json!({ "schema": schema }),
            None => json!({}),
        };
        if let Some(example) = examples.and_then(|examples| examples.get(&media)) {
            value["example"] = example.clone();
            moves.push((
                at(to, &["content", &media, "example"]),
                at(from, &["examples", &media]),
            ));
        } else if let Some(named) = examples.filter(|examples| index == 0 && are_named(examples)) {
            // Swagger has them by media types; others give them names, as OpenAPI 3 does. Which media type they are in
            // is not said: they are shown in the first.
            for (name, example) in named {
                value["examples"][name] = match example.get("value") {
                    Some(_) => example.clone(),
                    None => json!({ "value": example }),
                };
            }
            moves.push((
                at(to, &["content", &media, "examples"]),
                at(from, &["examples"]),
            ));
        }
        // Without a schema, a media type that has no example has nothing.
        if value.as_object().is_some_and(Map::is_empty) {
            continue;
        }
        if schema.is_some() {
            moves.push((
                at(to, &["content", &media, "schema"]),
                at(from, &["schema"]),
            ));
        }
        content.insert(media, value);
    }
    members.insert("content".to_owned(), Value::Object(content));
}

/// Whether examples are objects under names, and none is under a media type.
fn are_named(examples: &Map<String, Value>) -> bool {
    let mut all = examples.iter();
    !examples.is_empty() && all.all(|(name, example)| !name.contains('/') && example.is_object())
}

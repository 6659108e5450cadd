//! Reads an operation with all that it refers to.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::keyword::{CONDITIONS, LIMITS, OF_PARAMETER, OTHERS, says};
use super::subject::Subject;
use super::{Depth, Fact, Kind, MOST};
use crate::openapi::direction::Direction;
use crate::openapi::grammar::{self, Member, Part};
use crate::openapi::media::Media;
use crate::openapi::operation::{Operation, Parameter, Response};
use crate::openapi::reference::{Located, resolve};
use crate::pointer;

/// Schemas within a schema of which everything is told too; of others the keyword is.
const DESCENDED: [&str; 2] = ["items", "additionalProperties"];

pub(super) struct Reader<'a, 'n> {
    root: &'a Value,
    looked_at: &'n mut usize,
    found: Vec<Fact<'a>>,
    seen: BTreeSet<(Direction, Depth, &'a str, String)>,
    /// Schemas wait here, so that no chain of references is too long for the stack.
    open: VecDeque<Open<'a>>,
}

/// A schema that is still to be looked at, and whose it is.
struct Open<'a> {
    subject: Subject<'a>,
    schema: &'a Value,
    pointer: String,
}

impl<'a, 'n> Reader<'a, 'n> {
    pub(super) fn new(root: &'a Value, looked_at: &'n mut usize) -> Self {
        Self {
            root,
            looked_at,
            found: Vec::new(),
            seen: BTreeSet::new(),
            open: VecDeque::new(),
        }
    }

    pub(super) fn read(mut self, operation: Operation<'a>) -> Vec<Fact<'a>> {
        self.operation(operation);
        self.found
    }

    fn operation(&mut self, operation: Operation<'a>) {
        let whole = Subject::of_body(Direction::Request, "");
        self.keywords(whole, operation.members, operation.pointer, &["deprecated"]);
        for server in operation.servers() {
            self.tell(Kind::Server, whole, server.value, server.pointer);
        }
        for requirement in operation.security() {
            self.tell(
                Kind::Security,
                whole,
                requirement.value,
                requirement.pointer,
            );
        }
        for parameter in operation.parameters() {
            self.parameter(&parameter);
        }
        for media in operation.requests() {
            self.media(Direction::Request, media);
        }
        for response in operation.responses() {
            self.response(response);
        }
        while let Some(open) = self.open.pop_front() {
            self.schema(open);
        }
    }

    fn parameter(&mut self, parameter: &Parameter<'a>) {
        let subject = match is_body(parameter.value) {
            true => Subject::of_body(Direction::Request, parameter.name),
            false => Subject::of_value(Direction::Request, parameter.name),
        };
        let is_required = parameter.value.get("required") == Some(&Value::Bool(true));
        let (value, at) = (parameter.value, parameter.pointer.clone());
        self.tell_required(Kind::Parameter, subject, value, at, is_required);
        self.described(subject, parameter.value, &parameter.pointer);
    }

    /// A parameter or a header: what is said of its value, and how that is written.
    fn described(&mut self, subject: Subject<'a>, value: &'a Value, at: &str) {
        let Some(members) = value.as_object() else {
            return;
        };
        self.keywords(subject, members, at, &OF_PARAMETER);
        if let Some(schema) = members.get("schema") {
            self.push(subject, schema, pointer::join(at, "schema"));
        }
        let content = members.get("content").and_then(Value::as_object);
        for (name, media) in content.into_iter().flatten() {
            if let Some(schema) = media.get("schema") {
                let at = pointer::join_all(at, &["content", name, "schema"]);
                self.push(subject, schema, at);
            }
        }
    }

    fn media(&mut self, direction: Direction, media: Media<'a>) {
        let schema = media.schema();
        let Media {
            name,
            value,
            pointer,
        } = media;
        let subject = Subject::of_body(direction, name);
        self.tell(Kind::MediaType, subject, value, pointer.clone());
        let encodings = value.get("encoding").and_then(Value::as_object);
        for (name, encoding) in encodings.into_iter().flatten() {
            let at = pointer::join_all(&pointer, &["encoding", name]);
            let subject = Subject::of_body(direction, name);
            self.tell(Kind::Keyword("encoding"), subject, encoding, at);
        }
        if let Some(schema) = schema {
            let body = Subject::of_body(direction, "");
            self.push(body, schema.value, schema.pointer);
        }
    }

    fn response(&mut self, response: Response<'a>) {
        let direction = Direction::Response;
        let status = Subject::of_body(direction, response.status);
        let headers = response.value.get("headers").and_then(Value::as_object);
        for (name, header) in headers.into_iter().flatten() {
            let at = pointer::join_all(&response.pointer, &["headers", name]);
            if let Ok(Located { value, pointer }) = resolve(self.root, header, &at) {
                let subject = Subject::of_value(direction, name);
                self.tell(Kind::Header, subject, value, pointer.clone());
                self.described(subject, value, &pointer);
            }
        }
        for media in response.bodies(self.root) {
            self.media(direction, media);
        }
        let Located { value, pointer } = response.declared;
        self.tell(Kind::Response, status, value, pointer);
    }

    fn schema(&mut self, open: Open<'a>) {
        let Some(members) = open.schema.as_object() else {
            return;
        };
        let (at, subject) = (open.pointer.as_str(), open.subject);
        if members.contains_key("$ref")
            && let Ok(Located { value, pointer }) = resolve(self.root, open.schema, at)
        {
            self.push(subject, value, pointer);
        }
        for keys in [&OTHERS[..], &LIMITS, &CONDITIONS] {
            self.keywords(subject, members, at, keys);
        }
        self.values(subject, members, at);
        self.properties(subject, members, at);
        for (key, member) in members {
            let at = || pointer::join(at, key);
            match (grammar::member(Part::Schema, key), member) {
                (Member::One(Part::Schema), schema) if DESCENDED.contains(&key.as_str()) => {
                    self.push(subject.item(), schema, at());
                }
                (Member::List(Part::Schema), Value::Array(parts)) => {
                    let at = at();
                    for (index, part) in parts.iter().enumerate() {
                        let at = pointer::join(&at, &index.to_string());
                        if key == "oneOf" || key == "anyOf" {
                            self.tell(Kind::Branch, subject, part, at.clone());
                        }
                        self.push(subject, part, at);
                    }
                }
                _ => {}
            }
        }
    }

    fn values(&mut self, subject: Subject<'a>, members: &'a Map<String, Value>, at: &str) {
        let values = members.get("enum").and_then(Value::as_array);
        for (index, value) in values.into_iter().flatten().enumerate() {
            let at = pointer::join_all(at, &["enum", &index.to_string()]);
            self.tell(Kind::EnumValue, subject, value, at);
        }
        if let Some(value) = members.get("const") {
            let at = pointer::join(at, "const");
            self.tell(Kind::EnumValue, subject, value, at);
        }
    }

    fn properties(&mut self, subject: Subject<'a>, members: &'a Map<String, Value>, at: &str) {
        let direction = subject.direction;
        let required = members.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().enumerate();
        let required: Vec<(usize, &Value, &str)> = required
            .filter_map(|(index, name)| Some((index, name, name.as_str()?)))
            .collect();
        let is_required: BTreeSet<&str> = required.iter().map(|(_, _, name)| *name).collect();
        let properties = members.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let is_sent = direction.always().contains(&name.as_str());
            if !is_sent && direction.excludes(self.root, property) {
                continue;
            }
            let at = pointer::join_all(at, &["properties", name]);
            let is_required = is_required.contains(name.as_str());
            let of_property = Subject { name, ..subject };
            self.tell_required(
                Kind::Property,
                of_property,
                property,
                at.clone(),
                is_required,
            );
            self.push(subject.inside(name), property, at);
        }
        for (index, value, name) in required {
            if properties.is_none_or(|properties| !properties.contains_key(name)) {
                let at = pointer::join_all(at, &["required", &index.to_string()]);
                let of_property = Subject { name, ..subject };
                self.tell_required(Kind::Required, of_property, value, at, true);
            }
        }
    }

    /// Tells of the members with these keys.
    fn keywords(
        &mut self,
        subject: Subject<'a>,
        members: &'a Map<String, Value>,
        at: &str,
        keys: &[&'static str],
    ) {
        for &key in keys {
            let Some(value) = members.get(key).filter(|value| says(key, value)) else {
                continue;
            };
            let kind = match key {
                "default" => Kind::Default,
                "deprecated" => Kind::Deprecated,
                key => Kind::Keyword(key),
            };
            self.tell(kind, subject, value, pointer::join(at, key));
        }
    }

    fn push(&mut self, subject: Subject<'a>, schema: &'a Value, pointer: String) {
        let whose = match (subject.direction, subject.depth) {
            (Direction::Request, Depth::Value) => subject.name,
            _ => "",
        };
        let key = (subject.direction, subject.depth, whose, pointer.clone());
        if self.is_allowed() && self.seen.insert(key) {
            self.open.push_back(Open {
                subject,
                schema,
                pointer,
            });
        }
    }

    fn tell(&mut self, kind: Kind, subject: Subject<'a>, value: &'a Value, at: String) {
        self.tell_required(kind, subject, value, at, false);
    }

    fn tell_required(
        &mut self,
        kind: Kind,
        subject: Subject<'a>,
        value: &'a Value,
        pointer: String,
        is_required: bool,
    ) {
        if self.is_allowed() {
            self.found.push(Fact {
                kind,
                direction: subject.direction,
                name: subject.name,
                parameter: subject.parameter,
                is_required,
                depth: subject.depth,
                value,
                pointer,
            });
        }
    }

    fn is_allowed(&mut self) -> bool {
        *self.looked_at += 1;
        *self.looked_at <= MOST
    }
}

/// Whether a parameter is the body, or a part of it: some documents have bodies there, as Swagger 2.0 does.
pub(crate) fn is_body(parameter: &Value) -> bool {
    let place = parameter.get("in").and_then(Value::as_str);
    place.is_some_and(|place| ["body", "form", "formData"].contains(&place))
}

//! Operations: their body, and the media types of what they send and get.

use serde_json::{Map, Value};

use super::body::{body, raised};
use super::response::response;
use super::{Moves, Oddity, parameter, servers};
use crate::openapi::grammar::METHODS;
use crate::openapi::reference::{self, Located};
use crate::pointer;

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

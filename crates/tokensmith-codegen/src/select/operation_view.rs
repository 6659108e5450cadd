//! An operation as it is looked at while nobody knows what it is for: the names of what it takes and gives.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::documents::Documents;
use crate::openapi::media::values_of_examples;
use crate::openapi::reference::Located;
use crate::openapi::schema::Schema;

/// To follow the reference of a parameter, or of a schema, takes as long as to look at so many names.
const PARAMETER: usize = 16;

pub(super) const SCHEMA: usize = 4;

/// Names of parameters or properties.
pub(super) type Names<'a> = BTreeSet<Cow<'a, str>>;

pub(super) struct OperationView<'a> {
    pub(super) documents: Documents<'a>,
    pub(super) item: &'a Value,
    pub(super) operation: &'a Value,
    /// The parameters that stand in the query of its path.
    pub(super) path_query: Vec<String>,
    /// What it takes and gives, once something has asked: both are far to walk to.
    parameter_names: OnceCell<Names<'a>>,
    success_names: OnceCell<Names<'a>>,
}

impl<'a> OperationView<'a> {
    pub(super) fn new(documents: Documents<'a>, item: &'a Value, operation: &'a Value) -> Self {
        Self {
            documents,
            item,
            operation,
            path_query: Vec::new(),
            parameter_names: OnceCell::new(),
            success_names: OnceCell::new(),
        }
    }

    /// The security that the operation asks for: its own, or what the document asks for everywhere.
    pub(super) fn security(&self) -> Option<&'a Value> {
        let of_all = || self.documents.root.get("security");
        self.operation.get("security").or_else(of_all)
    }

    /// Names of the parameters and of the properties of every request body.
    pub(super) fn parameter_names(&self) -> &Names<'a> {
        self.parameter_names
            .get_or_init(|| self.find_parameter_names())
    }

    fn find_parameter_names(&self) -> Names<'a> {
        let in_path = self.path_query.iter().cloned().map(Cow::from);
        let mut names: BTreeSet<Cow<'a, str>> = in_path.collect();
        for owner in [self.item, self.operation] {
            let parameters = self.member(owner, "parameters");
            for parameter in items(parameters) {
                if !self.documents.may_look_at(PARAMETER) {
                    return names;
                }
                if let Ok(Located { value, .. }) = self.documents.resolve(parameter, "") {
                    names.extend(value.get("name").and_then(Value::as_str).map(Cow::from));
                    // Some put the whole body there, as Swagger 2.0 does.
                    let is_body = value.get("in").is_some_and(|place| place == "body");
                    if let Some(schema) = value.get("schema").filter(|_| is_body) {
                        self.property_names(schema, &mut names, &mut BTreeSet::new(), 0);
                    }
                }
            }
        }
        if let Some(body) = self.operation.get("requestBody") {
            self.content_names(body, &mut names, &mut BTreeSet::new(), 0);
        }
        names
    }

    /// Names of the properties of every success.
    pub(super) fn success_names(&self) -> &Names<'a> {
        self.success_names.get_or_init(|| self.find_success_names())
    }

    fn find_success_names(&self) -> Names<'a> {
        let mut names = BTreeSet::new();
        let responses = self.member(self.operation, "responses");
        let responses = responses.and_then(Value::as_object);
        for (_, response) in responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
        {
            self.content_names(response, &mut names, &mut BTreeSet::new(), 0);
        }
        names
    }

    /// Names of the properties of the objects that a success has, without those of the success.
    pub(super) fn inner_success_names(&self) -> Names<'a> {
        let mut names = BTreeSet::new();
        let responses = self.member(self.operation, "responses");
        let responses = responses.and_then(Value::as_object).into_iter().flatten();
        let successes = responses.filter(|(status, _)| status.starts_with('2'));
        let contents = successes
            .filter_map(|(_, response)| self.documents.resolve(response, "").ok())
            .filter_map(|found| self.member(found.value, "content")?.as_object());
        let schemas = contents
            .flat_map(Map::values)
            .filter_map(|media| self.member(media, "schema"));
        let objects = schemas
            .filter_map(|schema| self.member(schema, "properties")?.as_object())
            .flat_map(Map::values);
        let mut seen = BTreeSet::new();
        for object in objects {
            self.property_names(object, &mut names, &mut seen, 1);
        }
        names
    }

    /// A member of an operation, which may be a reference.
    fn member(&self, owner: &'a Value, key: &str) -> Option<&'a Value> {
        let found = self.documents.resolve(owner.get(key)?, "").ok()?;
        Some(found.value)
    }

    /// Names of what a body or a response holds; without `content` it may be a schema, or have one.
    fn content_names(
        &self,
        owner: &'a Value,
        names: &mut Names<'a>,
        seen: &mut BTreeSet<String>,
        depth: usize,
    ) {
        let Ok(Located { value: owner, .. }) = self.documents.resolve(owner, "") else {
            return;
        };
        let Some(content) = self.member(owner, "content").and_then(Value::as_object) else {
            let schema = owner.get("schema").unwrap_or(owner);
            return self.property_names(schema, names, seen, depth + 1);
        };
        for media in content.values() {
            let Ok(Located { value: media, .. }) = self.documents.resolve(media, "") else {
                continue;
            };
            if let Some(schema) = media.get("schema") {
                self.property_names(schema, names, seen, depth + 1);
            }
            for example in examples(media) {
                if !self.documents.may_look_at(example_size(example)) {
                    return;
                }
                example_names(example, names);
            }
        }
    }

    fn property_names(
        &self,
        schema: &'a Value,
        names: &mut Names<'a>,
        seen: &mut BTreeSet<String>,
        depth: usize,
    ) {
        const MAX_DEPTH: usize = 8;
        if !self.documents.may_look_at(SCHEMA) {
            return;
        }
        let Ok(Located { value, pointer }) = self.documents.resolve(schema, "") else {
            return;
        };
        // A component says the same every time, and may contain itself.
        if depth > MAX_DEPTH || !pointer.is_empty() && !seen.insert(pointer) {
            return;
        }
        // A body that was taken for a schema.
        if value.get("properties").is_none() && value.get("content").is_some() {
            return self.content_names(value, names, seen, depth + 1);
        }
        let properties = self.member(value, "properties").and_then(Value::as_object);
        if !self.documents.may_look_at(properties.map_or(0, Map::len)) {
            return;
        }
        for example in examples(value) {
            if !self.documents.may_look_at(example_size(example)) {
                return;
            }
            example_names(example, names);
        }
        names.extend(
            properties
                .into_iter()
                .flat_map(Map::keys)
                .map(|name| Cow::from(name.as_str())),
        );
        names.extend(
            value
                .pointer("/discriminator/propertyName")
                .and_then(Value::as_str)
                .map(Cow::from),
        );
        for (_, _, part) in Schema(value).parts() {
            self.property_names(part, names, seen, depth + 1);
        }
    }
}

/// Parameters as a list; some name them in an object.
fn items(parameters: Option<&Value>) -> Vec<&Value> {
    match parameters {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(named)) => named.values().collect(),
        _ => Vec::new(),
    }
}

fn examples(owner: &Value) -> impl Iterator<Item = &Value> {
    let members = owner.as_object().into_iter();
    members.flat_map(values_of_examples)
}

/// About how many names an example has.
fn example_size(example: &Value) -> usize {
    const NAME: usize = 8;
    match example {
        Value::Object(members) => members.len(),
        Value::String(text) => text.len() / NAME,
        _ => 1,
    }
}

/// Names in an example of a whole body, which may be the text of a form or of JSON.
fn example_names<'a>(example: &'a Value, names: &mut Names<'a>) {
    match example {
        Value::Object(members) => {
            names.extend(members.keys().map(|name| Cow::from(name.as_str())));
        }
        Value::String(text) if text.trim_start().starts_with('{') => {
            if let Ok(Value::Object(members)) = serde_json::from_str(text) {
                names.extend(members.into_iter().map(|(name, _)| Cow::from(name)));
            }
        }
        Value::String(text) if text.contains('=') && !text.contains(char::is_whitespace) => {
            let fields = text.split('&').filter_map(|field| field.split_once('='));
            names.extend(fields.map(|(name, _)| Cow::from(name)));
        }
        _ => {}
    }
}

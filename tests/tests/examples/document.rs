//! The examples of the providers' documents, read by means of this test alone.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use tokensmith_codegen::excerpt::excerpt;
use tokensmith_codegen::{Source, project};
use tokensmith_tests::parameters::Format;

/// A provider's document with its overlay, in one file: its OAuth operations and what they refer to.
pub(crate) struct Document {
    pub(crate) provider: String,
    tree: Value,
}

/// A request to an endpoint, as its examples have it.
#[derive(Debug, Clone)]
pub(crate) struct RequestExample {
    pub(crate) name: String,
    /// How the body is written; `None` where there is none.
    pub(crate) format: Option<Format>,
    pub(crate) body: Map<String, Value>,
    /// What stands in the query, in headers or in the path: the place, the name and the value.
    pub(crate) beside: Vec<(String, String, Value)>,
}

impl RequestExample {
    /// A value by its name, wherever it stands.
    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        let beside = self.beside.iter();
        let mut beside = beside.filter(|(_, other, _)| other == name);
        let in_body = self.body.get(name);
        in_body.or_else(|| beside.next().map(|(_, _, value)| value))
    }

    /// The same request with secrets that share no words with what servers say of refusals, which
    /// would be masked there.
    pub(crate) fn with_secrets_without_words(&self) -> Self {
        let mut request = self.clone();
        let beside = request.beside.iter_mut().map(|(_, _, value)| value);
        for value in request.body.values_mut().chain(beside) {
            let is_made_up = value.as_str().is_some_and(|text| text.contains("not-real"));
            if is_made_up {
                *value = Value::from("x7Kq9ZpV2mWb");
            }
        }
        request
    }

    /// Names and values of a place.
    pub(crate) fn placed(&self, place: &str) -> impl Iterator<Item = (&str, &Value)> {
        let there = self.beside.iter().filter(move |(at, _, _)| at == place);
        there.map(|(_, name, value)| (name.as_str(), value))
    }
}

/// An example of a response.
#[derive(Debug)]
pub(crate) struct ResponseExample {
    pub(crate) name: String,
    pub(crate) status: u16,
    pub(crate) value: Value,
}

/// The provider that alone is tested: the one in the environment variable `TOKENSMITH_PROVIDER`.
pub(crate) fn only() -> Option<String> {
    std::env::var("TOKENSMITH_PROVIDER").ok()
}

/// Every provider's document, or that of the provider that alone is tested.
pub(crate) fn all() -> Vec<Document> {
    let only = only();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let documents = project::documents(&root).expect("specs is a folder");
    let is_wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let documents = documents.into_iter();
    let documents = documents.filter(|document| is_wanted(&document.name));
    let documents = documents.map(|document| {
        let read = |path: &Path| {
            fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let bytes = read(&document.path);
        let overlay = document.overlay.as_deref().map(read);
        let overlay = overlay.as_ref().map(|bytes| Source::new("overlay", bytes));
        let source = Source::new("document", &bytes).in_folder(document.path.parent());
        let text = excerpt(source, overlay)
            .unwrap_or_else(|error| panic!("{}: {}", document.name, error.message));
        Document {
            provider: document.name,
            tree: serde_json::from_str(&text).expect("is JSON"),
        }
    });
    let documents: Vec<Document> = documents.collect();
    let wanted = only.as_deref().unwrap_or("any name");
    assert!(!documents.is_empty(), "no document is called {wanted}");
    documents
}

impl Document {
    /// The keys of the operations at a path, which may differ in what stands behind `#`.
    pub(crate) fn keys<'d>(
        &'d self,
        path: &'d str,
        method: &'d str,
    ) -> impl Iterator<Item = &'d str> {
        let keys = self.tree["paths"].as_object().into_iter().flatten();
        let keys = keys.filter(move |(key, item)| {
            let sent = key.split('#').next();
            sent == Some(path) && item.get(method.to_lowercase()).is_some()
        });
        keys.map(|(key, _)| key.as_str())
    }

    /// The document without the operations that are at the same path under other keys. Prism finds an
    /// operation by its path alone, so that a key has no query there.
    pub(crate) fn with_only(&self, key: &str) -> String {
        let sent = |key: &str| {
            let mut parts = key.split(['?', '#']);
            parts.next().map(str::to_owned).unwrap_or_default()
        };
        let path = sent(key);
        let mut tree = self.tree.clone();
        if let Some(paths) = tree["paths"].as_object_mut() {
            let item = paths.get(key).cloned();
            paths.retain(|other, _| sent(other) != path);
            paths.extend(item.map(|item| (path, item)));
        }
        forget_certificates(&mut tree);
        tree.to_string()
    }

    fn operation(&self, key: &str, method: &str) -> &Value {
        &self.tree["paths"][key][method.to_lowercase()]
    }

    /// The requests to an endpoint: one for each example of a body, or one without a body.
    pub(crate) fn requests(&self, path: &str, method: &str) -> Vec<RequestExample> {
        let operation = self.operation(path, method);
        let name = format!("{} {method} {path}", self.provider);
        let beside = self.beside(path, operation);
        if operation.get("requestBody").is_none() {
            let example = RequestExample {
                name,
                format: None,
                body: Map::new(),
                beside,
            };
            return vec![example];
        }
        let mut found = Vec::new();
        for (media_type, media) in self.content(&operation["requestBody"]) {
            let format = match media_type.as_str() {
                "application/json" => Format::Json,
                "application/x-www-form-urlencoded" => Format::Form,
                other => panic!("{name}: the test cannot read bodies in {other}"),
            };
            for (example, value) in self.examples(media) {
                let Value::Object(body) = value else {
                    panic!("{name} {media_type} {example} is not an object");
                };
                found.push(RequestExample {
                    name: format!("{name} {media_type} {example}"),
                    format: Some(format),
                    body,
                    beside: beside.clone(),
                });
            }
        }
        found
    }

    /// The parameters beside the body that have a value: an example, or the only one that there is.
    fn beside(&self, path: &str, operation: &Value) -> Vec<(String, String, Value)> {
        let shared = &self.tree["paths"][path]["parameters"];
        let all = [shared, &operation["parameters"]];
        let all = all.into_iter().flat_map(|list| list.as_array()).flatten();
        let parameters = all.map(|parameter| self.resolve(parameter));
        let valued = parameters.filter_map(|parameter| {
            let schema = self.resolve(&parameter["schema"]);
            let examples = schema["examples"].get(0);
            let values = [
                parameter.get("example"),
                schema.get("example"),
                examples,
                schema.get("const"),
            ];
            let only = match schema["enum"].as_array().map(Vec::as_slice) {
                Some([only]) => Some(only),
                _ => None,
            };
            let required = parameter["required"] == true;
            let default = schema.get("default").filter(|_| required);
            let value = values.into_iter().flatten().next().or(only).or(default);
            // A path is not one without its parameters.
            let in_path = parameter["in"] == "path";
            let value = value.cloned().or(in_path.then(|| Value::from("example")))?;
            let text = |key: &str| parameter[key].as_str().map(str::to_owned);
            Some((text("in")?, text("name")?, value))
        });
        valued.collect()
    }

    /// The responses of an endpoint, in JSON.
    pub(crate) fn responses(&self, path: &str, method: &str) -> Vec<ResponseExample> {
        let operation = self.operation(path, method);
        let mut found = Vec::new();
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let Ok(status) = status.parse() else { continue };
            for (media_type, media) in self.content(response) {
                for (name, value) in self.examples(media) {
                    found.push(ResponseExample {
                        name: format!("{} {path} {status} {media_type} {name}", self.provider),
                        status,
                        value,
                    });
                }
            }
        }
        found
    }

    /// The statuses whose responses have no body.
    pub(crate) fn bare_statuses(&self, path: &str, method: &str) -> Vec<u16> {
        let responses = self.operation(path, method)["responses"].as_object();
        let bare = responses
            .into_iter()
            .flatten()
            .filter(|(_, response)| self.content(response).next().is_none());
        bare.filter_map(|(status, _)| status.parse().ok()).collect()
    }

    /// What a refusal looks like whose status is not said.
    pub(crate) fn default_responses(&self, path: &str, method: &str) -> Vec<Value> {
        let response = &self.operation(path, method)["responses"]["default"];
        let media = self.content(response).map(|(_, media)| media);
        let examples = media.flat_map(|media| self.examples(media));
        examples.map(|(_, value)| value).collect()
    }

    fn content<'a>(&'a self, owner: &'a Value) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let content = self.resolve(owner)["content"].as_object();
        content.into_iter().flatten()
    }

    fn examples(&self, media: &Value) -> Vec<(String, Value)> {
        let mut examples = Vec::new();
        if let Some(example) = media.get("example") {
            examples.push(("example".to_owned(), example.clone()));
        }
        for (name, example) in media["examples"].as_object().into_iter().flatten() {
            examples.push((name.clone(), self.resolve(example)["value"].clone()));
        }
        examples
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let pointer = reference
                    .strip_prefix('#')
                    .expect("points into the document");
                self.resolve(self.tree.pointer(pointer).expect("points at something"))
            }
            None => value,
        }
    }
}

/// Takes client certificates out of what operations require: Prism does not know them.
fn forget_certificates(tree: &mut Value) {
    let schemes = tree["components"]["securitySchemes"].as_object();
    let schemes = schemes.into_iter().flatten();
    let certificates = schemes.filter(|(_, scheme)| scheme["type"] == "mutualTLS");
    let certificates: Vec<String> = certificates.map(|(name, _)| name.clone()).collect();
    let items = tree["paths"].as_object_mut();
    let items = items.into_iter().flat_map(Map::values_mut);
    let operations = items
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    for operation in operations {
        let required = operation.get_mut("security").and_then(Value::as_array_mut);
        for required in required.into_iter().flatten() {
            if let Some(required) = required.as_object_mut() {
                required.retain(|name, _| !certificates.contains(name));
            }
        }
    }
}

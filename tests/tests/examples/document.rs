//! The examples of the providers' documents, read by means of this test alone.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use tokensmith_codegen::{Source, overlaid, project};
use tokensmith_tests::parameters::Format;

/// A provider's document, its overlay applied.
pub(crate) struct Document {
    pub(crate) provider: String,
    pub(crate) text: String,
    tree: Value,
}

/// An example of a request to a token endpoint.
#[derive(Debug)]
pub(crate) struct RequestExample {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) format: Format,
    pub(crate) members: Map<String, Value>,
}

/// An example of a response of a token endpoint.
#[derive(Debug)]
pub(crate) struct ResponseExample {
    pub(crate) name: String,
    pub(crate) status: u16,
    pub(crate) value: Value,
}

/// Every provider's document.
pub(crate) fn all() -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let documents = project::documents(&root).expect("specs is a folder");
    let documents = documents.into_iter().map(|document| {
        let read = |path: &Path| {
            fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let bytes = read(&document.path);
        let overlay = document.overlay.as_deref().map(read);
        let overlay = overlay.as_ref().map(|bytes| Source::new("overlay", bytes));
        let text = overlaid(Source::new("document", &bytes), overlay).expect("can be read");
        Document {
            provider: document.name,
            tree: serde_json::from_str(&text).expect("is JSON"),
            text,
        }
    });
    documents.collect()
}

impl Document {
    /// The requests that have a `grant_type`.
    pub(crate) fn requests(&self) -> Vec<RequestExample> {
        let mut found = Vec::new();
        for (path, operation) in self.operations() {
            for (media_type, media) in self.content(&operation["requestBody"]) {
                let format = match media_type.as_str() {
                    "application/json" => Format::Json,
                    "application/x-www-form-urlencoded" => Format::Form,
                    _ => continue,
                };
                for (name, value) in self.examples(media) {
                    if let Value::Object(members) = value
                        && members.contains_key("grant_type")
                    {
                        found.push(RequestExample {
                            name: format!("{} {path} {media_type} {name}", self.provider),
                            path: path.clone(),
                            format,
                            members,
                        });
                    }
                }
            }
        }
        found
    }

    /// Whether any request has a body that an example could be of.
    pub(crate) fn has_bodies(&self) -> bool {
        self.operations()
            .any(|(_, operation)| operation.get("requestBody").is_some())
    }

    /// The responses to such requests, in JSON.
    pub(crate) fn responses(&self) -> Vec<ResponseExample> {
        let paths: Vec<String> = self
            .requests()
            .into_iter()
            .map(|request| request.path)
            .collect();
        let mut found = Vec::new();
        for (path, operation) in self.operations().filter(|(path, _)| paths.contains(path)) {
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
        }
        found
    }

    fn operations(&self) -> impl Iterator<Item = (String, &Value)> {
        let paths = self.tree["paths"].as_object().into_iter().flatten();
        paths.filter_map(|(path, item)| Some((path.clone(), item.get("post")?)))
    }

    fn content<'a>(&'a self, owner: &'a Value) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.resolve(owner)["content"]
            .as_object()
            .into_iter()
            .flatten()
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

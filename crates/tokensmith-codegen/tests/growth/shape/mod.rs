//! Documents of one keyword each, as broad, as deep and as repetitive as is asked for.

mod file;
mod multiplied;
mod operation;
mod parameter;
mod product;
mod reference;
mod schema;
mod server;
mod text;
mod value;

use serde_json::{Map, Value, json};

/// How much of a keyword there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// How many stand beside each other.
    pub(crate) breadth: usize,
    /// How many stand within each other.
    pub(crate) depth: usize,
    /// How often each says the same, or how long its text is.
    pub(crate) repetition: usize,
}

/// A document with the files that belong to it.
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) overlay: Option<String>,
    /// Files beside it: path and text.
    pub(crate) beside: Vec<(String, String)>,
}

impl Document {
    /// Bytes of all its files.
    pub(crate) fn length(&self) -> usize {
        let beside = self.beside.iter().map(|(_, text)| text.len());
        let overlay = self.overlay.as_ref().map_or(0, String::len);
        self.text.len() + overlay + beside.sum::<usize>()
    }
}

impl From<Value> for Document {
    fn from(tree: Value) -> Self {
        tree.to_string().into()
    }
}

impl From<String> for Document {
    fn from(text: String) -> Self {
        Self {
            text,
            overlay: None,
            beside: Vec::new(),
        }
    }
}

/// A keyword by name, and the document that has so much of it.
pub(crate) type Shape = (&'static str, fn(Size) -> Document);

/// Where a text of the document's author may stand.
const PLACES: [&str; 14] = [
    "/info/title",
    "/info/description",
    "/servers/0/description",
    "/paths/~1oauth~1token/post/summary",
    "/paths/~1oauth~1token/post/description",
    "/components/schemas/Request/properties/scope/description",
    "/components/schemas/Request/properties/scope/default",
    "/components/schemas/Request/properties/scope/example",
    "/components/schemas/Request/properties/scope/title",
    "/components/schemas/Token/description",
    "/components/schemas/Token/properties/token_type/description",
    "/components/schemas/Error/description",
    "/components/securitySchemes/basic/description",
    "/externalDocs/url",
];

/// The token endpoint of a provider, plain and complete.
fn plain() -> Value {
    let text = || json!({"type": "string"});
    let media = |kind: &str, name: &str| json!({kind: {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Example", "version": "1", "description": "An example."},
        "externalDocs": {"url": "https://docs.example.com"},
        "servers": [{"url": "https://api.example.com", "description": "Production"}],
        "paths": {"/oauth/token": {"post": {
            "summary": "Gets a token.",
            "description": "Gets a token.",
            "security": [{"basic": []}],
            "requestBody": {"required": true, "content": media("application/x-www-form-urlencoded", "Request")},
            "responses": {
                "200": {"description": "A token.", "content": media("application/json", "Token")},
                "400": {"description": "A refusal.", "content": media("application/json", "Error")}
            }
        }}},
        "components": {
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic", "description": "By secret."}},
            "schemas": {
                "Request": {"type": "object", "required": ["grant_type"], "properties": {
                    "grant_type": {"type": "string", "enum": ["client_credentials"]},
                    "scope": {"type": "string", "description": "Scopes.", "title": "Scope", "example": "read", "default": "read"}
                }},
                "Token": {"type": "object", "description": "A token.", "properties": {
                    "access_token": text(),
                    "token_type": {"type": "string", "description": "Its type."},
                    "expires_in": {"type": "integer"}
                }},
                "Error": {"type": "object", "description": "A refusal.", "properties": {"error": text(), "error_description": text()}}
            }
        }
    })
}

/// The plain document after a change.
fn changed(change: impl FnOnce(&mut Value)) -> Document {
    let mut tree = plain();
    change(&mut tree);
    tree.into()
}

/// The plain document with this value at a pointer, whose parent has to be there.
fn with(pointer: &str, value: Value) -> Document {
    changed(|tree| put(tree, pointer, value))
}

fn put(tree: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("is a pointer");
    let name = name.replace("~1", "/").replace("~0", "~");
    tree.pointer_mut(parent).expect("has a parent")[name.as_str()] = value;
}

fn object<V: Into<Value>>(count: usize, member: impl Fn(usize) -> (String, V)) -> Value {
    let members = (0..count).map(|index| {
        let (name, value) = member(index);
        (name, value.into())
    });
    Value::Object(members.collect())
}

fn list<V: Into<Value>>(count: usize, item: impl Fn(usize) -> V) -> Value {
    (0..count).map(|index| item(index).into()).collect()
}

const OPERATION: &str = "/paths/~1oauth~1token/post";
const TOKEN: &str = "/components/schemas/Token/properties";
const REQUEST: &str = "/components/schemas/Request/properties";

fn operation(key: &str, value: Value) -> Document {
    with(&format!("{OPERATION}/{key}"), value)
}

/// The plain document with these members more in the token, or in the request.
fn members(parent: &str, more: Value) -> Document {
    changed(|tree| add(tree, parent, more))
}

fn add(tree: &mut Value, parent: &str, more: Value) {
    let more = more.as_object().cloned().unwrap_or_default();
    let members = tree.pointer_mut(parent).and_then(Value::as_object_mut);
    members.expect("is an object").extend(more);
}

fn reference(name: impl std::fmt::Display) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Schemas that each refer to the next one, so many times.
fn ladder(size: Size, rung: impl Fn(Vec<Value>) -> Value) -> Document {
    changed(|tree| {
        for level in 0..size.depth {
            let next = vec![reference(format!("S{}", level + 1)); size.repetition];
            put(tree, &format!("/components/schemas/S{level}"), rung(next));
        }
        put(
            tree,
            &format!("/components/schemas/S{}", size.depth),
            json!({"type": "string"}),
        );
        let more = object(size.breadth, |index| (format!("p{index}"), reference("S0")));
        add(tree, TOKEN, more);
    })
}

/// Schemas within each other, each of so many of this one.
fn nested(size: Size, level: impl Fn(Value, usize) -> Value) -> Document {
    let inner = (0..size.depth).fold(json!({"type": "string"}), &level);
    members(
        TOKEN,
        object(size.breadth, |index| (format!("p{index}"), inner.clone())),
    )
}

fn parts(key: &str, size: Size) -> Document {
    changed(|tree| {
        let properties = |part: usize| {
            object(size.repetition, |index| {
                (format!("p{part}_{index}"), json!({"type": "string"}))
            })
        };
        for part in 0..size.breadth {
            put(
                tree,
                &format!("/components/schemas/Part{part}"),
                json!({"type": "object", "properties": properties(part)}),
            );
        }
        let references = list(size.breadth, |part| reference(format!("Part{part}")));
        for schema in ["Token", "Request"] {
            put(
                tree,
                &format!("/components/schemas/{schema}/{key}"),
                references.clone(),
            );
        }
    })
}

/// The plain document in YAML's block style for the first level, so that anchors can stand before it.
fn block(tree: &Value, before: &str) -> Document {
    let members = tree.as_object().into_iter().flatten();
    let lines: String = members
        .map(|(key, value)| format!("{key}: {value}\n"))
        .collect();
    format!("{before}{lines}").into()
}

/// Every keyword that the generator reads.
pub(crate) fn all() -> impl Iterator<Item = Shape> {
    let groups = [
        server::SHAPES,
        value::SHAPES,
        schema::SHAPES,
        parameter::SHAPES,
        product::SHAPES,
        operation::SHAPES,
        reference::SHAPES,
        file::SHAPES,
        text::SHAPES,
        multiplied::SHAPES,
    ];
    groups.into_iter().flatten().copied()
}

/// Whether a shape grows as it likes up to a limit: it refers to itself on several levels, or is counted after it is multiplied.
pub(crate) fn multiplies(name: &str) -> bool {
    name.ends_with("ladder")
        || [
            "aliases of aliases",
            "choices in a circle",
            "merge keys in a chain",
            "pattern with counts",
            "server variables",
            "server variables in the host",
            "servers of operations",
            "types in a circle",
        ]
        .contains(&name)
}

/// The plain document with a text made of one piece at a place.
pub(crate) fn repeated(piece: &str, place: &str, repetition: usize) -> Document {
    with(place, json!(piece.repeat(repetition)))
}

fn overlaid(actions: Value) -> Document {
    let overlay =
        json!({"overlay": "1.0.0", "info": {"title": "More", "version": "1"}, "actions": actions});
    Document {
        overlay: Some(overlay.to_string()),
        ..plain().into()
    }
}

fn swagger(change: impl FnOnce(&mut Value)) -> Document {
    let mut tree = json!({
        "swagger": "2.0",
        "info": {"title": "Example", "version": "1"},
        "host": "api.example.com",
        "schemes": ["https"],
        "consumes": ["application/x-www-form-urlencoded"],
        "produces": ["application/json"],
        "securityDefinitions": {"basic": {"type": "basic"}},
        "paths": {"/token": {"post": {
            "security": [{"basic": []}],
            "parameters": [{"name": "grant_type", "in": "formData", "type": "string", "enum": ["client_credentials"], "required": true}],
            "responses": {"200": {"description": "A token.", "schema": {"type": "object", "properties": {"access_token": {"type": "string"}}}}}
        }}},
        "definitions": {}
    });
    change(&mut tree);
    tree.into()
}

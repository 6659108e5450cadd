//! Stage three: only the OAuth operations and what they refer to are kept.
//!
//! Whatever else a vendor's document has, however odd, cannot matter after this.

mod role;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::extension::{self, OperationExtension, Role};
use crate::pointer;
use crate::reference::{self, resolve};

pub(crate) use role::path_of;
use role::{OperationView, Urls};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An OAuth operation, as the document has it.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) role: Role,
    pub(crate) path: String,
    pub(crate) method: String,
    pub(crate) pointer: String,
    pub(crate) extension: OperationExtension,
}

/// What is left of a document.
pub(crate) struct Pruned {
    pub(crate) tree: Value,
    pub(crate) sites: Vec<Site>,
}

/// Keeps the OAuth operations of a document; `None` when it has none.
pub(crate) fn prune(root: &Value, diagnostics: &mut Diagnostics) -> Option<Pruned> {
    let sites = find(root, diagnostics);
    let has_token = sites.iter().any(|site| site.role == Role::Token);
    if !has_token && diagnostics.has_errors() {
        // The token endpoint may be where something could not be read.
        return None;
    }
    if !has_token {
        diagnostics.push(
            Diagnostic::new(Rule::NoTokenEndpoint, "/paths", "no operation is a token endpoint").help(
                "a token endpoint has a `grant_type` parameter, is some OAuth flow's `tokenUrl`, or is marked with\n\
                 x-tokensmith: {endpoint: token}",
            ),
        );
        return None;
    }
    let mut tree = Map::new();
    for key in ["openapi", "info", "servers", "security", "externalDocs"] {
        if let Some(value) = root.get(key) {
            tree.insert(key.to_owned(), value.clone());
        }
    }
    let mut references = BTreeSet::new();
    tree.insert(
        "paths".to_owned(),
        paths(root, &sites, &mut references, diagnostics),
    );
    let components = components(root, references, diagnostics);
    tree.insert("components".to_owned(), components);
    Some(Pruned {
        tree: Value::Object(tree),
        sites,
    })
}

/// The OAuth operations in the order of their paths and methods.
fn find(root: &Value, diagnostics: &mut Diagnostics) -> Vec<Site> {
    let urls = Urls::of(root);
    let mut sites = Vec::new();
    let Some(paths) = root.get("paths").and_then(Value::as_object) else {
        return sites;
    };
    let mut paths: Vec<_> = paths.iter().collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    for (path, item) in paths {
        let at = pointer::join("/paths", path);
        // A path item whose reference dangles is no concern of ours unless it is a token endpoint, which nobody can know.
        let Ok(item) = resolve(root, item, &at) else {
            continue;
        };
        for method in METHODS {
            let Some(operation) = item.value.get(method) else {
                continue;
            };
            let pointer = pointer::join(&item.pointer, method);
            let extension: OperationExtension = match extension::read(operation, &pointer) {
                Ok(extension) => extension,
                Err(diagnostic) => {
                    diagnostics.push(diagnostic);
                    continue;
                }
            };
            let view = OperationView {
                root,
                item: item.value,
                operation,
            };
            let role = extension
                .endpoint
                .or_else(|| view.role(path, method, &urls));
            if let Some(role) = role.filter(|role| *role != Role::None) {
                extension.check_pointers(&pointer, diagnostics);
                sites.push(Site {
                    role,
                    path: path.clone(),
                    method: method.to_owned(),
                    pointer,
                    extension,
                });
            }
        }
    }
    sites
}

/// The path items of the operations, with nothing else in them.
fn paths(
    root: &Value,
    sites: &[Site],
    references: &mut BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> Value {
    let mut paths = Map::new();
    for site in sites {
        let (item_pointer, method) = site.pointer.rsplit_once('/').unwrap_or_default();
        let Some(item) = root.pointer(item_pointer) else {
            continue;
        };
        let kept = paths.entry(site.path.clone()).or_insert_with(|| json!({}));
        for key in ["parameters", "servers", method] {
            if let Some(value) = item.get(key) {
                let mut value = value.clone();
                if key == method {
                    drop_what_is_not_read(&mut value);
                }
                collect(
                    &value,
                    &pointer::join(item_pointer, key),
                    references,
                    root,
                    diagnostics,
                );
                kept[key] = value;
            }
        }
    }
    Value::Object(paths)
}

fn drop_what_is_not_read(operation: &mut Value) {
    if let Some(operation) = operation.as_object_mut() {
        operation.remove("callbacks");
        operation.remove(extension::KEY);
    }
}

/// Copies every component that is referred to, and what those refer to; and all security schemes.
fn components(root: &Value, mut pending: BTreeSet<String>, diagnostics: &mut Diagnostics) -> Value {
    let mut components = Map::new();
    if let Some(schemes) = root.pointer("/components/securitySchemes") {
        components.insert("securitySchemes".to_owned(), schemes.clone());
    }
    let mut done = BTreeSet::new();
    while let Some(pointer) = pending.pop_first() {
        if !done.insert(pointer.clone()) {
            continue;
        }
        let Some(value) = root.pointer(&pointer) else {
            continue;
        };
        let mut found = BTreeSet::new();
        collect(value, &pointer, &mut found, root, diagnostics);
        pending.extend(found.into_iter().filter(|pointer| !done.contains(pointer)));
        let tokens: Vec<String> = pointer::tokens(&pointer).collect();
        if let [first, kind, name] = tokens.as_slice()
            && first == "components"
        {
            let kind = components.entry(kind.clone()).or_insert_with(|| json!({}));
            kind[name.as_str()] = value.clone();
        }
    }
    Value::Object(components)
}

/// Every `$ref` below `value`; those that point at nothing are reported.
fn collect(
    value: &Value,
    at: &str,
    references: &mut BTreeSet<String>,
    root: &Value,
    diagnostics: &mut Diagnostics,
) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let place = pointer::join(at, "$ref");
                match reference::target(root, reference) {
                    None => diagnostics.push(reference::dangling(&place, reference)),
                    Some(target) => match resolve(root, target.value, &target.pointer) {
                        Err(diagnostic) => diagnostics.push(diagnostic),
                        Ok(_) if !is_component(&target.pointer) => diagnostics.push(
                            Diagnostic::new(
                                Rule::Unsupported,
                                place,
                                format!("`{reference}` points at something that is no component"),
                            )
                            .help("move it into `components` and refer to it there"),
                        ),
                        Ok(_) => {
                            references.insert(target.pointer);
                        }
                    },
                }
            }
            for (key, member) in members {
                let place = pointer::join(at, key);
                match (key.as_str(), member) {
                    // Names that the document chose, whatever they look like.
                    ("properties", Value::Object(properties)) => {
                        for (name, property) in properties {
                            collect(
                                property,
                                &pointer::join(&place, name),
                                references,
                                root,
                                diagnostics,
                            );
                        }
                    }
                    ("mapping", Value::Object(mapping)) if at.ends_with("/discriminator") => {
                        references
                            .extend(mapping.values().filter_map(|target| mapped(root, target)));
                    }
                    ("example" | "examples", _) => {}
                    _ if key.starts_with("x-") => {}
                    _ => collect(member, &place, references, root, diagnostics),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(
                    item,
                    &pointer::join(at, &index.to_string()),
                    references,
                    root,
                    diagnostics,
                );
            }
        }
        _ => {}
    }
}

/// The schema that a discriminator's mapping names, by a reference or by its bare name.
fn mapped(root: &Value, target: &Value) -> Option<String> {
    let target = target.as_str()?;
    let bare = pointer::join("/components/schemas", target);
    let pointer = pointer::of_reference(target).unwrap_or(bare);
    (is_component(&pointer) && root.pointer(&pointer).is_some()).then_some(pointer)
}

fn is_component(pointer: &str) -> bool {
    let tokens: Vec<String> = pointer::tokens(pointer).collect();
    tokens.len() == 3 && tokens[0] == "components"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_token_endpoint_refers_to_is_dropped() {
        let root = json!({
            "openapi": "3.0.3",
            "paths": {
                "/pets": {"get": {"responses": {"200": {"$ref": "#/nowhere"}}}},
                "/token": {"post": {
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Request"}}}},
                    "responses": {}
                }}
            },
            "components": {"schemas": {
                "Request": {"properties": {"grant_type": {"$ref": "#/components/schemas/Grant"}}},
                "Grant": {"type": "string"},
                "Pet": {"type": "nonsense"}
            }}
        });
        let mut diagnostics = Diagnostics::default();
        let pruned = prune(&root, &mut diagnostics).expect("has a token endpoint");
        assert_eq!(diagnostics.into_vec(), []);
        assert!(pruned.tree["paths"].get("/pets").is_none());
        let schemas: Vec<_> = pruned.tree["components"]["schemas"]
            .as_object()
            .expect("is an object")
            .keys()
            .collect();
        assert_eq!(schemas, ["Grant", "Request"]);
    }
}

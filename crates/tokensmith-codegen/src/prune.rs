//! Only the OAuth operations and what they refer to are kept.
//!
//! Whatever else a vendor's document has, however odd, cannot matter after this.

mod component;
mod documents;
mod likely;
mod role;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::extension::{self, OperationExtension, Role};
use crate::external::Files;
use crate::origin::Origins;
use crate::pointer;
use component::{Collector, Kind};
use documents::Documents;
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
    /// Pointer of the path item that has the operation.
    item: String,
    pub(crate) extension: OperationExtension,
}

/// What is left of a document.
pub(crate) struct Pruned {
    pub(crate) tree: Value,
    pub(crate) sites: Vec<Site>,
    /// Where in the whole tree the parts stand that were kept.
    pub(crate) kept: Vec<String>,
    /// Parts that stand elsewhere in the whole tree: where they are now, and where they were.
    moved: Vec<(String, String)>,
}

impl Pruned {
    /// Whether parts stand elsewhere in the whole tree: they are of other files, or of no component.
    pub(crate) fn has_moved(&self) -> bool {
        !self.moved.is_empty()
    }

    /// Notes where the parts come from that were moved.
    pub(crate) fn note(&self, origins: &mut Origins, document: &str) {
        origins.moved_all(&self.moved, document);
    }
}

/// Keeps the OAuth operations of a document; `None` when it has none.
///
/// What is needed of other files and is not in the tree yet is noted in `files`: the caller brings it and prunes again.
pub(crate) fn prune(
    root: &Value,
    files: &Files<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Pruned> {
    let documents = Documents::new(root, files);
    let mut sites = find(documents.only_likely(), Evidence::Statement, diagnostics);
    let has_token = |sites: &[Site]| sites.iter().any(|site| site.role == Role::Token);
    if !has_token(&sites) && !files.is_wanting() {
        sites = find(documents, Evidence::Statement, diagnostics);
    }
    if !has_token(&sites) && !files.is_wanting() && !diagnostics.has_errors() {
        sites = find(documents, Evidence::Looks, diagnostics);
    }
    if !has_token(&sites) && diagnostics.has_errors() {
        // The token endpoint may be where something could not be read.
        return None;
    }
    if !has_token(&sites) {
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
    let mut collector = Collector::new(documents, diagnostics);
    tree.insert("paths".to_owned(), paths(documents, &sites, &mut collector));
    tree.insert("components".to_owned(), collector.components());
    let (kept, moved) = collector.into_parts();
    Some(Pruned {
        tree: Value::Object(tree),
        sites,
        kept,
        moved,
    })
}

/// What makes an operation a token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// Its parameters, an OAuth flow, or the extension.
    Statement,
    /// Its path and what it answers, too: for documents that state nothing.
    Looks,
}

/// The OAuth operations in the order of their paths and methods.
fn find(documents: Documents<'_>, evidence: Evidence, diagnostics: &mut Diagnostics) -> Vec<Site> {
    let urls = Urls::of(documents);
    let mut sites = Vec::new();
    let Some((paths, place)) = documents.object("/paths") else {
        return sites;
    };
    let mut paths: Vec<_> = paths.iter().collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    for (path, item) in paths {
        let documents = documents.for_path(path);
        let at = pointer::join(&place, path);
        // A path item whose reference dangles is no concern of ours unless it is a token endpoint, which nobody can know.
        let own = item.get("$ref").map(|_| (item, at.clone()));
        let Ok(item) = documents.resolve(item, &at) else {
            continue;
        };
        for (item, at) in own.into_iter().chain([(item.value, item.pointer)]) {
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let at = pointer::join(&at, method);
                let Ok(operation) = documents.resolve(operation, &at) else {
                    continue;
                };
                let view = OperationView {
                    documents,
                    item,
                    operation: operation.value,
                };
                let stated = site(path, method, &operation.pointer, &view, &urls, diagnostics);
                let site = stated.or_else(|| {
                    let looks = evidence == Evidence::Looks;
                    looks.then(|| likely(path, method, &operation.pointer, &view, diagnostics))?
                });
                sites.extend(site.map(|site| Site {
                    item: at_item(&at),
                    ..site
                }));
            }
        }
    }
    sites
}

/// The path item of an operation.
fn at_item(operation: &str) -> String {
    operation
        .rsplit_once('/')
        .map_or_else(String::new, |(item, _)| item.to_owned())
}

fn site(
    path: &str,
    method: &str,
    pointer: &str,
    view: &OperationView<'_>,
    urls: &Urls,
    diagnostics: &mut Diagnostics,
) -> Option<Site> {
    let extension: OperationExtension = extension::read(view.operation, pointer)
        .map_err(|diagnostic| diagnostics.push(diagnostic))
        .ok()?;
    let role = extension
        .endpoint
        .or_else(|| view.role(path, method, urls))
        .filter(|role| *role != Role::None)?;
    extension.check_pointers(pointer, diagnostics);
    Some(Site {
        role,
        path: path.to_owned(),
        method: method.to_owned(),
        pointer: pointer.to_owned(),
        item: at_item(pointer),
        extension,
    })
}

/// A token endpoint that nothing but its looks says to be one.
fn likely(
    path: &str,
    method: &str,
    pointer: &str,
    view: &OperationView<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Site> {
    let declared: OperationExtension = extension::read(view.operation, pointer).ok()?;
    if declared.endpoint.is_some() || !view.is_likely_token(path, method) {
        return None;
    }
    diagnostics.push(
        Diagnostic::new(
            Rule::Inferred,
            pointer,
            "the operation is taken for a token endpoint, by its path, its parameters and its answer",
        )
        .help("say so, or otherwise `none`:\nx-tokensmith: {endpoint: token}"),
    );
    Some(Site {
        role: Role::Token,
        path: path.to_owned(),
        method: method.to_owned(),
        pointer: pointer.to_owned(),
        item: at_item(pointer),
        extension: view.in_camel_case(declared),
    })
}

/// The path items of the operations, with nothing else in them.
fn paths(documents: Documents<'_>, sites: &[Site], collector: &mut Collector<'_, '_>) -> Value {
    let mut paths = Map::new();
    // Token endpoints first: what they need has to be whole.
    let (tokens, others): (Vec<_>, Vec<_>) =
        sites.iter().partition(|site| site.role == Role::Token);
    for site in tokens.into_iter().chain(others) {
        collector.set_in_error(site.role != Role::Token);
        let Some(item) = documents.root.pointer(&site.item) else {
            continue;
        };
        let to = pointer::join("/paths", &site.path);
        let kept = paths.entry(site.path.clone()).or_insert_with(|| json!({}));
        let parts = ["parameters", "servers"].map(|key| {
            let value = item.get(key)?;
            Some((key, value, pointer::join(&site.item, key)))
        });
        let operation = documents
            .root
            .pointer(&site.pointer)
            .map(|operation| (site.method.as_str(), operation, site.pointer.clone()));
        for (key, value, from) in parts.into_iter().flatten().chain(operation) {
            let mut value = value.clone();
            if key == site.method {
                drop_what_is_not_read(&mut value);
            }
            let kind = match key {
                "parameters" => Kind::Parameter,
                _ => Kind::Schema,
            };
            collector.keep(&mut value, &from, &pointer::join(&to, key), kind);
            kept[key] = value;
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
        let pruned = prune(&root, &Files::new(None, "a.yaml", false), &mut diagnostics)
            .expect("has a token endpoint");
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

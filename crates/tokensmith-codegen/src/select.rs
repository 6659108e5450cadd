//! Only the OAuth operations and what they refer to are kept.
//!
//! Whatever else a vendor's document has, however odd, cannot matter after this.

mod anchor;
mod component;
mod component_name;
mod documents;
mod find;
mod path;
mod reference_need;
mod role;
mod token_endpoint_guess;
mod url;

use serde_json::{Map, Value, json};

use crate::diagnostic::budget::OPERATIONS;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::extension::{self, Role};
use crate::openapi::site::Site;
use crate::pointer;
use crate::source::external::Files;
use crate::source::origin::Origins;
use anchor::Anchors;
use component::Collector;
use component_name::Kind;
use documents::Documents;
use find::{Evidence, find};
use reference_need::Need;
pub(crate) use url::leads_to;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

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
    let anchors = Anchors::of(root);
    let documents = Documents::new(root, files, &anchors);
    let mut found = find(documents.only_likely(), Evidence::Statement, diagnostics);
    if !found.has_token() && !files.is_wanting() {
        found = find(documents, Evidence::Statement, diagnostics);
    }
    if !found.has_token() && !files.is_wanting() && !diagnostics.has_errors() {
        found = find(documents, Evidence::Looks, diagnostics);
    }
    if !found.has_token() {
        // The token endpoint may be where something could not be read.
        found
            .unread
            .into_iter()
            .for_each(|failure| diagnostics.push(failure));
        if !diagnostics.has_errors() {
            diagnostics.push(no_token_endpoint());
        }
        return None;
    }
    let sites = found.sites;
    if sites.len() > OPERATIONS.most {
        diagnostics.push(OPERATIONS.exceeded("/paths"));
        return None;
    }
    let mut tree = Map::new();
    for key in ["openapi", "info", "servers", "security", "externalDocs"] {
        if let Some(value) = root.get(key) {
            // Some refer to their servers as a whole.
            let found = documents.resolve(value, "");
            let value = found.map_or_else(|_| value.clone(), |found| found.value.clone());
            tree.insert(key.to_owned(), value);
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

/// What is said of a document without a token endpoint.
pub(crate) fn no_token_endpoint() -> Diagnostic {
    Diagnostic::new(Rule::NoTokenEndpoint, "/paths", "no operation is a token endpoint").help(
        "a token endpoint has a `grant_type` parameter, is some OAuth flow's `tokenUrl`, or is marked with\n\
         x-tokensmith: {endpoint: token}",
    )
}

/// The path items of the operations, with nothing else in them.
fn paths(documents: Documents<'_>, sites: &[Site], collector: &mut Collector<'_, '_>) -> Value {
    let mut paths = Map::new();
    // Token endpoints first: what they need has to be whole.
    let (tokens, others): (Vec<_>, Vec<_>) =
        sites.iter().partition(|site| site.role == Role::Token);
    for site in tokens.into_iter().chain(others) {
        collector.set_need(match site.role {
            Role::Token => Need::Request,
            _ => Need::Nothing,
        });
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
                if let (Some(server), Some(operation)) = (&site.server, value.as_object_mut()) {
                    operation.insert("servers".to_owned(), json!([{ "url": server }]));
                }
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

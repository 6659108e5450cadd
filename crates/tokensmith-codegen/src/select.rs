//! Only the OAuth operations and what they refer to are kept.
//!
//! Whatever else a vendor's document has, however odd, cannot matter after this.

mod anchor;
pub(crate) mod asked_scope;
mod component;
mod documents;
mod endpoint_kind;
mod example_reference;
mod find;
pub(crate) mod grants_in_words;
mod importance;
mod nested_body;
pub(crate) mod no_token_endpoint;
mod operation_text;
mod operation_view;
mod passed_over;
mod path;
mod path_item;
mod path_query;
mod token_endpoint_guess;
mod url;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::budget::{Counter, NAMES, OPERATIONS, PATH};
use crate::openapi::extension;
use crate::openapi::site::Site;
use crate::openapi::{vendor_key, vendor_url};
use crate::source::external::Files;
use crate::source::origin::Origins;
use anchor::Anchors;
use asked_scope::AskedScope;
use component::Collector;
use documents::Documents;
use find::{Evidence, Operations, find};
use path_item::paths;
pub(crate) use url::{leads_to, leads_to_longest};

/// What is left of a document.
#[derive(Clone)]
pub(crate) struct Selected {
    pub(crate) tree: Value,
    pub(crate) sites: Vec<Site>,
    /// The scopes that any operation asks for, also those that are not kept.
    pub(crate) asked_scopes: BTreeMap<String, AskedScope>,
    /// Where in the whole tree the parts stand that were kept.
    pub(crate) kept: Vec<String>,
    /// What was told of the operations that no endpoint is made of.
    pub(crate) passed_over: Option<passed_over::Advice>,
    /// Parts that stand elsewhere in the whole tree: where they are now, and where they were.
    moved: Vec<(String, String)>,
}

impl Selected {
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
/// What is needed of other files is read by `files`.
pub(crate) fn select(
    root: &Value,
    files: &Files<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Selected> {
    let anchors = Anchors::of(root, files);
    let names = Counter::default();
    let documents = Documents::new(root, files, &anchors, &names);
    let mut found = find(
        documents.only_oauth_paths(),
        Evidence::Statement,
        diagnostics,
    );
    let is_open = |found: &Operations| !found.has_token() && !found.are_too_many();
    if is_open(&found) {
        found = find(documents, Evidence::Statement, diagnostics);
    }
    if is_open(&found) && !diagnostics.has_errors() {
        found = find(documents, Evidence::Looks, diagnostics);
    }
    if names.sum() > NAMES.most {
        diagnostics.push(NAMES.exceeded("/paths"));
        return None;
    }
    if found.are_too_many() {
        diagnostics.push(OPERATIONS.exceeded("/paths"));
        return None;
    }
    if !found.has_token() {
        // The token endpoint may be where something could not be read.
        found
            .unread
            .into_iter()
            .for_each(|failure| diagnostics.push(failure));
        if !diagnostics.has_errors() {
            diagnostics.push(no_token_endpoint::diagnostic(documents));
        }
        return None;
    }
    let passed_over = passed_over::tell(&found.passed_over, &found.sites, diagnostics);
    let sites = found.sites;
    if sites.iter().any(|site| site.path.len() > PATH.most) {
        diagnostics.push(PATH.exceeded("/paths"));
        return None;
    }
    let mut tree = Map::new();
    // The extension means nothing there, which a lint tells.
    for key in [
        "openapi",
        "info",
        "servers",
        "security",
        "externalDocs",
        extension::KEY,
    ] {
        if let Some(value) = root.get(key) {
            // Some refer to their servers as a whole.
            let found = documents.resolve(value, "");
            let value = found.map_or_else(|_| value.clone(), |found| found.value.clone());
            tree.insert(key.to_owned(), value);
        }
    }
    if let Some(members) = root.as_object() {
        let lists = vendor_url::lists_of_servers(members);
        for (key, value) in members {
            if lists.contains(key) || vendor_key::matters(key) {
                tree.insert(key.clone(), value.clone());
            }
        }
    }
    let mut collector = Collector::new(documents, diagnostics);
    tree.insert("paths".to_owned(), paths(documents, &sites, &mut collector));
    tree.insert("components".to_owned(), collector.components());
    let (kept, moved) = collector.into_parts();
    let exceeded = diagnostics.budget().exceeded();
    if let Some(exceeded) = exceeded.map(|(limit, at)| limit.exceeded(at)) {
        diagnostics.push(exceeded);
        return None;
    }
    Some(Selected {
        tree: Value::Object(tree),
        sites,
        asked_scopes: asked_scope::asked_scopes(documents, diagnostics),
        kept,
        passed_over,
        moved,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
        let selected = select(&root, &Files::new(None, "a.yaml", false), &mut diagnostics)
            .expect("has a token endpoint");
        assert_eq!(diagnostics.into_vec(), []);
        assert!(selected.tree["paths"].get("/pets").is_none());
        let schemas: Vec<_> = selected.tree["components"]["schemas"]
            .as_object()
            .expect("is an object")
            .keys()
            .collect();
        assert_eq!(schemas, ["Grant", "Request"]);
    }
}

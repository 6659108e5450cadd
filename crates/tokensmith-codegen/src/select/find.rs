//! Which operations are OAuth's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::documents::{Documents, sounds_like_oauth};
use super::operation_view::OperationView;
use super::passed_over::{self, PassedOver};
use super::path::PathKey;
use super::url::{Urls, path_of};
use crate::diagnostic::budget::OPERATIONS;
use crate::diagnostic::finding::EvidenceKind;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::extension::{self, OperationExtension, StatedEndpoint};
use crate::openapi::grammar::METHODS;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;
use tokensmith_description::EndpointKind;

/// What makes an operation a token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Its parameters, an OAuth flow, or the extension.
    Statement,
    /// Its path and its responses, too: for documents that state nothing.
    Looks,
}

/// The operations of a document.
#[derive(Default)]
pub(super) struct Operations {
    /// Those that are OAuth's.
    pub(super) sites: Vec<Site>,
    /// Why paths could not be read that sound like OAuth.
    pub(super) unread: Vec<Diagnostic>,
    /// Those that look like OAuth's, and may not be kept.
    pub(super) passed_over: Vec<PassedOver>,
}

impl Operations {
    pub(super) fn has_token(&self) -> bool {
        self.sites
            .iter()
            .any(|site| site.kind == EndpointKind::Token)
    }

    pub(super) fn are_too_many(&self) -> bool {
        self.sites.len() > OPERATIONS.most
    }
}

/// An operation that is one of OAuth's, and how sure that is.
struct Found {
    site: Site,
    /// Whether a parameter's name is all that speaks for it.
    is_doubtful: bool,
    /// The security that it asks for.
    security: Option<Value>,
    /// Whether it takes a token back, or tells of one, and does not speak of OAuth.
    is_unsaid: bool,
}

impl Found {
    /// Whether it belongs to these token endpoints, by its words, or as it stands beside one or is secured like one.
    fn belongs_to(&self, tokens: &[(String, Option<Value>)]) -> bool {
        let parent = |path: &str| path.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let is_beside = |(path, security): &(String, Option<Value>)| {
            parent(path) == parent(&self.site.path)
                || security.is_some() && *security == self.security
        };
        !self.is_unsaid || tokens.iter().any(is_beside)
    }
}

/// The OAuth operations in the order of their paths and methods; of more than [`OPERATIONS`] allows, one more.
pub(super) fn find(
    documents: Documents<'_>,
    evidence: Evidence,
    diagnostics: &mut Diagnostics,
) -> Operations {
    let Some((paths, place)) = documents.object("/paths") else {
        return Operations::default();
    };
    let mut bases = BTreeMap::new();
    for key in paths.keys() {
        *bases.entry(path_of(key).to_owned()).or_default() += 1;
    }
    let mut search = Search {
        bases,
        urls: Urls::of(documents),
        evidence,
        diagnostics,
        found: Vec::new(),
        unread: Vec::new(),
        passed_over: Vec::new(),
    };
    let mut paths: Vec<_> = paths.iter().collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    for (path, item) in paths {
        search.item(
            documents.for_path(path),
            path,
            item,
            &pointer::join(&place, path),
        );
    }
    search.settle()
}

struct Search<'d> {
    /// How often each path stands there with another query.
    bases: BTreeMap<String, usize>,
    urls: Urls,
    evidence: Evidence,
    diagnostics: &'d mut Diagnostics,
    found: Vec<Found>,
    unread: Vec<Diagnostic>,
    passed_over: Vec<PassedOver>,
}

impl Search<'_> {
    /// Whether no other path differs from this one by its query alone.
    fn is_only(&self, key: &str) -> bool {
        self.bases.get(path_of(key)) == Some(&1)
    }

    fn item<'a>(&mut self, documents: Documents<'a>, key: &str, item: &'a Value, at: &str) {
        // A path item whose reference dangles is no concern of ours unless it is a token endpoint, which nobody can know.
        let own = item.get("$ref").map(|_| (item, at.to_owned()));
        let item = match documents.resolve(item, at) {
            Ok(item) => item,
            Err(failure) if sounds_like_oauth(key) => return self.unread.push(failure),
            Err(_) => return,
        };
        let mut path = PathKey::of(key);
        path.take_query(self.is_only(key));
        let before = self.found.len();
        for (item, at) in own.into_iter().chain([(item.value, item.pointer)]) {
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let at = pointer::join(&at, method);
                let Ok(operation) = documents.resolve(operation, &at) else {
                    continue;
                };
                let mut view = OperationView::new(documents, item, operation.value);
                view.path_query = path.query.iter().map(|one| one.name.clone()).collect();
                let mut own = self.found[before..].iter();
                let is_hidden = own.any(|found| found.site.method == method);
                match self.operation(&path, method, &operation.pointer, &view) {
                    Some(mut found) => {
                        at_item(&at).clone_into(&mut found.site.item);
                        self.found.push(found);
                    }
                    None if is_hidden => {
                        self.diagnostics.push(twice(&path.path, &operation.pointer));
                    }
                    None => {}
                }
            }
        }
        if let Some(fault) = path.fault.filter(|_| self.found.len() > before) {
            let message = format!("the path `{}` {fault}", key.escape_debug());
            let help = match &path.server {
                _ if !path.query.is_empty() => {
                    let names = path.query.iter().map(|one| format!("`{}`", one.name));
                    format!(
                        "write `{}`, and declare {} with `in: query`",
                        path.path,
                        listed(&names.collect::<Vec<_>>(), "and")
                    )
                }
                Some(server) => format!(
                    "write `{}`, and beside its operations:\nservers: [{{url: {server}}}]",
                    path.path
                ),
                None if path.is_bare => {
                    "write the end of the server's URL here, and not there".to_owned()
                }
                None => format!("write `{}`", path.path),
            };
            let diagnostic = Diagnostic::new(Rule::Repaired, at, message);
            self.diagnostics.push(diagnostic.help(help));
        }
    }

    fn operation(
        &mut self,
        path: &PathKey,
        method: &str,
        pointer: &str,
        view: &OperationView<'_>,
    ) -> Option<Found> {
        let extension: OperationExtension = extension::read(view.operation, pointer)
            .map_err(|diagnostic| self.diagnostics.push(diagnostic))
            .ok()?;
        if extension.endpoint.is_none() {
            let looks = passed_over::of(view, (&path.path, method), pointer, &self.urls);
            self.passed_over.extend(looks);
        }
        let found = match extension.endpoint {
            Some(StatedEndpoint::Other) => return None,
            Some(StatedEndpoint::Kind(kind)) => Some((kind, vec![EvidenceKind::Statement])),
            None => view.kind(&path.path, method, &self.urls),
        };
        let ((kind, known_by), extension) = match found {
            Some(found) => {
                extension.check_pointers(pointer, self.diagnostics);
                (found, extension)
            }
            None if self.evidence == Evidence::Looks
                && view.is_likely_token(&path.path, method) =>
            {
                let looks = vec![EvidenceKind::Name, EvidenceKind::Convention];
                ((EndpointKind::Token, looks), view.in_camel_case(extension))
            }
            None => return None,
        };
        let is_doubtful = kind == EndpointKind::Token
            && extension.endpoint.is_none()
            && view.is_doubtful(&path.path, method, &self.urls);
        let site = Site {
            kind,
            path: path.path.clone(),
            is_bare: path.is_bare,
            server: path.server.clone(),
            is_extended: view.operation.get(extension::KEY).is_some(),
            method: method.to_owned(),
            pointer: pointer.to_owned(),
            item: at_item(pointer).to_owned(),
            extension,
            known_by,
            query: path.query.clone(),
        };
        let is_unsaid = matches!(kind, EndpointKind::Revocation | EndpointKind::Introspection)
            && site.extension.endpoint.is_none()
            && !view.is_about_oauth(&path.path);
        Some(Found {
            site,
            is_doubtful,
            security: view.security().cloned(),
            is_unsaid,
        })
    }

    /// What is left without those that another one makes impossible.
    fn settle(self) -> Operations {
        let is_sure = |found: &Found| found.site.kind == EndpointKind::Token && !found.is_doubtful;
        let has_sure = self.found.iter().any(is_sure);
        let tokens = self
            .found
            .iter()
            .filter(|found| found.site.kind == EndpointKind::Token);
        let tokens: Vec<(String, Option<Value>)> = tokens
            .map(|found| (found.site.path.clone(), found.security.clone()))
            .collect();
        let mut sites: Vec<Site> = Vec::new();
        let mut kept = BTreeSet::new();
        let found = self
            .found
            .into_iter()
            .filter(|found| found.belongs_to(&tokens));
        for Found {
            site, is_doubtful, ..
        } in found
        {
            if sites.len() > OPERATIONS.most {
                break;
            }
            if is_doubtful && has_sure {
                let message = "the operation has a parameter `grant_type`, and is left out: its responses have no token, and another operation is the token endpoint";
                self.diagnostics
                    .push(Diagnostic::new(Rule::LeftOut, &site.pointer, message).help(
                        "say what it is, `token` or `none`:\nx-tokensmith: {endpoint: none}",
                    ));
            } else if !kept.insert((site.path.clone(), site.method.clone())) {
                self.diagnostics.push(twice(&site.path, &site.pointer));
            } else {
                sites.push(site);
            }
        }
        Operations {
            sites,
            unread: self.unread,
            passed_over: self.passed_over,
        }
    }
}

/// What is told of an operation that another one hides.
fn twice(path: &str, pointer: &str) -> Diagnostic {
    let message = format!(
        "`{}` has this operation twice; the first one counts",
        path.escape_debug()
    );
    Diagnostic::new(Rule::LeftOut, pointer, message)
        .help("keep one of the two: those beside a `$ref` come before those that it leads to")
}

/// The path item of an operation.
fn at_item(operation: &str) -> &str {
    pointer::parent(operation).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::diagnostic::budget::Counter;
    use crate::select::anchor::Anchors;
    use crate::source::external::Files;

    fn operations(paths: Map<String, Value>) -> (usize, usize) {
        let root = json!({ "paths": paths });
        let mut diagnostics = Diagnostics::default();
        let files = Files::new(None, "a.yaml", false);
        let anchors = Anchors::of(&root, &files);
        let names = Counter::default();
        let documents = Documents::new(&root, &files, &anchors, &names);
        let found = find(documents, Evidence::Statement, &mut diagnostics);
        (found.sites.len(), diagnostics.len())
    }

    fn token() -> Value {
        json!({"post": {"x-tokensmith": {"endpoint": "token"}, "responses": {}}})
    }

    #[test]
    fn no_more_operations_are_looked_at_than_it_takes_to_know_that_there_are_too_many() {
        let count = 3 * OPERATIONS.most;
        let many = (0..count).map(|index| (format!("/token/{index}"), token()));
        assert_eq!(operations(many.collect()), (OPERATIONS.most + 1, 0));
    }

    #[test]
    fn names_are_counted_as_often_as_they_are_referred_to() {
        let properties = (0..100).map(|index| (format!("p{index}"), json!({})));
        let schema = json!({"properties": properties.collect::<Map<_, _>>()});
        let reference = json!({"allOf": [{"$ref": "#/components/schemas/Large"}]});
        let operation = json!({"requestBody": {"content": {"a/b": {"schema": reference}}}});
        let count = |operations: usize| {
            let paths =
                (0..operations).map(|index| (format!("/x{index}"), json!({"post": operation})));
            let paths: Map<_, _> = paths.collect();
            let root = json!({"paths": paths, "components": {"schemas": {"Large": schema}}});
            let files = Files::new(None, "a.yaml", false);
            let anchors = Anchors::of(&root, &files);
            let names = Counter::default();
            let documents = Documents::new(&root, &files, &anchors, &names);
            find(documents, Evidence::Statement, &mut Diagnostics::default());
            names.sum()
        };
        assert!(count(1) > 100);
        assert_eq!(count(20), 20 * count(1));
    }

    #[test]
    fn what_takes_another_token_back_is_no_revocation() {
        let takes = |text: &str| json!({"post": {"summary": text, "parameters": [{"name": "token", "in": "query"}], "responses": {}}});
        let paths = |path: &str, text: &str| {
            let paths = [
                ("/v1/token".to_owned(), token()),
                (path.to_owned(), takes(text)),
            ];
            operations(paths.into_iter().collect()).0
        };
        assert_eq!(paths("/v1/invites/revoke", "Withdraws an invitation"), 1);
        assert_eq!(paths("/v1/invites/revoke", "Revokes an access token"), 2);
        assert_eq!(paths("/v1/revoke", "Withdraws it"), 2);
        assert_eq!(paths("/oauth/revoke", ""), 2);
        assert_eq!(paths("/revoke", ""), 2, "nothing else is revoked there");
        assert_eq!(paths("/sessions/introspect", ""), 2);
        // They stand beside the token endpoint, and are about other tokens.
        assert_eq!(paths("/v1/revoke", "Revoke webhook token"), 1);
        assert_eq!(
            paths("/api_tokens/revoke", "Revoke a personal API token"),
            1
        );
        assert_eq!(paths("/personal_access_tokens/revoke", ""), 1);
        // They only mention something else.
        let hook = "Revoke a token. A webhook is sent.";
        assert_eq!(paths("/connect/revoke", hook), 2);
        let data = "Revoke a token, and forget the personal data of its user.";
        assert_eq!(paths("/connect/revoke", data), 2);
        let personal = "Revokes a personal access token or an OAuth token";
        assert_eq!(paths("/v1/tokens/revoke", personal), 2);
    }

    #[test]
    fn an_operation_that_stands_there_twice_counts_once() {
        let twice = ["/token", "token"].map(|path| (path.to_owned(), token()));
        let (sites, told) = operations(twice.into_iter().collect());
        assert_eq!((sites, told), (1, 2));
    }
}

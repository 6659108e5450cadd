//! The scopes that security requirements ask for: those of the document, and those of all its operations.
//!
//! Many flows list no scopes, or not all. Most operations that ask for them are no OAuth operations, so that this is read before they
//! are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::documents::Documents;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::grammar::METHODS;
use crate::openapi::security_scheme::SecurityScheme;
use crate::pointer;
use crate::prose::listed;

/// Where the document has what all its operations ask for.
pub(crate) const ROOT: &str = "/security";

/// Security requirements that ask for scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requirements {
    /// Where they stand, as a JSON Pointer.
    pub(crate) pointer: Arc<str>,
    /// The value of `security`.
    pub(crate) value: Value,
    /// The path and the method of the operation that has them; nothing where the document has them.
    pub(crate) operation: Option<(String, String)>,
}

/// Where a scope is asked for first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedScope {
    /// The requirements that name it. All scopes of theirs share them: a document may name thousands at one place.
    pub(crate) by: Arc<Requirements>,
    /// Whether they name it for a flow or for OpenID Connect; for a bearer, OpenAPI 3.1 also has roles there.
    pub(crate) is_of_flow: bool,
}

/// The most files that are read for path items of no OAuth operation.
const MOST_FILES: usize = 200;

/// The scopes that are asked for, each once; path items in files that are not read are told.
pub(super) fn asked_scopes(
    documents: Documents<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, AskedScope> {
    let mut asked = Asked {
        documents,
        schemes: documents.object("/components/securitySchemes"),
        scopes: BTreeMap::new(),
    };
    asked.owner(documents.root, "", None);
    let Some((paths, place)) = documents.object("/paths") else {
        return asked.scopes;
    };
    let mut paths: Vec<_> = paths.iter().collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    let mut files = BTreeSet::new();
    let mut unread = Vec::new();
    for (path, item) in paths {
        let reference = Documents::reference(item).unwrap_or_default();
        let file = reference.split('#').next().unwrap_or_default();
        if !file.is_empty() && files.len() < MOST_FILES {
            files.insert(file);
        }
        let known = match files.contains(file) {
            true => documents,
            false => documents.only_oauth_paths().for_path(path),
        };
        let Ok(item) = known.resolve(item, &pointer::join(&place, path)) else {
            unread.extend((!file.is_empty()).then_some(path.as_str()));
            continue;
        };
        for method in METHODS {
            if let Some(operation) = item.value.get(method) {
                let at = pointer::join(&item.pointer, method);
                asked.owner(operation, &at, Some((path, method)));
            }
        }
    }
    if asked.has_flows() {
        unread_items(&unread)
            .into_iter()
            .for_each(|told| diagnostics.push(told));
    }
    asked.scopes
}

/// Tells the path items that could not be read.
fn unread_items(paths: &[&str]) -> Option<Diagnostic> {
    /// Paths that are named.
    const SHOWN: usize = 12;
    let shown = paths.iter().take(SHOWN);
    let mut shown: Vec<String> = shown
        .map(|path| format!("`{}`", path.escape_debug()))
        .collect();
    match paths.len().saturating_sub(SHOWN) {
        0 => {}
        more => shown.push(format!("{more} more")),
    }
    let at = pointer::join("/paths", paths.first()?);
    let message = format!(
        "the scopes that {} may ask for are not known: the path items are in files that are not read",
        listed(&shown, "and")
    );
    let help = "put the files where the references lead; or list the scopes in a flow";
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

struct Asked<'a> {
    documents: Documents<'a>,
    schemes: Option<(&'a Map<String, Value>, String)>,
    scopes: BTreeMap<String, AskedScope>,
}

impl Asked<'_> {
    /// Adds what the security requirements of an operation, or of the document, ask for.
    fn owner(&mut self, owner: &Value, at: &str, operation: Option<(&str, &str)>) {
        let Some(security) = owner.get("security") else {
            return;
        };
        let mut shared = None;
        let requirements = security.as_array().into_iter().flatten();
        for (scheme, scopes) in requirements.filter_map(Value::as_object).flatten() {
            let mut scopes = scopes.as_array().into_iter().flatten().peekable();
            if scopes.peek().is_none() {
                continue;
            }
            let Some(is_of_flow) = self.is_of_flow(scheme) else {
                continue;
            };
            for scope in scopes {
                self.add(scope, is_of_flow, || {
                    let by = shared.get_or_insert_with(|| {
                        Arc::new(Requirements {
                            pointer: pointer::join(at, "security").into(),
                            value: security.clone(),
                            operation: operation
                                .map(|(path, method)| (path.to_owned(), method.to_owned())),
                        })
                    });
                    Arc::clone(by)
                });
            }
        }
    }

    fn add(
        &mut self,
        scope: &Value,
        is_of_flow: bool,
        requirements: impl FnOnce() -> Arc<Requirements>,
    ) {
        let scope = scope.as_str().unwrap_or_default().trim();
        if scope.is_empty() || scope.contains(char::is_whitespace) {
            return;
        }
        let known = self.scopes.get(scope);
        if known.is_none_or(|known| is_of_flow && !known.is_of_flow) {
            let asked = AskedScope {
                by: requirements(),
                is_of_flow,
            };
            self.scopes.insert(scope.to_owned(), asked);
        }
    }

    /// Whether some security scheme is a flow's or OpenID Connect's.
    fn has_flows(&self) -> bool {
        let schemes = self.schemes.iter().flat_map(|(schemes, _)| schemes.keys());
        let mut flows = schemes.filter_map(|name| self.is_of_flow(name));
        flows.any(|is_of_flow| is_of_flow)
    }

    /// Whether a security scheme is a flow's or OpenID Connect's; nothing for one that is for no tokens.
    fn is_of_flow(&self, name: &str) -> Option<bool> {
        let (schemes, at) = self.schemes.as_ref()?;
        let at = pointer::join(at, name);
        let scheme = self.documents.resolve(schemes.get(name)?, &at).ok()?;
        let scheme = SecurityScheme(scheme.value);
        let kind = scheme.kind().to_ascii_lowercase();
        let is_of_flow = ["oauth2", "openidconnect"].contains(&kind.as_str());
        scheme.is_for_tokens().then_some(is_of_flow)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::budget::Counter;
    use crate::select::anchor::Anchors;
    use crate::source::external::Files;

    #[test]
    fn scopes_are_asked_for_by_all_operations() {
        let root = json!({
            "security": [{"flow": ["all"]}, {"key": ["nothing"]}],
            "paths": {
                "/b": {"get": {"security": [{"bearer": ["both", "role"]}]}},
                "/c": {"get": {"security": [{"flow": ["both", "", "two words", 3, "all"]}]}},
                "/d": {"$ref": "#/components/pathItems/D"},
                "/e": {"parameters": [], "get": {"security": "none"}, "put": {"security": [{"gone": ["lost"]}]}}
            },
            "components": {
                "pathItems": {"D": {"delete": {"security": [{"openid": ["email"]}]}}},
                "securitySchemes": {
                    "flow": {"type": "oauth2"},
                    "openid": {"$ref": "#/components/securitySchemes/connect"},
                    "connect": {"type": "openIdConnect"},
                    "bearer": {"type": "http", "scheme": "Bearer"},
                    "key": {"type": "apiKey", "in": "header", "name": "X-Key"}
                }
            }
        });
        let files = Files::new(None, "a.yaml", false);
        let anchors = Anchors::of(&root, &files);
        let counter = Counter::default();
        let documents = Documents::new(&root, &files, &anchors, &counter);
        let mut diagnostics = Diagnostics::default();
        let found = asked_scopes(documents, &mut diagnostics);
        assert_eq!(diagnostics.into_vec(), []);
        let found = found
            .iter()
            .map(|(wire, asked)| (wire.as_str(), &*asked.by.pointer, asked.is_of_flow));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                ("all", ROOT, true),
                ("both", "/paths/~1c/get/security", true),
                ("email", "/components/pathItems/D/delete/security", true),
                ("role", "/paths/~1b/get/security", false),
            ]
        );
    }

    #[test]
    fn path_items_in_files_that_cannot_be_read_are_told() {
        let told = |scheme: &str| {
            let root = json!({
                "paths": {
                    "/a": {"$ref": "items.yaml#/a"},
                    "/b": {"$ref": "items.yaml#/b"},
                    "/c": {"$ref": "#/nowhere"}
                },
                "components": {"securitySchemes": {"one": {"type": scheme}}}
            });
            let files = Files::new(None, "a.yaml", false);
            let anchors = Anchors::of(&root, &files);
            let counter = Counter::default();
            let documents = Documents::new(&root, &files, &anchors, &counter);
            let mut diagnostics = Diagnostics::default();
            assert!(asked_scopes(documents, &mut diagnostics).is_empty());
            let told = diagnostics.into_vec().into_iter();
            told.map(|told| told.message).collect::<Vec<_>>()
        };
        assert_eq!(
            told("oauth2"),
            [
                "the scopes that `/a` and `/b` may ask for are not known: the path items are in files that are not read"
            ]
        );
        assert!(told("apiKey").is_empty());
    }
}

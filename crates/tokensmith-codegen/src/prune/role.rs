//! What an operation is for, by its parameters and its answers.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::extension::Role;
use crate::prune::documents::Documents;
use crate::reference::Located;

/// Paths of the URLs that the document's OAuth flows name.
pub(super) struct Urls {
    token: BTreeSet<String>,
    authorization: BTreeSet<String>,
    device: BTreeSet<String>,
}

impl Urls {
    pub(super) fn of(documents: Documents<'_>) -> Self {
        let paths = |keys: &[&str]| {
            let urls = flows(documents)
                .flat_map(|flow| keys.iter().filter_map(|key| flow.get(key)?.as_str()));
            urls.map(|url| path_of(url).to_owned())
                .filter(|path| path.len() > 1)
                .collect()
        };
        Self {
            token: paths(&["tokenUrl", "refreshUrl"]),
            authorization: paths(&["authorizationUrl"]),
            // OpenAPI 3.2 has a flow for it.
            device: paths(&["deviceAuthorizationUrl"]),
        }
    }
}

fn flows(documents: Documents<'_>) -> impl Iterator<Item = &Value> {
    let schemes = documents.object("/components/securitySchemes");
    schemes
        .into_iter()
        .flat_map(|(schemes, _)| schemes.values())
        .filter_map(move |scheme| {
            let scheme = documents.resolve(scheme, "").ok()?;
            scheme.value.get("flows")?.as_object()
        })
        .flat_map(Map::values)
}

/// The path of an absolute or relative URL, without query and fragment.
pub(crate) fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| {
        rest.find('/').map_or("", |slash| &rest[slash..])
    });
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    &rest[..end]
}

pub(super) struct OperationView<'a> {
    pub(super) documents: Documents<'a>,
    pub(super) item: &'a Value,
    pub(super) operation: &'a Value,
}

impl<'a> OperationView<'a> {
    /// What the operation is for; nothing where it has nothing to do with OAuth.
    pub(super) fn role(&self, path: &str, method: &str, urls: &Urls) -> Option<Role> {
        let names = self.parameter_names();
        let is_one_of = |urls: &BTreeSet<String>| {
            urls.iter()
                .any(|url| url == path_of(path) || url.ends_with(path_of(path)))
        };
        if names.contains("grant_type") {
            return Some(Role::Token);
        }
        let path_text = path.to_ascii_lowercase();
        if names.contains("token") && path_text.contains("revo") {
            return Some(Role::Revocation);
        }
        if names.contains("token")
            && (self.is_called("introspect", &path_text) || self.answers_active())
        {
            return Some(Role::Introspection);
        }
        let is_for_devices = path_text.contains("device") || is_one_of(&urls.device);
        if is_for_devices && self.success_names().contains("device_code") {
            return Some(Role::DeviceAuthorization);
        }
        let is_for_browsers = names.contains("response_type") || is_one_of(&urls.authorization);
        if method == "get" && is_for_browsers {
            return Some(Role::Authorization);
        }
        // What is deleted at the token URL is no token that is wanted.
        let has_body = self.operation.get("requestBody").is_some() && method != "delete";
        (is_one_of(&urls.token) && has_body).then_some(Role::Token)
    }

    fn is_called(&self, word: &str, path: &str) -> bool {
        let id = self.operation.get("operationId").and_then(Value::as_str);
        path.contains(word) || id.is_some_and(|id| id.to_ascii_lowercase().contains(word))
    }

    /// Whether a success has `active` beside something else that RFC 7662 names: that alone may mean anything.
    fn answers_active(&self) -> bool {
        const OTHERS: [&str; 7] = [
            "client_id",
            "exp",
            "iat",
            "iss",
            "scope",
            "sub",
            "token_type",
        ];
        let names = self.success_names();
        names.contains("active") && OTHERS.iter().any(|name| names.contains(name))
    }

    /// Names of the parameters and of the properties of every request body.
    pub(super) fn parameter_names(&self) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::new();
        for owner in [self.item, self.operation] {
            for parameter in owner
                .get("parameters")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if let Ok(Located { value, .. }) = self.documents.resolve(parameter, "") {
                    names.extend(value.get("name").and_then(Value::as_str));
                }
            }
        }
        if let Some(body) = self.operation.get("requestBody") {
            self.content_names(body, &mut names);
        }
        names
    }

    /// Names of the properties of every success.
    pub(super) fn success_names(&self) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::new();
        let responses = self.operation.get("responses").and_then(Value::as_object);
        for (_, response) in responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
        {
            self.content_names(response, &mut names);
        }
        names
    }

    fn content_names(&self, owner: &'a Value, names: &mut BTreeSet<&'a str>) {
        let Ok(owner) = self.documents.resolve(owner, "") else {
            return;
        };
        let content = owner.value.get("content").and_then(Value::as_object);
        for media in content.into_iter().flat_map(Map::values) {
            if let Some(schema) = media.get("schema") {
                self.property_names(schema, names, &mut BTreeSet::new(), 0);
            }
        }
    }

    fn property_names(
        &self,
        schema: &'a Value,
        names: &mut BTreeSet<&'a str>,
        seen: &mut BTreeSet<String>,
        depth: usize,
    ) {
        const MAX_DEPTH: usize = 8;
        let Ok(Located { value, pointer }) = self.documents.resolve(schema, "") else {
            return;
        };
        // A component says the same every time, and may contain itself.
        if depth > MAX_DEPTH || !pointer.is_empty() && !seen.insert(pointer) {
            return;
        }
        let properties = value.get("properties").and_then(Value::as_object);
        names.extend(
            properties
                .into_iter()
                .flat_map(Map::keys)
                .map(String::as_str),
        );
        names.extend(
            value
                .pointer("/discriminator/propertyName")
                .and_then(Value::as_str),
        );
        for key in ["allOf", "oneOf", "anyOf"] {
            for part in value
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                self.property_names(part, names, seen, depth + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_url_is_what_follows_the_host() {
        assert_eq!(
            path_of("https://a.example/oauth2/token?x=1"),
            "/oauth2/token"
        );
        assert_eq!(path_of("/oauth2/token#refresh"), "/oauth2/token");
        assert_eq!(path_of("https://a.example"), "");
    }
}

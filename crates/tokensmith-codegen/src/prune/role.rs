//! What an operation is for, by its parameters and its answers.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::extension::{self, Role};
use crate::prune::documents::{Documents, sounds_like_oauth};
use crate::reference::Located;

/// Paths of the URLs that the document's OAuth flows name.
pub(super) struct Urls {
    token: BTreeSet<String>,
    authorization: BTreeSet<String>,
    device: BTreeSet<String>,
    /// The paths of the document's servers, without a slash at the end; nothing where one has no path of its own that is known.
    bases: Option<BTreeSet<String>>,
}

impl Urls {
    pub(super) fn of(documents: Documents<'_>) -> Self {
        let paths = |keys: &[&str]| {
            let urls = flows(documents)
                .flat_map(|flow| keys.iter().filter_map(|key| flow.get(key)?.as_str()));
            urls.map(|url| path_of(url).trim().to_owned())
                .filter(|path| path.len() > 1)
                .collect()
        };
        Self {
            token: paths(&["tokenUrl", "refreshUrl"]),
            authorization: paths(&["authorizationUrl"]),
            // OpenAPI 3.2 has a flow for it.
            device: paths(&["deviceAuthorizationUrl"]),
            bases: bases(documents.root),
        }
    }

    /// Whether one of the URLs is an operation's: its path on a server, or at least more than one segment of it.
    fn has(&self, urls: &BTreeSet<String>, path: &str) -> bool {
        let path = path_of(path).trim_end_matches('/');
        let is_word = path.rfind('/') == Some(0);
        urls.iter().filter(|url| leads_to(url, path)).any(|url| {
            let url = with_slash(url);
            let base = url.trim_end_matches('/').strip_suffix(path);
            let bases = self.bases.as_ref().filter(|_| is_word);
            bases.is_none_or(|bases| {
                base.is_some_and(|base| base.is_empty() || bases.contains(base))
            })
        })
    }
}

/// The paths of absolute servers without variables.
fn bases(root: &Value) -> Option<BTreeSet<String>> {
    let servers = root.get("servers")?.as_array()?;
    let base = |server: &Value| {
        let url = server.get("url")?.as_str()?.trim();
        let is_plain = url.contains("://") && !url.contains('{');
        is_plain.then(|| path_of(url).trim_end_matches('/').to_owned())
    };
    let bases: Option<BTreeSet<String>> = servers.iter().map(base).collect();
    bases.filter(|bases| !bases.is_empty())
}

/// Whether a URL, which may be relative, ends with the path: in front of that there may be a server's.
pub(crate) fn leads_to(url: &str, path: &str) -> bool {
    let url = with_slash(path_of(url));
    url.trim_end_matches('/')
        .ends_with(path_of(path).trim_end_matches('/'))
}

fn with_slash(url: &str) -> Cow<'_, str> {
    if url.is_empty() || url.starts_with('/') {
        Cow::Borrowed(url)
    } else {
        Cow::Owned(format!("/{}", url.trim_start_matches("./")))
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
        let is_one_of = |found: &BTreeSet<String>| urls.has(found, path);
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
        (is_one_of(&urls.token) && (has_body || method == "post")).then_some(Role::Token)
    }

    /// Whether an operation with a parameter `grant_type` may be about something else, such as licenses or apps: it takes no credentials,
    /// gives no token, and is not called so.
    pub(super) fn is_doubtful(&self, path: &str, method: &str, urls: &Urls) -> bool {
        const CREDENTIALS: [&str; 9] = [
            "client_secret",
            "client_assertion",
            "assertion",
            "code",
            "refresh_token",
            "password",
            "device_code",
            "subject_token",
            "Authorization",
        ];
        if urls.has(&urls.token, path) || self.operation.get(extension::KEY).is_some() {
            return false;
        }
        let answers = self.success_names();
        let gives_token = answers.iter().any(|name| is_called_token(name));
        if gives_token || sounds_like_oauth(path) && !["patch", "delete"].contains(&method) {
            return false;
        }
        let names = self.parameter_names();
        let takes_credentials = CREDENTIALS.iter().any(|name| names.contains(name));
        !takes_credentials || !["post", "put"].contains(&method)
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
            let parameters = self.member(owner, "parameters");
            for parameter in items(parameters) {
                if let Ok(Located { value, .. }) = self.documents.resolve(parameter, "") {
                    names.extend(value.get("name").and_then(Value::as_str));
                    // Some put the whole body there, as Swagger 2.0 does.
                    let is_body = value.get("in").is_some_and(|place| place == "body");
                    if let Some(schema) = value.get("schema").filter(|_| is_body) {
                        self.property_names(schema, &mut names, &mut BTreeSet::new(), 0);
                    }
                }
            }
        }
        if let Some(body) = self.operation.get("requestBody") {
            self.content_names(body, &mut names, &mut BTreeSet::new(), 0);
        }
        names
    }

    /// Names of the properties of every success.
    pub(super) fn success_names(&self) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::new();
        let responses = self.member(self.operation, "responses");
        let responses = responses.and_then(Value::as_object);
        for (_, response) in responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
        {
            self.content_names(response, &mut names, &mut BTreeSet::new(), 0);
        }
        names
    }

    /// A member of an operation, which may be a reference.
    fn member(&self, owner: &'a Value, key: &str) -> Option<&'a Value> {
        let found = self.documents.resolve(owner.get(key)?, "").ok()?;
        Some(found.value)
    }

    /// Names of what a body or an answer holds; without `content` it may be a schema, or have one.
    fn content_names(
        &self,
        owner: &'a Value,
        names: &mut BTreeSet<&'a str>,
        seen: &mut BTreeSet<String>,
        depth: usize,
    ) {
        let Ok(Located { value: owner, .. }) = self.documents.resolve(owner, "") else {
            return;
        };
        let Some(content) = self.member(owner, "content").and_then(Value::as_object) else {
            let schema = owner.get("schema").unwrap_or(owner);
            return self.property_names(schema, names, seen, depth + 1);
        };
        for media in content.values() {
            let Ok(Located { value: media, .. }) = self.documents.resolve(media, "") else {
                continue;
            };
            if let Some(schema) = media.get("schema") {
                self.property_names(schema, names, seen, depth + 1);
            }
            for example in examples(media) {
                example_names(example, names);
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
        // A body that was taken for a schema.
        if value.get("properties").is_none() && value.get("content").is_some() {
            return self.content_names(value, names, seen, depth + 1);
        }
        let properties = self.member(value, "properties").and_then(Value::as_object);
        for example in examples(value) {
            example_names(example, names);
        }
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

fn is_called_token(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("token")
}

/// Parameters as a list; some name them in an object.
fn items(parameters: Option<&Value>) -> Vec<&Value> {
    match parameters {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(named)) => named.values().collect(),
        _ => Vec::new(),
    }
}

/// The examples of a media type or schema.
fn examples(owner: &Value) -> impl Iterator<Item = &Value> {
    let several = owner.get("examples").and_then(Value::as_object);
    let several = several.into_iter().flat_map(Map::values);
    let list = owner.get("examples").and_then(Value::as_array);
    owner
        .get("example")
        .into_iter()
        .chain(several.filter_map(|example| example.get("value")))
        .chain(list.into_iter().flatten())
}

/// Names in an example of a whole body, which may be the text of a form.
fn example_names<'a>(example: &'a Value, names: &mut BTreeSet<&'a str>) {
    match example {
        Value::Object(members) => names.extend(members.keys().map(String::as_str)),
        Value::String(text) if text.contains('=') && !text.contains(char::is_whitespace) => {
            let fields = text.split('&').filter_map(|field| field.split_once('='));
            names.extend(fields.map(|(name, _)| name));
        }
        _ => {}
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

//! Which operations the URLs are that the document's OAuth flows name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use super::documents::Documents;
use crate::host::{authority, is_placeholder};
use crate::openapi::grammar::METHODS;
use crate::openapi::security_scheme::SecurityScheme;

/// Paths of the URLs that the document's OAuth flows name.
pub(super) struct Urls {
    pub(super) token: UrlPaths,
    pub(super) authorization: UrlPaths,
    pub(super) device: UrlPaths,
    /// Paths of authorization URLs whose host stands for another, and who knows what stands before them.
    placeholders: BTreeSet<String>,
}

impl Urls {
    pub(super) fn of(documents: Documents<'_>) -> Self {
        let bases = bases(documents.root);
        let paths = |keys: &[&str]| {
            let urls = flows(documents)
                .flat_map(|flow| keys.iter().filter_map(|key| flow.get(key)?.as_str()));
            let paths = urls.map(|url| path_of(url).trim());
            UrlPaths::of(paths.filter(|path| path.len() > 1), bases.as_ref())
        };
        Self {
            token: paths(&["tokenUrl", "refreshUrl"]),
            authorization: paths(&["authorizationUrl"]),
            // OpenAPI 3.2 has a flow for it.
            device: paths(&["deviceAuthorizationUrl"]),
            placeholders: placeholders(documents),
        }
    }

    /// Whether a path ends with that of an authorization URL whose host stands for another, with more than one segment of it.
    pub(super) fn have_placeholder(&self, path: &str) -> bool {
        let path = path_of(path).trim_end_matches('/');
        let mut ends = self.placeholders.iter();
        ends.any(|end| path.ends_with(end))
    }
}

/// Paths of URLs, so kept that a look for an operation's takes no longer if there are many.
#[derive(Default)]
pub(super) struct UrlPaths {
    /// Whether one of them is a server's own URL.
    has_server: bool,
    /// The last segments, with their slashes, behind which nothing or a server's path stands; of servers that nobody
    /// knows that may be any.
    last_segments: BTreeSet<String>,
    /// The paths from their ends to their beginnings.
    reversed: BTreeSet<String>,
}

impl UrlPaths {
    /// `bases` are the paths of the document's servers, without a slash at the end; nothing where one has no path of its own that is known.
    fn of<'u>(urls: impl Iterator<Item = &'u str>, bases: Option<&BTreeSet<String>>) -> Self {
        let mut paths = Self::default();
        for url in urls {
            let url = with_slash(url);
            let url = url.trim_end_matches('/');
            paths.has_server |= bases.is_some_and(|bases| bases.contains(url));
            let (base, last) = url.split_at(url.rfind('/').unwrap_or_default());
            if base.is_empty() || bases.is_none_or(|bases| bases.contains(base)) {
                paths.last_segments.insert(last.to_owned());
            }
            paths.reversed.insert(url.chars().rev().collect());
        }
        paths
    }

    /// Whether one of the URLs is an operation's: its path on a server, or at least more than one segment of it.
    pub(super) fn have(&self, path: &str) -> bool {
        let path = path_of(path).trim_end_matches('/');
        match path.matches('/').count() {
            // A server's own URL, and every other one, ends with nothing.
            0 => self.has_server,
            1 => self.last_segments.contains(path),
            _ => {
                let end: String = path.chars().rev().collect();
                let next = self.reversed.range(end.clone()..).next();
                next.is_some_and(|next| next.starts_with(&end))
            }
        }
    }
}

fn placeholders(documents: Documents<'_>) -> BTreeSet<String> {
    let urls = flows(documents).filter_map(|flow| flow.get("authorizationUrl")?.as_str());
    let urls = urls.map(str::trim);
    let urls = urls.filter(|url| url.contains("://") && is_placeholder(authority(url)));
    let paths = urls.map(|url| path_of(url).trim_end_matches('/'));
    paths
        .filter(|path| path.matches('/').count() > 1)
        .map(str::to_owned)
        .collect()
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

/// Whether a URL leads to this path, and to no longer one of these.
pub(crate) fn leads_to_longest<'a>(
    url: &str,
    path: &str,
    mut paths: impl Iterator<Item = &'a String>,
) -> bool {
    let length = |path: &str| path_of(path).trim_end_matches('/').len();
    let is_longer = |other: &&String| length(other) > length(path);
    leads_to(url, path) && !paths.any(|other| is_longer(&other) && leads_to(url, other))
}

pub(super) fn with_slash(url: &str) -> Cow<'_, str> {
    if url.is_empty() || url.starts_with('/') {
        Cow::Borrowed(url)
    } else {
        Cow::Owned(format!("/{}", url.trim_start_matches("./")))
    }
}

fn flows(documents: Documents<'_>) -> impl Iterator<Item = &Value> {
    named_flows(documents).map(|(_, flow)| flow)
}

fn named_flows(documents: Documents<'_>) -> impl Iterator<Item = (&String, &Value)> {
    let schemes = documents.object("/components/securitySchemes");
    schemes
        .into_iter()
        .flat_map(|(schemes, _)| schemes.values())
        .filter_map(move |scheme| documents.resolve(scheme, "").ok())
        .flat_map(|scheme| SecurityScheme(scheme.value).flows())
}

/// The flows that have a token URL, and their names.
pub(super) fn flows_with<'a>(
    documents: Documents<'a>,
    url: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    named_flows(documents)
        .filter(move |(_, flow)| {
            let own = flow.get("tokenUrl").and_then(Value::as_str);
            own.is_some_and(|own| own.trim() == url)
        })
        .map(|(name, flow)| (name.as_str(), flow))
}

/// The token URLs of the flows at which no operation is, as they are written, each once.
pub(super) fn token_urls_without_operation<'a>(documents: Documents<'a>) -> Vec<&'a str> {
    let urls = flows(documents).filter_map(|flow| flow.get("tokenUrl")?.as_str());
    let urls: BTreeSet<&str> = urls.map(str::trim).filter(|url| !url.is_empty()).collect();
    let paths = documents.object("/paths");
    let has_operation = |item: &Value| METHODS.iter().any(|method| item.get(method).is_some());
    let paths: Vec<&String> = paths
        .iter()
        .flat_map(|(paths, _)| paths.iter())
        .filter(|(_, item)| item.get("$ref").is_some() || has_operation(item))
        .map(|(path, _)| path)
        .collect();
    let is_there = |url: &str| {
        paths
            .iter()
            .any(|path| path.len() > 1 && leads_to(url, path))
    };
    urls.into_iter().filter(|url| !is_there(url)).collect()
}

/// The path of an absolute or relative URL, without query and fragment.
pub(crate) fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| {
        rest.find('/').map_or("", |slash| &rest[slash..])
    });
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_url_is_an_operations_by_its_server() {
        let has = |server: &str, url: &str, path: &str| {
            let root = json!({"servers": [{ "url": server }]});
            let found = UrlPaths::of([path_of(url)].into_iter(), bases(&root).as_ref());
            found.have(path)
        };
        let server = "https://a.example/v1";
        assert!(has(
            server,
            "https://a.example/v1/oauth/token/",
            "/oauth/token"
        ));
        assert!(has(
            server,
            "https://b.example/x/oauth/token",
            "/oauth/token"
        ));
        assert!(has(server, "oauth/token", "/oauth/token/"));
        assert!(has(server, "https://a.example/v1/token", "/token"));
        assert!(has(server, "/token", "/token"));
        assert!(!has(server, "https://a.example/v1/oauth/token", "/token"));
        assert!(has(
            "https://{a}.example",
            "https://a.example/oauth/token",
            "/token"
        ));
        assert!(!has(server, "https://a.example/v1/oauth/authorize", "/"));
        assert!(!has(
            "https://{a}.example",
            "https://a.example/authorize",
            "/"
        ));
        assert!(has(server, "https://a.example/v1", "/"));
    }

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

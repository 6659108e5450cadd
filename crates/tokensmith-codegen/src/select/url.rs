//! Which operations the URLs are that the document's OAuth flows name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use super::documents::Documents;
use crate::openapi::security_scheme::SecurityScheme;

/// Paths of the URLs that the document's OAuth flows name.
pub(super) struct Urls {
    pub(super) token: BTreeSet<String>,
    pub(super) authorization: BTreeSet<String>,
    pub(super) device: BTreeSet<String>,
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
    pub(super) fn has(&self, urls: &BTreeSet<String>, path: &str) -> bool {
        let path = path_of(path).trim_end_matches('/');
        let known = self.bases.as_ref();
        urls.iter().filter(|url| leads_to(url, path)).any(|url| {
            let url = with_slash(url);
            let base = url.trim_end_matches('/').strip_suffix(path);
            let is_server = known.zip(base).map(|(bases, base)| bases.contains(base));
            match path.matches('/').count() {
                // A server's own URL, and every other one, ends with nothing.
                0 => is_server == Some(true),
                1 => base == Some("") || is_server.unwrap_or(true),
                _ => true,
            }
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
        .filter_map(move |scheme| documents.resolve(scheme, "").ok())
        .flat_map(|scheme| SecurityScheme(scheme.value).flows())
        .map(|(_, flow)| flow)
}

/// The token URLs of the flows, as they are written, each once.
pub(super) fn token_urls<'a>(documents: Documents<'a>) -> Vec<&'a str> {
    let urls = flows(documents).filter_map(|flow| flow.get("tokenUrl")?.as_str());
    let urls: BTreeSet<&str> = urls.map(str::trim).filter(|url| !url.is_empty()).collect();
    urls.into_iter().collect()
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
            let found = BTreeSet::from([path_of(url).to_owned()]);
            let urls = Urls {
                token: BTreeSet::new(),
                authorization: BTreeSet::new(),
                device: BTreeSet::new(),
                bases: bases(&root),
            };
            urls.has(&found, path)
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

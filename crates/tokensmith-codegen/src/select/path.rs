//! Keys of `paths` that are no paths, read as they were meant.

use crate::openapi::site::PathQuery;

/// A key of `paths`, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PathKey {
    /// What takes its place: it begins with a slash, and has no character that a URL cannot have.
    pub(super) path: String,
    /// Whether the slash stands in the document only: what is sent follows the server as it is.
    pub(super) is_bare: bool,
    /// The server of a key that is a whole URL.
    pub(super) server: Option<String>,
    /// Parameters that stand in the query of the key.
    pub(super) query: Vec<PathQuery>,
    /// What is wrong with the key; nothing where it is a path.
    pub(super) fault: Option<&'static str>,
}

impl PathKey {
    pub(super) fn of(key: &str) -> Self {
        let mut read = Self {
            path: key.trim().to_owned(),
            is_bare: false,
            server: None,
            query: Vec::new(),
            fault: (key.trim() != key).then_some("has white space around it"),
        };
        if let Some((server, path)) = split_url(&read.path) {
            read.server = Some(server);
            read.path = path;
            read.fault = Some("is a whole URL, and names a server");
        }
        if !read.path.starts_with('/') {
            // Nothing below the server is meant, or a query of its own.
            read.is_bare = read.path.is_empty() || read.path.starts_with(['?', '#']);
            read.path.insert(0, '/');
            read.fault = read.fault.or(Some("has no slash at its beginning"));
        }
        if let Some(path) = with_braces(&read.path) {
            read.path = path;
            read.fault = Some("has parameters in other brackets than braces");
        }
        if let Some(path) = encoded(&read.path) {
            read.path = path;
            read.fault = Some("has characters that no URL has");
        }
        read
    }
}

/// The server of a whole URL, and the path after it.
fn split_url(key: &str) -> Option<(String, String)> {
    let (scheme, rest) = key.split_once("://")?;
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let server = format!("{}://{host}", scheme.to_ascii_lowercase());
    (!host.is_empty()).then(|| (server, path.to_owned()))
}

/// `/a/{b}` for `/a/<b>`: brackets that no URL has around a name.
fn with_braces(path: &str) -> Option<String> {
    let mut written = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('<') {
        let (name, behind) = after.split_once('>')?;
        let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        written += before;
        written += &format!("{{{name}}}");
        rest = behind;
    }
    written += rest;
    (written != path).then_some(written)
}

/// The path with every character escaped that a URL cannot have; a fragment is never sent, and names of parameters stay.
fn encoded(path: &str) -> Option<String> {
    let (sent, fragment) = path.split_at(path.find('#').unwrap_or(path.len()));
    let mut written = String::with_capacity(path.len());
    let mut in_braces = false;
    for letter in sent.chars() {
        in_braces = letter == '{' || in_braces && letter != '}';
        let is_plain = letter.is_ascii_graphic()
            && !matches!(letter, '"' | '<' | '>' | '\\' | '^' | '`' | '|');
        if is_plain || in_braces {
            written.push(letter);
        } else {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                written += &format!("%{byte:02X}");
            }
        }
    }
    (written != sent).then(|| written + fragment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(key: &str, path: &str, server: Option<&str>) {
        let read = PathKey::of(key);
        assert_eq!((read.path.as_str(), read.server.as_deref()), (path, server));
        assert_eq!(read.fault.is_some(), key != path, "{read:?}");
    }

    #[test]
    fn what_is_no_path_becomes_one() {
        becomes(
            "/oauth/{tenant}/token?a=b#c",
            "/oauth/{tenant}/token?a=b#c",
            None,
        );
        becomes("/", "/", None);
        becomes("oauth/token", "/oauth/token", None);
        becomes(" /oauth/token\t", "/oauth/token", None);
        becomes("", "/", None);
        becomes("?a=b", "/?a=b", None);
        becomes("/a<b>/c-<d_e>", "/a{b}/c-{d_e}", None);
        becomes("/a<b/c d>/é", "/a%3Cb/c%20d%3E/%C3%A9", None);
        becomes("/{with space}/a#b c", "/{with space}/a#b c", None);
    }

    #[test]
    fn a_whole_url_is_a_path_on_a_server() {
        becomes(
            "HTTPS://a.example:8443/token",
            "/token",
            Some("https://a.example:8443"),
        );
        becomes("https://a.example", "/", Some("https://a.example"));
        becomes("https:///token", "/https:///token", None);
        becomes("urn://a/b", "/urn://a/b", None);
        assert!(PathKey::of("https://a.example").is_bare);
        assert!(!PathKey::of("https://a.example/").is_bare);
    }
}

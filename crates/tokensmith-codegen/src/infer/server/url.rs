//! A server's URL as it was meant.

use std::collections::BTreeSet;

use tokensmith_template::is_dot_segment;

use crate::diagnostic::budget::SERVERS;
use crate::host;

/// The URLs that a server's URL stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// None where it is relative, and nothing says to what.
    pub(super) urls: Vec<String>,
    /// Whether a variable stood for the scheme or more, so that its values are taken.
    pub(super) is_expanded: bool,
}

/// Reads a URL; `values` knows the values of its variables, the default first.
pub(super) fn read(written: &str, values: impl Fn(&str) -> Vec<String>) -> Reading {
    let url = with_braces(written.trim());
    let url = url.split('#').next().unwrap_or_default();
    let is_one = |url: &String| super::is_absolute(url);
    let Some((name, rest)) = url
        .strip_prefix('{')
        .and_then(|rest| rest.split_once('}'))
        .filter(|(_, rest)| rest.is_empty() || rest.starts_with([':', '/']))
    else {
        return Reading {
            urls: Some(absolute(url)).filter(is_one).into_iter().collect(),
            is_expanded: false,
        };
    };
    let values = values(name);
    let values = match rest.starts_with("://") {
        // A client sends nothing in plain text that can be sent otherwise.
        true if values.is_empty() || values.iter().any(|value| value == "https") => {
            vec!["https".to_owned()]
        }
        _ => values,
    };
    let mut known = BTreeSet::new();
    let urls = values
        .into_iter()
        .map(|value| absolute(&format!("{value}{rest}")));
    let urls = urls
        .filter(|url| is_one(url) && known.insert(url.clone()))
        .take(SERVERS.most + 1)
        .collect();
    Reading {
        urls,
        is_expanded: true,
    }
}

/// The variable that is a URL's beginning, host included, and the path behind it.
pub(super) fn behind_base(url: &str) -> Option<(&str, &str)> {
    let (name, path) = url.strip_prefix('{')?.split_once('}')?;
    (path.is_empty() || path.starts_with('/')).then_some((name, path))
}

/// Whether a URL stands for any other: its host is one of documentation (RFC 2606), or the machine that a program runs on.
pub(super) fn is_sample(url: &str) -> bool {
    let url = absolute(url);
    let authority = match url.contains("://") {
        true => host::authority(&url),
        false => "",
    };
    host::is_loopback(authority) || host::is_reserved(authority)
}

/// An absolute URL without `.` and `..` in its path: the one that they lead to (RFC 3986, section 5.2.4). Behind a variable,
/// nothing says what they lead to.
pub(super) fn without_dots(url: &str) -> String {
    let (origin, rest) = url.split_at(origin(url).len());
    let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    if !path.split('/').any(is_dot_segment) {
        return url.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let segments = path.split('/').skip(1);
    let last = segments.clone().last().filter(|last| is_dot_segment(last));
    for segment in segments {
        match is_dot_segment(segment) {
            false => kept.push(segment),
            true if is_parent(segment) => match kept.pop() {
                Some(variable) if variable.contains('{') => return url.to_owned(),
                _ => {}
            },
            true => {}
        }
    }
    // A path that ends with dots is a folder's.
    kept.extend(last.map(|_| ""));
    format!("{origin}/{}{query}", kept.join("/"))
}

/// Whether a dot segment leads to the segment above.
fn is_parent(segment: &str) -> bool {
    segment.len() > "%2e".len() || segment == ".."
}

/// The scheme and the host of an absolute URL.
pub(super) fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |colon| colon + 3);
    let end = url[host..]
        .find(['/', '?'])
        .map_or(url.len(), |end| host + end);
    &url[..end]
}

/// With a scheme in lower case, and with one at all where there is a host.
fn absolute(url: &str) -> String {
    if let Some((scheme, rest)) = url.split_once("://") {
        return format!("{}://{rest}", scheme.to_ascii_lowercase());
    }
    let (is_bare, url) = match url.strip_prefix("//") {
        Some(rest) => (true, rest),
        None => (false, url),
    };
    let host = url.split(['/', '?']).next().unwrap_or_default();
    let is_local = host == "localhost" || host.starts_with("localhost:");
    // What has no top-level domain is a part of a path, and so is what begins with a dot.
    let name = host.split(':').next().unwrap_or_default();
    let (first, last) = name.rsplit_once('.').unwrap_or_default();
    let is_domain = last.len() > 1 && last.chars().all(|letter| letter.is_ascii_alphabetic());
    let is_host = is_domain && !first.is_empty() && !first.starts_with('.');
    match is_local {
        true => format!("http://{url}"),
        _ if is_host || is_bare => format!("https://{url}"),
        _ => url.to_owned(),
    }
}

/// With variables between braces, as OpenAPI has them, where others write them in another way.
fn with_braces(url: &str) -> String {
    let mut url = url.replace("{{", "{").replace("}}", "}").replace("${", "{");
    let is_paired = url.matches('<').count() == url.matches('>').count();
    if is_paired {
        url = url.replace('<', "{").replace('>', "}");
    }
    if let Some((scheme, rest)) = url.split_once("://:") {
        let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let end = rest
            .find(|letter| !is_of_name(letter))
            .unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        if !name.is_empty() {
            return format!("{scheme}://{{{name}}}{rest}");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(written: &str, values: &[&str]) -> Vec<String> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        read(written, |_| values.clone()).urls
    }

    #[test]
    fn what_is_clear_becomes_a_url() {
        for (written, meant) in [
            (" https://a.example ", "https://a.example"),
            ("HTTPS://A.example/b", "https://A.example/b"),
            ("//a.example/v1", "https://a.example/v1"),
            ("//localhost:8080/v1", "http://localhost:8080/v1"),
            ("a.example/v1", "https://a.example/v1"),
            ("localhost:8080", "http://localhost:8080"),
            ("http://{{base}}", "http://{base}"),
            ("https://${tenant}.a.example", "https://{tenant}.a.example"),
            ("https://<tenant>.a.example", "https://{tenant}.a.example"),
            ("https://:tenant.a.example", "https://{tenant}.a.example"),
            ("https://a.example#part", "https://a.example"),
            ("https://{a}.example/{b}", "https://{a}.example/{b}"),
        ] {
            assert_eq!(urls(written, &[]), [meant], "{written}");
        }
    }

    #[test]
    fn a_variable_in_front_is_its_values() {
        let both = ["https://a.example", "https://b.example"];
        assert_eq!(urls("{base}", &both), both);
        assert_eq!(
            urls("{scheme}://a.example", &["http", "https"]),
            ["https://a.example"]
        );
        assert_eq!(
            urls("{scheme}://a.example", &["http"]),
            ["http://a.example"]
        );
        assert_eq!(urls("{scheme}://a.example", &[]), ["https://a.example"]);
        assert!(urls("{base}", &["/v1"]).is_empty());
    }

    #[test]
    fn a_base_is_told_from_a_scheme_and_a_sample_from_a_host() {
        assert_eq!(behind_base("{root}/v1"), Some(("root", "/v1")));
        assert_eq!(behind_base("{root}"), Some(("root", "")));
        assert_eq!(behind_base("{scheme}://a.example"), None);
        assert_eq!(behind_base("https://{host}/v1"), None);
        for url in [
            "https://example.com",
            "api.example.org/v1",
            "http://localhost:8080",
        ] {
            assert!(is_sample(url), "{url}");
        }
        for url in ["https://myexample.com", "https://api.acme.dev", "/v1", ""] {
            assert!(!is_sample(url), "{url}");
        }
    }

    /// As in RFC 3986, section 5.4.
    #[test]
    fn dot_segments_are_what_they_lead_to() {
        for (written, meant) in [
            ("https://a.example/b/c/./../../g", "https://a.example/g"),
            ("https://a.example/v1/../oauth", "https://a.example/oauth"),
            (
                "https://a.example/v1/%2e%2E/oauth?x=/../y",
                "https://a.example/oauth?x=/../y",
            ),
            ("https://a.example/../../v1", "https://a.example/v1"),
            ("https://a.example/v1/.", "https://a.example/v1/"),
            ("https://a.example/v1/..", "https://a.example/"),
            ("https://a.example/b..c/...", "https://a.example/b..c/..."),
            (
                "https://{tenant}.example/./v1",
                "https://{tenant}.example/v1",
            ),
            (
                "https://a.example/{tenant}/../v1",
                "https://a.example/{tenant}/../v1",
            ),
            ("https://a.example", "https://a.example"),
        ] {
            assert_eq!(without_dots(written), meant, "{written}");
        }
    }

    #[test]
    fn what_is_relative_stays_so() {
        for written in ["/v1", "v1", "v1.2", "./v1.2", "../v1.2", "", "/"] {
            assert!(urls(written, &[]).is_empty(), "{written}");
        }
        assert_eq!(origin("https://a.example/b?c"), "https://a.example");
        assert_eq!(origin("https://a.example"), "https://a.example");
    }
}

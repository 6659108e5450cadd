//! A variable directly behind the host whose values begin the path: `https://api.example.com{basePath}`, with the default `/v1`.

use openapiv3::Server as ApiServer;

use crate::diagnostic::{Diagnostic, Rule};

/// A server with the slash in its URL instead of in the values, so that no value has a say in the host.
pub(super) struct Moved {
    pub(super) server: ApiServer,
    pub(super) url: String,
    /// What was written.
    written: String,
}

/// Moves the slash, if each value that the document lists begins with one.
pub(super) fn moved(server: &ApiServer, url: &str) -> Option<Moved> {
    let host = url.find("://")? + 3;
    let authority = url[host..].split(['/', '?', '#']).next()?;
    let (before, name) = authority.strip_suffix('}')?.rsplit_once('{')?;
    let is_host = before.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '}');
    let mut server = server.clone();
    let variable = server.variables.as_mut()?.get_mut(name)?;
    for value in std::iter::once(&mut variable.default).chain(&mut variable.enumeration) {
        let path = value.strip_prefix('/')?.trim_matches('/');
        if path.is_empty() {
            return None;
        }
        *value = path.to_owned();
    }
    let (start, end) = url.split_at(host + before.len());
    is_host.then(|| Moved {
        url: format!("{start}/{end}"),
        written: url.to_owned(),
        server,
    })
}

impl Moved {
    pub(super) fn diagnostic(&self, at: &str) -> Diagnostic {
        let message = format!(
            "the server `{}` is read as `{}`: its last variable begins the path, and cannot be part of the host",
            self.written.escape_debug(),
            self.url.escape_debug()
        );
        Diagnostic::new(Rule::Repaired, at, message).help(format!(
            "write the slash in the URL, and the values without it:\nservers:\n  - url: {}",
            self.url
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(default: &str, values: &[&str]) -> ApiServer {
        let server = serde_json::json!({
            "url": "https://a.example",
            "variables": {"base": {"default": default, "enum": values}}
        });
        serde_json::from_value(server).expect("is a server")
    }

    fn url(written: &str, default: &str, values: &[&str]) -> Option<(String, String)> {
        let moved = moved(&server(default, values), written)?;
        let variables = moved.server.variables?;
        Some((moved.url, variables["base"].default.clone()))
    }

    #[test]
    fn the_slash_moves_from_the_values_to_the_url() {
        for (written, default, values, meant, value) in [
            (
                "https://a.example{base}",
                "/v1",
                &[][..],
                "https://a.example/{base}",
                "v1",
            ),
            (
                "https://a.example:8080{base}/x",
                "/v1/b/",
                &["/v1/b", "/v2"],
                "https://a.example:8080/{base}/x",
                "v1/b",
            ),
            (
                "https://{tenant}{base}",
                "/v1",
                &[],
                "https://{tenant}/{base}",
                "v1",
            ),
        ] {
            let meant = Some((meant.to_owned(), value.to_owned()));
            assert_eq!(url(written, default, values), meant, "{written}");
        }
    }

    #[test]
    fn what_may_be_part_of_the_host_stays() {
        for (written, default, values) in [
            ("https://a.example{base}", "v1", &[][..]),
            ("https://a.example{base}", "/v1", &["/v1", ".evil.example"]),
            ("https://a.example{base}", "/", &[]),
            ("https://a.{base}", "/v1", &[]),
            ("https://user@{base}", "/v1", &[]),
            ("https://{base}", "/v1", &[]),
            ("https://a.example/{base}", "/v1", &[]),
            ("https://a.example{base}.example", "/v1", &[]),
            ("https://a.example{other}", "/v1", &[]),
        ] {
            assert_eq!(url(written, default, values), None, "{written}");
        }
    }

    #[test]
    fn no_value_of_a_caller_changes_the_host() {
        use tokensmith_template::{Origin, Template, Value};
        let (url, _) = url("https://a.example{base}", "/v1", &[]).expect("is moved");
        let template = Template::parse(&url).expect("is a template");
        for text in [
            "v2",
            ".evil.example",
            "@evil.example",
            ":8443",
            "/v2",
            "//evil.example",
        ] {
            let filled = template.fill(&[Value::new("base", text, Origin::Caller)]);
            assert!(
                filled.is_err() || filled.is_ok_and(|url| url.starts_with("https://a.example/")),
                "{text}"
            );
        }
    }
}

//! The server that a document names first, of which a reader expects that the credentials go there.

use tokensmith_template::{Template, Value};

use crate::host::authority;

/// The first server of a document, as its own author wrote it, without an overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstServer {
    /// Its URL; `{variable}` stands for a variable.
    pub url: String,
    /// The variables that have a default, with that.
    pub defaults: Vec<(String, String)>,
}

impl FirstServer {
    /// Returns the URL with the document's defaults. A variable without one has the value that is given, unless it
    /// decides about the domain: then the document names no host, and the URL stays as it is written.
    pub fn url_with(&self, given: &[(&str, &str)]) -> String {
        let Ok(template) = Template::parse(&self.url) else {
            return self.url.clone();
        };
        let host = authority(&self.url);
        let open = template.open_variables();
        let value = |name| {
            let mut defaults = self.defaults.iter();
            if let Some((_, text)) = defaults.find(|(other, _)| other == name) {
                return Some(Value::listed(name, text));
            }
            let braced = format!("{{{name}}}");
            if !host.contains(&braced) {
                return Some(Value::listed(name, "x"));
            }
            let is_whole_host = host.split(':').next() == Some(braced.as_str());
            let mut given = given
                .iter()
                .filter(|_| !is_whole_host && !open.contains(&name));
            given
                .find(|(other, _)| *other == name)
                .map(|(_, text)| Value::given(name, text))
        };
        let names = template.variables();
        let values: Option<Vec<Value<'_>>> = names.into_iter().map(value).collect();
        let filled = values.and_then(|values| template.fill(&values).ok());
        filled.unwrap_or_else(|| self.url.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(url: &str, defaults: &[(&str, &str)], given: &[(&str, &str)]) -> String {
        let defaults = defaults.iter();
        let server = FirstServer {
            url: url.to_owned(),
            defaults: defaults
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        };
        server.url_with(given)
    }

    #[test]
    fn a_default_wins_over_what_is_given() {
        let tenant = "https://{tenant}.example.com/{version}";
        assert_eq!(
            filled(tenant, &[("tenant", "demo")], &[("tenant", "acme")]),
            "https://demo.example.com/x"
        );
        assert_eq!(
            filled(tenant, &[], &[("tenant", "acme")]),
            "https://acme.example.com/x"
        );
        let port = filled(
            "http://localhost:{port}",
            &[("port", "1")],
            &[("port", "2")],
        );
        assert_eq!(port, "http://localhost:1");
    }

    #[test]
    fn a_domain_is_the_documents_or_nobodys() {
        for url in [
            "https://{host}",
            "https://{host}:443/x",
            "https://api.{host}",
            "https://{host}.com",
        ] {
            assert_eq!(filled(url, &[], &[("host", "evil")]), url);
        }
        let known = filled("https://{a}.com", &[("a", "good")], &[("a", "evil")]);
        assert_eq!(known, "https://good.com");
        assert_eq!(
            filled("https://{a}.example.com", &[], &[("a", "evil/")]),
            "https://{a}.example.com"
        );
    }
}

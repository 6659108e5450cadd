//! What a document means, on one page: endpoints, grants, parameters, errors and deviations.

use std::fmt::Write as _;

use serde_json::Value;
use tokensmith_codegen::diagnostic::finding::report;
use tokensmith_codegen::{Finding, Model};

use crate::markdown::plain;

/// Returns the page of a document that was [explained](tokensmith_codegen::explain). It has the
/// answers without their evidence, so that no line of it changes where only a place does, and not
/// the version, which a release raises.
pub fn page(model: &Model, findings: &[Finding]) -> String {
    let mut page = format!("{}\n", plain(&model.title));
    let endpoints = report::json(findings);
    for endpoint in endpoints.as_array().into_iter().flatten() {
        let place = match (text(&endpoint["kind"]), text(&endpoint["endpoint"])) {
            (Some(kind), Some(pointer)) => format!("{kind} endpoint {pointer}"),
            (None, Some(pointer)) if !pointer.is_empty() => pointer.to_owned(),
            _ => "all endpoints".to_owned(),
        };
        // Writing to a text does not fail.
        let _ = writeln!(page, "\n{}", plain(&place));
        for finding in endpoint["findings"].as_array().into_iter().flatten() {
            let _ = writeln!(page, "  {}", plain(&answer(finding)));
        }
    }
    if !model.deviations.is_empty() {
        page.push_str("\ndeviations from RFC 6749\n");
        for deviation in &model.deviations {
            let _ = writeln!(page, "  {}", plain(deviation));
        }
    }
    if !model.notes.is_empty() {
        page.push_str("\nnotes on endpoints\n");
        for (endpoint, note) in &model.notes {
            let _ = writeln!(page, "  {}: {}", plain(endpoint), plain(note));
        }
    }
    page
}

/// `parameter code of authorization_code: body, required, text`.
fn answer(finding: &Value) -> String {
    let mut line = text(&finding["question"])
        .unwrap_or_default()
        .replace('-', " ");
    if let Some(subject) = text(&finding["subject"]) {
        let _ = write!(line, " `{subject}`");
    }
    let grants: Vec<&str> = finding["grants"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(text)
        .collect();
    if !grants.is_empty() {
        let _ = write!(line, " of {}", grants.join(", "));
    }
    let _ = write!(line, ": {}", text(&finding["answer"]).unwrap_or_default());
    line
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

#[cfg(test)]
mod tests {
    use tokensmith_codegen::{Source, explain};

    #[test]
    fn a_page_says_what_matters_and_not_where_it_stands() {
        let document = "openapi: 3.1.0\ninfo: {title: Acme, version: '1'}\nservers: [{url: 'https://a.example'}]\npaths:\n  /token:\n    post:\n      \
                        x-tokensmith: {client-auth: body}\n      requestBody:\n        content:\n          application/x-www-form-urlencoded:\n            schema:\n              \
                        properties: {grant_type: {type: string, const: client_credentials}}\n      responses:\n        '200':\n          description: A token.\n          \
                        content: {application/json: {schema: {properties: {access_token: {type: string}}}}}\n";
        let page = |text: &str| {
            let (reading, findings) =
                explain("acme", Source::new("acme.yaml", text.as_bytes()), None);
            super::page(&reading.model.expect("has no errors"), &findings)
        };
        let shown = page(document);
        for line in [
            "Acme\n\n",
            "\ntoken endpoint /paths/~1token/post\n",
            "\n  grants: client_credentials\n",
            "\n  client authentication: body\n",
            "\ndeviations from RFC 6749\n  The token endpoint takes client id and secret in the body",
        ] {
            assert!(shown.contains(line), "{line}: {shown}");
        }
        assert_eq!(page(&format!("# A comment.\n\n{document}")), shown);
    }
}

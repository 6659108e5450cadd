//! What a document says of endpoints and of a client's credentials, which no request's own
//! documentation has.

use super::{docs, source};
use crate::model::{CredentialWords, Endpoint, Model};
use crate::prose::listed;

/// A section for each endpoint of which something is said, below headings of a level.
pub(crate) fn of_endpoints(model: &Model, level: usize) -> String {
    let mut text = String::new();
    for endpoint in &model.endpoints {
        let Some(choice) = endpoint.paths.first() else {
            continue;
        };
        let description = endpoint.own_description().map(docs::description);
        let parts = description.into_iter().chain(of_credentials(endpoint));
        let parts = parts.chain(notes(model, endpoint));
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            let (kind, path) = (endpoint.kind.as_str(), docs::code(&choice.path));
            let heading = "#".repeat(level + 1);
            let parts = docs::below_heading(&parts.join("\n\n"), level + 1);
            let requests = match model.shares_path(endpoint) {
                true => format!(" ({})", endpoint.requests()),
                false => String::new(),
            };
            text.push_str(&format!(
                "\n{heading} The {kind} endpoint {path}{requests}\n\n{parts}\n"
            ));
        }
    }
    text
}

/// What people need to know of an endpoint and is no deviation, as a list.
fn notes(model: &Model, endpoint: &Endpoint) -> Option<String> {
    let own = model
        .notes
        .iter()
        .filter(|(ident, _)| *ident == endpoint.ident);
    let items: Vec<String> = own
        .map(|(_, note)| docs::markdown(&format!("- {note}")))
        .collect();
    (!items.is_empty()).then(|| items.join("\n"))
}

/// What is said of the identifier and of the secret, unless that is no more than what they are.
fn of_credentials(endpoint: &Endpoint) -> Option<String> {
    let authentication = &endpoint.attributes.authentication;
    let all = [
        (&authentication.client_id, "client_id", &endpoint.client.id),
        (
            &authentication.client_secret,
            "client_secret",
            &endpoint.client.secret,
        ),
    ];
    let said = all.into_iter().flat_map(|(name, standard, said)| {
        let name = if name.is_empty() { standard } else { name };
        said.iter().filter_map(|words| of_credential(name, words))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join("\n\n"))
}

/// What is said of a credential, with the requests of which it is said, unless that is no more than what it is.
fn of_credential(name: &str, words: &CredentialWords) -> Option<String> {
    /// Words of a text that says more.
    const WORDS: usize = 5;
    let text = source::without(&words.text);
    let text = text.trim();
    let says_more = text.split_whitespace().count() >= WORDS;
    let requests = words.requests.iter().map(|ident| docs::code(ident));
    let requests: Vec<String> = requests.collect();
    let mut label = docs::code(name);
    if !requests.is_empty() {
        label.push_str(&format!(" of {}", listed(&requests, "and")));
    }
    if words.is_required && !says_more {
        return Some(docs::markdown(&format!("{label} is required.")));
    }
    if words.is_required {
        label.push_str(", required");
    }
    says_more.then(|| match docs::is_sentence(text) {
        true => docs::markdown(&format!("{label}: {text}")),
        false => docs::labelled(&label, Some(text), ""),
    })
}

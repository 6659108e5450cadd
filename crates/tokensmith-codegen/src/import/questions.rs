//! What somebody who knows the provider has to confirm.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Rule};
use crate::extension::Role;
use crate::lint::UNCONFIRMED;
use crate::model::{ClientAuth, Endpoint, EndpointKind, Model};
use crate::prune::{Site, path_of};

/// The open facts of each token endpoint.
pub(super) struct Questions(Vec<Open>);

/// The open facts of one endpoint.
struct Open {
    target: String,
    /// Keys of `x-tokensmith` with their values in YAML: what is proposed.
    proposals: Vec<(&'static str, String)>,
    questions: Vec<String>,
}

impl Questions {
    pub(super) fn new(sites: &[Site], model: Option<&Model>, diagnostics: &[Diagnostic]) -> Self {
        let tokens: Vec<&Site> = sites
            .iter()
            .filter(|site| site.role == Role::Token)
            .collect();
        let open = tokens.iter().enumerate().map(|(index, site)| {
            let endpoint = model.and_then(|model| endpoint(model, &tokens[..index], site));
            let mut open = Open {
                target: format!("$.paths[{}].{}", quoted(&site.path), site.method),
                proposals: Vec::new(),
                questions: Vec::new(),
            };
            open.grants(endpoint, diagnostics);
            open.client_auth(endpoint, diagnostics);
            open.answer(endpoint, diagnostics);
            open
        });
        Self(open.collect())
    }

    /// The overlay that asks.
    pub(super) fn overlay(&self, provider: &str) -> String {
        let mut text = format!(
            "# Facts that the vendor's document leaves open, or says in its own way. Look each up in the provider's documentation, correct it, say\n\
             # where it stands, and remove its question.\n\
             overlay: 1.0.0\n\
             info:\n  title: What the document of {provider} leaves open\n  version: 1.0.0\n\
             extends: {provider}.yaml\n\
             actions:\n"
        );
        for open in &self.0 {
            open.write(&mut text);
        }
        text
    }
}

impl Open {
    fn grants(&mut self, endpoint: Option<&Endpoint>, diagnostics: &[Diagnostic]) {
        let grants: Vec<&str> = endpoint.into_iter().flat_map(Endpoint::grants).collect();
        if !grants.is_empty() {
            self.questions.push(format!(
                "Are these all the grants that it takes: {}?",
                grants.join(", ")
            ));
        } else if has(diagnostics, Rule::UnknownGrant) {
            self.proposals
                .push(("grants", "[client_credentials]".to_owned()));
            self.questions.push("Which grants does it take? The document does not say; client_credentials is a guess.".to_owned());
        }
    }

    fn client_auth(&mut self, endpoint: Option<&Endpoint>, diagnostics: &[Diagnostic]) {
        let Some(endpoint) = endpoint else { return };
        let method = endpoint.authentication.method;
        let question = match method {
            _ if has(diagnostics, Rule::UnknownClientAuth) => {
                self.proposals.push(("client-auth", "auto".to_owned()));
                "How does a client authenticate? The document does not say; auto tries Basic, then the body.".to_owned()
            }
            ClientAuth::Auto => {
                "Does it take both Basic and the secret in the body? The document has both."
                    .to_owned()
            }
            ClientAuth::None => {
                "Does a client really need no authentication? The document asks for none."
                    .to_owned()
            }
            method => format!("Does a client authenticate by {}?", method.as_str()),
        };
        self.questions.push(question);
    }

    fn answer(&mut self, endpoint: Option<&Endpoint>, diagnostics: &[Diagnostic]) {
        match endpoint {
            Some(endpoint) => {
                let places = endpoint.access_token.join(" or ");
                self.questions.push(format!(
                    "Is the access token at {places} of the answer, and its lifetime in seconds?"
                ));
                if endpoint.errors.is_empty() {
                    self.questions.push(
                        "What does a refusal look like? The document declares none.".to_owned(),
                    );
                }
            }
            None if has(diagnostics, Rule::NoAccessToken) => {
                self.proposals
                    .push(("access-token", "/access_token".to_owned()));
                self.questions.push("Where in the answer is the access token? The document does not say; RFC 6749's place is a guess.".to_owned());
            }
            None => {}
        }
    }

    fn write(&self, text: &mut String) {
        // Writing to a text does not fail.
        let _ = writeln!(text, "  - target: {}\n    update:", yaml(&self.target));
        if !self.proposals.is_empty() {
            text.push_str("      x-tokensmith:\n");
            for (key, value) in &self.proposals {
                let _ = writeln!(text, "        {key}: {value}");
            }
        }
        let _ = writeln!(text, "      {UNCONFIRMED}:");
        for question in &self.questions {
            let _ = writeln!(text, "        - {}", yaml(question));
        }
        if self.questions.is_empty() {
            let _ = writeln!(text, "        - {}", yaml("Is this the token endpoint?"));
        }
    }
}

fn has(diagnostics: &[Diagnostic], rule: Rule) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.rule == rule)
}

/// The endpoint that a token operation became. Several may have one path, and differ in what comes behind `#`.
fn endpoint<'m>(model: &'m Model, before: &[&Site], site: &Site) -> Option<&'m Endpoint> {
    let path = path_of(&site.path);
    let tokens = model
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.kind == EndpointKind::Token);
    let mut here = tokens.filter(|endpoint| {
        let mut paths = endpoint.paths.iter();
        paths.any(|choice| choice.path.ends_with(path))
    });
    let others = before.iter().filter(|other| path_of(&other.path) == path);
    here.nth(others.count())
}

/// A name in a JSONPath (RFC 9535, section 2.3.1).
fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A text in quotes, which JSON and YAML share.
fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

//! What somebody who knows the provider has to confirm.

use std::fmt::Write as _;

use super::keep::reached;
use tokensmith_codegen::Rule;
use tokensmith_codegen::authoring::{SelectedOperation, Selection, UNCONFIRMED};
use tokensmith_codegen::diagnostic::finding::{Evidence, Finding, Question};
use tokensmith_codegen::model::{Authentication, ClientAuth, Endpoint, EndpointKind, Model};
use tokensmith_codegen::pointer;

/// The open facts of each token endpoint, and what was inferred of others.
pub(super) struct Questions(Vec<Open>);

/// The open facts of one endpoint.
struct Open {
    target: String,
    /// Keys of `x-tokensmith` with their values in YAML: what is proposed.
    proposals: Vec<(&'static str, String)>,
    questions: Vec<String>,
}

impl Questions {
    pub(super) fn new(selection: &Selection) -> Self {
        let operations = selection.operations.iter();
        let is_token = |operation: &&SelectedOperation| operation.is_token_endpoint;
        let tokens: Vec<&SelectedOperation> = operations.clone().filter(is_token).collect();
        let endpoints = endpoints(selection.model.as_ref(), &tokens);
        let of_tokens = tokens.into_iter().zip(endpoints);
        let of_tokens = of_tokens.map(|(operation, endpoint)| {
            let rules = rules(selection, operation);
            let findings = of_operation(operation, &selection.findings);
            let mut open = Open::of(operation);
            open.grants(&findings, &rules);
            open.client_auth(endpoint, &findings, &rules);
            open.response(endpoint, &rules);
            open.inferred(&findings);
            open
        });
        let others = operations.filter(|operation| !is_token(operation));
        let of_others = others.filter_map(|operation| {
            let mut open = Open::of(operation);
            open.inferred(&of_operation(operation, &selection.findings));
            (!open.questions.is_empty()).then_some(open)
        });
        let mut all: Vec<Open> = of_tokens.chain(of_others).collect();
        // Those of an endpoint that only a flow names are asked at the operation that takes its codes.
        let findings = selection.findings.iter();
        let of_flows = findings.filter(|finding| finding.endpoint.starts_with("/components/"));
        if let Some(first) = all.first_mut() {
            first.inferred(&of_flows.collect::<Vec<_>>());
        }
        Self(all)
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
    fn of(operation: &SelectedOperation) -> Self {
        let (path, method) = (quoted(&operation.path), &operation.method);
        Self {
            target: format!("$.paths[{path}].{method}"),
            proposals: Vec::new(),
            questions: Vec::new(),
        }
    }

    fn grants(&mut self, findings: &[&Finding], rules: &[Rule]) {
        let found = findings
            .iter()
            .find(|finding| finding.question == Question::Grants && finding.subject.is_none());
        if let Some(found) = found.filter(|found| !found.is_inferred()) {
            self.questions.push(format!(
                "Are these all the grants that it takes: {}? ({})",
                found.answer,
                said_by(found)
            ));
        } else if rules.contains(&Rule::UnknownGrant) {
            self.proposals
                .push(("grants", "[client_credentials]".to_owned()));
            self.questions.push("Which grants does it take? The document does not say; client_credentials is a guess.".to_owned());
        }
    }

    /// Asks of each answer that is inferred whether it is right, in the words of its warning.
    fn inferred(&mut self, findings: &[&Finding]) {
        for finding in findings {
            if let Some(warning) = finding.warning() {
                let question = format!("Is this right: {warning}? ({})", said_by(finding));
                if !self.questions.contains(&question) {
                    self.questions.push(question);
                }
            }
        }
    }

    fn client_auth(&mut self, endpoint: Option<&Endpoint>, findings: &[&Finding], rules: &[Rule]) {
        let Some(endpoint) = endpoint else { return };
        let method = endpoint.attributes.authentication.method;
        let found = findings
            .iter()
            .find(|finding| finding.question == Question::ClientAuthentication);
        let question = match method {
            _ if rules.contains(&Rule::UnknownClientAuth) => {
                self.proposals
                    .push(("client-auth", guessed(&endpoint.attributes.authentication)));
                match method {
                    ClientAuth::Auto => "How does a client authenticate? The document does not say; auto tries Basic, then the body.".to_owned(),
                    _ => format!(
                        "How does a client authenticate? The document names the scheme {}; that a name and a secret follow it, as in Basic, is a guess.",
                        endpoint.attributes.authentication.scheme
                    ),
                }
            }
            _ if found.is_some_and(|found| found.is_inferred()) => return,
            ClientAuth::Auto => {
                "Does it take both Basic and the secret in the body? The document has both."
                    .to_owned()
            }
            ClientAuth::None => {
                "Does a client really need no authentication? The document asks for none."
                    .to_owned()
            }
            method => {
                let by = found.map_or_else(String::new, |found| format!(" ({})", said_by(found)));
                format!("Does a client authenticate by {}?{by}", method.as_str())
            }
        };
        self.questions.push(question);
    }

    fn response(&mut self, endpoint: Option<&Endpoint>, rules: &[Rule]) {
        match endpoint {
            Some(endpoint) => {
                let places = endpoint.attributes.access_token.join(" or ");
                self.questions.push(format!(
                    "Is the access token at {places} of the response, and its lifetime in seconds?"
                ));
                if endpoint.errors.is_empty() {
                    self.questions.push(
                        "What does an error response look like? The document declares none."
                            .to_owned(),
                    );
                }
            }
            None if rules.contains(&Rule::NoAccessToken) => {
                self.proposals
                    .push(("access-token", "/access_token".to_owned()));
                self.questions.push("Where in the response is the access token? The document does not say; the place in RFC 6749 is a guess.".to_owned());
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

/// What was found of one endpoint.
fn of_operation<'f>(operation: &SelectedOperation, findings: &'f [Finding]) -> Vec<&'f Finding> {
    let at = &operation.selected_pointer;
    let own = findings.iter().filter(|finding| finding.endpoint == *at);
    own.collect()
}

/// `by enum, against description`.
fn said_by(finding: &Finding) -> String {
    let kinds = |list: &[Evidence]| {
        let mut kinds: Vec<&str> = list.iter().map(|one| one.kind.as_str()).collect();
        kinds.dedup();
        kinds.join(" and ")
    };
    let by = format!("by {}", kinds(&finding.evidence));
    match finding.against.as_slice() {
        [] => by,
        against => format!("{by}, against {}", kinds(against)),
    }
}

/// What is said of an operation, and of what it refers to.
fn rules(selection: &Selection, operation: &SelectedOperation) -> Vec<Rule> {
    let places = reached(&selection.selected, [operation.selected_pointer.clone()]);
    let concerning = selection.diagnostics.iter().filter(|diagnostic| {
        let mut places = places.iter();
        places.any(|place| pointer::is_within(&diagnostic.pointer, place))
    });
    concerning.map(|diagnostic| diagnostic.rule).collect()
}

/// The endpoint that each token operation became, where there is a model: it has them in the order of the operations.
fn endpoints<'m>(
    model: Option<&'m Model>,
    tokens: &[&SelectedOperation],
) -> Vec<Option<&'m Endpoint>> {
    let is_token = |endpoint: &&Endpoint| endpoint.kind == EndpointKind::Token;
    let all = model.into_iter().flat_map(|model| &model.endpoints);
    let mut endpoints = all.filter(is_token);
    tokens
        .iter()
        .map(|operation| match operation.is_alternative {
            true => None,
            false => endpoints.next(),
        })
        .collect()
}

/// What was taken for the client authentication, as `x-tokensmith` says it.
fn guessed(authentication: &Authentication) -> String {
    let method = authentication.method.as_str();
    if authentication.scheme == Authentication::standard(authentication.method).scheme {
        method.to_owned()
    } else {
        format!(
            "{{method: {method}, scheme: {}}}",
            yaml(&authentication.scheme)
        )
    }
}

/// A name in a JSONPath (RFC 9535, section 2.3.1).
fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A text in quotes, which JSON and YAML share.
fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

//! What a document is taken to mean stands with its evidence, and the warnings of TS030 are the
//! answers that rest on more than statements.

use std::collections::BTreeSet;

use tokensmith_codegen::diagnostic::finding::{EvidenceKind, Question, report};
use tokensmith_codegen::model::{Endpoint, EndpointKind, Operation};
use tokensmith_codegen::{Finding, Reading, Rule};

use crate::documents::{self, Document, PROVIDER};
use crate::snapshots::{check, check_that_none_is_left};

/// Fixtures whose explanation a reviewer reads: a plain one, a stated one, and messy ones.
const SHOWN: [&str; 8] = [
    "client-auth-extension",
    "explained",
    "grant-discriminator",
    "grant-united",
    "minimal",
    "revocation",
    "token-found",
    "told",
];

/// Whether a finding answers as the model does.
fn is_about(finding: &Finding, endpoint: &Endpoint, operation: Option<&Operation>) -> bool {
    let answer = finding.answer.as_str();
    match finding.question {
        Question::Endpoint => answer == endpoint.kind.as_str(),
        Question::Method => answer == endpoint.attributes.method.as_str(),
        Question::ClientAuthentication => {
            answer == endpoint.attributes.authentication.method.as_str()
        }
        Question::Grants => {
            let mut grants = endpoint.grants();
            match endpoint.grants().next() {
                Some(_) => grants.all(|grant| answer.split(", ").any(|one| one == grant)),
                None => answer.starts_with("no grant type"),
            }
        }
        Question::Parameter => {
            let mut parameters = operation.into_iter().flat_map(|one| &one.parameters);
            let subject = finding.subject.as_deref();
            parameters.any(|parameter| subject == Some(parameter.wire.as_str()))
        }
        _ => !answer.is_empty(),
    }
}

fn explained(document: &Document) -> (Reading, Vec<Finding>) {
    document.explain_as(PROVIDER)
}

#[test]
fn explanations_of_fixtures() {
    let fixtures = documents::fixtures();
    for name in SHOWN {
        let fixture = fixtures.iter().find(|fixture| fixture.name == name);
        let fixture = fixture.unwrap_or_else(|| panic!("there is no fixture {name}"));
        let (_, findings) = explained(fixture);
        check("explanations", name, &report::human(&findings));
    }
    check_that_none_is_left("explanations", &SHOWN.map(str::to_owned).into());
}

#[test]
fn what_is_inferred_is_warned_of_and_found_in_one_record() {
    for document in documents::fixtures().iter().chain(&documents::providers()) {
        let name = &document.name;
        let (reading, findings) = explained(document);
        let told = reading.diagnostics.iter();
        let told: BTreeSet<&str> = told
            .filter(|diagnostic| diagnostic.rule == Rule::Inferred)
            .map(|diagnostic| diagnostic.message.as_str())
            .collect();
        let inferred = findings.iter().filter(|finding| finding.is_inferred());
        let warned: BTreeSet<&str> = inferred
            .clone()
            .filter_map(|finding| finding.warning())
            .collect();
        assert_eq!(told, warned, "{name}");
        for finding in inferred {
            let mut evidence = finding.evidence.iter();
            assert!(
                evidence.any(|evidence| !evidence.kind.is_statement())
                    || !finding.against.is_empty(),
                "{name}: nothing but statements, and a warning: {finding:?}"
            );
        }
    }
}

#[test]
fn every_part_of_a_model_has_evidence() {
    let mut missing = Vec::new();
    for document in documents::fixtures().iter().chain(&documents::providers()) {
        let name = &document.name;
        let (reading, findings) = explained(document);
        let model = reading.model.unwrap_or_else(|| panic!("{name} has errors"));
        assert!(
            findings.iter().all(|finding| !finding.evidence.is_empty()),
            "{name}: an answer without evidence"
        );
        for endpoint in &model.endpoints {
            let Some(at) = endpoint.declared_at.first() else {
                continue;
            };
            let own = findings.iter().filter(|finding| finding.endpoint == *at);
            let has = |question, subject: Option<&str>, operation: Option<&Operation>| {
                own.clone().any(|finding| {
                    let is_of_grant = |grant: &str| {
                        finding.grants.is_empty() || finding.grants.iter().any(|one| one == grant)
                    };
                    // The only request of another endpoint needs no name.
                    let is_token = endpoint.kind == EndpointKind::Token;
                    let operation_grant = operation.and_then(|one| one.grant.as_deref());
                    let grant = operation_grant.filter(|_| is_token);
                    finding.question == question
                        && subject.is_none_or(|subject| finding.subject.as_deref() == Some(subject))
                        && grant.is_none_or(is_of_grant)
                        && is_about(finding, endpoint, operation)
                })
            };
            let mut questions = vec![Question::Endpoint, Question::Url, Question::Method];
            match endpoint.kind {
                EndpointKind::Token => questions.extend([
                    Question::Format,
                    Question::Grants,
                    Question::ClientAuthentication,
                    Question::AccessToken,
                    Question::Expiry,
                    Question::Errors,
                ]),
                EndpointKind::Authorization => questions.push(Question::CodeChallenge),
                EndpointKind::EndSession => {}
                _ => questions.extend([Question::Format, Question::ClientAuthentication]),
            }
            for question in questions {
                if !has(question, None, None) {
                    missing.push(format!("{name}: {at}: {question}"));
                }
            }
            for operation in &endpoint.operations {
                for parameter in &operation.parameters {
                    let (wire, grant) = (&parameter.wire, &operation.grant);
                    let is_of_rfc = endpoint.kind == EndpointKind::Authorization
                        && own.clone().any(|finding| {
                            finding.question == Question::Parameter
                                && finding.answer == "those of RFC 6749, section 4.1.1"
                        });
                    if !is_of_rfc && !has(Question::Parameter, Some(wire), Some(operation)) {
                        missing.push(format!("{name}: {at}: the parameter {wire} of {grant:?}"));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn evidence_stands_in_the_file() {
    for document in documents::providers() {
        let (_, findings) = explained(&document);
        let all = findings
            .iter()
            .flat_map(|finding| finding.evidence.iter().chain(&finding.against));
        for evidence in all {
            let is_placed = evidence.position.is_some() && !evidence.file.is_empty();
            assert!(is_placed, "{}: {evidence:?}", document.name);
        }
    }
}

#[test]
fn programs_read_the_same() {
    let text = "{openapi: 3.0.3, info: {title: T, version: '1'}, servers: [{url: 'https://x.test'}], paths: {/token: {post: {\
        requestBody: {content: {application/x-www-form-urlencoded: {schema: {properties: {\
            grant_type: {type: string, description: Always `client_credentials`.}, client_secret: {type: string}}}}}},\
        responses: {'200': {description: x, content: {application/json: {schema: {properties: {access_token: {type: string}}}}}}}}}}}";
    let (_, findings) = explained(&Document::new("acme", text));
    let json = report::json(&findings);
    let token = &json[0];
    assert_eq!(token["kind"], "token");
    assert_eq!(token["endpoint"], "/paths/~1token/post");
    let asked = |question: &str| {
        let findings = token["findings"].as_array().expect("a list");
        let found = findings.iter().find(|one| one["question"] == question);
        found
            .unwrap_or_else(|| panic!("{question}: {token:#}"))
            .clone()
    };
    let grants = asked("grants");
    assert_eq!(grants["answer"], "client_credentials");
    assert_eq!(grants["evidence"][0]["kind"], "description");
    assert_eq!(grants["evidence"][0]["file"], "acme.yaml");
    assert_eq!(grants["evidence"][0]["line"], 1);
    assert!(
        grants["warning"]
            .as_str()
            .is_some_and(|text| text.contains("any string"))
    );
    let authentication = asked("client-authentication");
    assert_eq!(authentication["answer"], "body");
    assert_eq!(authentication["warning"], serde_json::Value::Null);
}

#[test]
fn kinds_of_evidence_have_names_of_their_own() {
    let names: BTreeSet<&str> = EvidenceKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(names.len(), EvidenceKind::ALL.len());
    let names: BTreeSet<&str> = Question::ALL.iter().map(|one| one.as_str()).collect();
    assert_eq!(names.len(), Question::ALL.len());
}

#[test]
fn what_is_advised_for_a_token_at_a_token_endpoint_makes_a_parameter_of_it() {
    let document = |scheme: &str, secret: &str| {
        let text = format!(
            "{{openapi: 3.0.3, info: {{title: T, version: '1'}}, servers: [{{url: 'https://x.test'}}], paths: {{/token: {{post: {{\
                security: [{{caller: []}}],\
                requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {{properties: {{\
                    grant_type: {{type: string, enum: ['urn:x:switch-user']}}{secret}}}}}}}}}}},\
                responses: {{'200': {{description: x, content: {{application/json: {{schema: {{properties: {{access_token: {{type: string}}}}}}}}}}}}}}}}}}}},\
                components: {{securitySchemes: {{caller: {scheme}}}}}}}"
        );
        explained(&Document::new("acme", text))
    };
    let is_taken = |findings: &[Finding]| {
        let mut subjects = findings
            .iter()
            .filter_map(|finding| finding.subject.as_deref());
        subjects.any(|subject| subject == "Authorization")
    };
    let (reading, findings) = document(
        "{type: http, scheme: bearer}",
        ", client_secret: {type: string}",
    );
    let mut told = reading.diagnostics.iter();
    let told = told.find(|diagnostic| diagnostic.rule == Rule::Unused);
    let help = told
        .and_then(|told| told.help.as_deref())
        .unwrap_or_default();
    assert!(
        help.contains("{type: http, scheme: bearer}") && help.contains("no client secret"),
        "{help}"
    );
    assert!(!is_taken(&findings));
    let (reading, findings) = document("{type: http, scheme: bearer}", "");
    assert!(
        reading
            .diagnostics
            .iter()
            .all(|told| told.rule != Rule::Unused)
    );
    assert!(is_taken(&findings));
}

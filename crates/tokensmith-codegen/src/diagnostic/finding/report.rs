//! Findings for people and for programs.

use serde_json::{Value, json as object};

use super::{Evidence, Finding, Question};
use crate::diagnostic::visible::visible;
use crate::pointer;

/// The findings of one endpoint, or of all endpoints together.
struct Group<'f> {
    /// What the endpoint is, such as `token endpoint`; nothing where the findings are about all.
    kind: Option<&'f str>,
    /// The method and the path, or where a flow stands that alone names the endpoint.
    place: String,
    pointer: &'f str,
    findings: Vec<&'f Finding>,
}

/// The findings by their endpoints, in order; those about all endpoints last.
fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in findings {
        match groups.last_mut() {
            Some(group) if group.pointer == finding.endpoint => group.findings.push(finding),
            _ => groups.push(Group {
                kind: None,
                place: place(&finding.endpoint),
                pointer: &finding.endpoint,
                findings: vec![finding],
            }),
        }
    }
    for group in &mut groups {
        let mut findings = group.findings.iter();
        let kind = findings.find(|finding| finding.question == Question::Endpoint);
        group.kind = kind.map(|finding| finding.answer.as_str());
    }
    groups.sort_by_key(|group| group.pointer.is_empty());
    groups
}

/// `POST /oauth/token` for the operation that is the endpoint.
fn place(endpoint: &str) -> String {
    let tokens: Vec<String> = pointer::tokens(endpoint).collect();
    match tokens.as_slice() {
        [paths, path, method] if paths == "paths" => {
            format!("{} {path}", method.to_ascii_uppercase())
        }
        _ => endpoint.to_owned(),
    }
}

/// The findings for people: each endpoint with its answers, and below each answer what speaks for
/// it and against it.
pub fn human(findings: &[Finding]) -> String {
    let mut text = String::new();
    for group in groups(findings) {
        if !text.is_empty() {
            text.push('\n');
        }
        let heading = match group.kind {
            Some(kind) => format!("{kind} endpoint {}", group.place),
            None if group.place.is_empty() => "all endpoints".to_owned(),
            None => group.place,
        };
        add(&mut text, "", &heading);
        for finding in group.findings {
            let answer = format!("{}: {}", asked(finding), finding.answer);
            add(&mut text, "  ", &answer);
            for (word, list) in [("by", &finding.evidence), ("against", &finding.against)] {
                for line in shown(list) {
                    add(&mut text, "    ", &format!("{word} {line}"));
                }
            }
            if let Some(warning) = finding.warning() {
                add(&mut text, "    ", &format!("inferred: {warning}"));
            }
        }
    }
    text
}

/// Adds a line, whatever the document has written in it.
fn add(text: &mut String, indent: &str, line: &str) {
    text.push_str(indent);
    text.push_str(&visible(line));
    text.push('\n');
}

/// `parameter code of authorization_code`.
fn asked(finding: &Finding) -> String {
    let mut asked = finding.question.as_str().replace('-', " ");
    if let Some(subject) = &finding.subject {
        asked.push_str(&format!(" `{subject}`"));
    }
    if !finding.grants.is_empty() {
        asked.push_str(&format!(" of {}", finding.grants.join(", ")));
    }
    asked
}

/// A line for each place: `enum (client_credentials) at acme.yaml:12:9, /paths/~1token/…`.
fn shown(list: &[Evidence]) -> Vec<String> {
    let mut lines: Vec<(String, String)> = Vec::new();
    for evidence in list {
        let text = evidence.text.as_ref();
        let text = text.map_or_else(String::new, |text| format!(" ({text})"));
        let says = format!("{}{text}", evidence.kind);
        let position = evidence.position.map_or_else(String::new, |position| {
            format!(":{}:{}", position.line, position.column)
        });
        let pointer = match evidence.pointer.as_str() {
            "" => String::new(),
            pointer => format!(", {pointer}"),
        };
        let place = format!("{}{position}{pointer}", evidence.file);
        match lines.iter_mut().find(|(known, _)| *known == place) {
            Some((_, said)) => said.push_str(&format!(", {says}")),
            None => lines.push((place, says)),
        }
    }
    let lines = lines.into_iter();
    lines
        .map(|(place, says)| format!("{says} at {place}"))
        .collect()
}

/// The findings for programs: a list of `{"kind", "endpoint", "findings"}`.
///
/// `kind` is the kind of endpoint (null for what holds for all), `endpoint` the pointer of its
/// operation or flow. A finding has `question`, `subject` (may be null), `grants`, `answer`,
/// `evidence` and `against` (`{"kind", "file", "line", "column", "pointer", "text"}`), and
/// `warning`: what TS030 says, null where the answer is stated.
pub fn json(findings: &[Finding]) -> Value {
    let groups = groups(findings).into_iter().map(|group| {
        let findings = group.findings.into_iter().map(|finding| {
            object!({
                "question": finding.question.as_str(),
                "subject": finding.subject,
                "grants": finding.grants,
                "answer": finding.answer,
                "evidence": finding.evidence.iter().map(evidence).collect::<Vec<_>>(),
                "against": finding.against.iter().map(evidence).collect::<Vec<_>>(),
                "warning": finding.warning(),
            })
        });
        object!({
            "kind": group.kind,
            "endpoint": group.pointer,
            "findings": findings.collect::<Vec<_>>(),
        })
    });
    groups.collect()
}

fn evidence(evidence: &Evidence) -> Value {
    object!({
        "kind": evidence.kind.as_str(),
        "file": evidence.file,
        "line": evidence.position.map(|position| position.line),
        "column": evidence.position.map(|position| position.column),
        "pointer": evidence.pointer,
        "text": evidence.text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::finding::EvidenceKind;

    #[test]
    fn a_line_of_a_document_stays_one_line() {
        let evidence = Evidence::new(EvidenceKind::Name, "/paths/~1a\nb");
        let finding = Finding::new(Question::Grants, "a\n::error::b")
            .of("c\u{1b}[2J\u{202e}")
            .on(evidence)
            .inferred("", "d\ne", "");
        let text = human(&[finding]);
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
    }
}

//! Envelopes of tokens that have room for a refusal.

use tokensmith_description::refusal::{CODES, DESCRIPTIONS};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::letters;
use crate::openapi::site::Site;
use crate::pointer;

/// Tells an envelope with a code and a message around the token, where nothing says which code a refusal has: many providers respond
/// with status 200 to every request.
pub(super) fn tell(
    site: &Site,
    members: &[Member<'_>],
    token: &str,
    at: &str,
    diagnostics: &mut Diagnostics,
) {
    if !site.extension.failure.is_empty() {
        return;
    }
    let errors = members.iter().find(|member| {
        member.depth == 0 && letters(&member.name) == "errors" && member.kind == Kind::List
    });
    if let Some(errors) = errors.filter(|_| site.extension.error.code.is_none()) {
        let errors = &errors.pointer;
        let message = format!(
            "the success has `{errors}` beside the token: an error with status 200 has no code that is read"
        );
        let within = |names: &[&str]| {
            let mut within = members.iter().filter(|member| {
                member.pointer != *errors
                    && pointer::is_within(&member.pointer, errors)
                    && names.contains(&letters(&member.name).as_str())
            });
            within.next().map(|member| member.pointer.clone())
        };
        let code = within(CODES).unwrap_or_else(|| format!("{errors}/0"));
        let text = within(DESCRIPTIONS);
        let text = text.unwrap_or_else(|| code.clone());
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(format!(
            "say where its code and its text are:\nx-tokensmith: {{error: {{code: {code}, description: {text}}}}}"
        )));
        return;
    }
    let is_nested = pointer::parent(token).is_some_and(|parent| !parent.is_empty());
    if !is_nested {
        return;
    }
    let named = |names: &[&str], is: fn(Kind) -> bool| {
        let mut members = members.iter();
        members.find(|member| {
            member.depth == 0 && is(member.kind) && names.contains(&letters(&member.name).as_str())
        })
    };
    let is_code = |kind| matches!(kind, Kind::Integer | Kind::Number | Kind::Text | Kind::Any);
    let code = named(CODES, is_code);
    let text = named(DESCRIPTIONS, |kind| matches!(kind, Kind::Text | Kind::Any));
    let flag = members.iter().find(|member| {
        let names = ["success", "succeeded", "ok", "issuccess"];
        member.depth == 0
            && member.kind == Kind::Boolean
            && names.contains(&letters(&member.name).as_str())
    });
    if let Some(flag) = flag {
        let flag = &flag.pointer;
        let message = format!(
            "the success has `{flag}` around the token: an error with status 200 is not recognized by it"
        );
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(format!(
            "if `false` means an error, add to the operation:\nx-tokensmith: {{failure: [{{at: {flag}, is: [false]}}]}}"
        )));
        return;
    }
    if let Some((status, failures)) = members.iter().find_map(outcome) {
        let message = format!(
            "the success has `{status}` around the token: an error with status 200 is not recognized by it"
        );
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(format!(
            "if this means an error, add to the operation:\nx-tokensmith: {{failure: [{{at: {status}, is: [{failures}]}}]}}"
        )));
        return;
    }
    if let (Some(code), Some(text)) = (code, text) {
        diagnostics.push(unmarked(code, text, at));
    }
}

/// That nothing says which codes around a token mean an error.
fn unmarked(code: &Member<'_>, text: &Member<'_>, at: &str) -> Diagnostic {
    let of_success = code.fixed.as_ref().or(code.example.as_ref());
    // Where the document shows none, the usual one: what is pasted has to be a value.
    let success = of_success
        .and_then(|value| in_yaml(value))
        .unwrap_or_else(|| "0".to_owned());
    let (code, text) = (&code.pointer, &text.pointer);
    let message = format!(
        "the success has `{code}` and `{text}` around the token: an error with status 200 is not recognized by them"
    );
    Diagnostic::new(Rule::Unused, at, message).help(format!(
        "if another code than {success} means an error, add to the operation:\n\
         x-tokensmith: {{failure: [{{at: {code}, is-not: [{success}]}}], error: {{code: {code}, description: {text}}}}}"
    ))
}

/// A member around the token that lists success and failure, and its values of failure.
fn outcome<'m>(member: &'m Member<'_>) -> Option<(&'m str, String)> {
    let says = |value: &String, words: &[&str]| {
        let value = value.to_lowercase();
        words.iter().any(|word| value.contains(word))
    };
    let is_failure = |value: &&String| says(value, &["err", "fail"]);
    let is_success = |value: &String| says(value, &["ok", "success"]);
    let failures: Vec<&str> = member
        .values
        .iter()
        .filter(is_failure)
        .map(String::as_str)
        .collect();
    let is_outcome =
        member.depth == 0 && !failures.is_empty() && member.values.iter().any(is_success);
    is_outcome.then(|| (member.pointer.as_str(), failures.join(", ")))
}

/// A value as YAML has it, where it is one line of plain text: a text that looks like a number is quoted.
fn in_yaml(value: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let is_plain = |letter: char| letter.is_ascii_graphic() || letter == ' ';
    if value.is_empty() || value.len() > LONGEST || !value.chars().all(is_plain) {
        return None;
    }
    let is_number = value
        .parse::<i64>()
        .is_ok_and(|number| number.to_string() == value);
    Some(match is_number {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', "''")),
    })
}

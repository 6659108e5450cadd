//! Whether a response has what `x-tokensmith` finds in it.

use tokensmith_description::refusal::{STANDARD_CODE, STANDARD_DESCRIPTION};

use super::member;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::schema::{Kind, Schemas, Shape};
use crate::openapi::extension::{KEY, OneOrMore};
use crate::openapi::site::Site;
use crate::pointer;

/// Warns where a pointer leads to nothing that the schema of a success has. It is followed all the same: a schema need not be complete.
pub(super) fn check<'a>(
    site: &Site,
    response: &Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) {
    let extension = &site.extension;
    let mut stated: Vec<(Vec<&str>, String)> = Vec::new();
    let tokens = extension.access_token.as_ref().map(OneOrMore::to_vec);
    // Of several places for the token, some are there in some responses only.
    if let [only] = tokens.unwrap_or_default().as_slice() {
        stated.push((vec!["access-token"], only.clone()));
    }
    for (name, pointer) in &extension.fields {
        stated.push((vec!["fields", name], pointer.clone()));
    }
    if let Some(at) = extension
        .expiry
        .as_ref()
        .and_then(|expiry| expiry.at.as_ref())
    {
        stated.push((vec!["expiry", "at"], at.clone()));
    }
    for (keys, target) in stated {
        if let Some(fault) = fault(response, &target, schemas, diagnostics) {
            diagnostics.find(astray(site, &keys, &target, &fault));
        }
    }
}

/// Warns where a pointer to what a refusal says leads to nothing that any declared response has.
pub(crate) fn check_refusals<'a>(
    site: &Site,
    refusals: &[Shape<'a>],
    success: Option<Shape<'a>>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) {
    let extension = &site.extension;
    let mut stated: Vec<(Vec<String>, String)> = Vec::new();
    // A success says nothing of errors, unless some of them come with its status.
    let is_declared = !refusals.is_empty() || !extension.failure.is_empty();
    let of_errors = [
        ("error/code", &extension.error.code),
        ("error/description", &extension.error.description),
        ("request-id", &extension.request_id),
    ];
    for (name, pointers) in of_errors.into_iter().filter(|_| is_declared) {
        let pointers = pointers.as_ref().map(OneOrMore::to_vec).unwrap_or_default();
        let is_list = pointers.len() > 1;
        // A header has no place in a schema, and the standard places are in lists as a last resort.
        let is_checked = |pointer: &String| {
            let is_standard = [STANDARD_CODE, STANDARD_DESCRIPTION].contains(&pointer.as_str());
            pointer.starts_with('/') && !(is_list && is_standard)
        };
        let all = pointers.into_iter().enumerate();
        for (index, pointer) in all.filter(|(_, pointer)| is_checked(pointer)) {
            let mut keys: Vec<String> = name.split('/').map(str::to_owned).collect();
            keys.extend(is_list.then(|| index.to_string()));
            stated.push((keys, pointer));
        }
    }
    for (index, failure) in extension.failure.iter().enumerate() {
        let keys = ["failure", &index.to_string(), "at"].map(str::to_owned);
        stated.push((keys.to_vec(), failure.at.clone()));
    }
    // A response may be a refusal whatever its status.
    let responses: Vec<Shape<'a>> = refusals.iter().cloned().chain(success).collect();
    for (keys, target) in stated {
        let faults: Option<Vec<String>> = responses
            .iter()
            .map(|response| fault(response, &target, schemas, diagnostics))
            .collect();
        if let Some([first, ..]) = faults.as_deref() {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            diagnostics.find(astray(site, &keys, &target, first));
        }
    }
}

fn astray(site: &Site, keys: &[&str], target: &str, fault: &str) -> Finding {
    let place = pointer::join_all(&pointer::join(&site.pointer, KEY), keys);
    let message = format!("`{target}` is read, but the schema of the response {fault}");
    let help = "correct the pointer, or the schema, in an overlay where the document is a vendor's";
    Finding::new(Question::Attribute, target)
        .of(keys.join("."))
        .by(EvidenceKind::Statement, &place)
        .against(
            Evidence::new(EvidenceKind::Declaration, &site.pointer)
                .saying(&format!("the schema {fault}")),
        )
        .inferred(place, message, help)
}

/// What the schema says against a value at the pointer.
fn fault<'a>(
    response: &Shape<'a>,
    target: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let mut shape = response.clone();
    let mut at = String::new();
    for name in pointer::tokens(target) {
        let place = match at.as_str() {
            "" => String::new(),
            at => format!(" in `{}`", at.escape_debug()),
        };
        match shape.kind {
            Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean => {
                return Some(format!("has no members{place}"));
            }
            // Of an object without properties nothing is known.
            Kind::Object if shape.properties.is_empty() => return None,
            Kind::List if shape.items.is_none() => return None,
            Kind::Any if shape.properties.is_empty() => return None,
            _ => {}
        }
        let Some(inner) = member(&shape, &name, schemas, diagnostics) else {
            return Some(format!("has no `{}`{place}", name.escape_debug()));
        };
        at = pointer::join(&at, &name);
        shape = inner;
    }
    None
}

//! Which media types of a response are asked for.

use openapiv3::{OpenAPI, Operation};

use super::{is_success, resolve};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::openapi::media;
use crate::pointer;

/// The media types to ask for, where successes have others than JSON.
pub(crate) fn accept(
    api: &OpenAPI,
    operation: &Operation,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let json = || {
        Finding::new(Question::ResponseFormat, "application/json")
            .by(EvidenceKind::Convention, pointer::join(at, "responses"))
    };
    let is_json = |media: &&str| {
        let essence = media::essence(media);
        ["application/json", "application/*", "*/*"].contains(&essence.as_str())
    };
    let responses = operation.responses.responses.iter();
    let mut types: Vec<&str> = responses
        .filter(|(status, _)| is_success(status))
        .filter_map(|(_, declared)| resolve(api, declared, at.to_owned()))
        .flat_map(|(declared, _)| declared.content.keys().map(String::as_str))
        .collect();
    types.sort_by_key(|name| (!media::is_json(name), *name));
    types.dedup();
    types.retain(|name| {
        let is_type = is_media_type(name);
        if !is_type {
            let message = format!(
                "responses are declared as `{}`, which is not a media type; JSON is requested",
                name.escape_debug()
            );
            let help = "declare what the provider sends, such as `application/json`";
            diagnostics.find(json().inferred(at, message, help));
        }
        is_type
    });
    if types.iter().any(is_json) {
        return None;
    }
    // What is no JSON is asked for only where there is nothing else; XML cannot be read at all.
    let of_json: Vec<&str> = types
        .iter()
        .copied()
        .filter(|name| media::is_json(name))
        .collect();
    if !of_json.is_empty() {
        return Some(of_json.join(", "));
    }
    let is_xml = |name: &&str| media::essence(name).contains("xml");
    if !types.is_empty() && types.iter().all(is_xml) {
        let message = format!(
            "responses are declared as `{}`, which is not supported; JSON is requested",
            types.join("`, `")
        );
        let help = "if the provider also sends JSON, declare `application/json`";
        diagnostics.find(json().inferred(at, message, help));
        return None;
    }
    types.retain(|name| !is_xml(name));
    (!types.is_empty()).then(|| types.join(", "))
}

/// Whether a text is a type and a subtype, perhaps with parameters (RFC 9110 section 8.3.1), or a range of them.
pub(crate) fn is_media_type(media: &str) -> bool {
    let essence = media::essence(media);
    let is_token = |text: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        !text.is_empty() && text.bytes().all(is_part)
    };
    let fits = media
        .bytes()
        .all(|byte| (b' '..=b'~').contains(&byte) && byte != b',');
    let parts = essence.split_once('/');
    fits && parts.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

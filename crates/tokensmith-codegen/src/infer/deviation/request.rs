//! Where requests are not as RFC 6749 has them.

mod client;
mod grants;

use super::Sentences;
use crate::model::{
    Authentication, BodyFormat, CodeChallengeMethod, Endpoint, EndpointKind, Location, Method,
    Parameter, ParameterKind,
};
use crate::openapi::media;
use crate::prose::listed;
use tokensmith_description::ClientAuth;

pub(super) fn say(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    form(endpoint, sentences);
    client::client(endpoint, sentences);
    scopes(endpoint, sentences);
    grants::grants(endpoint, sentences);
    copies(endpoint, sentences);
    code_challenge(endpoint, sentences);
    if endpoint.dpop {
        sentences.note(
            endpoint,
            "The endpoint takes proofs of possession (DPoP, RFC 9449), which a client sends that has a `DpopKey`.",
        );
    }
    if endpoint.paths.len() > 1 {
        let paths = endpoint.paths.iter();
        let paths: Vec<String> = paths.map(|choice| format!("`{}`", choice.path)).collect();
        let text = format!("The endpoint is at {}.", listed(&paths, "and"));
        sentences.note(endpoint, &text);
    }
}

fn form(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    match (endpoint.kind, endpoint.attributes.method) {
        (kind, _) if kind.is_for_browsers() => {}
        (_, Method::Post) => {}
        (_, Method::Put) => {
            sentences.of_each(endpoint, ["is", "are"], "called by PUT, not by POST.")
        }
        (_, method) => sentences.of_each(
            endpoint,
            ["is", "are"],
            &format!(
                "called by {}, not by POST: parameters stand in the URL, which logs often keep.",
                method.as_str()
            ),
        ),
    }
    match endpoint.attributes.formats.as_slice() {
        _ if !endpoint.attributes.method.has_body() || !endpoint.has_body() => {}
        [BodyFormat::Multipart, ..] => not_form_encoded(endpoint, "`multipart/form-data`", sentences),
        // RFC 7591, section 3.1.
        [BodyFormat::Json] if endpoint.kind == EndpointKind::Registration => {}
        [BodyFormat::Json] => not_form_encoded(endpoint, "JSON", sentences),
        [BodyFormat::Json, ..] => sentences.note(
            endpoint,
            "The endpoint takes JSON and forms. Parameters are sent as JSON unless you ask for a form.",
        ),
        formats if formats.contains(&BodyFormat::Json) => sentences.note(
            endpoint,
            "The endpoint takes forms and JSON. Parameters are sent form-encoded unless you ask for JSON.",
        ),
        _ => {}
    }
    let json = endpoint.attributes.json_media_type.as_ref();
    if let Some(media) = json.filter(|_| endpoint.has_body()) {
        let rest = format!("JSON under the media type `{media}`, not `application/json`.");
        sentences.of_each(endpoint, ["takes", "take"], &rest);
    }
    if let Some(media) = &endpoint.attributes.accept {
        let rest = match media::is_json(media) {
            true => format!("with JSON under the media type `{media}`, not `application/json`."),
            false => format!("with `{media}`, not with JSON."),
        };
        sentences.of_each(endpoint, ["responds", "respond"], &rest);
    }
}

/// Says how else parameters are written than the RFC of the endpoint has it.
fn not_form_encoded(endpoint: &Endpoint, form: &str, sentences: &mut Sentences<'_>) {
    let rfc = match endpoint.kind {
        EndpointKind::Introspection => "RFC 7662, section 2.1",
        EndpointKind::Revocation => "RFC 7009, section 2.1",
        EndpointKind::DeviceAuthorization => "RFC 8628, section 3.1",
        EndpointKind::PushedAuthorization => "RFC 9126, section 2.1",
        _ => "RFC 6749, section 3.2",
    };
    let rest = format!("parameters as {form}, not form-encoded ({rfc}).");
    sentences.of(
        endpoint,
        &format!("takes its {rest}"),
        &format!("take their {rest}"),
    );
}

/// What a document leaves out, a provider may know all the same.
fn undeclared(endpoint: &Endpoint, name: &str, sentences: &mut Sentences<'_>) {
    let rest = match endpoint.nested.get(name) {
        Some(place) => {
            format!("no `{name}` but the one in `{place}`: the caller gives that object.")
        }
        None => format!("no `{name}`: the document does not declare it."),
    };
    sentences.of_each(endpoint, ["receives", "receive"], &rest);
}

/// How an endpoint takes scopes.
fn scopes(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let required = &endpoint.attributes.required_scopes;
    let parameters = || {
        let operations = endpoint.operations.iter();
        operations.flat_map(|operation| &operation.parameters)
    };
    let asked = endpoint.attributes.scope_separator.as_str();
    let granted = endpoint.attributes.response_scope_separator.as_deref();
    let granted = granted.unwrap_or(asked);
    let is_scopes = |parameter: &Parameter| matches!(parameter.kind, ParameterKind::Scopes { .. });
    let are_asked_for = parameters().any(is_scopes) || !required.is_empty();
    let (scopes, separator) = match are_asked_for {
        true => ("Scopes", asked),
        false => ("Granted scopes", granted),
    };
    if separator != " " {
        let text = format!("{scopes} are separated by `{separator}`, not by a space.");
        sentences.whole(endpoint, &text);
    }
    if granted != separator {
        let between = match granted {
            " " => "a space".to_owned(),
            other => format!("`{other}`"),
        };
        let text = format!("In responses, {between} separates scopes.");
        sentences.note(endpoint, &text);
    }
    if !required.is_empty() {
        let list: Vec<String> = required.iter().map(|scope| format!("`{scope}`")).collect();
        let mut operations = endpoint.operations.iter();
        // As the runtime has it: what these redeem was granted before.
        let is_granted = |grant: &str| {
            matches!(
                grant,
                "authorization_code"
                    | "refresh_token"
                    | "urn:ietf:params:oauth:grant-type:device_code"
            )
        };
        let has_granted =
            operations.any(|operation| operation.grant.as_deref().is_some_and(is_granted));
        let asked = listed(&list, "and");
        let text = match has_granted {
            true => format!(
                "Requests ask for {asked}, except those whose scopes were granted before: with a code or a refresh token."
            ),
            false => format!("Every request asks for {asked}."),
        };
        sentences.note(endpoint, &text);
    }
    // With something between them they are one text all the same.
    let is_list = |parameter: &Parameter| {
        parameter.kind == ParameterKind::Scopes { list: true } && parameter.separator.is_none()
    };
    if parameters().any(is_list) {
        sentences.of_each(
            endpoint,
            ["takes", "take"],
            "the scopes as a list, not as one text (RFC 6749, section 3.3).",
        );
    }
}

/// What is sent in a second place.
fn copies(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let Authentication {
        method, client_id, ..
    } = &endpoint.attributes.authentication;
    for (name, location) in &endpoint.attributes.copies {
        // It is there anyway, or RFC 9126, section 2.1 asks for it.
        let is_usual =
            *method == ClientAuth::Body || endpoint.kind == EndpointKind::PushedAuthorization;
        if is_usual && name == client_id && *location == Location::Body {
            continue;
        }
        let place = match location {
            Location::Body => "in the body",
            Location::Query => "in the query of the URL",
            Location::Header => "in a header",
            Location::Path => "in the path of the URL",
        };
        let rest = format!("`{name}` {place} as well.");
        sentences.of_each(endpoint, ["wants", "want"], &rest);
    }
}

fn code_challenge(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    match endpoint.attributes.code_challenge {
        CodeChallengeMethod::S256 => {}
        CodeChallengeMethod::Plain => sentences.of_each(
            endpoint,
            ["takes", "take"],
            "the code verifier itself as its challenge; RFC 7636, section 4.2 asks for S256.",
        ),
        CodeChallengeMethod::None => sentences.note(
            endpoint,
            "The endpoint takes no code challenge (RFC 7636): none is sent.",
        ),
    }
}

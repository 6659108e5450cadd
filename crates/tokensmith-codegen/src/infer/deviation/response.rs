//! Where responses are not as RFC 6749 has them.

use tokensmith_description::refusal::{STANDARD_CODE, STANDARD_DESCRIPTION};
use tokensmith_description::{Rotation, TokenUse};

use super::{Sentences, any_of, condition};
use crate::model::{
    Endpoint, EndpointKind, ErrorCase, ExpiryFormat, FieldType, Model, Success, TypeDef,
};
use crate::openapi::media;
use crate::prose::listed;

pub(super) fn say(model: &Model, endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    if endpoint.kind == EndpointKind::Token {
        token(model, endpoint, sentences);
    }
    // Where `expires_in` is, is said with its form.
    let fields = endpoint.attributes.fields.iter();
    for (name, pointer) in fields.filter(|(name, _)| name != "expires_in") {
        sentences.whole(
            endpoint,
            &match endpoint.kind {
                EndpointKind::Token => format!("`{name}` is at `{pointer}` of the response."),
                kind => format!(
                    "`{name}` is at `{pointer}` of the {} response.",
                    kind.as_str()
                ),
            },
        );
    }
    undeclared(endpoint, sentences);
    expiry(endpoint, sentences);
    for mark in &endpoint.attributes.failures {
        let rest = format!(
            "with a failure at HTTP 200 as well: `{}` {}.",
            mark.pointer,
            condition(mark)
        );
        sentences.of_each(endpoint, ["responds", "respond"], &rest);
    }
    rotation(endpoint, sentences);
    token_use(endpoint, sentences);
    errors(endpoint, sentences);
    request_id(endpoint, sentences);
    refusals(model, endpoint, sentences);
}

/// What a response declares beside what its type has fields for.
fn undeclared(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    /// Members that are named.
    const SHOWN: usize = 20;
    let names = endpoint.undeclared_fields.iter();
    let mut shown: Vec<String> = names.take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = endpoint.undeclared_fields.len().saturating_sub(SHOWN);
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    if !shown.is_empty() {
        let rest = format!(
            "with members that its RFC does not define, which are in `extra`: {}.",
            shown.join(", ")
        );
        sentences.note(endpoint, &format!("The endpoint responds {rest}"));
    }
}

/// What a refresh does to the refresh token, which RFC 6749 leaves open.
fn rotation(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let text = match endpoint.attributes.rotation {
        None => return,
        Some(Rotation::Never) => "A refresh token stays valid when it is used.",
        Some(Rotation::Sometimes) => {
            "A refresh may return a new refresh token, which takes the place of the one before."
        }
        Some(Rotation::Always) => {
            "A refresh returns a new refresh token, which takes the place of the one before."
        }
    };
    sentences.note(endpoint, text);
}

/// Where requests to the API carry the token.
fn token_use(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let token_use = endpoint.attributes.token_use.lend();
    let place = match token_use {
        _ if token_use.is_standard() => return,
        TokenUse::Header { name, pattern } => format!("in the header `{name}: {pattern}`"),
        TokenUse::Query { name } => {
            format!("in the query parameter `{name}`, which logs often keep")
        }
    };
    let text = format!(
        "Requests to the API carry the token {place}, not as RFC 6750, section 2.1 has it."
    );
    sentences.whole(endpoint, &text);
}

/// Where responses have the identifier of the request.
fn request_id(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let pointers = &endpoint.attributes.request_id;
    if !pointers.is_empty() {
        let text = format!(
            "Responses have the request's identifier at {}.",
            any_of(pointers)
        );
        sentences.note(endpoint, &text);
    }
}

/// Where errors have their code and description, and what codes mean.
fn errors(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let attributes = &endpoint.attributes;
    for (pointers, standard, what) in [
        (
            &attributes.error_code,
            STANDARD_CODE,
            "The code of an error",
        ),
        (
            &attributes.error_description,
            STANDARD_DESCRIPTION,
            "The description of an error",
        ),
    ] {
        let own = pointers.iter().filter(|pointer| *pointer != standard);
        let own: Vec<String> = own.cloned().collect();
        // After the standard places, it stands in for what is not there.
        match pointers.first() {
            _ if own.is_empty() => {}
            Some(first) if first == standard => {
                sentences.of_responses(endpoint, &format!("{what} may be at {}.", any_of(&own)));
            }
            _ => sentences.of_responses(
                endpoint,
                &format!("{what} is looked for at {} first.", any_of(&own)),
            ),
        }
    }
    let codes: Vec<String> = attributes
        .error_codes
        .iter()
        .map(|(code, meaning)| format!("`{code}` means `{meaning}`"))
        .collect();
    if !codes.is_empty() {
        let rest = format!("own error codes: {}.", codes.join(", "));
        sentences.of_each(endpoint, ["responds with its", "respond with their"], &rest);
    }
}

fn expiry(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let expiry = &endpoint.attributes.expiry;
    let form = match expiry.format {
        ExpiryFormat::Seconds => "the lifetime in seconds",
        ExpiryFormat::Milliseconds => "the lifetime in milliseconds",
        ExpiryFormat::Minutes => "the lifetime in minutes",
        ExpiryFormat::UnixSeconds => "the Unix time of its end in seconds",
        ExpiryFormat::UnixMilliseconds => "the Unix time of its end in milliseconds",
        ExpiryFormat::DateTime => "the date and time of its end",
        ExpiryFormat::Duration => "the lifetime as a duration, such as `PT1H`",
        ExpiryFormat::DaysHoursMinutes => "the lifetime as days, hours and minutes, `D:HH:MM`",
    };
    let is_standard = expiry.format == ExpiryFormat::Seconds;
    match &expiry.pointer {
        Some(pointer) => sentences.whole(
            endpoint,
            &format!("When a token expires is at `{pointer}`: {form}."),
        ),
        None if is_standard => {}
        None => sentences.whole(
            endpoint,
            &format!("`expires_in` is {form}, not the lifetime in seconds."),
        ),
    }
    if expiry.is_zero_never {
        sentences.whole(
            endpoint,
            "A lifetime of 0 means that the token never expires.",
        );
    }
    if let Some(seconds) = expiry.lifetime {
        sentences.note(endpoint, &format!(
            "A token whose response does not say when it expires is taken to be good for {seconds} s."
        ));
    }
}

fn token(model: &Model, endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    if endpoint.attributes.access_token == [""] {
        sentences.whole(endpoint, "The access token is the whole response.");
        return;
    }
    let is_standard = |pointer: &&String| *pointer == "/access_token";
    let elsewhere: Vec<String> = endpoint
        .attributes
        .access_token
        .iter()
        .filter(|pointer| !is_standard(pointer) && !pointer.is_empty())
        .cloned()
        .collect();
    if !elsewhere.is_empty() {
        let also = if endpoint
            .attributes
            .access_token
            .iter()
            .any(|pointer| is_standard(&pointer))
        {
            ", or at the top"
        } else {
            ""
        };
        sentences.whole(
            endpoint,
            &format!(
                "The access token is at {} of the response{also}.",
                any_of(&elsewhere)
            ),
        );
    }
    let odd: Vec<String> = token_types(model, endpoint)
        .filter(|wire| {
            !["bearer", "mac", "dpop", "n_a"].contains(&wire.to_ascii_lowercase().as_str())
        })
        .map(str::to_owned)
        .collect();
    if !odd.is_empty() {
        sentences.whole(endpoint, &format!(
            "`token_type` may be {}, which RFC 6749 does not register: present the token as `Bearer` all the same.",
            any_of(&odd)
        ));
    }
}

/// The values that the document lists for `token_type`.
fn token_types<'a>(model: &'a Model, endpoint: &'a Endpoint) -> impl Iterator<Item = &'a str> {
    let response = match &endpoint.response {
        Success::Token(ident) => model.type_def(ident),
        _ => None,
    };
    let token_type = match response {
        Some(TypeDef::Struct(def)) => def
            .fields
            .iter()
            .find(|field| field.wire == "token_type")
            .map(|field| &field.ty),
        _ => None,
    };
    let def = match token_type {
        Some(FieldType::Named(ident)) => model.type_def(ident),
        _ => None,
    };
    let variants = match def {
        Some(TypeDef::Enum(def)) => def.variants.as_slice(),
        _ => &[],
    };
    variants.iter().map(|variant| variant.wire.as_str())
}

fn refusals(model: &Model, endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let is_alone = endpoint.errors.len() == 1;
    // Of other statuses RFC 6749 says nothing.
    let is_of_rfc = |case: &&ErrorCase| {
        (400..=401).any(|own| (case.statuses.0..=case.statuses.1).contains(&own))
    };
    let listed = |odd: &dyn Fn(&ErrorCase) -> bool, of_rfc: bool| -> Option<String> {
        let cases = endpoint.errors.iter().filter(|case| odd(case));
        let cases = cases.filter(|case| is_of_rfc(case) == of_rfc);
        let statuses: Vec<String> = cases.map(|case| status(case.statuses, is_alone)).collect();
        (!statuses.is_empty()).then(|| listed(&statuses, "and"))
    };
    let is_bare = |case: &ErrorCase| {
        case.body.is_none() && case.untyped.is_none() && !has_example(endpoint, case.statuses)
    };
    if let Some(bare) = listed(&is_bare, true) {
        let rest = format!("no body for {bare}: there may be no `error` to read.");
        sentences.of_each(endpoint, ["declares", "declare"], &rest);
    }
    if let Some(bare) = listed(&is_bare, false) {
        let text = format!("The document declares no body for {bare}.");
        sentences.note(endpoint, &text);
    }
    let is_odd = |case: &ErrorCase| {
        let untyped = case.untyped.as_deref();
        match case.body.as_deref() {
            Some(body) => !has_error_field(model, body),
            // What JSON has of which nothing is said is not known.
            None => untyped.is_some_and(|untyped| !media::is_json(untyped)),
        }
    };
    if let Some(odd) = listed(&is_odd, true) {
        let rest =
            format!("error responses of the provider's own form for {odd}, without `error`.");
        sentences.of_each(endpoint, ["has", "have"], &rest);
    }
    if let Some(odd) = listed(&is_odd, false) {
        let text =
            format!("Error responses for {odd} have the provider's own form, without `error`.");
        sentences.note(endpoint, &text);
    }
}

/// Whether an example of a refusal shows a body that no schema declares.
fn has_example(endpoint: &Endpoint, (first, last): (u16, u16)) -> bool {
    let mut examples = endpoint.examples.responses.iter();
    examples.any(|example| (first..=last).contains(&example.status) && !example.body.is_empty())
}

fn has_error_field(model: &Model, body: &str) -> bool {
    matches!(model.type_def(body), Some(TypeDef::Struct(def)) if def.fields.iter().any(|field| field.wire == "error"))
}

/// A status, where `is_alone` says that the document declares no other error.
fn status((first, last): (u16, u16), is_alone: bool) -> String {
    if (first, last) == ErrorCase::DEFAULT {
        let other = if is_alone { "" } else { "other " };
        format!("any {other}error status")
    } else if first == last {
        first.to_string()
    } else {
        format!("{first} to {last}")
    }
}

//! Endpoints: where requests go, how a client proves who it is, and where responses have what.

mod client;

use super::{Changes, Minor, Step, matched, request};
use tokensmith_codegen::model::{Attributes, Endpoint, ErrorCase, PathChoice, Success};

use client::{client, words};

pub(super) fn endpoints(before: &[Endpoint], after: &[Endpoint], changes: &mut Changes) {
    let (both, gone, new) = matched(before, after, |endpoint| &endpoint.ident);
    for endpoint in gone {
        changes.api(Step::Major, &name(endpoint), "is gone");
        request::operations(&endpoint.operations, &[], changes);
    }
    for endpoint in new {
        changes.api(Step::Minor, &name(endpoint), "is new");
        request::operations(&[], &endpoint.operations, changes);
    }
    for (before, after) in both {
        endpoint(before, after, changes);
    }
}

fn name(endpoint: &Endpoint) -> String {
    format!("the {} endpoint", endpoint.kind.as_str())
}

fn endpoint(before: &Endpoint, after: &Endpoint, changes: &mut Changes) {
    let Endpoint {
        kind,
        declared_at: _,
        ident: _,
        description,
        paths,
        servers,
        attributes,
        deprecated,
        certificate,
        dpop,
        client,
        operations,
        response,
        undeclared_fields,
        // The object that has them is a parameter.
        nested: _,
        error,
        errors,
        examples: _,
    } = before;
    let subject = name(before);
    changes.docs(&subject, description, &after.description);
    changes.value(Step::Major, &subject, "its kind", kind, &after.kind);
    words(&subject, (client, undeclared_fields), after, changes);
    self::paths(&subject, before, paths, after, changes);
    changes.value(
        Step::Minor,
        &subject,
        "its own servers",
        servers,
        &after.servers,
    );
    self::attributes(&subject, attributes, &after.attributes, changes);
    changes.value(
        Step::Minor,
        &subject,
        "whether it is deprecated",
        deprecated,
        &after.deprecated,
    );
    let step = if after.certificate && !certificate {
        Step::Major
    } else {
        Step::Minor
    };
    changes.value(
        step,
        &subject,
        "the client's certificate",
        certificate,
        &after.certificate,
    );
    let needs_key = after.dpop && !dpop;
    let step = if needs_key { Step::Major } else { Step::Minor };
    changes.value(step, &subject, "proof of possession", dpop, &after.dpop);
    if *response != after.response {
        changes.api(
            Step::Major,
            &subject,
            format!(
                "responds with another type: {} becomes {}",
                returned(response),
                returned(&after.response)
            ),
        );
    }
    self::errors(error, errors, after, changes);
    request::operations(operations, &after.operations, changes);
}

/// The type of a response as the crate has it.
fn returned(success: &Success) -> &str {
    match success {
        Success::Nothing => "()",
        Success::Token(name) => name,
        Success::Introspection => "Introspection",
        Success::DeviceAuthorization => "DeviceAuthorization",
        Success::PushedAuthorization => "PushedAuthorization",
        Success::Registration => "RegisteredClient",
    }
}

fn attributes(subject: &str, before: &Attributes, after: &Attributes, changes: &mut Changes) {
    let Attributes {
        method,
        formats,
        json_media_type,
        accept,
        authentication,
        grant_type,
        copies,
        code_challenge,
        access_token,
        fields,
        expiry,
        failures,
        scope_separator,
        response_scope_separator,
        error_code,
        error_description,
        error_codes,
        request_id,
        // These are compared by `around_tokens`.
        token_use: _,
        required_scopes: _,
        fragment: _,
        rotation: _,
        required_in_redirect: _,
        server_in_redirect: _,
        signature_in_redirect: _,
        state_in_redirect_uri: _,
        pushed_requests: _,
    } = before;
    client(subject, authentication, &after.authentication, changes);
    let mut minor = Minor { subject, changes };
    minor.compare("the method", method, &after.method);
    minor.compare("the body's formats", formats, &after.formats);
    minor.compare(
        "the media type of JSON bodies",
        json_media_type,
        &after.json_media_type,
    );
    minor.compare("`Accept`", accept, &after.accept);
    minor.compare("the parameter of the grant", grant_type, &after.grant_type);
    minor.compare("what is sent in two places", copies, &after.copies);
    minor.compare("the code challenge", code_challenge, &after.code_challenge);
    minor.compare(
        "where the access token is",
        access_token,
        &after.access_token,
    );
    minor.compare("where other fields are", fields, &after.fields);
    minor.compare("the lifetime", expiry, &after.expiry);
    minor.compare("the marks of a failure", failures, &after.failures);
    minor.compare(
        "what separates scopes",
        scope_separator,
        &after.scope_separator,
    );
    minor.compare(
        "what separates scopes in responses",
        response_scope_separator,
        &after.response_scope_separator,
    );
    minor.compare("where an error's code is", error_code, &after.error_code);
    minor.compare(
        "where an error's description is",
        error_description,
        &after.error_description,
    );
    minor.compare("what error codes mean", error_codes, &after.error_codes);
    around_tokens(before, after, &mut minor);
    minor.compare(
        "where the request's identifier is",
        request_id,
        &after.request_id,
    );
}

/// Where tokens go, and what is said of sign-ins and refreshes.
fn around_tokens(before: &Attributes, after: &Attributes, minor: &mut Minor<'_>) {
    minor.compare(
        "where requests carry the token",
        &before.token_use,
        &after.token_use,
    );
    minor.compare(
        "the scopes that are asked for in any case",
        &before.required_scopes,
        &after.required_scopes,
    );
    minor.compare("the fragment of the URL", &before.fragment, &after.fragment);
    minor.compare(
        "what a refresh does to the refresh token",
        &before.rotation,
        &after.rotation,
    );
    minor.compare(
        "what a redirect must have",
        &before.required_in_redirect,
        &after.required_in_redirect,
    );
    minor.compare(
        "where `state` is sent",
        &before.state_in_redirect_uri,
        &after.state_in_redirect_uri,
    );
    minor.compare(
        "whether authorization requests are pushed",
        &before.pushed_requests,
        &after.pushed_requests,
    );
    minor.compare(
        "what of a redirect names the server",
        &before.server_in_redirect,
        &after.server_in_redirect,
    );
    minor.compare(
        "what of a redirect signs it",
        &before.signature_in_redirect,
        &after.signature_in_redirect,
    );
}

fn paths(
    subject: &str,
    before: &Endpoint,
    paths: &[PathChoice],
    after: &Endpoint,
    changes: &mut Changes,
) {
    if let (Some(first), Some(now)) = (paths.first(), after.paths.first()) {
        changes.value(Step::Minor, subject, "the path", &first.path, &now.path);
    }
    if let (Some(before), None) = (before.path_type(), after.path_type()) {
        changes.api(Step::Major, &before, "is gone");
        return;
    }
    let (Some(ty), Some(_)) = (after.path_type(), before.path_type()) else {
        if let Some(ty) = after.path_type() {
            changes.api(Step::Minor, &ty, "is new");
        }
        return;
    };
    let (both, gone, new) = matched(paths, &after.paths, |choice| &choice.ident);
    for choice in gone {
        changes.api(Step::Major, &format!("{ty}::{}", choice.ident), "is gone");
    }
    for choice in new {
        changes.api(Step::Minor, &format!("{ty}::{}", choice.ident), "is new");
    }
    for (before, after) in both {
        let PathChoice {
            path,
            ident,
            description,
        } = before;
        let subject = format!("{ty}::{ident}");
        changes.value(Step::Minor, &subject, "its path", path, &after.path);
        changes.docs(&subject, description, &after.description);
    }
}

fn errors(ty: &str, errors: &[ErrorCase], after: &Endpoint, changes: &mut Changes) {
    if ty != after.error {
        changes.api(Step::Major, ty, format!("is called {}", after.error));
        return;
    }
    let subject = format!("error::{ty}");
    if errors.is_empty() != after.errors.is_empty() {
        let what = if errors.is_empty() {
            "is an enum now: errors are declared"
        } else {
            "has no variants any more"
        };
        changes.api(Step::Major, &subject, what);
        return;
    }
    let (both, gone, new) = matched(errors, &after.errors, |case| &case.ident);
    for case in gone {
        changes.api(
            Step::Major,
            &format!("{subject}::{}", case.ident),
            "is gone",
        );
    }
    for case in new {
        changes.api(Step::Minor, &format!("{subject}::{}", case.ident), "is new");
    }
    for (before, after) in both {
        let ErrorCase {
            statuses,
            ident,
            description,
            body,
            untyped: _,
        } = before;
        let subject = format!("{subject}::{ident}");
        changes.value(
            Step::Minor,
            &subject,
            "its statuses",
            statuses,
            &after.statuses,
        );
        changes.docs(&subject, description, &after.description);
        if *body != after.body {
            changes.api(Step::Major, &subject, "has another body");
        }
    }
}

//! Where what a user comes back with is not as RFC 6749 has it (section 4.1.2).

use super::{Sentences, any_of, condition};
use crate::model::{Endpoint, EndpointKind};
use crate::prose::listed;
use tokensmith_description::PushedRequests;

pub(super) fn say(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    pushed(endpoint, sentences);
    nonce(endpoint, sentences);
    redirects(endpoint, sentences);
}

/// Names what requests have without being asked, and the document does not have.
fn nonce(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let mut scopes = sentences.model.scopes.iter();
    let is_asked =
        endpoint.kind == EndpointKind::Authorization && scopes.any(|scope| scope.wire == "openid");
    if is_asked && endpoint.client.nonce_is_undeclared {
        sentences.note(
            endpoint,
            "Requests for the scope `openid` have a `nonce` (OpenID Connect Core, section 3.1.2.1), which the document does not declare.",
        );
    }
}

fn redirects(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let attributes = &endpoint.attributes;
    if !attributes.fragment.is_empty() {
        let text = format!(
            "The authorization URL ends with `#{}`.",
            attributes.fragment
        );
        sentences.whole(endpoint, &text);
    }
    let names = |pointers: &[String]| -> Vec<String> {
        let pointers = pointers.iter();
        pointers
            .map(|at| at.trim_start_matches('/').to_owned())
            .collect()
    };
    let required: Vec<String> = attributes
        .required_in_redirect
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    if !required.is_empty() {
        let text = format!(
            "A redirect has {} beside the code.",
            listed(&required, "and")
        );
        sentences.note(endpoint, &text);
    }
    if !attributes.signature_in_redirect.is_empty() {
        let text = format!(
            "Redirects are signed with the client secret, in `{}`: one with another signature, or without one, is refused.",
            attributes.signature_in_redirect
        );
        sentences.note(endpoint, &text);
    }
    if attributes.state_in_redirect_uri {
        let text = "`state` is sent within `redirect_uri`, and comes back there. The request for the token repeats `PendingAuthorization::redirect_uri`.";
        sentences.whole(endpoint, text);
    }
    for (name, form) in &attributes.server_in_redirect {
        let text = format!(
            "The `{name}` of a redirect names the server to exchange the code at, as in `{form}`: `Client::at_redirect` returns a client of that server."
        );
        sentences.note(endpoint, &text);
    }
    for (name, pointer) in &attributes.fields {
        let own = names(std::slice::from_ref(pointer));
        sentences.whole(
            endpoint,
            &format!("Redirects call `{name}` {}.", any_of(&own)),
        );
    }
    for mark in &attributes.failures {
        let name = names(std::slice::from_ref(&mark.pointer));
        let text = format!(
            "A redirect is an error response if its {} {}.",
            any_of(&name),
            condition(mark)
        );
        sentences.whole(endpoint, &text);
    }
    for (pointers, standard) in [
        (&attributes.error_code, "error"),
        (&attributes.error_description, "error_description"),
    ] {
        if !pointers.is_empty() {
            let own = any_of(&names(pointers));
            sentences.whole(endpoint, &format!("Redirects may call `{standard}` {own}."));
        }
    }
    let codes: Vec<String> = attributes
        .error_codes
        .iter()
        .map(|(code, meaning)| format!("`{code}` means `{meaning}`"))
        .collect();
    if !codes.is_empty() {
        let text = format!(
            "Redirects have error codes of their own: {}.",
            codes.join(", ")
        );
        sentences.whole(endpoint, &text);
    }
}

/// Whether authorization requests are pushed.
fn pushed(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    match endpoint.attributes.pushed_requests {
        PushedRequests::Taken => {}
        PushedRequests::Required => sentences.note(
            endpoint,
            "Authorization requests have to be pushed (RFC 9126): `Client::authorize` does so, and `Client::authorization_url` returns an error.",
        ),
        PushedRequests::IfEnabled => sentences.note(
            endpoint,
            "The provider takes pushed authorization requests (RFC 9126) where they were switched on. `Client::authorize` pushes after `Client::require_pushed_authorization`, or if the server's metadata name the endpoint.",
        ),
    }
}

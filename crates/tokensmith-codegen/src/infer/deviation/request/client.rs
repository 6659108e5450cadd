//! How clients authenticate otherwise than RFC 6749 has it.

use tokensmith_description::ClientAuth;

use super::undeclared;
use crate::infer::deviation::Sentences;
use crate::infer::security::BEARER;
use crate::model::{Audience, Authentication, Endpoint, EndpointKind, Location};
use crate::prose::listed;

pub(super) fn client(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let Authentication {
        method,
        scheme,
        client_id,
        client_secret,
        audience,
        id_location,
        ..
    } = &endpoint.attributes.authentication;
    match method {
        // The document says nothing of it, which a note tells.
        _ if endpoint.client.is_as_at_token_endpoint => {}
        // The sentence on the identifier's place has the secret's as well.
        ClientAuth::Body if id_location.is_some() => {}
        ClientAuth::Body => sentences.of_each(
            endpoint,
            ["takes", "take"],
            "client id and secret in the body; RFC 6749, section 2.3.1 asks for HTTP Basic.",
        ),
        ClientAuth::Query => sentences.of_each(
            endpoint,
            ["takes", "take"],
            "client id and secret in the query of the URL, which logs often keep; RFC 6749, section 2.3.1 forbids it.",
        ),
        ClientAuth::Header => {
            let rest = format!(
                "client id and secret in headers of their own, `{client_id}` and `{client_secret}`, not as RFC 6749, section 2.3.1 has it."
            );
            sentences.of_each(endpoint, ["takes", "take"], &rest);
        }
        ClientAuth::BasicRaw => sentences.of_each(
            endpoint,
            ["wants", "want"],
            "HTTP Basic without the form-encoding of RFC 6749, section 2.3.1.",
        ),
        ClientAuth::Secret => sentences.of_each(
            endpoint,
            ["takes", "take"],
            &format!("the client secret alone in the `Authorization` header, after `{scheme}`."),
        ),
        ClientAuth::AssertionSecret => sentences.of_each(
            endpoint,
            ["takes", "take"],
            "a client assertion (RFC 7523) as the client secret in the body.",
        ),
        ClientAuth::BasicSecret => sentences.of_each(
            endpoint,
            ["takes", "take"],
            "the client secret as the user name of HTTP Basic, with an empty password.",
        ),
        _ => {}
    }
    where_it_stands(endpoint, sentences);
    other_ways(endpoint, sentences);
    if scheme != "Basic" && *method != ClientAuth::Secret {
        let rest = format!(
            "client id and secret in the `Authorization` header after `{scheme}`, not after `Basic`."
        );
        sentences.of_each(endpoint, ["takes", "take"], &rest);
    }
    client_names(endpoint, sentences);
    match audience {
        Audience::Url => {}
        Audience::Issuer => sentences.note(
            endpoint,
            "Client assertions are made out to the issuer, not to the URL of the endpoint.",
        ),
        Audience::Fixed(text) => {
            let text = format!("Client assertions are made out to `{text}`.");
            sentences.note(endpoint, &text);
        }
    }
    if endpoint.certificate && *method != ClientAuth::TlsClientAuth {
        sentences.note(
            endpoint,
            "The endpoint wants a certificate of the client (RFC 8705) beside its authentication.",
        );
    }
}

/// How a client without a secret says who it is, and where the identifier stands.
fn where_it_stands(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let Authentication {
        method,
        client_id,
        public_by_basic,
        id_location,
        ..
    } = &endpoint.attributes.authentication;
    if *public_by_basic {
        sentences.note(
            endpoint,
            "A client without a secret uses HTTP Basic with an empty password.",
        );
    }
    if let Some(location) = id_location {
        let place = match location {
            Location::Header => "in a header",
            Location::Query => "in the query of the URL",
            Location::Body | Location::Path => "apart",
        };
        let rest = match method {
            ClientAuth::None => format!("the client id {place}, not in the body."),
            _ => format!(
                "the client id {place}, `{client_id}`, and the client secret in the body, not HTTP Basic (RFC 6749, section 2.3.1)."
            ),
        };
        sentences.of_each(endpoint, ["takes", "take"], &rest);
    }
}

/// In which other ways than its own a client may ask.
fn other_ways(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    if endpoint.client.is_optional {
        let public = match endpoint.attributes.authentication.client_id.as_str() {
            "" => "a client without a secret is `Credentials::public(\"\")`",
            _ => "a client without a secret is `Credentials::public`",
        };
        let text =
            format!("The endpoint takes requests without client authentication as well: {public}.");
        sentences.note(endpoint, &text);
    }
    if endpoint.client.is_as_at_token_endpoint {
        let place = match endpoint.attributes.authentication.method {
            ClientAuth::Query => ", in the query of the URL, which logs often keep",
            _ => "",
        };
        let text = format!(
            "The document does not say how the client authenticates at this endpoint: it does as at the token endpoint{place}."
        );
        sentences.note(endpoint, &text);
    }
    if endpoint.client.secret_is_optional {
        sentences.note(
            endpoint,
            "The document does not require the client secret: a client without one is `Credentials::public`.",
        );
    }
    if endpoint.client.id_may_be_in_body {
        let id = &endpoint.attributes.authentication.client_id;
        let text = format!(
            "The document has `{id}` in the body as well, where it is not required: a client with a secret sends it in the `Authorization` header only, and `Credentials::public` sends it in the body."
        );
        sentences.note(endpoint, &text);
    }
    if endpoint.client.denies_public {
        sentences.note(
            endpoint,
            "By its description, the endpoint takes no public clients: each client has a secret, or something else to prove itself by.",
        );
    }
    if endpoint.client.verifier_is_public {
        sentences.note(
            endpoint,
            "By its description, a request with a code verifier (RFC 7636) has no client authentication: send it with `Credentials::public`, and requests that need the secret with a client that has it.",
        );
    }
    if endpoint.client.takes_assertion {
        sentences.note(
            endpoint,
            "The endpoint takes a client assertion (RFC 7523) instead as well: give the client `ClientAuth::PrivateKeyJwt`.",
        );
    }
}

/// What an endpoint calls the id and the secret of a client, if it knows them.
fn client_names(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let Authentication {
        method,
        client_id,
        client_secret,
        ..
    } = &endpoint.attributes.authentication;
    let all = [
        (client_id, "client_id", "the client id"),
        (client_secret, "client_secret", "the client secret"),
    ];
    let names: Vec<String> = all
        .into_iter()
        .filter(|(name, standard, _)| name != standard && !name.is_empty())
        .map(|(name, _, what)| format!("{what} `{name}`"))
        .collect();
    let takes_bearer = || {
        let mut parameters = endpoint
            .operations
            .iter()
            .flat_map(|operation| &operation.parameters);
        parameters.any(|parameter| parameter.prefix.as_deref() == Some(BEARER))
    };
    if *method == ClientAuth::None && !may_ask_callers(endpoint.kind) && takes_bearer() {
        let mut parameters = endpoint.operations.iter().flat_map(|one| &one.parameters);
        let header = parameters.find(|parameter| parameter.has_client_in_base64());
        let rest = match header {
            Some(header) => format!(
                "a bearer token from the caller; the client's identifier and secret are in the header `{}`, which the caller gives.",
                header.wire
            ),
            None => "a bearer token from the caller, not client authentication.".to_owned(),
        };
        sentences.of_each(endpoint, ["takes", "take"], &rest);
    } else if client_id.is_empty() && endpoint.kind != EndpointKind::Registration {
        match endpoint.has_parameter("client_id") {
            true => sentences.note(
                endpoint,
                "`client_id` is a parameter of the request, and does not name the client that asks.",
            ),
            false => undeclared(endpoint, "client_id", sentences),
        }
    }
    if !names.is_empty() {
        let rest = format!("{}.", listed(&names, "and"));
        sentences.of_each(endpoint, ["calls", "call"], &rest);
    }
}

/// Whether an RFC has it that callers show a token of theirs instead of the client's authentication (RFC 7662, section 2.1; RFC
/// 7591, section 3).
fn may_ask_callers(kind: EndpointKind) -> bool {
    matches!(
        kind,
        EndpointKind::Introspection | EndpointKind::Registration
    )
}

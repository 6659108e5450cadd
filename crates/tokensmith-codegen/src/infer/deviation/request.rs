//! Where requests are not as RFC 6749 has them.

use super::Sentences;
use crate::infer::security::BEARER;
use crate::model::{
    Audience, Authentication, BodyFormat, CodeChallengeMethod, Endpoint, EndpointKind, Location,
    Method, Parameter, ParameterKind, rfc,
};
use crate::openapi::media;
use crate::prose::listed;
use tokensmith_description::ClientAuth;

pub(super) fn say(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    form(endpoint, sentences);
    client(endpoint, sentences);
    scopes(endpoint, sentences);
    grants(endpoint, sentences);
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

fn client(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
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
    if endpoint.client.verifier_is_public {
        sentences.note(
            endpoint,
            "By its description, a client that sends a code verifier (RFC 7636) has no secret: it is `Credentials::public`.",
        );
    }
    if endpoint.client.takes_assertion {
        sentences.note(
            endpoint,
            "The endpoint takes a client assertion (RFC 7523) instead as well: give the client `ClientAuth::PrivateKeyJwt`.",
        );
    }
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
        let rest = "a bearer token from the caller, not client authentication.";
        sentences.of_each(endpoint, ["takes", "take"], rest);
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

/// Which grant types an endpoint takes, and where.
fn grants(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let own = endpoint
        .grants()
        .filter(|grant| rfc::grant(grant).is_none());
    // Section 4.5 allows those that are absolute URIs.
    let (allowed, own): (Vec<&str>, Vec<&str>) = own.partition(|grant| grant.contains(':'));
    let named = |grants: &[&str]| {
        let what = match grants.len() {
            1 => "a grant type",
            _ => "grant types",
        };
        let grants: Vec<String> = grants.iter().map(|grant| format!("`{grant}`")).collect();
        format!("{}, {what} of the provider's own.", listed(&grants, "and"))
    };
    if !allowed.is_empty() {
        sentences.note(endpoint, &format!("The endpoint takes {}", named(&allowed)));
    }
    if !own.is_empty() {
        sentences.of_each(endpoint, ["takes", "take"], &named(&own));
    }
    for grant in endpoint.grants() {
        if let Some(known) = rfc::grant(grant).filter(|known| known.value != grant) {
            let text = format!("`{grant}` is what the RFCs write as `{}`.", known.value);
            sentences.whole(endpoint, &text);
        }
    }
    repeated(endpoint, sentences);
    let standard = match endpoint.kind {
        EndpointKind::Authorization => "response_type",
        _ => "grant_type",
    };
    let (name, location) = &endpoint.attributes.grant_type;
    let has_grants = endpoint
        .operations
        .iter()
        .any(|operation| operation.grant.is_some());
    match endpoint.kind {
        EndpointKind::Token | EndpointKind::Authorization if has_grants => {
            if name != standard {
                let rest = format!("`{standard}` `{name}`.");
                sentences.of_each(endpoint, ["calls", "call"], &rest);
            }
            let place = match location {
                Location::Query if endpoint.attributes.method.has_body() => {
                    Some("in the query of the URL")
                }
                Location::Header => Some("in a header"),
                Location::Path => Some("in the path of the URL"),
                Location::Body | Location::Query => None,
            };
            if let Some(place) = place {
                let rest = format!("`{name}` {place}, not in the body.");
                sentences.of_each(endpoint, ["takes", "take"], &rest);
            }
        }
        EndpointKind::Token | EndpointKind::Authorization => {
            undeclared(endpoint, standard, sentences);
        }
        _ => {}
    }
}

/// Whether the requests that no RFC defines are sent again.
fn repeated(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    if endpoint.kind != EndpointKind::Token {
        return;
    }
    let mut once = Vec::new();
    for operation in &endpoint.operations {
        let grant = operation.grant.as_deref();
        if grant.is_some_and(|grant| rfc::grant(grant).is_some()) {
            continue;
        }
        match (grant, operation.one_time) {
            (_, true) if operation.has_one_time_credential() => {}
            (_, true) => once.push(format!("`{}`", operation.ident)),
            (Some(grant), false) => sentences.note(
                endpoint,
                &format!("A request of the grant `{grant}` may be sent again, and is retried."),
            ),
            (None, false) => sentences.note(
                endpoint,
                "The endpoint takes the same request again, which is retried.",
            ),
        }
    }
    if !once.is_empty() {
        let text = format!(
            "{} {} sent once and never retried: no RFC says that a second request does no harm. \
             `repeatable-grants` in the document changes that.",
            listed(&once, "and"),
            if once.len() == 1 { "is" } else { "are" },
        );
        sentences.note(endpoint, &text);
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

//! What an endpoint of a kind cannot be.

use openapiv3::Operation as ApiOperation;

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::{self, EndpointKind, Method, Operation};
use crate::openapi::extension::{KEY, OneOrMore, OperationExtension};
use crate::openapi::site::Site;
use crate::pointer;

/// The method, if requests can be sent by it.
pub(super) fn method(
    site: &Site,
    operation: &ApiOperation,
    kind: EndpointKind,
    diagnostics: &mut Diagnostics,
) -> Option<Method> {
    let name = site.method.as_str();
    let shown = name.to_uppercase();
    let unsupported = |message: String| {
        Diagnostic::new(Rule::Unsupported, &site.pointer, message)
            .help("where the provider takes POST as well, declare that")
    };
    let method =
        model::method(name).filter(|method| !kind.is_for_browsers() || *method == Method::Get);
    let Some(method) = method else {
        let message = format!("the endpoint is called by {shown}, which is not supported");
        diagnostics.push(unsupported(message));
        return None;
    };
    if !method.has_body() && operation.request_body.is_some() {
        let message = format!("a {shown} request has no body");
        diagnostics.push(
            unsupported(message).help("declare what is in it as query parameters, or use POST"),
        );
        return None;
    }
    Some(method)
}

/// Scopes that every request asks for need a parameter that they go in.
pub(super) fn require_parameter_of_scopes(
    site: &Site,
    operations: &[Operation],
    diagnostics: &mut Diagnostics,
) {
    let mut parameters = operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    let has_scopes = parameters.any(|parameter| ["scope", "scopes"].contains(&&*parameter.wire));
    if site.extension.required_scopes.is_some() && !has_scopes {
        let place = pointer::join_all(&site.pointer, &[KEY, "required-scopes"]);
        let message = "no request has a parameter that these scopes can be sent in";
        diagnostics.push(
            Diagnostic::new(Rule::Extension, place, message)
                .help("declare the parameter `scope` (or `scopes`), or remove `required-scopes`"),
        );
    }
}

/// Requests that are pushed need an endpoint that takes them.
pub(super) fn require_endpoint_of_pushed(
    site: &Site,
    sites: &[Site],
    diagnostics: &mut Diagnostics,
) {
    let mut others = sites.iter();
    let has_endpoint = others.any(|other| other.kind == EndpointKind::PushedAuthorization);
    let are_pushed = site.extension.pushed_authorization.is_some();
    if site.kind == EndpointKind::Authorization && are_pushed && !has_endpoint {
        let place = pointer::join_all(&site.pointer, &[KEY, "pushed-authorization"]);
        let message =
            "authorization requests are pushed, and the document has no endpoint that takes them";
        let help = "declare the endpoint (RFC 9126, section 2), an operation with:\nx-tokensmith: {endpoint: pushed-authorization}";
        diagnostics.push(Diagnostic::new(Rule::Extension, place, message).help(help));
    }
}

/// Keys of `x-tokensmith` that mean nothing at an endpoint of this kind are mistakes.
pub(super) fn reject_what_does_not_apply(
    site: &Site,
    kind: EndpointKind,
    diagnostics: &mut Diagnostics,
) {
    let extension = &site.extension;
    let is_token = kind == EndpointKind::Token;
    let is_authorization = kind == EndpointKind::Authorization;
    let (has_response, takes_scopes) = (kind.has_response(), kind.takes_scopes());
    let mut wrong = vec![
        ("grants", extension.grants.is_some() && !is_token),
        (
            "grant-type-parameter",
            extension.grant_type_parameter.is_some() && !is_token && !is_authorization,
        ),
        (
            "access-token",
            extension.access_token.is_some() && !is_token,
        ),
        ("expiry", extension.expiry.is_some() && !is_token),
        (
            "client-auth",
            extension.client_auth.method.is_some() && kind == EndpointKind::Registration,
        ),
        (
            "refresh-token",
            extension.refresh_token.rotates.is_some() && !is_token,
        ),
        ("token-use", extension.token_use.is_some() && !is_token),
        (
            "required-scopes",
            extension.required_scopes.is_some() && !takes_scopes,
        ),
        (
            "response-scope-separator",
            extension.response_scope_separator.is_some() && !is_token,
        ),
        (
            "repeatable-grants",
            extension.repeatable_grants.is_some() && !is_token,
        ),
        (
            "request-id",
            extension.request_id.is_some() && kind.is_for_browsers(),
        ),
        (
            "fields",
            !extension.fields.is_empty() && !has_response && !is_authorization,
        ),
    ];
    if !is_authorization {
        wrong.extend(of_authorization(extension));
    }
    if is_authorization {
        redirect(site, diagnostics);
    }
    for (key, _) in wrong.into_iter().filter(|(_, is_wrong)| *is_wrong) {
        let place = pointer::join_all(&site.pointer, &[KEY, key]);
        let message = format!("`{key}` means nothing at the {} endpoint", kind.as_str());
        diagnostics.push(
            Diagnostic::new(Rule::Extension, place, message)
                .help("remove it, or move it to the endpoint that it is about"),
        );
    }
}

/// The keys that mean something at an authorization endpoint only, and whether each is there.
fn of_authorization(extension: &OperationExtension) -> [(&'static str, bool); 7] {
    [
        ("code-challenge", extension.code_challenge.is_some()),
        ("fragment", extension.fragment.is_some()),
        (
            "pushed-authorization",
            extension.pushed_authorization.is_some(),
        ),
        (
            "required-in-redirect",
            extension.required_in_redirect.is_some(),
        ),
        (
            "server-in-redirect",
            !extension.server_in_redirect.is_empty(),
        ),
        (
            "signature-in-redirect",
            extension.signature_in_redirect.is_some(),
        ),
        ("state", extension.state.is_some()),
    ]
}

/// What is said of a redirect names its parameters, which have no members, and only the code has
/// another name there.
fn redirect(site: &Site, diagnostics: &mut Diagnostics) {
    let extension = &site.extension;
    let mut wrong = |keys: &[&str], message: String, help: &str| {
        let place = pointer::join_all(&pointer::join(&site.pointer, KEY), keys);
        diagnostics.push(Diagnostic::new(Rule::Extension, place, message).help(help));
    };
    let code = extension.fields.get("code").map_or("/code", String::as_str);
    for name in extension.fields.keys().filter(|name| *name != "code") {
        let message = format!("`{}` is not read of a redirect", name.escape_debug());
        wrong(
            &["fields", name],
            message,
            "only `code` can have another name there",
        );
    }
    let mut stated: Vec<(Vec<String>, String)> = Vec::new();
    for (name, list) in [
        ("code", &extension.error.code),
        ("description", &extension.error.description),
    ] {
        let pointers = list.as_ref().map_or(Vec::new(), OneOrMore::to_vec);
        let keys = vec!["error".to_owned(), name.to_owned()];
        stated.extend(pointers.into_iter().map(|at| (keys.clone(), at)));
    }
    for (index, failure) in extension.failure.iter().enumerate() {
        let keys = ["failure".to_owned(), index.to_string(), "at".to_owned()];
        stated.push((keys.to_vec(), failure.at.clone()));
    }
    for (keys, at) in &stated {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        if at == code && keys.first() == Some(&"error") {
            let message = format!("`{at}` is where the redirect has the authorization code");
            wrong(
                &keys,
                message,
                "name the parameter that only an error response has",
            );
        }
    }
    let fields = extension.fields.iter();
    let fields = fields.map(|(name, at)| (vec!["fields".to_owned(), name.clone()], at.clone()));
    for (keys, at) in stated.into_iter().chain(fields) {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        if pointer::tokens(&at).count() != 1 {
            let message = format!("a redirect has no `{}`", at.escape_debug());
            wrong(
                &keys,
                message,
                "name one of its parameters, as in /error_reason",
            );
        }
    }
}

/// Says that nothing is declared of a device's request but who asks.
pub(super) fn undeclared_device_request(at: &str) -> Finding {
    let message = "the device authorization endpoint declares no parameters; its requests have `client_id` alone";
    let help = "declare what it takes (RFC 8628, section 3.1):\nproperties: {client_id: {type: string}, scope: {type: string}}";
    Finding::new(Question::Parameter, "`client_id` alone")
        .by(EvidenceKind::Convention, at)
        .inferred(at, message, help)
}

//! What is found of an endpoint where the answer needs no inference: its kind, URL and format, and
//! what `x-tokensmith` states.

use super::Builder;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::server;
use crate::model::{BodyFormat, EndpointKind, EndpointServer, PathChoice};
use crate::openapi::extension::{KEY, OperationExtension};
use crate::openapi::site::Site;
use crate::pointer;

/// Records what kind of endpoint an operation is, how it is called, and what `x-tokensmith` states
/// of it; an operation that is known by its looks alone is told.
pub(super) fn endpoint(site: &Site, kind: EndpointKind, diagnostics: &mut Diagnostics) {
    let at = |evidence: &EvidenceKind| match evidence {
        EvidenceKind::Statement => pointer::join_all(&site.pointer, &[KEY, "endpoint"]),
        _ => site.pointer.clone(),
    };
    let evidence = site
        .known_by
        .iter()
        .map(|kind| Evidence::new(*kind, at(kind)));
    let mut finding = evidence.fold(Finding::new(Question::Endpoint, kind.as_str()), Finding::on);
    if site.known_by.contains(&EvidenceKind::Convention) {
        let message = "the operation is read as a token endpoint, by its path and by what it takes and returns";
        let help = "say so, or otherwise `none`:\nx-tokensmith: {endpoint: token}";
        finding = finding.inferred(&site.pointer, message, help);
    }
    diagnostics.find(finding);
    let method = site.method.to_ascii_uppercase();
    let finding = Finding::new(Question::Method, method);
    diagnostics.find(finding.by(EvidenceKind::Declaration, &site.pointer));
    stated(site, diagnostics);
    codes(site, diagnostics);
    if kind == EndpointKind::Authorization {
        redirect(site, diagnostics);
    }
}

/// Records what codes of the provider's own mean.
fn codes(site: &Site, diagnostics: &mut Diagnostics) {
    let codes = &site.extension.error.codes;
    if codes.is_empty() {
        return;
    }
    let meanings = codes.iter();
    let meanings: Vec<String> = meanings
        .map(|(code, meaning)| format!("{code:?} is {meaning}"))
        .collect();
    let at = pointer::join_all(&site.pointer, &[KEY, "error", "codes"]);
    let finding = Finding::new(Question::Errors, format!("codes: {}", meanings.join(", ")));
    diagnostics.find(finding.by(EvidenceKind::Statement, at));
}

/// Records what is called otherwise in a redirect: no response has it.
fn redirect(site: &Site, diagnostics: &mut Diagnostics) {
    let extension = &site.extension;
    let at = |keys: &[&str]| pointer::join_all(&pointer::join(&site.pointer, KEY), keys);
    for (name, pointer) in &extension.fields {
        let finding = Finding::new(Question::Field, pointer).of(name);
        diagnostics.find(finding.by(EvidenceKind::Statement, at(&["fields", name])));
    }
    let error = &extension.error;
    for (name, pointers) in [("code", &error.code), ("description", &error.description)] {
        if let Some(pointers) = pointers {
            let answer = format!("{name}: {}", pointers.to_vec().join(", "));
            let finding = Finding::new(Question::Errors, answer);
            diagnostics.find(finding.by(EvidenceKind::Statement, at(&["error", name])));
        }
    }
}

/// Records where an endpoint is, and how its bodies are written.
pub(super) fn requests(
    builder: &Builder<'_, '_>,
    kind: EndpointKind,
    place: (&PathChoice, &[EndpointServer]),
    (formats, accept): (&[BodyFormat], Option<&str>),
    diagnostics: &mut Diagnostics,
) {
    url(builder, place, diagnostics);
    // A browser is sent there by a URL.
    if !kind.is_for_browsers() {
        format(builder, formats, accept, diagnostics);
    }
}

fn url(
    builder: &Builder<'_, '_>,
    (choice, servers): (&PathChoice, &[EndpointServer]),
    diagnostics: &mut Diagnostics,
) {
    let site = builder.site;
    let (_, at) = server::declared(builder.context.api, &site.path, &site.method);
    let bases: Vec<&str> = match servers {
        [] => builder.environments.base_urls().collect(),
        own => own.iter().map(|server| server.url.as_str()).collect(),
    };
    let path = &choice.path;
    let urls: Vec<String> = match bases.as_slice() {
        _ if server::is_absolute(path) => vec![path.clone()],
        [] => vec![format!("{path} below a base URL of the caller's")],
        bases => bases
            .iter()
            .map(|base| format!("{}{path}", base.trim_end_matches('/')))
            .collect(),
    };
    diagnostics.find(
        Finding::new(Question::Url, urls.join(", "))
            .by(EvidenceKind::Declaration, &site.item)
            .by(EvidenceKind::Declaration, at),
    );
}

fn format(
    builder: &Builder<'_, '_>,
    formats: &[BodyFormat],
    accept: Option<&str>,
    diagnostics: &mut Diagnostics,
) {
    let at = &builder.site.pointer;
    let names: Vec<&str> = formats.iter().map(|format| format.as_str()).collect();
    let kind = match builder.operation.request_body {
        Some(_) => EvidenceKind::Declaration,
        None => EvidenceKind::Convention,
    };
    let place = pointer::join(at, "requestBody");
    diagnostics.find(Finding::new(Question::Format, names.join(", ")).by(kind, place));
    if let Some(accept) = accept {
        let place = pointer::join(at, "responses");
        diagnostics.find(
            Finding::new(Question::ResponseFormat, accept).by(EvidenceKind::Declaration, place),
        );
    }
}

/// Records what nothing but `x-tokensmith` can say.
fn stated(site: &Site, diagnostics: &mut Diagnostics) {
    // A key that is new is missing here: what the others say is found with the answers that they are.
    let OperationExtension {
        endpoint: _,
        alternative_of: _,
        grants: _,
        repeatable_grants,
        grant_type_parameter,
        client_auth: _,
        code_challenge: _,
        scope_separator,
        response_scope_separator,
        access_token: _,
        fields: _,
        expiry: _,
        failure,
        error: _,
        request_id,
        token_use,
        required_scopes,
        fragment,
        refresh_token,
        required_in_redirect,
        server_in_redirect,
        signature_in_redirect,
        state,
        pushed_authorization,
    } = &site.extension;
    let as_stated = |is_stated: bool| is_stated.then(|| "as stated".to_owned());
    let list = |names: &Option<Vec<String>>, between: &str| {
        let names = names.as_ref().filter(|names| !names.is_empty());
        names.map(|names| names.join(between))
    };
    let quoted = |text: &Option<String>| text.as_ref().map(|text| format!("{text:?}"));
    for (key, says) in [
        ("grant-type-parameter", grant_type_parameter.clone()),
        ("required-scopes", list(required_scopes, " ")),
        ("scope-separator", quoted(scope_separator)),
        ("response-scope-separator", quoted(response_scope_separator)),
        ("required-in-redirect", list(required_in_redirect, ", ")),
        (
            "server-in-redirect",
            list(&Some(server_in_redirect.values().cloned().collect()), ", "),
        ),
        ("signature-in-redirect", signature_in_redirect.clone()),
        ("state", state.map(|_| "in the redirect URI".to_owned())),
        (
            "pushed-authorization",
            pushed_authorization.map(|pushed| pushed.as_str().to_owned()),
        ),
        ("fragment", fragment.clone()),
        ("failure", as_stated(!failure.is_empty())),
        ("refresh-token", as_stated(refresh_token.rotates.is_some())),
        ("repeatable-grants", as_stated(repeatable_grants.is_some())),
        ("request-id", as_stated(request_id.is_some())),
        ("token-use", as_stated(token_use.is_some())),
    ] {
        if let Some(says) = says {
            let finding = Finding::new(Question::Attribute, says.clone()).of(key);
            // Of an operation without an extension, it is how the document writes the name.
            diagnostics.find(match site.is_extended {
                true => {
                    let at = pointer::join_all(&site.pointer, &[KEY, key]);
                    finding.by(EvidenceKind::Statement, at)
                }
                false => written_otherwise(finding, &says, &site.pointer),
            });
        }
    }
}

/// A name of RFC 6749 that the operation writes in its own way.
fn written_otherwise(finding: Finding, name: &str, at: &str) -> Finding {
    let message = format!("`{}` is read as `grant_type`", name.escape_debug());
    let help = format!("say so:\nx-tokensmith: {{grant-type-parameter: {name}}}");
    finding
        .by(EvidenceKind::Name, at)
        .inferred(at, message, help)
}

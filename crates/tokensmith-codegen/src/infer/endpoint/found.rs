//! What is found of an endpoint where the answer needs no inference: its kind, URL and format, and
//! what `x-tokensmith` states.

use super::Builder;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::server;
use crate::model::{BodyFormat, EndpointKind, EndpointServer, PathChoice};
use crate::openapi::extension::KEY;
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
        let message = "the operation is read as a token endpoint, by its path, its parameters and its response";
        let help = "say so, or otherwise `none`:\nx-tokensmith: {endpoint: token}";
        finding = finding.inferred(&site.pointer, message, help);
    }
    diagnostics.find(finding);
    let method = site.method.to_ascii_uppercase();
    let finding = Finding::new(Question::Method, method);
    diagnostics.find(finding.by(EvidenceKind::Declaration, &site.pointer));
    stated(site, diagnostics);
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
    if kind != EndpointKind::Authorization {
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
    let extension = &site.extension;
    let scopes = extension.required_scopes.clone().unwrap_or_default();
    let redirect = extension.required_in_redirect.clone().unwrap_or_default();
    let is_failing = !extension.failure.is_empty();
    let rotates = extension.refresh_token.rotates.is_some();
    let separator = extension.scope_separator.as_deref();
    let fragment = extension.fragment.as_deref();
    let parameter = extension.grant_type_parameter.as_deref();
    for (key, says) in [
        ("grant-type-parameter", parameter.map(str::to_owned)),
        (
            "required-scopes",
            (!scopes.is_empty()).then(|| scopes.join(" ")),
        ),
        ("scope-separator", separator.map(|text| format!("{text:?}"))),
        (
            "required-in-redirect",
            (!redirect.is_empty()).then(|| redirect.join(", ")),
        ),
        ("fragment", fragment.map(str::to_owned)),
        ("failure", is_failing.then(|| "as stated".to_owned())),
        ("refresh-token", rotates.then(|| "as stated".to_owned())),
        (
            "repeatable-grants",
            extension
                .repeatable_grants
                .as_ref()
                .map(|_| "as stated".to_owned()),
        ),
        (
            "request-id",
            extension
                .request_id
                .as_ref()
                .map(|_| "as stated".to_owned()),
        ),
        (
            "token-use",
            extension.token_use.as_ref().map(|_| "as stated".to_owned()),
        ),
    ] {
        if let Some(says) = says {
            let at = pointer::join_all(&site.pointer, &[KEY, key]);
            let finding = Finding::new(Question::Attribute, says).of(key);
            diagnostics.find(finding.by(EvidenceKind::Statement, at));
        }
    }
}

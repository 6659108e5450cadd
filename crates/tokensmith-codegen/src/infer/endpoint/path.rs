//! The paths of an endpoint: its own, and others that lead to it as well.

use openapiv3::Operation as ApiOperation;
use tokensmith_template::is_dot_segment;

use super::lookup;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::infer::server::{Environments, Placement};
use crate::infer::types::unusable;
use crate::model::{Endpoint, PathChoice, name};
use crate::openapi::extension::KEY;
use crate::openapi::site::Site;
use crate::pointer;
use tokensmith_description::EndpointKind;

/// Paths that are said to be other ways to an endpoint.
pub(super) fn alternatives(
    context: &Context<'_>,
    environments: &Environments,
    endpoints: &mut [(Option<&str>, Endpoint)],
    diagnostics: &mut Diagnostics,
) {
    for site in context.sites {
        let Some(wanted) = site.extension.alternative_of.as_deref() else {
            continue;
        };
        let found = endpoints
            .iter_mut()
            .find(|(operation_id, _)| *operation_id == Some(wanted));
        match (found, lookup(context, site)) {
            (Some((_, endpoint)), Some(_)) if !endpoint.is_called() => diagnostics.push(
                Diagnostic::new(
                    Rule::Unsupported,
                    &site.pointer,
                    "an authorization endpoint has one path only",
                )
                .help("remove one of them, or mark it:\nx-tokensmith: {endpoint: none}"),
            ),
            (Some((_, endpoint)), Some((_, operation))) => {
                let placed = environments.placement(context, site, "the other path", diagnostics);
                let choice = path_choice(site, operation, diagnostics);
                let (Some(placement), Some(choice)) = (placed, choice) else {
                    continue;
                };
                let other = beside(endpoint, placement, choice, site, diagnostics);
                endpoint.paths.extend(other);
                endpoint.declared_at.push(site.pointer.clone());
            }
            _ => diagnostics.push(
                Diagnostic::new(
                    Rule::Extension,
                    pointer::join_all(&site.pointer, &[KEY, "alternative-of"]),
                    format!("no endpoint has the operationId `{wanted}`"),
                )
                .help("name the operationId of the endpoint that this is another path of"),
            ),
        }
    }
}

/// Another path of an endpoint: on the same servers, or a whole URL where there is one only.
fn beside(
    endpoint: &Endpoint,
    placement: Placement,
    choice: PathChoice,
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Option<PathChoice> {
    let url = match placement {
        Placement::Servers if endpoint.servers.is_empty() => return Some(choice),
        Placement::Elsewhere(servers) if servers == endpoint.servers => return Some(choice),
        Placement::At(url) => Some(url),
        Placement::Elsewhere(servers) => match servers.as_slice() {
            [only] if only.variables.is_empty() => Some(only.url.clone()),
            _ => None,
        },
        Placement::Servers => None,
    };
    if let Some(url) = url {
        return Some(PathChoice {
            path: format!("{}{}", url.trim_end_matches('/'), choice.path),
            ..choice
        });
    }
    let message = format!(
        "`{}` is on other servers than the endpoint that it is another path of",
        site.path.escape_debug()
    );
    diagnostics.push(
        Diagnostic::new(Rule::Environments, &site.pointer, message)
            .help("give both the same `servers`, or remove `alternative-of`"),
    );
    None
}

/// Says that what stands after `#` is not in the URL that the browser is sent to.
fn unsent(fragment: &str, site: &Site) -> Diagnostic {
    let shown = fragment.escape_debug();
    let message = format!("`#{shown}` of the path is not part of the authorization URL");
    Diagnostic::new(Rule::Unused, &site.pointer, message).help(format!(
        "where the provider asks for it, say so:\nx-tokensmith: {{fragment: {shown}}}"
    ))
}

/// Refuses a path with dot segments: the credentials could go to another endpoint than the one that is shown.
fn of_dots(path: &str, site: &Site) -> Diagnostic {
    let message = format!(
        "the path `{}` has `.` or `..` as a segment: programs on the way may send requests elsewhere",
        path.escape_debug()
    );
    Diagnostic::new(Rule::Unsupported, &site.pointer, message)
        .help("write the path that they lead to (RFC 3986, section 5.2.4)")
}

pub(super) fn path_choice(
    site: &Site,
    operation: &ApiOperation,
    diagnostics: &mut Diagnostics,
) -> Option<PathChoice> {
    let is_root = site.path.split(['?', '#']).next() == Some("/");
    let Some(ident) = name::pascal(&site.path).or_else(|| is_root.then(|| "Root".to_owned()))
    else {
        diagnostics.push(unusable(&site.path, &site.pointer));
        return None;
    };
    let description = operation
        .summary
        .clone()
        .or_else(|| operation.description.clone());
    let fragment = site
        .sent_path()
        .split_once('#')
        .map(|(_, fragment)| fragment);
    if let (EndpointKind::Authorization, Some(fragment), None) =
        (site.kind, fragment, &site.extension.fragment)
    {
        diagnostics.push(unsent(fragment, site));
    }
    // A fragment tells two operations of one path apart in a document; it is never sent.
    let path = site.sent_path().split('#').next().unwrap_or_default();
    let mut segments = path.split('?').next().unwrap_or_default().split('/');
    if segments.any(is_dot_segment) {
        diagnostics.push(of_dots(path, site));
    }
    Some(PathChoice {
        path: path.to_owned(),
        ident,
        description,
    })
}

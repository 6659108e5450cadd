//! Operations that look like OAuth's, and that nothing becomes of.

mod apparent_kind;
mod other_token;

use std::collections::BTreeSet;

use super::operation_view::OperationView;
use super::url::Urls;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::site::Site;
use apparent_kind::{
    AUTHORIZATION, CLIENT_REGISTRATION, INTROSPECTION, KEYS, LOGOUT, MANAGEMENT, METADATA,
    REVOCATION, USERINFO, looks_like,
};

/// Most operations that are named.
const SHOWN: usize = 20;

/// An operation that no endpoint is made of.
pub(super) struct PassedOver {
    /// `POST /par`
    name: String,
    path: String,
    method: String,
    pointer: String,
    looks_like: &'static str,
    /// Whether a flow's `authorizationUrl` leads to it.
    is_in_flow: bool,
    /// The kind that it can be given; none where no crate has such an endpoint.
    kind: Option<&'static str>,
}

/// What to write for the operations that no endpoint is made of, which depends on what the crate can do.
#[derive(Clone)]
pub(crate) struct Advice {
    without_id_tokens: String,
    with_id_tokens: String,
}

impl Advice {
    /// The same help for a crate that checks ID tokens, and so has the feature `oidc`.
    pub(crate) fn with_id_tokens(&self, help: &str) -> String {
        match help == self.without_id_tokens {
            true => self.with_id_tokens.clone(),
            false => help.to_owned(),
        }
    }
}

/// What an operation looks like, by what it is called, where that is something of OAuth.
pub(super) fn of(
    view: &OperationView<'_>,
    (path, method): (&str, &str),
    pointer: &str,
    urls: &Urls,
) -> Option<PassedOver> {
    let (looks_like, kind) = looks_like(view, path, method)?;
    Some(PassedOver {
        name: format!("{} {path}", method.to_uppercase()),
        path: path.to_owned(),
        method: method.to_owned(),
        pointer: pointer.to_owned(),
        looks_like,
        is_in_flow: urls.authorization.have(path),
        kind,
    })
}

/// Whether an operation looks like one that takes the credentials of clients and gives no tokens.
pub(super) fn gives_no_token(view: &OperationView<'_>, path: &str, method: &str) -> bool {
    let others = [CLIENT_REGISTRATION, INTROSPECTION, LOGOUT, REVOCATION];
    looks_like(view, path, method).is_some_and(|(looks_like, _)| others.contains(&looks_like))
}

/// What to write for an operation that no endpoint is made of; `kept` has the paths and methods of those that one is made of.
fn help(one: &PassedOver, kept: &BTreeSet<(&str, &str)>, has_id_tokens: bool) -> String {
    let name = one.name.escape_debug();
    let mut methods = kept.iter().filter(|(path, _)| *path == one.path);
    match one.kind {
        Some(kind) => format!("if `{name}` is one, add to it:\nx-tokensmith: {{endpoint: {kind}}}"),
        // RFC 6749, section 3.1 has GET, beside which there may be POST.
        None if one.looks_like == AUTHORIZATION && !methods.any(|(_, method)| *method == "get") => {
            format!(
                "if browsers can be sent to the path of `{name}`, declare it by GET, with its parameters in the query:\n\
                 get:\n  x-tokensmith: {{endpoint: authorization}}\n  parameters:\n  \
                 - {{name: response_type, in: query, required: true, schema: {{type: string, enum: [code]}}}}"
            )
        }
        None => format!(
            "{}; to hide this message, add to `{name}`:\nx-tokensmith: {{endpoint: none}}",
            instead(one, has_id_tokens)
        ),
    }
}

/// What there is in the place of an operation that no role is for.
fn instead(one: &PassedOver, has_id_tokens: bool) -> String {
    let name = one.name.escape_debug();
    match one.looks_like {
        KEYS | METADATA | USERINFO if has_id_tokens => format!(
            "no code is generated from `{name}`: a client with an issuer, and the feature `oidc`, find it by discovery"
        ),
        KEYS | METADATA | USERINFO => format!("no code is generated from `{name}`"),
        MANAGEMENT => format!(
            "no code is generated from `{name}`: `RegisteredClient` of the runtime reads and deletes a registration"
        ),
        _ if one.method != "post" && one.looks_like.contains("endpoint") => {
            format!("`{name}` has a method for which that is not supported")
        }
        _ => format!("what `{name}` looks like is not supported"),
    }
}

/// Tells them all at once, unless they are kept after all.
pub(super) fn tell(
    passed_over: &[PassedOver],
    kept: &[Site],
    diagnostics: &mut Diagnostics,
) -> Option<Advice> {
    let kept: BTreeSet<(&str, &str)> = kept
        .iter()
        .map(|site| (site.path.as_str(), site.method.as_str()))
        .collect();
    let lost: Vec<&PassedOver> = passed_over
        .iter()
        .filter(|one| !kept.contains(&(one.path.as_str(), one.method.as_str())))
        .collect();
    let first = lost.first()?;
    let mut named: Vec<String> = lost
        .iter()
        .take(SHOWN)
        .map(|one| {
            let is_only = one.method == "post" && !kept.contains(&(one.path.as_str(), "get"));
            let at_flow = match one.looks_like == AUTHORIZATION && one.is_in_flow && is_only {
                true => {
                    ", and a flow's `authorizationUrl` is there: `Authorize` sends the browser by GET, which the document does not declare"
                }
                false => "",
            };
            let name = one.name.escape_debug();
            format!("`{name}` looks like {}{at_flow}", one.looks_like)
        })
        .collect();
    if lost.len() > SHOWN {
        named.push(format!("and {} more", lost.len() - SHOWN));
    }
    let message = format!(
        "no client code is generated for operations that look like OAuth: {}",
        named.join("; ")
    );
    let help = |has_id_tokens: bool| {
        let shown = lost.iter().take(SHOWN);
        let parts: Vec<String> = shown.map(|one| help(one, &kept, has_id_tokens)).collect();
        parts.join("\n")
    };
    let told = Diagnostic::new(Rule::Unused, &first.pointer, message);
    let with_id_tokens = told.clone().help(help(true)).help?;
    let told = told.help(help(false));
    let without_id_tokens = told.help.clone()?;
    diagnostics.push(told);
    Some(Advice {
        without_id_tokens,
        with_id_tokens,
    })
}

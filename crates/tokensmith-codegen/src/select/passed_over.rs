//! Operations that look like OAuth's, and that nothing becomes of.

use std::collections::BTreeSet;

use serde_json::Value;

use super::role::OperationView;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::name::letters;
use crate::openapi::site::Site;

/// Most operations that are named.
const SHOWN: usize = 6;

/// An operation that no endpoint is made of.
pub(super) struct PassedOver {
    /// `POST /par`
    name: String,
    path: String,
    method: String,
    pointer: String,
    looks_like: &'static str,
}

/// What an operation looks like, by what it is called, where that is something of OAuth.
pub(super) fn of(
    view: &OperationView<'_>,
    (path, method): (&str, &str),
    pointer: &str,
) -> Option<PassedOver> {
    Some(PassedOver {
        name: format!("{} {path}", method.to_uppercase()),
        path: path.to_owned(),
        method: method.to_owned(),
        pointer: pointer.to_owned(),
        looks_like: looks_like(view, path, method)?,
    })
}

fn looks_like(view: &OperationView<'_>, path: &str, method: &str) -> Option<&'static str> {
    let text = |key: &str| view.operation.get(key).and_then(Value::as_str);
    let id = letters(text("operationId").unwrap_or_default());
    let segments: Vec<String> = path.split('/').map(letters).collect();
    let last = segments.iter().rev().find(|segment| !segment.is_empty());
    let last = last.map_or("", String::as_str);
    let is_called = |words: &[&str]| {
        let mut words = words.iter();
        words.any(|word| segments.iter().any(|segment| segment.contains(word)) || id.contains(word))
    };
    let is_about_oauth = view.is_about_oauth(path);
    let has = |names: &[&str]| {
        let parameters = view.parameter_names();
        parameters
            .iter()
            .any(|name| names.contains(&letters(name).as_str()))
    };
    let gives_token = || {
        let gives = |name: &str| letters(name).contains("accesstoken");
        view.success_names().iter().any(|name| gives(name))
    };
    let is_token = ["token", "tokens", "accesstoken"].contains(&last) || path.contains("token/{");
    let gives = |name: &str| view.success_names().contains(name);
    if method == "post"
        && (is_called(&["backchannel", "bcauthorize", "ciba"]) || gives("auth_req_id"))
    {
        Some("a backchannel authentication request (CIBA)")
    } else if is_called(&["pushedauth"]) || last == "par" && method == "post" {
        Some("a pushed authorization request (RFC 9126)")
    } else if is_called(&["introspect", "tokeninfo", "tokenstatus"]) {
        Some("an introspection endpoint")
    } else if is_about_oauth
        && (is_called(&["revoke", "revocation"]) || method == "delete" && is_token)
        && method != "get"
    {
        Some("a revocation endpoint")
    } else if method == "post"
        && is_called(&["refresh"])
        && (has(&["refreshtoken"]) || gives_token())
    {
        Some("a token endpoint that refreshes")
    } else if method == "post" && has(&["redirecturis"]) {
        Some("a client registration (RFC 7591)")
    } else {
        None
    }
}

/// Tells them all at once, unless they are kept after all.
pub(super) fn tell(passed_over: &[PassedOver], kept: &[Site], diagnostics: &mut Diagnostics) {
    let kept: BTreeSet<(&str, &str)> = kept
        .iter()
        .map(|site| (site.path.as_str(), site.method.as_str()))
        .collect();
    let lost: Vec<&PassedOver> = passed_over
        .iter()
        .filter(|one| !kept.contains(&(one.path.as_str(), one.method.as_str())))
        .collect();
    let Some(first) = lost.first() else {
        return;
    };
    let mut named: Vec<String> = lost
        .iter()
        .take(SHOWN)
        .map(|one| {
            format!(
                "`{}` looks like {}",
                one.name.escape_debug(),
                one.looks_like
            )
        })
        .collect();
    if lost.len() > SHOWN {
        named.push(format!("and {} more", lost.len() - SHOWN));
    }
    let message = format!("operations are passed over: {}", named.join("; "));
    diagnostics.push(Diagnostic::new(Rule::Unused, &first.pointer, message).help(
        "where one is an endpoint that the crate can have, say so on the operation, or `none` if it is not:\n\
         x-tokensmith: {endpoint: revocation}\n\
         pushed authorization requests, CIBA and client registration are not supported",
    ));
}

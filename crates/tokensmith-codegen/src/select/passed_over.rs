//! Operations that look like OAuth's, and that nothing becomes of.

use std::collections::BTreeSet;

use serde_json::Value;

use super::role::OperationView;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::name::letters;
use crate::openapi::site::Site;

/// Most operations that are named.
const SHOWN: usize = 6;

/// Parameters with a token that a logout takes back, by their letters.
const TOKENS: [&str; 3] = ["accesstoken", "refreshtoken", "token"];

/// An operation that no endpoint is made of.
pub(super) struct PassedOver {
    /// `POST /par`
    name: String,
    path: String,
    method: String,
    pointer: String,
    looks_like: &'static str,
    /// The role that it can be given; none where no crate has such an endpoint.
    role: Option<&'static str>,
}

/// What an operation looks like, by what it is called, where that is something of OAuth.
pub(super) fn of(
    view: &OperationView<'_>,
    (path, method): (&str, &str),
    pointer: &str,
) -> Option<PassedOver> {
    let (looks_like, role) = looks_like(view, path, method)?;
    Some(PassedOver {
        name: format!("{} {path}", method.to_uppercase()),
        path: path.to_owned(),
        method: method.to_owned(),
        pointer: pointer.to_owned(),
        looks_like,
        role,
    })
}

/// What an operation looks like, and the role that it can be given.
fn looks_like(
    view: &OperationView<'_>,
    path: &str,
    method: &str,
) -> Option<(&'static str, Option<&'static str>)> {
    let text = |key: &str| view.operation.get(key).and_then(Value::as_str);
    let id = letters(text("operationId").unwrap_or_default());
    if !["delete", "get", "post", "put"].contains(&method) {
        return None;
    }
    // What stands between braces is a value.
    let segments = path.split('/').filter(|segment| !segment.starts_with('{'));
    let segments: Vec<String> = segments.map(letters).collect();
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
    let is_token = ["token", "accesstoken", "refreshtoken"].contains(&last.trim_end_matches('s'));
    let gives = |name: &str| view.success_names().contains(name);
    if method == "post"
        && (is_called(&["backchannel", "bcauthorize", "ciba"]) || gives("auth_req_id"))
    {
        Some(("a backchannel authentication request (CIBA)", None))
    } else if method == "post" && (is_called(&["pushedauth"]) || last == "par") {
        Some(("a pushed authorization request (RFC 9126)", None))
    } else if is_called(&["introspect", "tokeninfo", "tokenstatus"])
        && (method == "post" || has(&["token"]) || gives("active"))
    {
        let role = (method == "post").then_some("introspection");
        Some(("an introspection endpoint", role))
    } else if is_about_oauth
        && (is_called(&["revoke", "revocation"]) || method == "delete" && is_token)
        && method != "get"
    {
        let role = (method == "post").then_some("revocation");
        Some(("a revocation endpoint", role))
    } else if is_about_oauth
        && method == "get"
        && is_called(&["verify", "validate"])
        && is_called(&["token"])
    {
        Some(("a check of a token", None))
    } else if method != "get" && is_called(&["logout", "signout", "endsession"]) && has(&TOKENS) {
        let role = (method == "post" && has(&["token"])).then_some("revocation");
        Some(("a logout that revokes tokens", role))
    } else if method == "post"
        && is_called(&["refresh"])
        && (has(&["refreshtoken"]) || gives_token())
    {
        Some(("a token endpoint that refreshes", Some("token")))
    } else if method == "post" && has(&["redirecturis"]) && is_called(&["register", "registration"])
    {
        Some(("a client registration (RFC 7591)", None))
    } else if method == "post" && is_about_oauth && is_called(&["deviceauth", "devicecode"])
        || is_about_oauth && method == "post" && last == "auth" && is_called(&["device"])
    {
        Some((
            "a device authorization endpoint",
            Some("device-authorization"),
        ))
    } else if view.is_likely_token(path, method)
        || method == "post" && is_about_oauth && gives("access_token")
    {
        Some(("a token endpoint", Some("token")))
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
    let message = format!(
        "no client code is generated for operations that look like OAuth: {}",
        named.join("; ")
    );
    let mut help = String::new();
    for one in lost.iter().take(SHOWN) {
        let name = one.name.escape_debug();
        help += &match one.role {
            Some(role) => {
                format!("if `{name}` is one, add to it:\nx-tokensmith: {{endpoint: {role}}}\n")
            }
            None => format!(
                "`{name}` is of a kind that is not supported; to hide this message, add to it:\n\
                 x-tokensmith: {{endpoint: none}}\n"
            ),
        };
    }
    diagnostics.push(Diagnostic::new(Rule::Unused, &first.pointer, message).help(help.trim_end()));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::select::anchor::Anchors;
    use crate::select::documents::Documents;
    use crate::source::external::Files;

    /// What an operation with these parameters and success members looks like.
    fn look(method: &str, path: &str, takes: &[&str], gives: &[&str]) -> Option<&'static str> {
        let properties = |names: &[&str]| {
            let pairs = names
                .iter()
                .map(|name| ((*name).to_owned(), json!({"type": "string"})));
            let properties: serde_json::Map<String, Value> = pairs.collect();
            json!({"content": {"application/json": {"schema": {"properties": properties}}}})
        };
        let operation = json!({
            "requestBody": properties(takes),
            "responses": {"200": properties(gives)},
        });
        let root = json!({});
        let files = Files::new(None, "a.yaml", false);
        let anchors = Anchors::of(&root, &files);
        let documents = Documents::new(&root, &files, &anchors);
        let item = json!({});
        let view = OperationView::new(documents, &item, &operation);
        looks_like(&view, path, method).map(|(looks_like, _)| looks_like)
    }

    #[test]
    fn operations_look_like_what_they_are_called_and_take() {
        for (method, path, takes, gives, expected) in [
            (
                "post",
                "/oauth/par",
                &["client_id"][..],
                &[][..],
                "pushed authorization",
            ),
            (
                "post",
                "/oauth/bc-authorize",
                &[],
                &["auth_req_id"],
                "backchannel",
            ),
            ("get", "/oauth/tokeninfo", &[], &["active"], "introspection"),
            ("delete", "/oauth/token", &["token"], &[], "revocation"),
            (
                "post",
                "/auth/refresh",
                &["refresh_token"],
                &["access_token"],
                "refreshes",
            ),
            ("get", "/oauth/token/verify", &[], &[], "check of a token"),
            ("post", "/auth/logout", &["refresh_token"], &[], "logout"),
            (
                "post",
                "/oauth/register",
                &["redirect_uris"],
                &[],
                "registration",
            ),
        ] {
            let found = look(method, path, takes, gives);
            assert!(
                found.is_some_and(|found| found.contains(expected)),
                "{path}: {found:?}"
            );
        }
    }

    #[test]
    fn other_operations_of_the_same_words_do_not() {
        for (method, path, takes) in [
            ("post", "/users/logout", &[][..]),
            ("get", "/oauth/logout", &["token"]),
            ("get", "/emails/verify", &[]),
            ("get", "/addresses/validate", &[]),
            ("post", "/newsletter/register", &["email"]),
            ("get", "/invites/revoke", &["token"]),
            ("patch", "/oauth/token", &["token"]),
        ] {
            assert_eq!(look(method, path, takes, &[]), None, "{method} {path}");
        }
    }
}

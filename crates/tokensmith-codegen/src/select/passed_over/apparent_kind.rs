//! What operations look like, by what they are called, what they take, and what they say.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::name::letters;
use crate::select::operation_text::{is_about_other_token, may_introspect_tokens, said};
use crate::select::operation_view::OperationView;

/// Parameters with a token that a logout takes back, by their letters.
const TOKENS: [&str; 3] = ["accesstoken", "refreshtoken", "token"];

/// Those that are OAuth's, and nobody else's.
const OAUTH_TOKENS: [&str; 2] = ["accesstoken", "refreshtoken"];

/// What a request for a token has, by letters.
const CREDENTIALS: [&str; 4] = ["clientsecret", "code", "granttype", "password"];

/// What an operation is that takes an authorization request by another method or under other names.
pub(super) const AUTHORIZATION: &str = "an authorization endpoint";

/// What an operation is called that registers clients.
const REGISTRATION: [&str; 2] = ["register", "registration"];

/// What an operation is called, by letters.
struct Called {
    id: String,
    segments: Vec<String>,
}

impl Called {
    fn new(view: &OperationView<'_>, path: &str) -> Self {
        let id = view.operation.get("operationId").and_then(Value::as_str);
        // What stands between braces is a value.
        let segments = path.split('/').filter(|segment| !segment.starts_with('{'));
        Self {
            id: letters(id.unwrap_or_default()),
            segments: segments.map(letters).collect(),
        }
    }

    fn by(&self, words: &[&str]) -> bool {
        let is_in = |segment: &String, word: &str| segment.contains(word);
        let mut words = words.iter();
        words.any(|word| {
            self.segments.iter().any(|segment| is_in(segment, word)) || is_in(&self.id, word)
        })
    }

    fn last(&self) -> &str {
        let mut segments = self.segments.iter().rev();
        let last = segments.find(|segment| !segment.is_empty());
        last.map_or("", String::as_str)
    }
}

/// What an operation looks like, and the kind that it can be given.
pub(super) fn looks_like(
    view: &OperationView<'_>,
    path: &str,
    method: &str,
) -> Option<(&'static str, Option<&'static str>)> {
    if !["delete", "get", "post", "put"].contains(&method) {
        return None;
    }
    let called = Called::new(view, path);
    let last = called.last();
    if method == "post" && (called.by(&["pushedauth"]) || last == "par") {
        let kind = Some("pushed-authorization");
        return Some(("a pushed authorization request (RFC 9126)", kind));
    }
    if method == "get" && is_for_browsers(view, &called, path) {
        return Some((AUTHORIZATION, Some("authorization")));
    }
    if method == "get" && has(view, &["idtokenhint"]) {
        let what = "the end of a session (OpenID Connect RP-Initiated Logout 1.0)";
        return Some((what, Some("end-session")));
    }
    if method == "post" && called.by(&REGISTRATION) && has(view, &["redirecturis"]) {
        return Some(("a client registration (RFC 7591)", Some("registration")));
    }
    if let Some(looks_like) = unsupported(view, &called, (path, method)) {
        return Some((looks_like, None));
    }
    let is_about_oauth = view.is_about_oauth(path);
    let has = |names: &[&str]| has(view, names);
    let gives_token = || {
        let gives = |name: &str| letters(name).contains("accesstoken");
        view.success_names().iter().any(|name| gives(name))
    };
    let gives = |name: &str| view.success_names().contains(name);
    let introspects = called.by(&["introspect"]) && may_introspect_tokens(view)
        || called.by(&["checktoken", "tokeninfo", "tokenstatus"]);
    if introspects && (method == "post" || has(&["token"]) || gives("active"))
        || is_about_oauth && has(&["token", "accesstoken"]) && gives("active")
    {
        let kind = (method == "post" && has(&["token"])).then_some("introspection");
        Some(("an introspection endpoint", kind))
    } else if is_about_oauth
        && method != "get"
        && revokes_token(view, &called, method)
        && !is_about_other_token(view, path)
    {
        let kind = (method == "post").then_some("revocation");
        Some(("a revocation endpoint", kind))
    } else if called.by(&["logout", "signout", "endsession"])
        && (method != "get" && has(&TOKENS) || revokes_in_words(view) || has(&["refreshtoken"]))
        || method != "get" && has(&OAUTH_TOKENS) && revokes_oauth_token_in_words(view)
    {
        let kind = (method == "post" && has(&["token"])).then_some("revocation");
        Some(("a logout that revokes tokens", kind))
    } else if method == "post"
        && called.by(&["refresh"])
        && (has(&["refreshtoken"]) || gives_token())
    {
        Some(("a token endpoint that refreshes", Some("token")))
    } else if method == "post" && is_about_oauth && called.by(&["deviceauth", "devicecode"])
        || is_about_oauth && method == "post" && last == "auth" && called.by(&["device"])
    {
        Some((
            "a device authorization endpoint",
            Some("device-authorization"),
        ))
    } else if view.is_likely_token(path, method)
        || method == "post" && is_about_oauth && gives("access_token")
    {
        Some(("a token endpoint", Some("token")))
    } else if method == "post"
        && is_about_oauth
        && view.inner_success_names().contains("access_token")
    {
        Some((
            "a token endpoint whose response has the token in an object",
            Some("token"),
        ))
    } else {
        None
    }
}

/// What an operation looks like that no kind is for.
fn unsupported(
    view: &OperationView<'_>,
    called: &Called,
    (path, method): (&str, &str),
) -> Option<&'static str> {
    let is_post = method == "post";
    let is_checked = || {
        let in_words = || checks_in_words(view) && !has(view, &CREDENTIALS);
        called.by(&["verify", "validate"]) && called.by(&["token"])
            || is_token(called.last()) && in_words()
    };
    let is_registration =
        || called.by(&REGISTRATION) && has(view, &["clientid"]) && has(view, &["clientsecret"]);
    if is_post
        && (called.by(&["backchannel", "bcauthorize", "ciba"])
            || view.success_names().contains("auth_req_id"))
    {
        Some("a backchannel authentication request (CIBA)")
    } else if is_authorization(view, method) {
        Some(AUTHORIZATION)
    } else if method == "get" && is_keys(view, called) {
        Some("the keys of ID tokens (RFC 7517)")
    } else if method == "get" && is_metadata(path) {
        Some("the metadata of the authorization server (RFC 8414)")
    } else if method == "get"
        && view.is_about_oauth(path)
        && (is_checked() || is_token(called.last()) && tells_of_token(view, path))
    {
        Some("a check of a token")
    } else if ["get", "post"].contains(&method)
        && ["userinfo", "openiduserinfo"].contains(&called.last())
        && (view.is_about_oauth(path) || view.success_names().contains("sub"))
    {
        Some("the UserInfo endpoint (OpenID Connect Core 5.3)")
    } else if is_post && is_registration() {
        Some("a client registration (RFC 7591)")
    } else {
        None
    }
}

/// Whether an operation is called after revoking, and it is no session, consent or key that is revoked.
fn revokes_token(view: &OperationView<'_>, called: &Called, method: &str) -> bool {
    const WORDS: [&str; 2] = ["revoke", "revocation"];
    let last = called.last();
    let is_plain = WORDS.iter().any(|word| last.starts_with(word));
    let is_of_token = is_plain || called.by(&["token"]) || has(view, &TOKENS);
    called.by(&WORDS) && is_of_token || method == "delete" && is_token(last)
}

/// Whether the last part of a path is a token's.
fn is_token(last: &str) -> bool {
    ["token", "accesstoken", "refreshtoken"].contains(&last.trim_end_matches('s'))
}

/// Whether a request has a parameter that is called so, by letters.
fn has(view: &OperationView<'_>, names: &[&str]) -> bool {
    let mut parameters = view.parameter_names().iter();
    parameters.any(|name| names.contains(&letters(name).as_str()))
}

/// Whether an operation takes what an authorization request has, in whatever letters and by whatever method.
fn is_authorization(view: &OperationView<'_>, method: &str) -> bool {
    if !["get", "post"].contains(&method) {
        return false;
    }
    let names = view.parameter_names().iter();
    let names: BTreeSet<String> = names.map(|name| letters(name)).collect();
    let has = |name: &str| names.contains(name);
    has("responsetype") && has("clientid") && (has("redirecturi") || has("codechallenge"))
}

/// Whether a browser is sent there, with what names the client and where it comes back to, or with words that say so.
fn is_for_browsers(view: &OperationView<'_>, called: &Called, path: &str) -> bool {
    let is_asked = has(view, &["clientid"]) && has(view, &["redirecturi", "redirecturl"]);
    if is_asked && !has(view, &CREDENTIALS) {
        return true;
    }
    let said = said(view);
    let is_said = ["client_id", "redirect_uri"]
        .iter()
        .any(|name| said.contains(name));
    view.is_about_oauth(path) && called.last().starts_with("authorize") && is_said
}

/// Whether an operation gives a set of keys.
fn is_keys(view: &OperationView<'_>, called: &Called) -> bool {
    called.last().starts_with("jwks")
        || called.by(&["wellknown", "oauth", "openid", "oidc"])
            && ["certs", "keys"].contains(&called.last())
            && view.success_names().contains("keys")
}

fn is_metadata(path: &str) -> bool {
    let known = ["oauth-authorization-server", "openid-configuration"];
    let mut segments = path.split('/').skip_while(|one| *one != ".well-known");
    segments.any(|segment| known.contains(&segment))
}

/// Whether an operation with a token in its path responds with what the token is good for.
fn tells_of_token(view: &OperationView<'_>, path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit('/').next();
    let variable = last.and_then(|last| last.strip_prefix('{')?.strip_suffix('}'));
    let is_token = variable.is_some_and(|name| letters(name).ends_with("token"));
    let told = ["active", "client_id", "expires_in", "scope", "scopes"];
    is_token && told.iter().any(|name| view.success_names().contains(*name))
}

/// Whether an operation says that it revokes a token.
fn revokes_in_words(view: &OperationView<'_>) -> bool {
    says_of_token(view, &["revoke", "invalidate"])
}

/// Whether an operation says that it revokes a token of OAuth's.
fn revokes_oauth_token_in_words(view: &OperationView<'_>) -> bool {
    let said = said(view);
    let is_named = [
        "access token",
        "access_token",
        "refresh token",
        "refresh_token",
    ]
    .iter()
    .any(|name| said.contains(name));
    is_named && revokes_in_words(view)
}

/// Whether an operation says that it checks a token.
fn checks_in_words(view: &OperationView<'_>) -> bool {
    says_of_token(
        view,
        &["verify", "verifies", "validate", "check a", "checks a"],
    )
}

fn says_of_token(view: &OperationView<'_>, words: &[&str]) -> bool {
    let texts = ["summary", "description"].into_iter();
    let mut texts = texts.filter_map(|key| view.operation.get(key).and_then(Value::as_str));
    texts.any(|text| {
        let text = text.to_ascii_lowercase();
        text.contains("token") && words.iter().any(|word| text.contains(word))
    })
}

#[cfg(test)]
mod tests;

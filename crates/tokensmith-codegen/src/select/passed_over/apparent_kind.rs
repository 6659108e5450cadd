//! What operations look like, by what they are called, what they take, and what they say.

mod browser;
mod registration;

use serde_json::Value;

use super::other_token;
use crate::model::name::letters;
use crate::select::operation_text::{is_about_other_token, may_introspect_tokens, said};
use crate::select::operation_view::OperationView;
use browser::{
    ends_session, ends_session_in_words, is_authorization, is_for_browsers, is_redirect,
    precedes_authorization, redirects_from_authorize,
};
use registration::{is_called_registration, is_of_registration, registers};

/// Parameters with a token that a logout takes back, by their letters.
const TOKENS: [&str; 3] = ["accesstoken", "refreshtoken", "token"];

/// Those that are OAuth's, and nobody else's.
const OAUTH_TOKENS: [&str; 2] = ["accesstoken", "refreshtoken"];

/// What a request for a token has, by letters.
const CREDENTIALS: [&str; 4] = ["clientsecret", "code", "granttype", "password"];

/// What an operation is that takes an authorization request by another method or under other names.
pub(super) const AUTHORIZATION: &str = "an authorization endpoint";

/// Where a browser is sent to sign out, by `GET`; some take the same by `POST`.
const END_OF_SESSION: &str = "the end of a session (OpenID Connect RP-Initiated Logout 1.0)";

const CHECK: &str = "a check of a token";

/// What takes tokens that are there already.
pub(super) const INTROSPECTION: &str = "an introspection endpoint";
pub(super) const REVOCATION: &str = "a revocation endpoint";
pub(super) const LOGOUT: &str = "a logout that revokes tokens";

pub(super) const CLIENT_REGISTRATION: &str = "a client registration (RFC 7591)";

const REFRESHES: &str = "a token endpoint that refreshes";

/// What reads, changes or deletes the registration of a client.
pub(super) const MANAGEMENT: &str = "the management of a client's registration (RFC 7592)";

/// Where the keys are, the metadata, and what is known of a user: a client with an issuer finds them by itself.
pub(super) const KEYS: &str = "a set of keys (RFC 7517)";
pub(super) const METADATA: &str = "the metadata of the authorization server (RFC 8414)";
pub(super) const USERINFO: &str = "the UserInfo endpoint (OpenID Connect Core 5.3)";

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
    if method == "post" && has(view, &["redirecturis"]) && is_called_registration(view, &called) {
        return Some((CLIENT_REGISTRATION, Some("registration")));
    }
    if let Some(looks_like) = unsupported(view, &called, (path, method)) {
        return Some((looks_like, None));
    }
    if ["get", "post"].contains(&method) && ends_session(view, &called) {
        return Some((END_OF_SESSION, (method == "get").then_some("end-session")));
    }
    let is_about_oauth = view.is_about_oauth(path);
    let has = |names: &[&str]| has(view, names);
    let gives = |name: &str| view.success_names().contains(name);
    if let Some(kind) = introspection(view, &called, (path, method)) {
        return Some((INTROSPECTION, kind));
    }
    if is_about_oauth
        && method != "get"
        && revokes_token(view, &called, method)
        && !is_about_other_token(view, path)
    {
        let kind = (method == "post").then_some("revocation");
        Some((REVOCATION, kind))
    } else if method == "post" && replaces_token(view, &called) {
        Some((REFRESHES, Some("token")))
    } else if called.by(&["logout", "signout", "endsession"])
        && (method != "get" && has(&TOKENS) || revokes_in_words(view) || has(&["refreshtoken"]))
        || method != "get" && has(&OAUTH_TOKENS) && revokes_oauth_token_in_words(view)
    {
        let kind = (method == "post" && has(&["token"])).then_some("revocation");
        Some((LOGOUT, kind))
    } else if method == "post"
        && called.by(&["refresh"])
        && (has(&["refreshtoken"]) || gives_token(view))
    {
        Some((REFRESHES, Some("token")))
    } else if method == "post" && is_about_oauth && called.by(&["deviceauth", "devicecode"])
        || is_about_oauth && method == "post" && last == "auth" && called.by(&["device"])
    {
        Some((
            "a device authorization endpoint",
            Some("device-authorization"),
        ))
    } else if view.is_likely_token(path, method)
        || method == "get" && exchanges_code(view)
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
    } else if method == "get" && ends_session_in_words(view, &called, path) {
        Some((END_OF_SESSION, Some("end-session")))
    } else {
        of_token(view, &called, (path, method)).map(|looks_like| (looks_like, None))
    }
}

/// What an operation that tells of a token can be given as its kind, if anything.
fn introspection(
    view: &OperationView<'_>,
    called: &Called,
    (path, method): (&str, &str),
) -> Option<Option<&'static str>> {
    let gives = |name: &str| view.success_names().contains(name);
    let is_called = called.by(&["introspect"]) && may_introspect_tokens(view)
        || called.by(&["checktoken", "tokeninfo", "tokenstatus"]);
    let takes_token = has(view, &["token"]);
    let is_known = is_called && (method == "post" || takes_token || gives("active"));
    // What gives a token makes one.
    let makes_token = gives("token") || gives("access_token");
    let is_like = view.is_about_oauth(path)
        && has(view, &["token", "accesstoken"])
        && gives("active")
        && !makes_token;
    // RFC 7662 says what the request has where the document declares none, if the response is one of its.
    let is_response = gives("active") || view.success_names().is_empty();
    let is_asked = takes_token || view.parameter_names().is_empty() && is_response;
    (is_known || is_like).then(|| (method == "post" && is_asked).then_some("introspection"))
}

/// Whether an operation gives something for a refresh token. What it takes back is the token of before.
fn replaces_token(view: &OperationView<'_>, called: &Called) -> bool {
    called.last().contains("refresh")
        && has(view, &["refreshtoken"])
        && !view.success_names().is_empty()
}

/// What an operation looks like that is about a token, and that nothing else is known of.
fn of_token(
    view: &OperationView<'_>,
    called: &Called,
    (path, method): (&str, &str),
) -> Option<&'static str> {
    if method == "get" && is_said_of_token(view, called, path) {
        return Some(CHECK);
    }
    other_token::gives_other_token(view, path, method).then_some(other_token::LOOKS)
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
    if is_post
        && (called.by(&["backchannel", "bcauthorize", "ciba"])
            || view.success_names().contains("auth_req_id"))
    {
        Some("a backchannel authentication request (CIBA)")
    } else if is_authorization(view, method)
        || is_post && redirects_from_authorize(view, called, path)
    {
        Some(AUTHORIZATION)
    } else if method == "get" && is_keys(view, called) && !is_of_client(path) {
        Some(KEYS)
    } else if method == "get" && is_metadata(path) {
        Some(METADATA)
    } else if method == "get"
        && view.is_about_oauth(path)
        && (is_checked() || is_token(called.last()) && tells_of_token(view, path))
    {
        Some(CHECK)
    } else if is_userinfo(view, called, (path, method)) {
        Some(USERINFO)
    } else if is_post && registers(view, called) {
        Some(CLIENT_REGISTRATION)
    } else if ["delete", "get", "put"].contains(&method) && is_of_registration(view, path) {
        Some(MANAGEMENT)
    } else if method == "get" && precedes_authorization(view) {
        Some("a part of an authorization that programs ask for")
    } else if method == "get" && is_redirect(view) {
        Some("what a browser comes back with (RFC 6749, section 4.1.2)")
    } else {
        None
    }
}

/// Whether a success has an access token, whatever its letters are.
fn gives_token(view: &OperationView<'_>) -> bool {
    let names = view.success_names();
    names
        .iter()
        .any(|name| letters(name).contains("accesstoken"))
}

/// Whether an operation takes the code and the credentials of a client, which a browser never sends.
fn exchanges_code(view: &OperationView<'_>) -> bool {
    let all = ["clientid", "clientsecret", "code"];
    all.iter().all(|name| has(view, &[name]))
}

/// Whether an operation is called userinfo, or says that it gives the profile of a user for an access token.
fn is_userinfo(view: &OperationView<'_>, called: &Called, (path, method): (&str, &str)) -> bool {
    let is_called = ["userinfo", "openiduserinfo"].contains(&called.last());
    if ["get", "post"].contains(&method) && is_called {
        return view.is_about_oauth(path) || view.success_names().contains("sub");
    }
    let said = said(view);
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    method == "get"
        && has(&["access token for a user", "access token for the user"])
        && has(&["profile", "info"])
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

/// Whether an operation gives a set of keys.
fn is_keys(view: &OperationView<'_>, called: &Called) -> bool {
    called.last().starts_with("jwks")
        || called.by(&["wellknown", "oauth", "openid", "oidc"])
            && ["certs", "keys"].contains(&called.last())
            && view.success_names().contains("keys")
}

/// Whether a path is below that of one client: its keys are not those of the authorization server.
fn is_of_client(path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').collect();
    segments.windows(2).any(|pair| {
        let is_client = [
            "app",
            "apps",
            "application",
            "applications",
            "client",
            "clients",
        ];
        is_client.contains(&letters(pair[0]).as_str()) && pair[1].starts_with('{')
    })
}

fn is_metadata(path: &str) -> bool {
    let known = ["oauth-authorization-server", "openid-configuration"];
    let mut segments = path.split('/').skip_while(|one| *one != ".well-known");
    segments.any(|segment| known.contains(&segment))
}

/// Whether an operation responds with what a token is good for: the one in its path, or the one that the request carries.
fn tells_of_token(view: &OperationView<'_>, path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit('/').next();
    let variable = last.and_then(|last| last.strip_prefix('{')?.strip_suffix('}'));
    let is_token = variable.is_some_and(|name| letters(name).ends_with("token"));
    let told = ["active", "client_id", "expires_in", "scope", "scopes"];
    let names = view.success_names();
    let told = told.iter().filter(|name| names.contains(**name)).count();
    let is_whole = told > 2 && !names.contains("access_token");
    is_token && told > 0 || is_whole
}

/// Whether an operation is called after what is known of a token, and speaks of an access token or has what OAuth knows of one.
fn is_said_of_token(view: &OperationView<'_>, called: &Called, path: &str) -> bool {
    const NAMES: [&str; 5] = [
        "tokenexpiration",
        "tokenexpiry",
        "tokeninfo",
        "tokeninformation",
        "tokenstatus",
    ];
    let said = said(view);
    let names = view.success_names();
    let is_told = ["expires_in", "scope", "scopes"]
        .iter()
        .any(|name| names.contains(*name));
    NAMES.contains(&called.last())
        && (path.contains("oauth") || said.contains("access token") || is_told)
        && !names.contains("access_token")
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

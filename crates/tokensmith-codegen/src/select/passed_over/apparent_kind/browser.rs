//! Operations that browsers are sent to or come back to: authorization, and the end of a session.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{CREDENTIALS, Called, has};
use crate::model::name::letters;
use crate::select::operation_text::said;
use crate::select::operation_view::OperationView;

/// Whether an operation takes what an authorization request has, in whatever letters and by whatever method.
pub(super) fn is_authorization(view: &OperationView<'_>, method: &str) -> bool {
    if !["get", "post"].contains(&method) {
        return false;
    }
    let names = view.parameter_names().iter();
    let names: BTreeSet<String> = names.map(|name| letters(name)).collect();
    let has = |name: &str| names.contains(name);
    has("responsetype") && has("clientid") && (has("redirecturi") || has("codechallenge"))
}

/// Whether a browser is sent there, with what names the client and where it comes back to, or with words that say so.
pub(super) fn is_for_browsers(view: &OperationView<'_>, called: &Called, path: &str) -> bool {
    let is_asked = has(view, &["clientid"]) && has(view, &["redirecturi", "redirecturl"]);
    if is_asked && !has(view, &CREDENTIALS) {
        // What answers with members is for programs.
        return view.success_names().is_empty();
    }
    let said = said(view);
    let has_words = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let last = called.last();
    let is_said = last.starts_with("authorize") && has_words(&["client_id", "redirect_uri"])
        || (last == "auth" || last.starts_with("authoriz"))
            && has_words(&["authorization endpoint", "authorize endpoint"])
            && view.success_names().is_empty();
    // With nothing declared, the name is all that there is.
    let is_bare = ["authorize", "authorise"].contains(&last)
        && view.parameter_names().is_empty()
        && view.success_names().is_empty();
    view.is_about_oauth(path) && (is_said || is_bare)
}

/// Whether an operation that is called so responds with where the browser goes next, whatever it declares of its
/// request.
pub(super) fn redirects_from_authorize(
    view: &OperationView<'_>,
    called: &Called,
    path: &str,
) -> bool {
    let responses = view.operation.get("responses").and_then(Value::as_object);
    let mut statuses = responses.into_iter().flat_map(Map::keys);
    called.last() == "authorize"
        && view.is_about_oauth(path)
        && statuses.any(|status| ["302", "303"].contains(&status.as_str()))
}

/// Whether an operation gives something for what an authorization request has: its URL, or what a user is asked.
pub(super) fn precedes_authorization(view: &OperationView<'_>) -> bool {
    has(view, &["clientid"])
        && has(view, &["redirecturi", "redirecturl"])
        && !has(view, &CREDENTIALS)
        && !view.success_names().is_empty()
}

/// Whether an operation describes the client's own page that a browser is sent back to.
pub(super) fn is_redirect(view: &OperationView<'_>) -> bool {
    const OF_OTHERS: [&str; 4] = ["clientid", "clientsecret", "granttype", "responsetype"];
    let said = said(view);
    let is_said = ["redirect", "callback"]
        .iter()
        .any(|word| said.contains(word));
    has(view, &["code"]) && has(view, &["state"]) && !has(view, &OF_OTHERS) && is_said
}

/// Whether an operation takes a hint of whose session it is, and ends that session.
pub(super) fn ends_session(view: &OperationView<'_>, called: &Called) -> bool {
    const WORDS: [&str; 5] = ["logoff", "logout", "session", "signoff", "signout"];
    // Authorization and backchannel requests have the hint as well.
    let is_of_authorization = has(view, &["responsetype", "loginhint", "bindingmessage"]);
    has(view, &["idtokenhint"])
        && !is_of_authorization
        && (called.by(&WORDS)
            || has(view, &["postlogoutredirecturi"])
            || said(view).contains("logout"))
}

/// Whether a browser is sent there to sign out, by what the operation is called and says, or by where it sends the browser back to.
pub(super) fn ends_session_in_words(view: &OperationView<'_>, called: &Called, path: &str) -> bool {
    const NAMES: [&str; 4] = ["endsession", "logoff", "logout", "signout"];
    const WORDS: [&str; 4] = [
        "oidc",
        "openid connect",
        "identity provider",
        "single logout",
    ];
    const BACK: [&str; 5] = [
        "logouturi",
        "redirecturi",
        "redirecturl",
        "returnto",
        "returnurl",
    ];
    let said = said(view);
    NAMES.contains(&called.last())
        && view.success_names().is_empty()
        && (view.is_about_oauth(path)
            || has(view, &BACK)
            || WORDS.iter().any(|word| said.contains(word)))
}

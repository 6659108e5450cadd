//! What the words on an operation say of the tokens that it is about.

use serde_json::Value;

use super::operation_view::OperationView;

/// What an operation says of itself, in lower case.
pub(super) fn said(view: &OperationView<'_>) -> String {
    let texts = ["summary", "description"].into_iter();
    let texts = texts.filter_map(|key| view.operation.get(key).and_then(Value::as_str));
    texts.collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}

/// Whether an operation speaks of tokens that are not OAuth's: of a webhook, of an API, or a person's own.
///
/// Only whole phrases say so: an operation on OAuth's tokens may mention a webhook as well.
pub(super) fn is_about_other_token(view: &OperationView<'_>, path: &str) -> bool {
    /// The access tokens that users make for themselves.
    const PERSONAL: &str = "personal access token";
    const OTHERS: [&str; 6] = [
        "api token",
        "device token",
        PERSONAL,
        "personal token",
        "push token",
        "webhook token",
    ];
    const OWN: [&str; 4] = ["oauth", "refresh token", "rfc 7009", "rfc 7662"];
    let said = said(view) + " " + &path.to_ascii_lowercase();
    // Names in paths and in code are phrases too.
    let said = said.replace(['-', '_'], " ");
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let is_access_token = said.contains("access token") && !said.contains(PERSONAL);
    has(&OTHERS) && !has(&OWN) && !is_access_token
}

/// Whether what is introspected may be a token: the response says something of one, or the words do; where neither says
/// anything, it may.
pub(super) fn may_introspect_tokens(view: &OperationView<'_>) -> bool {
    const TOLD: [&str; 8] = [
        "active",
        "client_id",
        "exp",
        "iss",
        "scope",
        "sub",
        "token_type",
        "username",
    ];
    let names = view.success_names();
    let said = said(view);
    names.is_empty()
        || said.trim().is_empty()
        || TOLD.iter().any(|name| names.contains(*name))
        || ["token", "oauth", "7662"]
            .iter()
            .any(|word| said.contains(word))
}

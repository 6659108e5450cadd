//! Operations that look like a token endpoint, those that look most like one first.

use serde_json::Value;

use crate::model::name::letters;
use crate::openapi::grammar::METHODS;
use crate::openapi::schema::Schema;
use crate::pointer;
use crate::select::documents::{Documents, sounds_like_oauth};
use crate::select::grants_in_words::grants_in_words;
use crate::select::nested_body::nested_grant_type;
use crate::select::operation_text::said;
use crate::select::operation_view::{Names, OperationView};
use crate::select::passed_over;

/// An operation that looks like a token endpoint.
pub(super) struct Candidate<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) pointer: String,
    /// What speaks for it, and what it lacks.
    pub(super) reason: String,
    /// The grants that its words name, where it declares no request.
    pub(super) grants: Vec<&'static str>,
    /// How little it looks like one.
    rank: usize,
}

/// Operations that give a token or take a secret, or that should say more, where their path sounds like OAuth; and those that take
/// what a client has.
pub(super) fn candidates<'a>(documents: Documents<'a>) -> Vec<Candidate<'a>> {
    let Some((paths, at)) = documents.object("/paths") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (path, item) in paths {
        let documents = documents.for_path(path);
        let Ok(item) = documents.resolve(item, &pointer::join(&at, path)) else {
            continue;
        };
        for method in METHODS {
            let place = pointer::join(&item.pointer, method);
            let operation = item.value.get(method);
            let operation = operation.and_then(|one| documents.resolve(one, &place).ok());
            let Some(operation) = operation.filter(|operation| is_open(operation.value)) else {
                continue;
            };
            let view = OperationView::new(documents, item.value, operation.value);
            let pointer = operation.pointer;
            found.extend(candidate(&view, (path, method), pointer));
        }
    }
    // In the order of the document where they look alike.
    found.sort_by_key(|candidate| candidate.rank);
    found
}

fn candidate<'a>(
    view: &OperationView<'_>,
    (path, method): (&'a str, &'a str),
    pointer: String,
) -> Option<Candidate<'a>> {
    if passed_over::gives_no_token(view, path, method) {
        return None;
    }
    let parts = Parts::of(view);
    let reason = match nested_grant_type(view) {
        Some(place) => format!(
            "has `{}`, but within an object of the body, and only its own members are read",
            place.escape_debug()
        ),
        None => parts.reason(view, path)?,
    };
    let grants = match view.parameter_names().is_empty() {
        true => grants_in_words(&said(view)),
        false => Vec::new(),
    };
    let has_credential = parts.secret.is_some() || parts.is_for_clients || !grants.is_empty();
    Some(Candidate {
        method,
        path,
        pointer,
        reason,
        grants,
        rank: usize::from(!has_credential) + rank(view, &parts, (path, method)),
    })
}

/// Whether an operation says nothing of what it is for.
fn is_open(operation: &Value) -> bool {
    operation.pointer("/x-tokensmith/endpoint").is_none()
}

/// What a request and a response have that speaks for a token endpoint.
struct Parts {
    secret: Option<String>,
    token: Option<String>,
    is_for_clients: bool,
}

impl Parts {
    fn of(view: &OperationView<'_>) -> Self {
        let names = view.parameter_names();
        let has = |wanted: &str| names.iter().any(|name| letters(name) == wanted);
        let secret = |name: &&str| is_secret(name) && !is_flag(view, name);
        let secret = names.iter().map(AsRef::as_ref).find(secret);
        // A member of a resource may be a token of another kind.
        let is_access_token = |name: &&str| {
            let name = letters(name);
            name == "token" || name.contains("accesstoken")
        };
        let is_inner = |name: &&str| is_token(name) && (secret.is_some() || is_access_token(name));
        let find = |names: &Names<'_>, is_wanted: &dyn Fn(&&str) -> bool| {
            let token = names.iter().map(AsRef::as_ref).find(is_wanted);
            token.map(str::to_owned)
        };
        let token = find(view.success_names(), &is_token);
        Self {
            token: token.or_else(|| find(&view.inner_success_names(), &is_inner)),
            secret: secret.map(str::to_owned),
            is_for_clients: has("clientid") && has("clientsecret"),
        }
    }

    /// What speaks for an operation, and what it lacks.
    fn reason(&self, view: &OperationView<'_>, path: &str) -> Option<String> {
        let is_whole = self.secret.is_some() && self.token.is_some();
        if !is_whole && !self.is_for_clients && !sounds_like_oauth(path) {
            return None;
        }
        let has = match (&self.secret, &self.token) {
            (Some(secret), Some(token)) => format!(
                "has {} and responds with `{}`",
                one(secret),
                token.escape_debug()
            ),
            (Some(secret), None) => format!("has {}", one(secret)),
            (None, Some(token)) => format!("responds with `{}`", token.escape_debug()),
            (None, None) => return super::dangling(view),
        };
        Some(format!("{has}, but has no `grant_type`"))
    }
}

fn is_secret(name: &str) -> bool {
    let name = letters(name);
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    ["pass", "passwd", "pwd"].contains(&name.as_str())
        || has(&["secret", "password", "apikey"]) && !has(&["passwordless", "newpassword"])
}

fn is_token(name: &&str) -> bool {
    /// Tokens that no request to an API carries.
    const OTHERS: [&str; 7] = [
        "csrf",
        "device",
        "invit",
        "page",
        "push",
        "registration",
        "reset",
    ];
    let name = letters(name);
    let is_other = OTHERS.iter().any(|other| name.contains(other));
    !is_other && (name.ends_with("token") || ["bearer", "jwt"].contains(&name.as_str()))
}

/// Whether a member of the body is a boolean: a setting, whatever it is called.
fn is_flag(view: &OperationView<'_>, name: &str) -> bool {
    let documents = view.documents;
    let resolve = |value| Some(documents.resolve(value, "").ok()?.value);
    let body = view.operation.get("requestBody").and_then(resolve);
    let content = body.and_then(|body| body.get("content")?.as_object());
    let media = content.into_iter().flat_map(|content| content.values());
    let mut schemas = media.filter_map(|media| resolve(media.get("schema")?));
    schemas.any(|schema| {
        let parts = Schema(schema)
            .parts()
            .filter_map(|(_, _, part)| resolve(part));
        let property = |schema| resolve(Schema(schema).property(name)?);
        let mut found = std::iter::once(schema).chain(parts).filter_map(property);
        found.any(|property| property.get("type").is_some_and(|kind| kind == "boolean"))
    })
}

/// How little an operation looks like a token endpoint: what it takes and gives counts more than what it is called.
fn rank(view: &OperationView<'_>, parts: &Parts, (path, method): (&str, &str)) -> usize {
    /// What takes passwords and gives tokens for other ends.
    const OTHERS: [&str; 9] = [
        "changepassword",
        "confirm",
        "forgot",
        "invite",
        "logout",
        "register",
        "reset",
        "revo",
        "signup",
    ];
    const LAST_OF_OTHERS: [&str; 3] = ["info", "refresh", "verif"];
    const LOGINS: [&str; 5] = ["auth", "authenticate", "login", "logon", "signin"];
    let segments = path.split('/').filter(|segment| !segment.starts_with('{'));
    let segments: Vec<String> = segments.map(letters).collect();
    let last = segments.iter().rev().find(|segment| !segment.is_empty());
    let last = last.map_or("", String::as_str);
    let has = |segment: &str, words: &[&str]| words.iter().any(|word| segment.contains(word));
    let is_other =
        segments.iter().any(|segment| has(segment, &OTHERS)) || has(last, &LAST_OF_OTHERS);
    let is_called_so = last.ends_with("token") || LOGINS.contains(&last);
    let names = view.success_names();
    let gives = |name: &str| letters(name).contains("accesstoken");
    let said = said(view);
    let is_old = view.operation.get("deprecated") == Some(&Value::Bool(true))
        || ["deprecated", "legacy", "should not be called"]
            .iter()
            .any(|word| said.contains(word));
    let lacks = [
        (parts.token.is_none(), 1),
        (method == "get", 2),
        (!["get", "post"].contains(&method), 1),
        (is_old, 3),
        (is_other, 3),
        (!is_called_so, 1),
        (!names.iter().any(|name| gives(name)), 1),
    ];
    lacks
        .iter()
        .filter(|(lacks, _)| *lacks)
        .map(|(_, weight)| weight)
        .sum()
}

/// A name with its article.
fn one(name: &str) -> String {
    let article = match name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) {
        true => "an",
        false => "a",
    };
    format!("{article} `{}`", name.escape_debug())
}

//! Parameters that a document names in words only.

use std::collections::BTreeSet;

use serde_json::Value;

use super::endpoint_parts::Known;
use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::rfc;
use crate::openapi::media::Media;
use crate::openapi::operation::Operation;
use crate::openapi::reference::resolve;
use crate::pointer;
use crate::prose::sentences;

/// Tells the parameters of OAuth that the words name, where the document declares none.
pub(super) fn tell(
    root: &Value,
    operation: &Operation<'_>,
    known: &Known<'_>,
) -> Option<Diagnostic> {
    let requests = operation.requests();
    let declares = |media: &Media<'_>| declares_members(root, media);
    if requests.iter().any(declares) || !operation.parameters().is_empty() {
        return None;
    }
    let texts = of_operation(operation).chain(of_body(root, operation));
    let texts: Vec<&str> = texts.collect();
    let is_lost = |word: &&str| rfc::is_defined(word) && !known.is_sent_by_caller(word);
    let words = texts.iter().flat_map(|text| words(text));
    let names: BTreeSet<&str> = words
        .filter(|(word, is_code)| is_lost(word) && (*is_code || word.contains('_')))
        .map(|(word, _)| word)
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    if !names.iter().any(|name| name.contains('_')) {
        return None;
    }
    let message = format!(
        "{}: the description names what a request has, and the document declares none of it",
        list(&names)
    );
    let media_type = requests.first();
    let media_type = media_type.and_then(|media| pointer::tokens(&media.pointer).last());
    let help = format!(
        "declare it, in an overlay where the document is a vendor's:\n{}",
        declaration(&names, &texts, media_type)
    );
    Some(Diagnostic::new(Rule::Unused, operation.pointer, message).help_as_written(&help))
}

/// Whether a media type says anything of what stands in the body.
fn declares_members(root: &Value, media: &Media<'_>) -> bool {
    const SAYING: [&str; 7] = [
        "allOf",
        "anyOf",
        "example",
        "examples",
        "oneOf",
        "properties",
        "enum",
    ];
    let says = |value: &Value| SAYING.iter().any(|key| value.get(key).is_some());
    let schema = media.schema();
    let schema = schema.and_then(|schema| resolve(root, schema.value, "").ok());
    says(media.value) || schema.is_some_and(|schema| says(schema.value))
}

/// The words of a text, and whether each stands there as code, as a quoted name or alone in a cell.
fn words(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let found = text.split(move |letter| !is_part(letter));
    found.map(move |word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let (before, after) = (&text[..start], &text[start + word.len()..]);
        let is_marked = |mark: &str| before.ends_with(mark) && after.starts_with(mark);
        let is_cell = || before.ends_with("| ") && after.trim_start_matches(' ').starts_with('|');
        (word, is_marked("`") || is_marked("\"") || is_cell())
    })
}

/// What declares the parameters, as the words have it: where they stand, and which grants there are.
fn declaration(names: &[&str], texts: &[&str], media_type: Option<String>) -> String {
    let text = texts.join(" ").to_lowercase();
    let grants = rfc::GRANTS.iter().map(|grant| grant.value);
    let mut grants: Vec<&str> = grants.filter(|grant| names_grant(texts, grant)).collect();
    if grants.is_empty() {
        grants.push("client_credentials");
    }
    let schema = |name: &str| match name {
        "grant_type" => format!("{{type: string, enum: [{}]}}", grants.join(", ")),
        _ => "{type: string}".to_owned(),
    };
    let in_query = ["query parameter", "query string", "in the query"];
    if media_type.is_none() && in_query.iter().any(|words| text.contains(words)) {
        let lines = names
            .iter()
            .map(|name| format!("- {{name: {name}, in: query, schema: {}}}", schema(name)));
        let lines: Vec<String> = lines.collect();
        return format!("parameters:\n{}", lines.join("\n"));
    }
    let by_words = if text.contains("json") {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    let media_type = media_type.unwrap_or_else(|| by_words.to_owned());
    let properties = names.iter();
    let properties = properties.map(|name| format!("{name}: {}", schema(name)));
    let properties: Vec<String> = properties.collect();
    format!(
        "requestBody: {{content: {{{media_type}: {{schema: {{properties: {{{}}}}}}}}}}}",
        properties.join(", ")
    )
}

/// Whether a text names a grant: by a value that is nothing else, or as what is written as code or after `grant_type`.
fn names_grant(texts: &[&str], grant: &str) -> bool {
    let after_name = ["=", ": ", " `", ": `"].map(|between| format!("grant_type{between}{grant}"));
    texts.iter().any(|text| {
        let is_named =
            |(word, is_code): (&str, bool)| word == grant && (is_code || grant.contains('_'));
        grant.contains(':') && text.contains(grant)
            || words(text).any(is_named)
            || after_name.iter().any(|words| text.contains(words.as_str()))
    })
}

/// Tells the parameters that the words demand, and that no request has, beside those that the document declares.
pub(super) fn tell_demanded(
    root: &Value,
    operation: &Operation<'_>,
    known: &Known<'_>,
) -> Option<Diagnostic> {
    let mut names = BTreeSet::new();
    for text in of_operation(operation).chain(of_body(root, operation)) {
        names.extend(
            demanded(text)
                .into_iter()
                // "At least one `redirect_uri`" may be an item of `redirect_uris`.
                .filter(|name| !known.is_sent(name) && !known.is_sent(&format!("{name}s"))),
        );
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.first()?;
    let message = format!(
        "{}: demanded by the description, and declared nowhere",
        list(&names)
    );
    let help = "declare it, in an overlay where the document is a vendor's; what belongs in the body can be added to a request by `.extra(..)` all the same";
    Some(Diagnostic::new(Rule::Unused, operation.pointer, message).help(help))
}

/// Tells the parameters that the words tell to set for some requests, and that no request has.
pub(super) fn tell_named(
    root: &Value,
    operation: &Operation<'_>,
    known: &Known<'_>,
) -> Option<Diagnostic> {
    let texts = of_operation(operation).chain(of_body(root, operation));
    let mut names: BTreeSet<String> = BTreeSet::new();
    for text in texts {
        let demanded = demanded(text);
        let named = set(text).into_iter();
        names.extend(named.filter(|name| !known.is_sent(name) && !demanded.contains(name)));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.first()?;
    let message = format!(
        "{}: set for some requests by the description, and declared nowhere",
        list(&names)
    );
    let help = "declare it, in an overlay where the document is a vendor's; what belongs in the body can be added to a request by `.extra(..)` all the same";
    Some(Diagnostic::new(Rule::Unused, operation.pointer, message).help(help))
}

/// What is said of an operation.
fn of_operation<'a>(operation: &Operation<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let members = operation.members;
    let texts = ["summary", "description"].into_iter();
    texts.filter_map(|key| members.get(key)?.as_str())
}

/// What is said of the bodies of its requests, each as a whole.
fn of_body<'a>(root: &'a Value, operation: &Operation<'a>) -> impl Iterator<Item = &'a str> {
    let described = |value: &'a Value| value.get("description").and_then(Value::as_str);
    let body = operation.body().and_then(|body| described(body.value));
    let schemas = operation.requests().into_iter().filter_map(move |media| {
        let schema = resolve(root, media.schema()?.value, "").ok()?;
        described(schema.value)
    });
    body.into_iter().chain(schemas)
}

/// A text on one line, with the marks of Markdown around what HTML has as code.
fn on_one_line(text: &str) -> String {
    let text = text.replace("<code>", "`").replace("</code>", "`");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parameters that a text says must be there: those of OAuth, and what it calls parameters or headers, as code.
fn demanded(text: &str) -> Vec<String> {
    let text = on_one_line(text);
    let sentences: Vec<&str> = sentences(&text).collect();
    let mut found = Vec::new();
    for sentence in &sentences {
        found.extend(passed_headers(sentence));
    }
    for sentence in sentences.into_iter().filter(|sentence| demands(sentence)) {
        let mut parts = sentence.split('`');
        parts.next();
        while let (Some(name), Some(rest)) = (parts.next(), parts.next()) {
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
            let is_name = !name.is_empty() && name.chars().all(is_name);
            let is_grant = is_called_grant(rest);
            if is_name && !is_grant && (rfc::is_requested(name) || is_called_parameter(rest)) {
                found.push(name.to_owned());
            }
        }
    }
    found
}

/// The parameters that a text says to set, to pass or to add, as code: "set the `refresh` parameter to `true`".
fn set(text: &str) -> Vec<String> {
    const VERBS: [&str; 5] = [
        "add the ",
        "include the ",
        "pass the ",
        "send the ",
        "set the ",
    ];
    let text = on_one_line(text);
    let mut found = Vec::new();
    for sentence in sentences(&text) {
        let mut parts = sentence.split('`');
        let mut before = parts.next().unwrap_or_default();
        while let (Some(name), Some(rest)) = (parts.next(), parts.next()) {
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
            let is_name = !name.is_empty() && name.chars().all(is_name);
            let lower = before.to_lowercase();
            let is_set = VERBS.iter().any(|verb| lower.ends_with(verb)) && !lower.contains("not ");
            let next = rest.split_whitespace().next().unwrap_or_default();
            let is_parameter = next.trim_end_matches(|letter: char| !letter.is_alphanumeric());
            if is_name && is_set && is_parameter == "parameter" {
                found.push(name.to_owned());
            }
            before = rest;
        }
    }
    found
}

/// The headers of a vendor's own that a sentence tells to pass on, such as `X-Auth-API-Key`, without marks of code.
fn passed_headers(sentence: &str) -> impl Iterator<Item = String> {
    const TELLING: [&str; 4] = [" pass ", " send ", " include ", " set "];
    const OTHERS: [&str; 6] = ["not ", "n't ", " if ", "unless", " may ", "response"];
    let lower = format!(" {} ", sentence.to_lowercase());
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let is_told = lower.contains("header") && has(&TELLING) && !has(&OTHERS);
    let words = sentence.split_whitespace().filter(move |_| is_told);
    words.filter_map(|word| {
        let word = word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        let rest = word
            .strip_prefix("X-")
            .or_else(|| word.strip_prefix("x-"))?;
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        (!rest.is_empty() && rest.chars().all(is_name)).then(|| word.to_owned())
    })
}

/// Whether a sentence is about what has to be there, in all requests.
fn demands(sentence: &str) -> bool {
    const DEMANDS: [&str; 5] = [" must ", " required", " requires ", "mandatory", " has to "];
    const OTHERS: [&str; 6] = ["not ", "n't ", " if ", "unless", "only ", "response"];
    let lower = format!(" {} ", without_emphasis(&sentence.to_lowercase()));
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    has(&DEMANDS) && !has(&OTHERS)
}

/// A text without what prints its words bold or slanted.
fn without_emphasis(text: &str) -> String {
    let mut text = text.replace('*', "");
    for mark in [
        "<b>",
        "</b>",
        "<em>",
        "</em>",
        "<i>",
        "</i>",
        "<strong>",
        "</strong>",
    ] {
        text = text.replace(mark, "");
    }
    let words = text.split_whitespace();
    let words = words.map(|word| word.trim_matches('_'));
    words.collect::<Vec<_>>().join(" ")
}

/// Whether the words behind a name say that it is the value of a grant: "the `device_code` grant type".
fn is_called_grant(rest: &str) -> bool {
    let next = rest.split_whitespace().next().unwrap_or_default();
    next.trim_matches(|letter: char| !letter.is_alphanumeric())
        .starts_with("grant")
}

/// Whether the words behind a name say what it is.
fn is_called_parameter(rest: &str) -> bool {
    let mut words = rest.split_whitespace().take(3);
    words.any(|word| {
        let word = word.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        ["parameter", "header"].contains(&word)
    })
}

#[cfg(test)]
mod tests {
    use super::{demanded, set};

    #[test]
    fn what_a_text_says_to_set_is_a_parameter() {
        let of = "If it is old, set the `long_lived` parameter to `true`, and the `scope` is kept.";
        assert_eq!(set(of), ["long_lived"]);
        let html = "<strong>Note:</strong> set the <code>long_lived</code> parameter.";
        assert_eq!(set(html), ["long_lived"]);
        assert!(set("Do not send the `state` parameter.").is_empty());
        assert!(set("Set the `state` of the order.").is_empty());
    }

    #[test]
    fn what_a_text_demands_is_named_as_code() {
        for (text, expected) in [
            (
                "An exchange.\n* `resource` must be the name of a policy.",
                &["resource"][..],
            ),
            (
                "It requires the `channel_id` query parameter in token requests.",
                &["channel_id"],
            ),
            (
                "The `audience` and the `scope` are required.",
                &["audience", "scope"],
            ),
            (
                "Remember to pass in the API key using the HTTP header X-Auth-API-Key.",
                &["X-Auth-API-Key"],
            ),
            (
                "For this grant type, you are **required** to pass in the `token` of the service.",
                &["token"],
            ),
            (
                "The `resource` is <strong>required</strong>.",
                &["resource"],
            ),
            (
                "For the `device_code` grant type, you are required to pass in the `code` parameter.",
                &["code"],
            ),
            ("You may pass the header X-Trace-Id.", &[]),
            ("Pass the token on, not the header X-Old-Key.", &[]),
            ("The response has the header X-Rate-Limit; pass it on.", &[]),
            ("`resource` may be the name of a policy.", &[]),
            ("`resource` must not be there.", &[]),
            ("If `scope` is there, `resource` must be there too.", &[]),
            ("The response must have an `access_token`.", &[]),
            ("Clients must keep the `access_token` to themselves.", &[]),
            ("The `policy` of the account must be active.", &[]),
        ] {
            assert_eq!(demanded(text), expected, "{text}");
        }
    }
}

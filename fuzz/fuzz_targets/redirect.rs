//! Any text as the redirect of an authorization: what is taken for its response is one for another parser of URLs, too.

#![no_main]

use std::collections::HashMap;

use libfuzzer_sys::fuzz_target;
use tokensmith_runtime::PendingAuthorization;
use url::Url;

const STATE: &str = "s1";
const ISSUER: &str = "https://op.example";

fuzz_target!(|text: &str| {
    let pending = PendingAuthorization::new(STATE).with_issuer(ISSUER, false);
    let Ok(redirect) = pending.redirect(text) else {
        return;
    };
    // The other parser takes these out of a URL.
    if text.contains(|character: char| character.is_ascii_control() || character == ' ') {
        return;
    }
    let (text, _) = text.split_once('#').unwrap_or((text, ""));
    let candidates = [
        text.to_owned(),
        format!("https://app.example/?{text}"),
        format!(
            "https://app.example/?{}",
            text.split_once('?').map_or("", |(_, query)| query)
        ),
    ];
    let agrees = candidates.iter().any(|candidate| {
        let Ok(url) = Url::parse(candidate) else {
            return false;
        };
        let mut seen: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in url.query_pairs() {
            seen.entry(name.into_owned())
                .or_default()
                .push(value.into_owned());
        }
        let is =
            |name: &str, expected: &str| seen.get(name).is_some_and(|values| *values == [expected]);
        let is_not = |name: &str| seen.get(name).is_none_or(|values| *values == [""]);
        is("state", STATE)
            && is("code", redirect.code.expose())
            && !redirect.code.is_empty()
            && (is("iss", ISSUER) || is_not("iss"))
            && ["error", "response", "id_token", "access_token", "token"]
                .into_iter()
                .all(is_not)
            && seen.values().all(|values| values.len() == 1)
    });
    assert!(agrees, "{text}");
});

//! Keys that a vendor has made up.

use serde_json::{Value, json};

use crate::model::name::letters;
use crate::openapi::extension::KEY;

/// Whether a key of a vendor's own is called after what bears on requests and responses.
pub(crate) fn matters(key: &str) -> bool {
    const WORDS: [&str; 12] = [
        "auth",
        "credential",
        "error",
        "expir",
        "globalparam",
        "grant",
        "header",
        "queryparam",
        "scope",
        "secret",
        "security",
        "token",
    ];
    // Of code samples, and of tools that know nothing of OAuth.
    const OTHERS: [&str; 4] = ["tokensmith", "sample", "example", "author"];
    let letters = letters(key);
    let is_of = |words: &[&str]| words.iter().any(|word| letters.contains(word));
    is_of_vendor(key) && is_of(&WORDS) && (!is_of(&OTHERS) || letters.contains("authoriz"))
}

/// Whether the URLs of a key may be for callers: not where a gateway passes requests on to.
pub(crate) fn may_have_urls(key: &str) -> bool {
    const GATEWAYS: [&str; 5] = ["backend", "gateway", "integration", "proxy", "upstream"];
    let letters = letters(key);
    is_of_vendor(key) && !GATEWAYS.iter().any(|word| letters.contains(word))
}

/// Whether the vendor says that values are allowed which `enum` does not list. `key` looks up one of the vendor's own keys.
pub(crate) fn allows_more_values<'v>(key: impl Fn(&str) -> Option<&'v Value>) -> bool {
    let as_string = key("x-ms-enum").and_then(|named| named.get("modelAsString"));
    let extensible = key("x-extensible-enum");
    as_string == Some(&json!(true))
        || extensible.is_some_and(|value| value.is_array() || *value == json!(true))
}

fn is_of_vendor(key: &str) -> bool {
    key.starts_with("x-") && key != KEY
}

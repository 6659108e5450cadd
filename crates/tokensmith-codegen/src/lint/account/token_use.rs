//! Security schemes by which requests to the API carry the token in another way than RFC 6750 has it.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name::letters;
use crate::openapi::reference::resolve;
use crate::openapi::security_scheme::SecurityScheme;
use crate::openapi::site::Site;
use crate::pointer;
use tokensmith_description::EndpointKind;

const SCHEMES: &str = "/components/securitySchemes";

/// Tells a scheme that has the token in a header of its own or behind another word, where nothing else says how it is carried.
pub(super) fn tell(root: &Value, sites: &[Site]) -> Option<Diagnostic> {
    if sites.iter().any(|site| site.extension.token_use.is_some()) {
        return None;
    }
    let schemes = root.pointer(SCHEMES).and_then(Value::as_object);
    let schemes: Vec<(&String, SecurityScheme<'_>)> = schemes
        .into_iter()
        .flat_map(Map::iter)
        .filter_map(|(name, scheme)| {
            Some((name, SecurityScheme(resolve(root, scheme, "").ok()?.value)))
        })
        .collect();
    if schemes.iter().any(|(_, scheme)| is_standard(*scheme)) {
        return None;
    }
    let mut tokens = schemes
        .iter()
        .filter_map(|(name, scheme)| Some((*name, carried(name, *scheme)?)));
    let (name, place) = tokens.next()?;
    // Of two, nobody knows which.
    if tokens.next().is_some() || asks(root, sites, name) {
        return None;
    }
    let message = format!(
        "the security scheme `{}` has a token as `{}`, and the document does not say that it is the access token; requests to the API carry that as `Authorization: Bearer`",
        name.escape_debug(),
        place.shown
    );
    let help = format!(
        "where it is the access token, add to the token endpoint:\nx-tokensmith: {{token-use: {}}}",
        place.extension
    );
    Some(Diagnostic::new(Rule::Unused, pointer::join(SCHEMES, name), message).help(help))
}

/// Where a token is carried, in words and as the extension has it.
struct Place {
    shown: String,
    extension: String,
}

/// Whether a scheme has the access token as RFC 6750 has it, or as a flow of OAuth does.
fn is_standard(scheme: SecurityScheme<'_>) -> bool {
    let is_of_header = scheme
        .text("name")
        .is_some_and(|name| name.eq_ignore_ascii_case("authorization"));
    scheme.is_for_tokens() && !(is_of_header && word_before(scheme).is_some())
        || is_of_header && word_before(scheme).is_none()
}

/// How a scheme carries a token.
fn carried(name: &str, scheme: SecurityScheme<'_>) -> Option<Place> {
    let is = |key: &str, value: &str| {
        scheme
            .text(key)
            .is_some_and(|text| text.eq_ignore_ascii_case(value))
    };
    let in_authorization = |word: &str| Place {
        shown: format!("Authorization: {word} …"),
        extension: format!("{{pattern: '{word} {{token}}'}}"),
    };
    if is("type", "http") {
        let word = scheme
            .text("scheme")
            .filter(|word| is_word_of_token(word))?;
        return Some(in_authorization(word));
    }
    if !is("type", "apiKey") {
        return None;
    }
    let key = scheme.text("name")?;
    if key.eq_ignore_ascii_case("authorization") {
        return word_before(scheme).map(|word| in_authorization(&word));
    }
    let is_named = is_called_token(name) && !letters(key).contains("key");
    let is_token = is_called_token(key)
        || is_named
        || scheme
            .text("description")
            .is_some_and(|text| text.to_lowercase().contains("access token"));
    let is_plain = key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let place = match scheme.text("in")? {
        "header" => format!("{{header: {key}, pattern: '{{token}}'}}"),
        "query" => format!("{{query: {key}}}"),
        _ => return None,
    };
    (is_token && is_plain).then(|| Place {
        shown: key.to_owned(),
        extension: place,
    })
}

/// The word that stands before the token in the `Authorization` header, as a description has it: "required prefix "Token"".
fn word_before(scheme: SecurityScheme<'_>) -> Option<String> {
    let text = scheme.text("description")?;
    let text = text.replace(['"', '\'', '`', '<', '{'], " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let of_prefix = words
        .windows(2)
        .find(|pair| pair[0].eq_ignore_ascii_case("prefix"));
    let word = of_prefix.map(|pair| pair[1]).or_else(|| {
        let after = words
            .windows(2)
            .find(|pair| pair[0].eq_ignore_ascii_case("authorization:"));
        after.map(|pair| pair[1])
    });
    word.filter(|word| is_word_of_token(word))
        .map(str::to_owned)
}

/// Whether a word before a credential says that it is a token, and in another way than `Bearer`.
fn is_word_of_token(word: &str) -> bool {
    ["jwt", "token"].contains(&word.to_lowercase().as_str())
}

/// Whether a scheme or a header is called after a token of a user's or a program's.
fn is_called_token(name: &str) -> bool {
    const OTHERS: [&str; 5] = ["apitoken", "csrf", "device", "refresh", "xsrf"];
    let name = letters(name);
    let is_token =
        ["jwt", "token"].iter().any(|word| name.contains(word)) || name.contains("ticket");
    is_token && !OTHERS.iter().any(|other| name.contains(other))
}

/// Whether a token endpoint itself asks for what the scheme has, and cannot be asked without.
fn asks(root: &Value, sites: &[Site], name: &str) -> bool {
    let tokens = sites.iter().filter(|site| site.kind == EndpointKind::Token);
    let places: Vec<&str> = tokens.map(|site| site.pointer.as_str()).collect();
    asks_at(root, &places, name)
}

fn asks_at(root: &Value, places: &[&str], name: &str) -> bool {
    places.iter().any(|place| {
        let security = root.pointer(&pointer::join(place, "security"));
        let requirements = security.and_then(Value::as_array).into_iter().flatten();
        let requirements: Vec<_> = requirements.filter_map(Value::as_object).collect();
        let is_named = requirements.iter().any(|one| one.contains_key(name));
        is_named && !requirements.iter().any(|one| one.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn help(schemes: &Value) -> String {
        let root = json!({"components": {"securitySchemes": schemes}});
        tell(&root, &[])
            .and_then(|told| told.help)
            .unwrap_or_default()
    }

    #[test]
    fn a_scheme_that_a_token_endpoint_demands_is_of_another_token() {
        let asks = |security: &Value| {
            let root = json!({"paths": {"/token": {"post": {"security": security}}}});
            asks_at(&root, &["/paths/~1token/post"], "a")
        };
        assert!(asks(&json!([{"a": []}])));
        assert!(!asks(&json!([{"a": []}, {}])));
        assert!(!asks(&json!([{"b": []}])));
    }

    #[test]
    fn schemes_of_other_headers_and_words_are_told() {
        let key = |name: &str, text: &str| json!({"type": "apiKey", "in": "header", "name": name, "description": text});
        for (scheme, expected) in [
            (
                key("X-Tapis-Token", ""),
                "{header: X-Tapis-Token, pattern: '{token}'}",
            ),
            (
                key(
                    "Authorization",
                    "Token-based authentication with required prefix \"Token\"",
                ),
                "{pattern: 'Token {token}'}",
            ),
            (
                json!({"type": "http", "scheme": "Token"}),
                "{pattern: 'Token {token}'}",
            ),
            (
                json!({"type": "apiKey", "in": "query", "name": "access_token"}),
                "{query: access_token}",
            ),
        ] {
            assert!(help(&json!({"a": scheme})).contains(expected), "{scheme}");
            // A flow says how its tokens are carried.
            assert_eq!(
                help(&json!({"a": scheme, "o": {"type": "oauth2"}})),
                "",
                "{scheme}"
            );
        }
        for scheme in [
            key("X-Api-Key", ""),
            key("X-CSRF-Token", ""),
            key("Authorization", "Bearer token"),
            key("X-API-Token", "The key of the application."),
            json!({"type": "http", "scheme": "basic"}),
        ] {
            assert_eq!(help(&json!({"a": scheme})), "", "{scheme}");
        }
        let two = json!({"a": key("X-User-Token", ""), "b": key("X-Admin-Token", "")});
        assert_eq!(help(&two), "");
    }
}

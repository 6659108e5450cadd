//! What a security scheme asks of a caller.

use serde_json::Value;

/// Whether a security scheme asks for an access token, or says nothing at all.
pub(crate) fn is_for_tokens(scheme: &Value) -> bool {
    let is = |key: &str, value: &str| {
        let text = scheme.get(key).and_then(Value::as_str);
        text.is_some_and(|text| text.eq_ignore_ascii_case(value))
    };
    scheme.is_null()
        || is("type", "oauth2")
        || is("type", "openIdConnect")
        || is("type", "http") && is("scheme", "bearer")
        || is("type", "apiKey") && is("name", "authorization")
}

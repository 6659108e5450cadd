//! A security scheme, and what it asks of a caller.

use serde_json::{Map, Value};

/// A security scheme, references followed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SecurityScheme<'a>(pub(crate) &'a Value);

impl<'a> SecurityScheme<'a> {
    /// The text under a key, such as `scheme`, `name` or `in`.
    pub(crate) fn text(self, key: &str) -> Option<&'a str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// `http`, `apiKey`, `oauth2`, `openIdConnect` or `mutualTLS`, as the document writes it.
    pub(crate) fn kind(self) -> &'a str {
        self.text("type").unwrap_or_default()
    }

    /// The OAuth flows, by name.
    pub(crate) fn flows(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let flows = self.0.get("flows").and_then(Value::as_object);
        flows.into_iter().flat_map(Map::iter)
    }

    /// Whether it asks for an access token, or says nothing at all.
    pub(crate) fn is_for_tokens(self) -> bool {
        let is_kind = |kind: &str| self.kind().eq_ignore_ascii_case(kind);
        let is = |key: &str, value: &str| {
            let text = self.text(key);
            text.is_some_and(|text| text.eq_ignore_ascii_case(value))
        };
        self.0.is_null()
            || is_kind("oauth2")
            || is_kind("openIdConnect")
            || is_kind("http") && is("scheme", "bearer")
            || is_kind("apiKey") && is("name", "authorization")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_asks_for_a_token_is_known() {
        for scheme in [
            json!(null),
            json!({"type": "OAuth2"}),
            json!({"type": "http", "scheme": "Bearer"}),
            json!({"type": "apiKey", "in": "header", "name": "Authorization"}),
        ] {
            assert!(SecurityScheme(&scheme).is_for_tokens(), "{scheme}");
        }
        for scheme in [
            json!({"type": "http", "scheme": "basic"}),
            json!({"type": "apiKey", "in": "header", "name": "X-Key"}),
            json!({}),
        ] {
            assert!(!SecurityScheme(&scheme).is_for_tokens(), "{scheme}");
        }
    }
}

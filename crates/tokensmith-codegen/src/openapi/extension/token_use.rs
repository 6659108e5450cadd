//! `token-use`: where requests to the API carry the token.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use tokensmith_description::TokenUse;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Members {
    header: Option<String>,
    pattern: Option<String>,
    query: Option<String>,
}

/// Reads a header with the pattern of its value, or a parameter of the query.
pub(super) fn token_use<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<TokenUse<String>>, D::Error> {
    let Members {
        header,
        pattern,
        query,
    } = Members::deserialize(deserializer)?;
    let token_use = match (header, pattern, query) {
        (None, None, Some(name)) => {
            if name.is_empty() {
                return Err(D::Error::custom("`query` names a parameter"));
            }
            TokenUse::Query { name }
        }
        (_, _, Some(_)) | (None, None, None) => {
            return Err(D::Error::custom(
                "the token is in a header (`header`, `pattern`) or in the query (`query`)",
            ));
        }
        (name, pattern, None) => {
            let name = name.unwrap_or_else(|| "Authorization".to_owned());
            let pattern = pattern.unwrap_or_else(|| "Bearer {token}".to_owned());
            check(&name, &pattern).map_err(D::Error::custom)?;
            TokenUse::Header { name, pattern }
        }
    };
    Ok(Some(token_use))
}

fn check(name: &str, pattern: &str) -> Result<(), String> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(format!(
            "`{}` is not the name of a header",
            name.escape_debug()
        ));
    }
    if pattern.matches("{token}").count() != 1 {
        return Err("`pattern` has `{token}` once, where the token goes".to_owned());
    }
    let is_visible = |byte: u8| (b' '..=b'~').contains(&byte);
    if !pattern.bytes().all(is_visible) {
        return Err("`pattern` does not fit in a header".to_owned());
    }
    Ok(())
}

//! What the name or the description of a security scheme says of it.

use tokensmith_description::ClientAuth;

use crate::model::name::letters;

/// The method of client authentication that a word is the name of, as OpenID Connect Core, section 9 has them, or that says where
/// the secret is.
pub(super) fn method(word: &str) -> Option<ClientAuth> {
    Some(match letters(word).as_str() {
        "clientsecretbasic" => ClientAuth::Basic,
        "clientsecretpost" => ClientAuth::Body,
        "clientsecretjwt" => ClientAuth::ClientSecretJwt,
        "privatekeyjwt" => ClientAuth::PrivateKeyJwt,
        "tlsclientauth" | "selfsignedtlsclientauth" => ClientAuth::TlsClientAuth,
        letters if letters.ends_with("body") => ClientAuth::Body,
        _ => return None,
    })
}

/// Whether a scheme is called after HTTP Basic.
pub(super) fn is_named_basic(name: &str) -> bool {
    name.to_ascii_lowercase().contains("basic")
}

/// Whether a text speaks of HTTP Basic, and not of something basic.
pub(crate) fn is_about_basic(text: &str) -> bool {
    names_basic(text) || has_pair(text)
}

/// Whether a text says that it is HTTP Basic, or how that is written.
pub(crate) fn names_basic(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.contains("Basic") || lower.contains("basic auth") || lower.contains("base64")
}

/// Whether a text speaks of the identifier and the secret of a client.
fn has_pair(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["client_id", "client id", "clientid"]
        .iter()
        .any(|id| lower.contains(id))
        && lower.contains("secret")
}

/// Whether a text speaks of a token in the header.
pub(crate) fn is_about_bearer(text: &str) -> bool {
    text.to_ascii_lowercase().contains("bearer")
}

/// Whether a text speaks of a key or a token of the caller's.
pub(crate) fn is_about_key(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "api key",
        "api-key",
        "apikey",
        "api token",
        "access token",
        "secret key",
        "hmac",
        "signature",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_keys_of_the_caller() {
        assert!(is_about_key("The HMAC signature of the request."));
        assert!(!is_about_key("Basic authentication"));
    }

    #[test]
    fn methods_go_by_their_names() {
        assert_eq!(method("client_secret_post"), Some(ClientAuth::Body));
        assert_eq!(method("Client-Secret-Basic"), Some(ClientAuth::Basic));
        assert_eq!(method("private_key_jwt"), Some(ClientAuth::PrivateKeyJwt));
        assert_eq!(method("postBody"), Some(ClientAuth::Body));
        assert_eq!(method("ID"), None);
    }

    #[test]
    fn what_is_basic_is_not_always_http_basic() {
        assert!(is_about_basic("Basic base64(id:secret)"));
        assert!(is_about_basic("the base64 of id and secret"));
        assert!(is_about_basic("the encoded client_id and client_secret"));
        assert!(!is_about_basic("a basic header"));
    }
}

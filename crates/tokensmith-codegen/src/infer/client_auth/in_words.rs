//! What a document says in words of clients that authenticate in the `Authorization` header.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::model::ClientAuth;

/// Words about a header or an identifier, and where they stand.
pub(crate) struct Said<'a> {
    pub(crate) text: &'a str,
    pub(crate) pointer: String,
}

/// Finds requests that have the identifier in the body and no header, by the words that say so.
pub(crate) fn without_header(said: &[Said<'_>]) -> Option<Finding> {
    let said = said.iter().find(|said| is_conditional(said.text))?;
    let message = "by its description, some requests have no `Authorization` header; \
         clients with a secret send it with all requests, and `Credentials::public` sends `client_id` in the body instead";
    let help = "for requests without the header, use a client with `Credentials::public`";
    let finding = Finding::new(Question::ClientAuthentication, "the body without a secret")
        .by(EvidenceKind::Description, &said.pointer);
    Some(finding.inferred(&said.pointer, message, help))
}

/// Finds HTTP Basic that is described without the form encoding of RFC 6749, section 2.3.1.
pub(crate) fn raw(method: ClientAuth, said: &[Said<'_>]) -> Option<Finding> {
    if !matches!(method, ClientAuth::Basic | ClientAuth::Auto) {
        return None;
    }
    let said = said.iter().find(|said| joins_as_they_are(said.text))?;
    let message = "by its description, HTTP Basic has the base64 of the identifier and the secret as they are; \
         requests form-encode both first (RFC 6749, section 2.3.1), which changes characters other than letters, digits and `*-._`";
    let help = "where the provider takes them as they are, say so:\nx-tokensmith: {client-auth: basic-raw}";
    let finding = Finding::new(Question::ClientAuthentication, "form-encoded before base64")
        .by(EvidenceKind::Convention, &said.pointer);
    Some(finding.inferred(&said.pointer, message, help))
}

/// Whether a text says of a header, or of an identifier beside it, that some requests are without.
fn is_conditional(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "do not include",
        "must not be included",
        "not needed",
        "not required",
        "only for pkce",
        "only for public",
        "only needed",
        "only required",
        "only with pkce",
        "required for pkce",
        "required for public",
        "should not be included",
    ];
    let lower = plain(text);
    WORDS.iter().any(|words| lower.contains(words))
}

/// Whether a text writes out what is encoded by base64, and nothing that is done before.
fn joins_as_they_are(text: &str) -> bool {
    const PAIRS: [&str; 4] = ["id:clientsecret", "id:secret", "key:secret", "id:appsecret"];
    const ENCODED: [&str; 4] = ["formencod", "urlencod", "percentencod", "percentescap"];
    let lower = text.to_ascii_lowercase();
    let kept = lower.chars();
    let kept: String = kept
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == ':')
        .collect();
    let has = |words: &[&str]| words.iter().any(|word| kept.contains(word));
    kept.contains("base64") && has(&PAIRS) && !has(&ENCODED)
}

/// A text in small letters, without marks and with one space between words.
fn plain(text: &str) -> String {
    let bare = text.replace(['*', '`', '_'], "").to_lowercase();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_some_requests_are_without_is_known_by_its_words() {
        for text in [
            "Not required if the grant type is `refresh_token`.",
            "**Only required for PKCE flow**. The identifier.",
            "Basic. Do **not** include it with PKCE.",
        ] {
            assert!(is_conditional(text), "{text}");
        }
        for text in ["HTTP Basic, which is required.", "The identifier.", ""] {
            assert!(!is_conditional(text), "{text}");
        }
    }

    #[test]
    fn what_is_encoded_by_base64_is_written_out_or_not() {
        for text in [
            "Pseudo code: `\"Basic \" + toBase64(client_id + \":\" + client_secret)`",
            "Base64 of the id and the secret, as in `clientId:clientSecret`",
        ] {
            assert!(joins_as_they_are(text), "{text}");
        }
        for text in [
            "The base64 of the URL-encoded client_id:client_secret",
            "Basic authentication by client_id and client_secret",
            "HTTP Basic, base64-encoded",
        ] {
            assert!(!joins_as_they_are(text), "{text}");
        }
    }
}

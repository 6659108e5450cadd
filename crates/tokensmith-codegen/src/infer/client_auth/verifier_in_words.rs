//! What a document says in words of requests with a code verifier (RFC 7636): that they have no client authentication.

use super::in_words::Said;
use super::other_id::excludes;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::prose::{plain, sentences};

/// The parameter that proves who began a sign-in.
pub(crate) const VERIFIER: &str = "code_verifier";

/// Finds that requests with a `code_verifier` have no client authentication, by the words that say so: those of the verifier, those
/// of the secret, which has this name, or those of the endpoint.
pub(crate) fn verifier_of_public<'a>(
    verifier: (&str, Option<&str>),
    secret: (&str, Option<Said<'a>>),
    mut of_endpoint: impl Iterator<Item = Said<'a>>,
) -> Option<Finding> {
    let (at, text) = verifier;
    let (name, of_secret) = secret;
    let is_own = |text: &&str| parts_verifier_from_secret(text, true) || excludes(text, name);
    let own = text.filter(is_own).map(|_| at.to_owned());
    let is_parted = |said: &Said<'_>| parts_verifier_from_secret(said.text, false);
    let excludes_verifier = |said: &Said<'_>| excludes(said.text, VERIFIER) || is_parted(said);
    let place = own
        .or_else(|| Some(of_secret.filter(excludes_verifier)?.pointer))
        .or_else(|| Some(of_endpoint.find(is_parted)?.pointer))?;
    let message = "by the description, requests with `code_verifier` have no client authentication; a client with a secret sends both";
    let help = "use a client with `Credentials::public` for them, and one with the secret where other requests need it; where clients have a secret and use no PKCE, say so on the operation of the authorization endpoint, or declare one at a flow's URL:\nget:\n  x-tokensmith: {endpoint: authorization, code-challenge: none}";
    let finding = Finding::new(
        Question::ClientAuthentication,
        "none beside `code_verifier`",
    )
    .by(EvidenceKind::Description, place);
    Some(finding.inferred(at, message, help))
}

/// Whether a text says that requests have a code verifier or a secret, and not both. In the verifier's own description, "it" is the
/// verifier.
fn parts_verifier_from_secret(text: &str, is_own: bool) -> bool {
    sentences(text).map(plain).any(|sentence| {
        is_instead_of_secret(&sentence)
            || is_one_of_both(&sentence)
            || is_sent_without_secret(&sentence)
            || is_not_of_confidential_clients(&sentence, is_own)
            || has_no_header(&sentence)
    })
}

/// "Send `code_verifier` instead of `client_secret`."
fn is_instead_of_secret(sentence: &str) -> bool {
    let Some((before, behind)) = sentence.split_once("instead of ") else {
        return false;
    };
    let secrets = ["secret", "client secret", "client_secret"];
    before.contains("verifier") && begins_with_one(behind, &secrets)
}

/// "Either `client_secret` or `code_verifier` is required."
fn is_one_of_both(sentence: &str) -> bool {
    const WORDS: [&str; 4] = ["cannot be combined", "either ", "exclusive", "not both"];
    let has = |word: &str| sentence.contains(word);
    has("secret") && has("code_verifier") && WORDS.iter().any(|word| has(word))
}

/// "With PKCE, send `client_id` and `code_verifier`."
fn is_sent_without_secret(sentence: &str) -> bool {
    const VERBS: [&str; 5] = ["include ", "pass ", "provide ", "send ", "supply "];
    let sent = VERBS.iter().filter_map(|verb| sentence.split_once(verb));
    let mut sent = sent.filter(|(before, _)| !before.ends_with("not "));
    sent.any(|(_, what)| what.contains("code_verifier") && what.contains("client_id"))
        && sentence.contains("pkce")
        && !sentence.contains("secret")
}

/// "Confidential clients should not include the code verifier."
fn is_not_of_confidential_clients(sentence: &str, is_own: bool) -> bool {
    const NAMES: [&str; 4] = ["code_verifier", "code verifier", "verifier", "pkce"];
    const OWN: [&str; 3] = ["it", "this", "parameter"];
    let clients = ["confidential client", "confidential app"];
    if !clients.iter().any(|name| sentence.contains(name)) {
        return false;
    }
    let names = |text: &str| begins_with_one(text, &NAMES) || is_own && begins_with_one(text, &OWN);
    let behind = ["not include ", "not send ", "without "];
    let mut behind = behind.iter().filter_map(|words| sentence.split_once(words));
    let before = ["not be included", "not be sent"];
    let mut before = before.iter().filter_map(|words| sentence.split_once(words));
    behind.any(|(_, what)| names(what)) || before.any(|(what, _)| names(what))
}

/// "With PKCE the `Authorization` header should not be included."
fn has_no_header(sentence: &str) -> bool {
    const BEFORE: [&str; 5] = ["no", "without", "not include", "not send", "not set"];
    const BEHIND: [&str; 4] = [
        "must not be ",
        "should not be ",
        "is not included",
        "is not sent",
    ];
    let Some((before, behind)) = sentence.split_once("authorization header") else {
        return false;
    };
    let words = before.split(' ').filter(|word| !word.is_empty());
    let words: Vec<&str> = words
        .filter(|word| !["the", "an", "any", "http"].contains(word))
        .collect();
    let before = words.join(" ");
    let is_denied = BEFORE.iter().any(|word| {
        let rest = before.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    });
    let behind = behind.trim_start();
    sentence.contains("pkce") && (is_denied || BEHIND.iter().any(|word| behind.starts_with(word)))
}

/// Whether a text begins with one of these words, an article aside.
fn begins_with_one(text: &str, words: &[&str]) -> bool {
    let articles = ["the ", "a ", "your "];
    let article = articles
        .iter()
        .find_map(|article| text.strip_prefix(article));
    let text = article.unwrap_or(text);
    words.iter().any(|word| {
        let rest = text.strip_prefix(word);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_parameters_may_exclude_the_other() {
        let found = |verifier, secret| {
            let secret = Said {
                text: secret,
                pointer: "/secret".to_owned(),
            };
            let verifier = ("/verifier", Some(verifier));
            verifier_of_public(verifier, ("client_secret", Some(secret)), [].into_iter()).is_some()
        };
        let exclusive = "Mutually exclusive with `code_verifier`.";
        assert!(found("The verifier.", exclusive));
        assert!(found("Sent instead of `client_secret`.", "The secret."));
        assert!(!found(
            "The verifier of the code.",
            "The secret of the client."
        ));
    }

    #[test]
    fn a_verifier_may_be_there_instead_of_a_secret() {
        for text in [
            "Confidential clients using `client_secret` should not include the code verifier.",
            "The code_verifier must not be sent by confidential clients.",
            "Include `code_verifier` in the token request (instead of `client_secret`).",
            "- With PKCE,\tprovide `code`, `client_id` and `code_verifier`.",
            "With the code flow,\nprovide the `client_secret`.\nWith the PKCE flow,\nprovide `client_id` and\n`code_verifier`.",
            "Either `client_secret` or `code_verifier` is required.",
            "With PKCE the Authorization header should **not** be included.",
            "PKCE: send no HTTP Authorization header.",
        ] {
            assert!(parts_verifier_from_secret(text, false), "{text}");
        }
        let own = "Confidential clients using `client_secret` should not include this parameter.";
        assert!(parts_verifier_from_secret(own, true));
        for text in [
            "The code verifier of PKCE.",
            "With PKCE, send client_id, client_secret and code_verifier.",
            "Without a code_verifier, send the secret.",
            "The secret is confidential and must not be included in the code of an app.",
            "Keep the client secret confidential; tokens must not be included in URLs.",
            "Confidential clients must not include the secret in the URL.",
            "Confidential clients must not send requests without a secret.",
            "With PKCE the Authorization header is sent without line breaks.",
            "PKCE requests must not include a token in the Authorization header.",
            "With PKCE the code_verifier is bound to the code and to client_id.",
            "The code_verifier is hashed instead of being kept as a secret.",
            "",
        ] {
            assert!(!parts_verifier_from_secret(text, true), "{text}");
        }
        // In a text about the operation, "it" may be the secret.
        assert!(!parts_verifier_from_secret(own, false));
    }
}

//! What a document says in words of clients without a secret: that an endpoint takes none of them.

use crate::prose::{plain, sentences};

/// Where words stand that keep public clients (RFC 6749, section 2.1) from an endpoint.
pub(crate) fn denied<'a>(
    mut descriptions: impl Iterator<Item = (&'a str, String)>,
) -> Option<String> {
    let found = descriptions.find(|(text, _)| sentences(text).map(plain).any(|one| denies(&one)));
    found.map(|(_, pointer)| pointer)
}

/// Whether a sentence says it of all requests of the endpoint.
fn denies(sentence: &str) -> bool {
    /// Of some requests only, or of what public clients send.
    const OTHERS: [&str; 11] = [
        " if ", " when ", "grant", "pkce", "redirect", "refresh", "secret", "unless", "until",
        "verifier", "without",
    ];
    const DENIALS: [&str; 10] = [
        "can't",
        "cannot",
        "do not use",
        "may not",
        "must not",
        "no public",
        "not accepted",
        "not allowed",
        "not available",
        "not supported",
    ];
    const DEMANDS: [&str; 3] = [" must be ", " only ", " requires "];
    let padded = format!(" {sentence} ");
    let has = |words: &[&str]| words.iter().any(|word| padded.contains(word));
    if has(&OTHERS) {
        return false;
    }
    match padded.contains(" public client") {
        true => has(&DENIALS),
        false => {
            has(&["confidential client", "private client"]) && has(&DEMANDS) && !has(&["not "])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::denied;

    #[test]
    fn public_clients_are_kept_from_an_endpoint() {
        let denies = |text: &str| denied([(text, String::new())].into_iter()).is_some();
        for text in [
            "For trusted-system requests, you cannot use SLAS public client_ids.",
            "Public clients are not supported.",
            "Public clients cannot call this endpoint.",
            "Not available to public clients",
            "Only for **confidential** clients.",
            "Private clients only.",
            "This endpoint requires a confidential client.",
        ] {
            assert!(denies(text), "{text}");
        }
        for text in [
            "For a public client, send the code.",
            "Public clients must not send the client secret.",
            "Public clients cannot use the client credentials grant.",
            "Public clients cannot go without PKCE.",
            "Not only public clients call it.",
            "A confidential client sends its key.",
            "It is not only for confidential clients.",
            "Do not publish the client id.",
            "",
        ] {
            assert!(!denies(text), "{text}");
        }
    }
}

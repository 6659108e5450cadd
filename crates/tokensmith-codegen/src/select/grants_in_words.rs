//! The grants that the words on an operation name, where nothing else says which it takes.

use crate::model::rfc;
use crate::prose::sentences;

/// What texts call the grants that stand in no request of theirs by their values.
const PHRASES: [(&str, &[&str]); 4] = [
    ("authorization_code", &["authorization code", "auth code"]),
    (
        "client_credentials",
        &["client credentials", "client credential grant"],
    ),
    (
        "password",
        &[
            "password credential",
            "password flow",
            "password grant",
            "resource owner password",
        ],
    ),
    (
        "refresh_token",
        &[
            "exchange a refresh token",
            "exchange the refresh token",
            "exchanges a refresh token",
            "refresh token flow",
            "refresh token for a new",
            "refresh token for an access",
            "refresh token grant",
            "using a refresh token",
            "with a refresh token",
        ],
    ),
];

/// The grants that a text names and does not deny, in the order of [`rfc::GRANTS`].
pub(crate) fn grants_in_words(text: &str) -> Vec<&'static str> {
    let lower = text.to_lowercase();
    let said: Vec<String> = sentences(&lower)
        .filter(|sentence| {
            !["not ", "n't ", "no longer"]
                .iter()
                .any(|word| sentence.contains(word))
        })
        .map(|sentence| sentence.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let has = |words: &str| said.iter().any(|sentence| sentence.contains(words));
    let is_named = |value: &str| {
        let phrases = PHRASES.iter().find(|(grant, _)| *grant == value);
        let mut phrases = phrases.map_or(&[][..], |(_, phrases)| phrases).iter();
        // `password` and `refresh_token` are parameters, too.
        value.contains(':') && has(value)
            || has(&format!("grant_type={value}"))
            || phrases.any(|phrase| has(phrase) || has(&phrase.replace(' ', "-")))
            || ["authorization_code", "client_credentials"].contains(&value) && has(value)
    };
    let grants = rfc::GRANTS.iter().map(|grant| grant.value);
    grants.filter(|value| is_named(value)).collect()
}

#[cfg(test)]
mod tests {
    use super::grants_in_words;

    #[test]
    fn phrases_name_grants() {
        for (text, expected) in [
            (
                "If you use the Resource Owner Password Credential Grant, send the password. OR Exchange a Refresh Token for a token. \
                 OR exchanges an OAuth authorization code. OR make a Client Credentials grant request.",
                &[
                    "authorization_code",
                    "client_credentials",
                    "password",
                    "refresh_token",
                ][..],
            ),
            ("Send `grant_type=password`.", &["password"]),
            (
                "Gives an access token and a refresh token for a user's password.",
                &[],
            ),
            ("The client credentials grant is not supported.", &[]),
        ] {
            let mut found = grants_in_words(text);
            found.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }
}

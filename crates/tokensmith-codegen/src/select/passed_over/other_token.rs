//! Operations that give tokens which are no access tokens of OAuth's, but are made for requests to an API all the same.

use crate::model::name::letters;
use crate::select::operation_text::said;
use crate::select::operation_view::OperationView;

/// What an operation looks like that gives such tokens.
pub(super) const LOOKS: &str = "an operation that gives tokens of the provider's own";

/// Whether an operation says that it gives a token, under a path that is called so, and it is no token of a device, an invitation or a
/// card.
pub(super) fn gives_other_token(view: &OperationView<'_>, path: &str, method: &str) -> bool {
    /// Words of tokens that no request to an API carries.
    const OTHERS: [&str; 14] = [
        "card",
        "confirm",
        "csrf",
        "device",
        "invit",
        "logout",
        "payment",
        "personal",
        "push",
        "registration",
        "reset",
        "upload",
        "verif",
        "webhook",
    ];
    let last = path.trim_end_matches('/').rsplit('/').next();
    let is_called_token = letters(last.unwrap_or_default()).ends_with("token");
    let said = said(view) + " " + &path.to_lowercase();
    ["get", "post"].contains(&method)
        && is_called_token
        && says_that_it_gives(&said)
        && !OTHERS.iter().any(|word| said.contains(word))
}

/// Whether a text in small letters has a verb of giving before a token: "generate a widget token".
fn says_that_it_gives(said: &str) -> bool {
    const VERBS: [&str; 7] = [
        "create", "generate", "get", "issue", "mint", "obtain", "request",
    ];
    /// Words between the verb and the token.
    const BETWEEN: usize = 4;
    let words: Vec<&str> = said
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_verb = |word: &str| VERBS.contains(&word.trim_end_matches('s'));
    let gives = |(index, word): (usize, &&str)| {
        let rest = &words[index + 1..];
        let near = rest.iter().take(BETWEEN + 1);
        is_verb(word) && near.clone().any(|word| *word == "token")
    };
    words.iter().enumerate().any(gives)
}

#[cfg(test)]
mod tests {
    use super::says_that_it_gives;

    #[test]
    fn a_verb_before_a_token_says_that_it_is_given() {
        for text in [
            "generate a widget token",
            "get a workload api token for the user.",
            "issues a short-lived session token",
        ] {
            assert!(says_that_it_gives(text), "{text}");
        }
        for text in [
            "the token of a widget",
            "get what everybody has to know of a token",
            "delete a token",
        ] {
            assert!(!says_that_it_gives(text), "{text}");
        }
    }
}

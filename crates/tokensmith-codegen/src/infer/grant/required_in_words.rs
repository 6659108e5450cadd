//! Parameters that a description calls required: "Required if `grant_type` is `authorization_code`."

use super::negation::affirmed;
use crate::model::rfc;
use crate::prose::{sentences, unwrapped};

/// What a description says of whether a parameter must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InWords {
    Nothing,
    /// It must be there in all requests of the grant.
    Required,
    /// It must be there in some of them.
    Sometimes,
}

/// Words of a condition beside the grant.
const CONDITIONS: [&str; 11] = [
    " also ",
    "confidential",
    "depend",
    " given",
    " if ",
    "included",
    "only ",
    "pkce",
    "provided",
    "public",
    " when ",
];

/// The beginning of a text in small letters, with each sentence on one line. A long one may be referred to by thousands of parameters.
pub(super) fn beginning(text: &str) -> String {
    const LONGEST: usize = 4_000;
    let letters = text.chars().take(LONGEST);
    let lower: String = letters.flat_map(char::to_lowercase).collect();
    unwrapped(&lower)
}

/// Reads what a description says of requests of a grant.
pub(super) fn read(description: &str, grant: &str) -> InWords {
    let lower = beginning(description.trim());
    if lower.contains("optional") {
        return InWords::Nothing;
    }
    if let Some(said) = said_at_first(&lower, grant) {
        return said;
    }
    // Grants may be listed between commas, so that a sentence is looked at as a whole.
    let whole = lower.replace(',', " ");
    let said = affirmed(&whole, |part| is_said_of(part, grant));
    if said.is_empty() {
        return InWords::Nothing;
    }
    // Words of conditions may be a part of the grant's own name.
    let value = grant.to_lowercase();
    let mut said = said.into_iter();
    match said.any(|sentence| is_conditional(&sentence.replace(&value, "it"))) {
        true => InWords::Sometimes,
        false => InWords::Required,
    }
}

/// What a description says that begins with "Required": of all requests, unless it goes on about a grant.
fn said_at_first(lower: &str, grant: &str) -> Option<InWords> {
    let starts = ["required.", "(required)", "required -", "required:"];
    let rest = starts.iter().find_map(|start| lower.strip_prefix(start))?;
    let first = rest.split(['.', ';', '\n']).next().unwrap_or_default();
    let mut words = first.split(|letter: char| !letter.is_alphanumeric());
    let word = words.find(|word| !word.is_empty()).unwrap_or_default();
    if ["no", "false", "n"].contains(&word) {
        return Some(InWords::Nothing);
    }
    let names_grant = rfc::GRANTS.iter().any(|grant| is_named(first, grant.value));
    // A provider's own grants have no names that are known everywhere.
    let speaks_of_grant = ["grant_type", "grant type"]
        .iter()
        .any(|word| first.contains(word));
    (!names_grant && !speaks_of_grant && !is_named(first, grant)).then_some(InWords::Required)
}

/// Whether a sentence calls a parameter required and names the grant for it.
fn is_said_of(sentence: &str, grant: &str) -> bool {
    let mut words = ["required", "mandatory"].iter();
    words.any(|word| {
        let Some((before, rest)) = split_at_word(sentence, word) else {
            return false;
        };
        // What such a sentence goes on about is another request.
        let naming = match begins_with_condition(before, grant) {
            true => before,
            false => rest,
        };
        !before.ends_with("not ") && is_named(naming, grant)
    }) && !sentence.contains("unless")
        && !sentence.contains("except")
}

/// What stands before and behind a word that is no part of another, such as `nonceRequired`.
fn split_at_word<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let mut found = text.match_indices(word);
    found.find_map(|(start, _)| {
        let (before, rest) = (&text[..start], &text[start + word.len()..]);
        let is_part = is_of_word(before.chars().next_back()) || is_of_word(rest.chars().next());
        (!is_part).then_some((before, rest))
    })
}

/// Whether the sentence has a condition beside the grant: the first one names it.
pub(super) fn is_conditional(sentence: &str) -> bool {
    let words = [" if ", " when "];
    let first = words
        .iter()
        .filter_map(|word| Some((sentence.find(word)?, *word)))
        .min();
    let rest = first.map_or(sentence.to_owned(), |(at, word)| {
        format!("{} {}", &sentence[..at], &sentence[at + word.len()..])
    });
    let rest = format!("{rest} ");
    let is_of_two = |word: &str| rest.contains(word);
    CONDITIONS.iter().any(|word| is_of_two(word))
        || rest.contains(" and you ")
        || rest
            .split(" and the ")
            .skip(1)
            .any(|other| !begins_with_grant(other))
}

/// Whether a text in small letters begins with a grant, so that what stands before it is said of that as well.
fn begins_with_grant(text: &str) -> bool {
    let text = text.trim_start_matches(['`', '\'', '"', '*']);
    rfc::GRANTS.iter().any(|grant| {
        let value = grant.value.to_lowercase();
        let title = rfc::words(&value);
        [value.as_str(), title.as_str()]
            .iter()
            .any(|name| text.starts_with(name))
    })
}

/// Whether this grant or another one is named before the word: "With the password grant this is required."
fn begins_with_condition(before: &str, grant: &str) -> bool {
    let grants = rfc::GRANTS.iter().map(|grant| grant.value);
    ["for ", "if ", "in ", "when ", "with "]
        .iter()
        .any(|word| before.trim_start().starts_with(word))
        && grants.chain([grant]).any(|grant| is_named(before, grant))
}

/// Whether a description names a grant, and does not deny it.
pub(super) fn names(description: &str, grant: &str) -> bool {
    let lower = beginning(description);
    !affirmed(&lower, |part| is_named(part, grant)).is_empty()
}

/// Whether a description says that requests of a grant do not need a parameter: it excludes the grant, or names other grants
/// and not this one.
pub(super) fn is_of_others(description: &str, grant: &str) -> bool {
    let whole = beginning(description.trim()).replace(',', " ");
    let value = grant.to_lowercase();
    let is_own = |text: &str| match rfc::grant(grant) {
        Some(known) => is_named(text, known.value) || is_refresh(text, known),
        None => has_word(text, &value),
    };
    let mut excluded = sentences(&whole).filter_map(excludes);
    if excluded.any(&is_own) {
        return true;
    }
    let restricted: Vec<&str> = sentences(&whole).filter_map(restricts_to).collect();
    let is_of_other = |text: &&str| {
        let mut grants = rfc::GRANTS.iter();
        grants.any(|other| !other.is(grant) && is_named(text, other.value))
    };
    restricted.iter().any(is_of_other) && !restricted.into_iter().any(is_own)
}

/// Whether a text has a value as a word of its own: `kiosk` is not in `kiosk_id`.
fn has_word(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + value.len()..].chars().next();
        !is_of_word(before) && !is_of_word(after)
    })
}

/// Whether a letter before or behind a value makes it a part of another word.
fn is_of_word(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_alphanumeric() || "_-".contains(letter))
}

/// Whether a sentence names a grant of an RFC, and it is not this one.
pub(super) fn names_other_grant(sentence: &str, grant: &str) -> bool {
    let mut grants = rfc::GRANTS.iter();
    grants.any(|other| !other.is(grant) && is_named(sentence, other.value))
        && !is_named(sentence, grant)
}

/// Whether a description calls its parameter, which has this name, optional.
pub(super) fn is_called_optional(description: &str, name: &str) -> bool {
    const WORDS: [&str; 6] = [
        "(optional)",
        "can be left out",
        "can be omitted",
        "is optional",
        "may be left out",
        "may be omitted",
    ];
    const UNNEEDED: [&str; 3] = ["not needed", "not necessary", "not required"];
    let own_name = format!("`{}`", name.to_lowercase());
    let whole = beginning(description.trim()).replace(&own_name, "it");
    let word = |text: &str| -> String {
        let letters = text.trim_start().chars();
        letters
            .take_while(|letter| letter.is_alphabetic())
            .collect()
    };
    let mut sentences = sentences(&whole);
    sentences.any(|sentence| {
        // What stands between backticks is another parameter.
        let is_own = |before: &str| !before.contains('`');
        let is_unneeded = UNNEEDED.iter().any(|unneeded| {
            let found = sentence.split_once(unneeded);
            found.is_some_and(|(before, rest)| {
                is_own(before) && ["", "for", "if", "when", "with"].contains(&word(rest).as_str())
            })
        });
        let mut words = WORDS.iter().filter_map(|word| sentence.split_once(word));
        is_unneeded || words.any(|(before, _)| is_own(before))
    }) || whole
        .strip_prefix("optional")
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether a description says with which grants a parameter is used, and this one is none of them.
pub(crate) fn is_used_with_others(description: &str, grant: &str) -> bool {
    const WORDS: [&str; 3] = ["in combination with", "used together with", "used with"];
    // A list of grants may go over several lines.
    let whole = beginning(description.trim()).replace("\n\n", ". ");
    let whole = whole.replace(['\n', ','], " ");
    let is_about = |sentence: &&str| WORDS.iter().any(|words| sentence.contains(words));
    let mut about = sentences(&whole).filter(is_about).peekable();
    about.peek().is_some() && about.all(|sentence| names_other_grant(sentence, grant))
}

/// What a sentence names behind words that exclude it: "not used for".
fn excludes(sentence: &str) -> Option<&str> {
    const WORDS: [&str; 13] = [
        "not used",
        "not required",
        "not needed",
        "not necessary",
        "not sent",
        "not applicable",
        "n't needed",
        "n't required",
        "unused",
        "ignored",
        "omit",
        "except",
        "unless",
    ];
    let mut found = WORDS.iter().filter_map(|word| sentence.split_once(word));
    let (before, rest) = found.next()?;
    (!before.trim_end().ends_with(" not be")).then_some(rest)
}

/// What a sentence names behind words that restrict a parameter to it: "only for", "required if".
fn restricts_to(sentence: &str) -> Option<&str> {
    const CONDITIONS: [&str; 7] = ["if", "when", "for", "with", "on", "in", "only"];
    if sentence.contains("not only") || excludes(sentence).is_some() {
        return None;
    }
    let of_words = ["required", "mandatory"].iter().find_map(|word| {
        let (_, rest) = split_at_word(sentence, word)?;
        let next = rest.split(|letter: char| !letter.is_alphanumeric());
        let next = next.into_iter().find(|word| !word.is_empty())?;
        CONDITIONS.contains(&next).then_some(rest)
    });
    of_words.or_else(|| Some(sentence.split_once("only ")?.1))
}

/// Whether a text in small letters calls requests for new tokens "refresh" without more.
fn is_refresh(text: &str, grant: &rfc::Grant) -> bool {
    let mut words = ["for refresh", "on refresh", "when refresh", "refreshing"].iter();
    grant.value == "refresh_token" && words.any(|word| text.contains(word))
}

/// Whether a text in small letters names a grant, which may be a provider's own, by its value or its title.
pub(super) fn is_named(text: &str, grant: &str) -> bool {
    if grant.is_empty() {
        return false;
    }
    let value = grant.to_lowercase();
    let words = rfc::words(&value);
    // A plain word is a value between marks, or before the word "grant".
    let is_plain = !value.contains(['_', ':']);
    let is_value = text.match_indices(&value).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + value.len()..].chars().next();
        let is_mark = |letter: Option<char>| letter.is_some_and(|letter| "`'\"*=".contains(letter));
        !is_of_word(before) && !is_of_word(after) && (!is_plain || is_mark(before))
    });
    // A word that a provider calls a grant of its own is part of the names of others: "code grant".
    let has_title = !is_plain || rfc::grant(grant).is_some();
    is_value || has_title && is_kind(text, &words)
}

/// Whether a text calls the words a kind of request, alone or with others: "the authorization code and refresh token grants".
fn is_kind(text: &str, words: &str) -> bool {
    const KINDS: [&str; 3] = ["grant", "flow", "request"];
    text.match_indices(words).any(|(start, _)| {
        let rest = &text[start + words.len()..];
        let is_next = |rest: &str| KINDS.iter().any(|kind| rest.starts_with(kind));
        rest.strip_prefix(' ')
            .is_some_and(|rest| is_next(rest) || is_next(behind_list(rest)))
    })
}

/// What follows the other grants of a list that goes on here: "and refresh token grants".
fn behind_list(text: &str) -> &str {
    let mut rest = text.trim_start();
    let mut is_joined = false;
    loop {
        let link = ["and ", "or ", "the ", "& ", "/ "]
            .iter()
            .find_map(|word| rest.strip_prefix(word));
        if let Some(behind) = link {
            is_joined = true;
            rest = behind.trim_start();
            continue;
        }
        let title = rfc::GRANTS.iter().find_map(|grant| {
            rest.strip_prefix(rfc::words(grant.value).as_str())?
                .strip_prefix(' ')
        });
        match title {
            Some(behind) => rest = behind.trim_start(),
            None if is_joined => return rest,
            None => return "",
        }
    }
}

#[cfg(test)]
mod tests;

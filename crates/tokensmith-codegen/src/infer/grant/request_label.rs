//! What a description calls the requests of a grant: "Case 1 (Authorization Code)".

use std::borrow::Cow;

use super::required_in_words::beginning;
use crate::model::rfc;

/// Most labels that are kept.
const MOST: usize = 16;

/// Words that stand before a number or a letter.
const WORDS: [&str; 6] = ["case", "method", "mode", "option", "scenario", "variant"];

/// Labels in small letters, each with the words of the grant that it stands for.
#[derive(Debug, Default)]
pub(super) struct Labels(Vec<(String, String)>);

impl Labels {
    /// Reads the labels that a description explains, each in a line of its own.
    pub(super) fn of(description: &str) -> Self {
        let mut labels: Vec<(String, String)> = Vec::new();
        for line in beginning(description).lines() {
            if labels.len() == MOST {
                break;
            }
            let Some((label, rest)) = label(line) else {
                continue;
            };
            let titles = rfc::GRANTS.iter().map(|grant| rfc::words(grant.value));
            let mut named = titles.filter(|title| rest.replace('_', " ").contains(title));
            if let (Some(title), None) = (named.next(), named.next())
                && labels.iter().all(|(known, _)| *known != label)
            {
                labels.push((label, title));
            }
        }
        Self(labels)
    }

    /// Writes what each label stands for in its place; the text is in small letters then.
    pub(super) fn spelt_out<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut lower = beginning(text);
        for (label, title) in &self.0 {
            let mut spelt = String::new();
            let mut end = 0;
            for (start, _) in lower.match_indices(label.as_str()) {
                let behind = start + label.len();
                let before = lower[..start].chars().next_back();
                let after = lower[behind..].chars().next();
                let is_part = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
                if !is_part(before) && !is_part(after) {
                    spelt.push_str(&lower[end..start]);
                    spelt.push_str(&format!("the {title} grant"));
                    end = behind;
                }
            }
            lower = spelt + &lower[end..];
        }
        Cow::Owned(lower)
    }
}

/// The label that a line begins with, marks aside, and what follows it.
fn label(line: &str) -> Option<(String, &str)> {
    let line = line.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let (word, rest) = line.split_once(' ')?;
    let end = rest.find(|letter: char| !letter.is_alphanumeric())?;
    let (number, rest) = rest.split_at(end);
    let is_number = number.len() == 1 || number.parse::<u8>().is_ok();
    (WORDS.contains(&word) && is_number).then(|| (format!("{word} {number}"), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_explained_in_lines_of_their_own() {
        let labels = Labels::of(
            "**Case 1 (Authorization Code):**\n\nAfter the redirect.\n\n### Case 12: refresh_token\n\
             Case 3 is for others.\nIn case 4 the authorization code is old.",
        );
        assert_eq!(
            labels.spelt_out("Required on Case 1, case 12 and Case 3"),
            "required on the authorization code grant, the refresh token grant and case 3"
        );
        for text in ["case 14", "a showcase 1 for all", "case 1a"] {
            assert_eq!(labels.spelt_out(text), text);
        }
    }
}

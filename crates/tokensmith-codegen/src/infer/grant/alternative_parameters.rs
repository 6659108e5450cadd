//! Parameters of which a description requires one: "The `username`, `email` or `phone` is required."

use std::collections::BTreeSet;

use super::required_in_words::beginning;
use crate::prose::sentences;

/// Returns the parameters of a request that a text demands one of, in one set for each such sentence.
pub(super) fn alternatives<'n>(text: &str, names: &BTreeSet<&'n str>) -> Vec<BTreeSet<&'n str>> {
    const DEMANDS: [&str; 5] = ["either", "mandatory", "must", "one of", "required"];
    let lower = beginning(text);
    let demands = |sentence: &&str| DEMANDS.iter().any(|word| sentence.contains(word));
    let found = sentences(&lower).filter(demands);
    found
        .filter_map(|sentence| listed(sentence, names))
        .collect()
}

/// The names that a sentence lists with "or" between them.
fn listed<'n>(sentence: &str, names: &BTreeSet<&'n str>) -> Option<BTreeSet<&'n str>> {
    let is_part = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
    let mut list = BTreeSet::new();
    let mut is_choice = false;
    let words = sentence.split(move |letter| !is_part(letter));
    for word in words.filter(|word| !word.is_empty()) {
        let mut known = names.iter();
        match known.find(|name| name.eq_ignore_ascii_case(word)) {
            Some(name) => {
                list.insert(*name);
            }
            None if word == "or" => is_choice |= !list.is_empty(),
            None if ["a", "an", "the"].contains(&word) => {}
            None if list.len() > 1 && is_choice => return Some(list),
            None => {
                list.clear();
                is_choice = false;
            }
        }
    }
    (list.len() > 1 && is_choice).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_parameters_is_demanded() {
        let names = BTreeSet::from(["username", "email", "phone", "password"]);
        let of = |text: &str| alternatives(text, &names);
        let all = BTreeSet::from(["email", "phone", "username"]);
        for text in [
            "The `username`, `email` or`phone` field is required along with the `password`.",
            "Either `username`, `email`, or `phone` must be there.",
            "One of username, email or the phone is mandatory.",
        ] {
            assert_eq!(of(text), std::slice::from_ref(&all), "{text}");
        }
        for text in [
            "The `username` and the `password` are required.",
            "The `username` is required, or a token.",
            "Signs in by `username` or `email`.",
        ] {
            assert_eq!(of(text), [] as [BTreeSet<&str>; 0], "{text}");
        }
    }
}

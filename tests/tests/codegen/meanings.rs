//! What each provider's document means, on a page that a reviewer of a pull request reads.

use std::collections::BTreeSet;

use tokensmith_author::meaning;

use crate::documents;
use crate::snapshots::{FIRST, check, check_that_none_is_left};

#[test]
fn meanings_of_the_providers() {
    let only = documents::only();
    let is_wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let documents = documents::providers().into_iter();
    let documents = documents.filter(|document| is_wanted(&document.name));
    let others = documents.filter(|document| !FIRST.contains(&document.name.as_str()));
    let mut names = BTreeSet::new();
    for document in others {
        let (reading, findings) = document.explain_as(&document.name);
        let model = reading.model;
        let model = model.unwrap_or_else(|| panic!("{} has errors", document.name));
        check(
            "meanings",
            &document.name,
            &meaning::page(&model, &findings),
        );
        names.insert(document.name);
    }
    if only.is_none() {
        check_that_none_is_left("meanings", &names);
    }
}

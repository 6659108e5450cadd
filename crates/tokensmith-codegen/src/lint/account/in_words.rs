//! A request that a document describes in words only.

use std::collections::BTreeSet;

use super::known::Known;
use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::rfc;
use crate::openapi::operation::Operation;

/// Tells the parameters of OAuth that the words name, where the document declares none.
pub(super) fn tell(operation: &Operation<'_>, known: &Known<'_>) -> Option<Diagnostic> {
    if !operation.requests().is_empty() || !operation.parameters().is_empty() {
        return None;
    }
    let texts = ["summary", "description"].iter();
    let texts = texts.filter_map(|key| operation.members.get(*key)?.as_str());
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: BTreeSet<&str> = texts
        .flat_map(|text| text.split(|letter| !is_part(letter)))
        .filter(|word| {
            word.contains('_') && rfc::is_defined(word) && !known.is_sent_by_caller(word)
        })
        .collect();
    let names: Vec<&str> = words.into_iter().collect();
    let message = format!(
        "{}: the description names what a request has, and the document declares none of it",
        list(&names)
    );
    (!names.is_empty()).then(|| {
        Diagnostic::new(Rule::Unused, operation.pointer, message).help(
            "declare it, in an overlay where the document is a vendor's:\n\
             requestBody: {content: {application/json: {schema: {properties: {grant_type: {type: string, enum: [client_credentials]}}}}}}",
        )
    })
}

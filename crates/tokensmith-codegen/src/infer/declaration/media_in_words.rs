//! Media types that a document names in words, where it describes the header that has them.

use std::collections::BTreeSet;

use super::{Declarations, body_format};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::infer::grant::negation::affirmed;
use crate::model::EndpointKind;

/// What the words say of the `Accept` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AcceptInWords {
    media: String,
    /// Where the header is declared.
    pointer: String,
}

impl AcceptInWords {
    /// The only media type that the texts name and do not deny; `None` where that is JSON, which all requests ask for.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>, pointer: &str) -> Option<Self> {
        let is_named = |part: &str| in_text(part).next().is_some();
        let parts = texts.flat_map(|text| affirmed(text, is_named));
        let named: BTreeSet<String> = parts.flat_map(in_text).collect();
        let mut named = named.into_iter();
        let media = named.next().filter(|_| named.next().is_none())?;
        let is_other_json = media.ends_with("json") && media != "application/json";
        is_other_json.then(|| Self {
            media,
            pointer: pointer.to_owned(),
        })
    }

    /// The media type, and that only words name it.
    fn inferred(self) -> (String, Finding) {
        let Self { media, pointer } = self;
        let message = format!("by what is said of the `Accept` header, requests have `{media}`");
        let help = format!("say it in the schema:\nschema: {{type: string, enum: [{media}]}}");
        let finding = Finding::new(Question::ResponseFormat, &media)
            .by(EvidenceKind::Description, &pointer)
            .inferred(&pointer, message, help);
        (media, finding)
    }
}

impl Declarations<'_> {
    /// The media type that only words on the `Accept` header name. A browser asks for what it likes.
    pub(crate) fn accept_by_words(
        &mut self,
        kind: EndpointKind,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let said = self.accept_in_words.take();
        let said = said.filter(|_| !kind.is_for_browsers())?;
        let (media, finding) = said.inferred();
        diagnostics.find(finding);
        Some(media)
    }
}

/// The media types of bodies that OAuth knows, as a text names them.
pub(crate) fn in_text(text: &str) -> impl Iterator<Item = String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "/+-.*_".contains(letter);
    let words = text.split(move |letter| !is_part(letter));
    let words = words.map(|word| word.trim_end_matches('.').to_ascii_lowercase());
    words.filter(|word| is_media_type(word))
}

fn is_media_type(word: &str) -> bool {
    let kind = word.split_once('/').map(|(kind, _)| kind);
    let is_body = |kind: &str| ["application", "multipart", "text"].contains(&kind);
    kind.is_some_and(is_body) && (body_format(word).is_some() || word.ends_with("json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_media_type_is_what_requests_ask_for() {
        let of = |texts: &[&str]| {
            let said = AcceptInWords::of(texts.iter().copied(), "/a");
            said.map(|said| said.media)
        };
        let own = "application/vnd.acme.v2+json";
        for texts in [
            &["Set it to `application/vnd.acme.v2+json`."][..],
            &["The version.", own],
            &["Must be application/vnd.acme.v2+json; application/json is not supported"],
        ] {
            assert_eq!(of(texts).as_deref(), Some(own), "{texts:?}");
        }
        for texts in [
            &["`application/json` or `application/vnd.acme.v2+json`"][..],
            &["`application/json`"],
            &["Do not use application/vnd.acme.v1+json."],
            &["A media type."],
            &[],
        ] {
            assert_eq!(of(texts), None, "{texts:?}");
        }
    }
}

//! Which of several JSON media types a body is sent as.

use std::collections::BTreeSet;

use openapiv3::MediaType;

use super::body_format;
use crate::infer::declaration::media_in_words::in_text;
use crate::model::BodyFormat;
use crate::openapi::media::essence;
use crate::prose::{plain, sentences};

/// The media type of JSON bodies: the demanded one, else the usual one, else the first that is not a range of them.
pub(super) fn sent<'m>(
    media_types: impl Iterator<Item = &'m str> + Clone,
    demanded: Option<&str>,
) -> Option<&'m str> {
    let is_json = |media: &&str| body_format(media) == Some(BodyFormat::Json);
    let is_sent = |media: &&str| {
        !media.contains('*') && media.chars().all(|c| c == ' ' || c.is_ascii_graphic())
    };
    let is_demanded = |media: &&str| demanded.is_some_and(|name| essence(name) == essence(media));
    let json = media_types.filter(is_json);
    json.clone()
        .find(|media| is_demanded(media) && is_sent(media))
        .or_else(|| json.clone().find(|media| is_usual(media)))
        .or_else(|| json.clone().find(is_sent))
}

pub(super) fn is_usual(media_type: &str) -> bool {
    essence(media_type) == "application/json"
}

/// The media type that one of the texts demands of the `Content-Type` header.
pub(super) fn demanded<'t>(texts: impl Iterator<Item = &'t str>) -> Option<String> {
    const DEMANDS: [&str; 5] = ["be sure", "has to be", "make sure", "must ", "required"];
    const OTHERS: [&str; 5] = ["not ", "n't ", " if ", "unless", "response"];
    let named = |sentence: &str| {
        let sentence = plain(sentence);
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        if !has(&["content-type", "content type"]) || !has(&DEMANDS) || has(&OTHERS) {
            return None;
        }
        let named: BTreeSet<String> = in_text(&sentence).collect();
        let mut named = named.into_iter();
        named.next().filter(|_| named.next().is_none())
    };
    let mut sentences = texts.flat_map(sentences);
    sentences.find_map(named)
}

/// A JSON media type beside the one that is sent.
pub(super) struct Unsent {
    pub(super) name: String,
    /// Whether its body is another than that which is sent.
    pub(super) is_other: bool,
}

/// The JSON media types that are names of a vendor's, or have another body, beside the one that is sent.
pub(super) fn unsent(media: &[(BodyFormat, &String, &MediaType)], sent: &str) -> Vec<Unsent> {
    let of_sent = media.iter().find(|(_, name, _)| *name == sent);
    let schema = of_sent.and_then(|(.., media)| media.schema.as_ref());
    let others = media
        .iter()
        .filter(|(format, name, _)| *format == BodyFormat::Json && *name != sent);
    let unsent = others.filter_map(|(_, name, media)| {
        let both = schema.zip(media.schema.as_ref());
        let is_other = both.is_some_and(|(one, other)| one != other);
        let is_vendors = essence(name).ends_with("+json") && !name.contains('*');
        (is_vendors || is_other).then(|| Unsent {
            name: (*name).clone(),
            is_other,
        })
    });
    unsent.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_goes_by_the_name_that_the_document_has_for_it() {
        let of = |media: &[&'static str], demanded| sent(media.iter().copied(), demanded);
        assert_eq!(of(&["application/x-www-form-urlencoded"], None), None);
        let usual = "application/json; charset=utf-8";
        let own = "application/vnd.api+json; v=1";
        assert_eq!(of(&[usual, "text/json"], None), Some(usual));
        assert_eq!(of(&[own], None), Some(own));
        assert_eq!(of(&[own, usual], None), Some(usual));
        assert_eq!(
            of(&[own, usual], Some("application/vnd.api+json")),
            Some(own)
        );
        assert_eq!(of(&["application/*+json"], None), None);
    }

    #[test]
    fn words_demand_a_content_type() {
        let of = |text: &str| demanded([text].into_iter());
        let own = Some("application/vnd.acme+json".to_owned());
        assert_eq!(
            of(
                "A token. Be sure to set `Content-Type: \"application/vnd.acme+json\"`. `application/json` is permitted."
            ),
            own
        );
        assert_eq!(
            of("The Content-Type must be application/vnd.acme+json"),
            own
        );
        for text in [
            "The Content-Type must not be application/vnd.acme+json.",
            "The Content-Type must be application/json or application/vnd.acme+json.",
            "The content type of the response must be application/vnd.acme+json.",
            "`Content-Type: application/vnd.acme+json` is permitted.",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}

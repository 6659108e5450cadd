//! A format that a document demands in words, beside the media types that it declares.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::Declarations;
use crate::model::BodyFormat;
use crate::prose::{plain, sentences};

impl Declarations<'_> {
    /// Leaves out the formats that the words on an operation and its bodies exclude, and tells words that contradict the media types.
    pub(crate) fn heed_words<'t>(
        &mut self,
        texts: impl Iterator<Item = &'t str>,
        at: &str,
        diagnostics: &mut Diagnostics,
    ) {
        let of_body = self.descriptions.iter().map(|text| demanded(text));
        let of_header = self.content_type_words.map(demanded_of_header);
        let said = texts.map(demanded).chain(of_body).chain(of_header);
        let Some(wanted) = said.flatten().next() else {
            return;
        };
        let mut formats = self.formats.iter().copied();
        let Some(other) = formats.find(|format| *format != wanted) else {
            return;
        };
        let shown = |format: BodyFormat| match format {
            BodyFormat::Form => "form-encoded",
            BodyFormat::Json => "JSON",
            BodyFormat::Multipart => "in parts (`multipart/form-data`)",
        };
        let (wanted_words, other_words) = (shown(wanted), shown(other));
        if !self.formats.contains(&wanted) {
            let message = format!(
                "by the description, bodies must be {wanted_words}, and the document declares none that are; requests are {other_words}"
            );
            let help = "declare the media type that the provider takes, in an overlay where the document is a vendor's";
            diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(help));
            return;
        }
        self.formats.retain(|format| *format == wanted);
        let message = format!(
            "by the description, bodies must be {wanted_words}; no request is {other_words}, which is declared as well"
        );
        let help = "declare the one media type that the provider takes, in an overlay where the document is a vendor's";
        let finding = Finding::new(Question::Format, wanted.as_str())
            .by(EvidenceKind::Description, at)
            .inferred(at, message, help);
        diagnostics.find(finding);
    }
}

/// The format that a text says bodies must have.
fn demanded(text: &str) -> Option<BodyFormat> {
    sentences(text).map(plain).find_map(|sentence| {
        let (before, demand) = sentence.split_once("must ")?;
        let is_about_bodies = [
            "body",
            "content type",
            "content-type",
            "parameters",
            "request",
        ]
        .iter()
        .any(|word| sentence.contains(word));
        let is_denied = demand.starts_with("not ") || before.contains("response");
        if !is_about_bodies || is_denied {
            return None;
        }
        format_in(demand)
    })
}

/// The format that the description of the `Content-Type` header says it must name.
fn demanded_of_header(text: &str) -> Option<BodyFormat> {
    sentences(text).map(plain).find_map(|sentence| {
        let (_, demand) = sentence.split_once("must ")?;
        let demand = demand.strip_prefix("always ").unwrap_or(demand);
        let set = ["be ", "be set to "].iter().rev();
        let value = set.filter_map(|words| demand.strip_prefix(words)).next()?;
        format_in(&format!("content type {value}"))
    })
}

/// The one format that a demand names for bodies.
fn format_in(demand: &str) -> Option<BodyFormat> {
    let is_written = [
        "encoded",
        "sent",
        "content type",
        "content-type",
        "be a form",
    ]
    .iter()
    .any(|word| demand.contains(word));
    let has_form = [
        "form data",
        "form-data",
        "form-encoded",
        "form encoded",
        "x-www-form-urlencoded",
    ]
    .iter()
    .any(|word| demand.contains(word));
    match (
        has_form && !demand.contains("multipart"),
        demand.contains("json"),
    ) {
        (true, false) if is_written => Some(BodyFormat::Form),
        (false, true) if is_written => Some(BodyFormat::Json),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_demanded_and_no_other() {
        let form = Some(BodyFormat::Form);
        for (text, expected) in [
            ("The body parameters must be encoded as form data.", form),
            (
                "`application/json` is there for tools, but requests **MUST** be sent using the Content Type `application/x-www-form-urlencoded`.",
                form,
            ),
            (
                "Request bodies must be sent as JSON.",
                Some(BodyFormat::Json),
            ),
            ("The body may be encoded as form data.", None),
            ("The body must be sent as form data or as JSON.", None),
            ("The request must not be sent as JSON.", None),
            ("The response must be sent as JSON.", None),
            ("The parameter `json` must be there.", None),
        ] {
            assert_eq!(demanded(text), expected, "{text}");
        }
    }

    #[test]
    fn the_description_of_the_header_demands_a_format() {
        let json = Some(BodyFormat::Json);
        for (text, expected) in [
            ("Must be `application/json`.", json),
            (
                "The type of the body. It must be set to application/json",
                json,
            ),
            (
                "Must be `application/x-www-form-urlencoded`.",
                Some(BodyFormat::Form),
            ),
            ("Must not be `application/json`.", None),
            (
                "Must be `application/json` or `application/x-www-form-urlencoded`.",
                None,
            ),
            ("`application/json`", None),
        ] {
            assert_eq!(demanded_of_header(text), expected, "{text}");
        }
    }
}

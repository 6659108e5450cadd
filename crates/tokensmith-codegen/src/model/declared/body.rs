//! What a request's body is made of.

use std::collections::BTreeMap;

use openapiv3::{MediaType, RequestBody};
use serde_json::{Map, Value};

use super::{Branch, Declarations, Declared, items};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::parameter::grant_values;
use crate::model::places::Places;
use crate::model::schema::{SchemaRef, Schemas, Shape, plain};
use crate::model::style::{odd_style, query_separator};
use crate::model::{BodyFormat, Location};
use crate::pointer;

/// How a body of this media type is written; `None` when there is no way to.
pub(crate) fn body_format(media_type: &str) -> Option<BodyFormat> {
    let essence = essence(media_type);
    match essence.as_str() {
        "application/x-www-form-urlencoded" | "*/*" | "application/*" => Some(BodyFormat::Form),
        "application/json" | "text/json" => Some(BodyFormat::Json),
        "multipart/form-data" => Some(BodyFormat::Multipart),
        _ if essence.ends_with("+json") => Some(BodyFormat::Json),
        _ => None,
    }
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// The media type of JSON bodies, where it is another than the usual one. A range of them is none.
fn json_media_type<'m>(media_types: impl Iterator<Item = &'m str> + Clone) -> Option<String> {
    let is_json = |media: &&str| body_format(media) == Some(BodyFormat::Json);
    let is_usual = |media: &str| essence(media) == "application/json";
    let is_sent = |media: &&str| {
        !media.contains('*') && media.chars().all(|c| c == ' ' || c.is_ascii_graphic())
    };
    let mut json = media_types.filter(is_json);
    if json.clone().any(is_usual) {
        return None;
    }
    json.find(is_sent).map(|media| media.trim().to_owned())
}

impl<'a> Declarations<'a> {
    pub(super) fn body(
        &mut self,
        body: &'a RequestBody,
        at: &str,
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        let mut media: Vec<_> = body
            .content
            .iter()
            .filter_map(|(media_type, media)| Some((body_format(media_type)?, media_type, media)))
            .collect();
        // Form first, as RFC 6749 asks: the order of keys in a document means nothing.
        media.sort_by_key(|(format, media_type, _)| (*format, media_type.as_str()));
        // Whoever takes a form or JSON needs no parts.
        if let Some((best, ..)) = media.first().copied() {
            media.retain(|(format, ..)| *format == best || *format != BodyFormat::Multipart);
        }
        self.json_media_type = json_media_type(media.iter().map(|(_, name, _)| name.as_str()));
        if media.is_empty() {
            let types: Vec<&str> = body.content.keys().map(String::as_str).collect();
            diagnostics.push(
                Diagnostic::new(
                    Rule::UnknownMediaType,
                    pointer::join(at, "content"),
                    format!(
                        "a token request cannot be written as `{}`",
                        types.join("`, `")
                    ),
                )
                .help(
                    "declare `application/x-www-form-urlencoded` (RFC 6749), `application/json` or `multipart/form-data`",
                ),
            );
        }
        for (format, media_type, media) in media {
            if !self.formats.contains(&format) {
                self.formats.push(format);
            }
            self.examples.extend(examples(media));
            if let Some(schema) = &media.schema {
                let place = pointer::join_all(at, &["content", media_type, "schema"]);
                let shape = schemas.shape(&SchemaRef::new(schema, place), diagnostics);
                self.body_schema(shape, (format, media), schemas, diagnostics);
            }
        }
        self.prefer_content_type();
    }

    /// A header that has one value only says which of the formats it is.
    fn prefer_content_type(&mut self) {
        let wanted = self.content_type.as_deref().and_then(body_format);
        self.formats.sort_by_key(|format| Some(*format) != wanted);
    }

    fn body_schema(
        &mut self,
        shape: Shape<'a>,
        media: (BodyFormat, &'a MediaType),
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        for (name, declared) in properties(&shape, media, schemas, diagnostics) {
            self.add(name, declared);
        }
        let mut secrets = Vec::new();
        for branch in &shape.branches {
            let parameters = properties(branch, media, schemas, diagnostics);
            let mut grants = parameters
                .get(self.engine.grant_type)
                .map(|declared| grant_values(&declared.shape))
                .unwrap_or_default();
            if grants.is_empty() && shape.discriminator == Some(self.engine.grant_type) {
                grants = shape.discriminating_values(branch);
            }
            for (name, declared) in &parameters {
                // What one branch asks for says nothing of the others.
                self.note(name, &Places::one(declared.location, false));
            }
            let secret = parameters.get(self.engine.client_secret);
            secrets.push(secret.is_some_and(|secret| secret.required));
            self.branches.push(Branch {
                grants,
                description: branch.description,
                parameters,
            });
        }
        if !secrets.is_empty() && secrets.iter().all(|required| *required) {
            self.seen.secret.add(Location::Body, true);
        }
    }
}

/// The objects that a media type has as examples, its own first.
fn examples(media: &MediaType) -> impl Iterator<Item = &Map<String, Value>> {
    let several = media.examples.values().filter_map(|example| {
        let example = example.as_item()?;
        example.value.as_ref()
    });
    let all = media.example.iter().chain(several);
    all.filter_map(Value::as_object)
}

fn properties<'a>(
    shape: &Shape<'a>,
    (format, media): (BodyFormat, &'a MediaType),
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a str, Declared<'a>> {
    let mut properties = BTreeMap::new();
    for (name, schema) in &shape.properties {
        let mut property = schemas.shape(schema, diagnostics);
        let mut examples = examples(media);
        property.body_example = examples.find_map(|example| plain(example.get(*name)?));
        let description = property.description;
        // How a list is written matters where there is only text.
        let encoding = media
            .encoding
            .get(*name)
            .filter(|_| format == BodyFormat::Form);
        let separator = encoding.map_or(Some(None), |encoding| {
            let style = encoding.style.clone().unwrap_or_default();
            query_separator(&style, encoding.explode)
        });
        if separator.is_none() {
            diagnostics.push(odd_style(name, &property.pointer));
        }
        let declared = Declared {
            items: items(&property, schemas, diagnostics),
            separator: separator.flatten(),
            ..Declared::new(
                property,
                Location::Body,
                shape.required.contains(name),
                description,
            )
        };
        properties.insert(*name, declared);
    }
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_goes_by_the_name_that_the_document_has_for_it() {
        let of = |media: &[&str]| json_media_type(media.iter().copied());
        assert_eq!(of(&["application/x-www-form-urlencoded"]), None);
        assert_eq!(of(&["application/json; charset=utf-8", "text/json"]), None);
        assert_eq!(
            of(&["application/vnd.api+json; v=1"]).as_deref(),
            Some("application/vnd.api+json; v=1")
        );
        assert_eq!(of(&["application/*+json"]), None);
    }
}

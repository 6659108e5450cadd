//! What a request's body is made of.

mod json_media_type;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{MediaType, RequestBody};
use serde_json::{Map, Value};

use super::parameter::items;
use super::{Declarations, DeclaredParameter};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::body_branch;
use crate::infer::declaration::common_to_media_types;
use crate::infer::grant::grant_type_values;
use crate::infer::list_style::{self, odd_style, query_separator};
use crate::infer::parameter_places::Places;
use crate::infer::schema::{Kind, SchemaRef, Schemas, Shape, scalar_text};
use crate::model::{BodyFormat, Location};
use crate::openapi::media::essence;
use crate::pointer;
use crate::prose::listed;

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
        self.choose_json(&mut media, body, at, diagnostics);
        self.descriptions.extend(body.description.as_deref());
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
        let mut bodies = Vec::new();
        for (format, media_type, media) in media {
            if !self.formats.contains(&format) {
                self.formats.push(format);
            }
            if let Some(schema) = &media.schema {
                let place = pointer::join_all(at, &["content", media_type, "schema"]);
                let shape = schemas.shape(&SchemaRef::new(schema, place), diagnostics);
                self.descriptions.extend(shape.description);
                self.client.body_is_closed |= shape.is_closed && shape.branches.is_empty();
                if let Some(told) = without_members(&shape) {
                    diagnostics.push(told);
                }
                bodies.push(self.body_schema(shape, (format, media), schemas, diagnostics));
            }
        }
        for (name, declared) in
            common_to_media_types::common_to(bodies, self.runtime.grant_type, diagnostics)
        {
            self.add(name, declared);
        }
        self.prefer_content_type();
    }

    /// Finds the JSON media type that requests are sent as, leaves out the bodies of others, and tells all that is not sent.
    fn choose_json(
        &mut self,
        media: &mut Vec<(BodyFormat, &'a String, &'a MediaType)>,
        body: &'a RequestBody,
        at: &str,
        diagnostics: &mut Diagnostics,
    ) {
        let texts = [self.operation_description, body.description.as_deref()];
        let demanded = self.content_type.clone();
        let demanded = demanded.or_else(|| json_media_type::demanded(texts.into_iter().flatten()));
        let names: Vec<&str> = media.iter().map(|(_, name, _)| name.as_str()).collect();
        let sent = json_media_type::sent(names.iter().copied(), demanded.as_deref());
        let unsent = sent.map_or_else(Vec::new, |sent| json_media_type::unsent(media, sent));
        let is_sent = |name: &str| !unsent.iter().any(|unsent| unsent.name == name);
        let kept: Vec<&str> = names.into_iter().filter(|name| is_sent(name)).collect();
        let others = unsent.iter().filter(|unsent| unsent.is_other);
        let others: BTreeSet<&str> = others.map(|unsent| unsent.name.as_str()).collect();
        tell_unwritten(&kept, &others, (body, at), diagnostics);
        media.retain(|(_, name, _)| !others.contains(name.as_str()));
        let sent = sent.filter(|sent| !json_media_type::is_usual(sent));
        self.json_media_type = sent.map(|sent| sent.trim().to_owned());
    }

    /// A header that has one value only says which of the formats it is.
    fn prefer_content_type(&mut self) {
        let wanted = self.content_type.as_deref().and_then(body_format);
        self.formats.sort_by_key(|format| Some(*format) != wanted);
    }

    /// Reads the branches of a body; gives back the parameters that are there for all of them.
    fn body_schema(
        &mut self,
        shape: Shape<'a>,
        media: (BodyFormat, &'a MediaType),
        schemas: Schemas<'a>,
        diagnostics: &mut Diagnostics,
    ) -> BTreeMap<&'a str, DeclaredParameter<'a>> {
        let by = self.runtime.grant_type;
        let common = properties(&shape, media, by, schemas, diagnostics);
        let mut secrets = Vec::new();
        let mut branches = Vec::new();
        let mut leaves: Vec<_> = body_branch::leaves(&shape, by)
            .into_iter()
            .map(|leaf| {
                let parameters = properties(&leaf.shape, media, by, schemas, diagnostics);
                (leaf, parameters)
            })
            .collect();
        body_branch::respell(&mut leaves, by, diagnostics);
        for (leaf, parameters) in leaves {
            for (name, declared) in &parameters {
                // What one branch asks for says nothing of the others.
                let places = Places::one(declared.location, false);
                self.note(name, &declared.shape.pointer, &places);
            }
            let secret = parameters.get(self.runtime.client_secret);
            secrets.push(secret.is_some_and(|secret| secret.required));
            branches.push(leaf.branch(parameters, by, diagnostics));
        }
        let shared = body_branch::settle_unmapped(&mut branches);
        self.shared_grants.extend(shared);
        if self.runtime.is_of_token_endpoint() {
            let stated = common.get(by).map(|declared| &declared.shape);
            let stated = stated.map_or_else(Vec::new, |shape| {
                grant_type_values::stated(shape, diagnostics)
            });
            let stated = stated.into_iter().collect();
            body_branch::tell_apart(&mut branches, (&stated, by), diagnostics);
        }
        let known = self.known_of_all(&shape);
        body_branch::tell(&branches, (&known, by), diagnostics);
        let secret = self.runtime.client_secret;
        let choice = body_branch::client_choice(&branches, (secret, common.contains_key(secret)));
        self.client.choice = self.client.choice.take().or(choice);
        // Another media type may have the same schemas.
        let mut known: BTreeSet<_> = self
            .branches
            .iter()
            .map(|branch| branch.component())
            .collect();
        branches.retain(|branch| known.insert(branch.component()));
        self.branches.append(&mut branches);
        if !secrets.is_empty() && secrets.iter().all(|required| *required) {
            self.client.secret.add(Location::Body, true);
        }
        common
    }

    /// What all requests have, and what the runtime sends: no branch adds it.
    fn known_of_all<'s>(&self, body: &'s Shape<'a>) -> BTreeSet<&'s str>
    where
        'a: 's,
    {
        let runtime = [
            self.runtime.grant_type,
            self.runtime.client_id,
            self.runtime.client_secret,
            "client_assertion",
            "client_assertion_type",
        ];
        body.required.iter().copied().chain(runtime).collect()
    }
}

/// Tells a body that has no members: no request has anything of it.
fn without_members(shape: &Shape<'_>) -> Option<Diagnostic> {
    let what = match shape.kind {
        Kind::Object | Kind::Any => return None,
        Kind::List => "a list",
        Kind::Text => "a text",
        Kind::Integer | Kind::Number | Kind::Boolean => "a single value",
    };
    if !shape.properties.is_empty() || !shape.branches.is_empty() {
        return None;
    }
    let message = format!(
        "the body is declared as {what}, and requests have an object with named members; nothing of the declared body is sent"
    );
    let help = "where the provider takes an object, declare that, in an overlay where the document is a vendor's:\nschema: {type: object, properties: {..}}\nwhere it does not, send the request yourself";
    Some(Diagnostic::new(Rule::Unused, &shape.pointer, message).help(help))
}

/// Tells the media types that no request is sent as, beside others that are; `others` are those whose bodies differ.
fn tell_unwritten(
    kept: &[&str],
    others: &BTreeSet<&str>,
    (body, at): (&RequestBody, &str),
    diagnostics: &mut Diagnostics,
) {
    let known: BTreeSet<&str> = kept.iter().copied().collect();
    let names = body.content.keys().map(String::as_str);
    let dropped: Vec<&str> = names.filter(|name| !known.contains(name)).collect();
    if kept.is_empty() || dropped.is_empty() {
        return;
    }
    let named = |names: &[&str], conjunction: &str| {
        let names = names
            .iter()
            .map(|name| format!("`{}`", name.escape_debug()));
        listed(&names.collect::<Vec<_>>(), conjunction)
    };
    let (what, are) = match dropped.len() {
        1 => ("the media type", "is"),
        _ => ("the media types", "are"),
    };
    let mut message = format!(
        "{what} {} {are} not used: requests are sent as {}",
        named(&dropped, "and"),
        named(kept, "or")
    );
    if !others.is_empty() {
        let others: Vec<&str> = others.iter().copied().collect();
        let named = named(&others, "and");
        message.push_str(&format!("; the body of {named} differs, and is not read"));
    }
    diagnostics.push(
        Diagnostic::new(Rule::Unused, pointer::join(at, "content"), message).help(
            "where the provider takes no other, name that alone, in an overlay where the document is a vendor's",
        ),
    );
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
    by: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'a str, DeclaredParameter<'a>> {
    let mut properties = BTreeMap::new();
    for (name, schema) in &shape.properties {
        let mut property = schemas.shape(schema, diagnostics);
        if *name == by {
            property = common_to_media_types::one_grant(property, schemas, diagnostics);
        }
        let mut examples = examples(media);
        property.body_example = examples.find_map(|example| scalar_text(example.get(*name)?));
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
            let required = shape.required.contains(name);
            diagnostics.push(odd_style(name, required, &property.pointer));
            if !required {
                continue;
            }
        }
        let items = items(&mut property, schemas, diagnostics);
        let mut separator = separator.flatten();
        if format == BodyFormat::Form && separator.is_none() {
            separator = list_style::of_scopes(name, &property, diagnostics);
        }
        let declared = DeclaredParameter {
            items,
            separator,
            ..DeclaredParameter::new(
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

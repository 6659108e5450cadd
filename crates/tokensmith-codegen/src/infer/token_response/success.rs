//! Which of an operation's responses is its success, and the schema of its body.

use openapiv3::{MediaType, OpenAPI, Operation, ReferenceOr, Response, StatusCode};
use serde_json::Value;

use super::form;
use super::token_location::{self, Sureness};
use crate::diagnostic::Diagnostics;
use crate::infer::Context;
use crate::infer::schema::{SchemaRef, Schemas, Shape};
use crate::infer::written_body;
use crate::openapi::media;
use crate::openapi::reference;
use crate::openapi::site::Site;
use crate::pointer;

/// What a success holds: of several the first by status that has an access token, or else the first that has a schema. Without any
/// success, `default` is one, unless there is no token in it.
pub(crate) fn success<'a>(
    api: &'a OpenAPI,
    operation: &'a Operation,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Shape<'a>> {
    let schemas = Schemas { api };
    let responses = &operation.responses;
    let mut successes: Vec<_> = responses
        .responses
        .iter()
        .filter(|(status, _)| is_success(status))
        .map(|(status, response)| (status.to_string(), response))
        .collect();
    successes.sort_by(|(left, _), (right, _)| left.cmp(right));
    let is_default = successes.is_empty();
    let default = responses.default.iter();
    successes.extend(
        default
            .filter(|_| is_default)
            .map(|response| ("default".to_owned(), response)),
    );
    let shapes: Vec<Shape<'a>> = successes
        .into_iter()
        .filter_map(|(key, response)| {
            let schema = body(api, response, pointer::join_all(at, &["responses", &key]))?;
            let shape = schemas.shape(&schema, diagnostics);
            let shape = form::without_refusals(shape, schemas, diagnostics);
            Some(shape.united())
        })
        .collect();
    if let ([_], false) = (shapes.as_slice(), is_default) {
        return shapes.into_iter().next();
    }
    let sureness: Vec<Option<Sureness>> = shapes
        .iter()
        .map(|shape| Some(token_location::of_schema(shape, schemas, diagnostics)?.sureness))
        .collect();
    let has_token =
        |sureness: &Option<Sureness>| sureness.is_some_and(|sureness| sureness < Sureness::Kindred);
    let first = sureness.iter().position(has_token);
    let mut shapes = shapes.into_iter();
    match first {
        Some(first) => shapes.nth(first),
        None => shapes.find(|shape| !is_default || shape.properties.is_empty()),
    }
}

/// What successes are in the examples.
pub(super) fn examples<'a>(
    context: &Context<'a>,
    operation: &Operation,
    site: &Site,
) -> Vec<&'a Value> {
    let responses = written_body::responses(context.api, operation, &site.pointer);
    responses
        .filter(|(status, _)| status.starts_with('2'))
        .flat_map(|(_, bodies)| bodies)
        .flat_map(|body| context.untyped.examples(&body.pointer))
        .map(|example| example.value)
        .collect()
}

pub(crate) fn is_success(status: &StatusCode) -> bool {
    matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2))
}

/// The schema of a response's body, whatever media type it has: JSON where there is a choice.
pub(crate) fn body<'a>(
    api: &'a OpenAPI,
    response: &'a ReferenceOr<Response>,
    at: String,
) -> Option<SchemaRef<'a>> {
    let (response, at) = resolve(api, response, at)?;
    let mut media: Vec<(&String, &MediaType)> = response
        .content
        .iter()
        .filter(|(_, media)| media.schema.is_some())
        .collect();
    media.sort_by_key(|(name, _)| (!media::is_json(name), name.as_str()));
    let (name, media) = media.first()?;
    Some(SchemaRef::new(
        media.schema.as_ref()?,
        pointer::join_all(&at, &["content", name, "schema"]),
    ))
}

/// The response that a reference means, and where it stands.
pub(crate) fn resolve<'a>(
    api: &'a OpenAPI,
    response: &'a ReferenceOr<Response>,
    at: String,
) -> Option<(&'a Response, String)> {
    let components = api.components.as_ref();
    reference::typed(response, at, "responses", |name| {
        components?.responses.get(name)
    })
}

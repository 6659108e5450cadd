//! The bodies that an operation declares, and where each media type of them stands.

use openapiv3::{OpenAPI, Operation};

use super::declaration::resolve_body;
use super::token_response::resolve;
use crate::pointer;

/// A body in one media type.
pub(crate) struct WrittenBody<'a> {
    pub(crate) media_type: &'a str,
    pub(crate) pointer: String,
}

/// The bodies of the requests of the operation at `at`.
pub(crate) fn requests<'a>(
    api: &'a OpenAPI,
    operation: &'a Operation,
    at: &str,
) -> impl Iterator<Item = WrittenBody<'a>> {
    let body = operation.request_body.as_ref();
    let body = body.and_then(|body| resolve_body(api, body, pointer::join(at, "requestBody")));
    body.into_iter()
        .flat_map(|(body, at)| written(body.content.keys(), at))
}

/// The bodies of its responses, by status; that of `default` last.
pub(crate) fn responses<'a>(
    api: &'a OpenAPI,
    operation: &'a Operation,
    at: &str,
) -> impl Iterator<Item = (String, impl Iterator<Item = WrittenBody<'a>>)> {
    let at = pointer::join(at, "responses");
    let declared = &operation.responses;
    let by_status = declared.responses.iter();
    let by_status = by_status.map(|(status, response)| (status.to_string(), response));
    let default = declared.default.iter();
    let default = default.map(|response| ("default".to_owned(), response));
    by_status.chain(default).map(move |(status, response)| {
        let response = resolve(api, response, pointer::join(&at, &status));
        let bodies = response
            .into_iter()
            .flat_map(|(response, at)| written(response.content.keys(), at));
        (status, bodies)
    })
}

fn written<'a>(
    media_types: impl Iterator<Item = &'a String>,
    at: String,
) -> impl Iterator<Item = WrittenBody<'a>> {
    media_types.map(move |media_type| WrittenBody {
        media_type,
        pointer: pointer::join_all(&at, &["content", media_type]),
    })
}

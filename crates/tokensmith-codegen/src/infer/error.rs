//! The refusals that a document declares.

use openapiv3::{OpenAPI, Operation, ReferenceOr, Response, StatusCode};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::error_location::{self, ErrorLocation};
use crate::infer::schema::{SchemaRef, Schemas, Shape};
use crate::infer::token_response;
use crate::infer::types::{Purpose, Types};
use crate::model::{ErrorCase, rfc};
use crate::openapi::media;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;

/// The refusals of an endpoint, and where they say what is wrong.
#[derive(Default)]
pub(crate) struct Refusals {
    /// One case per status that is no success, in order; ranges and `default` last.
    pub(crate) cases: Vec<ErrorCase>,
    pub(crate) location: ErrorLocation,
    /// Whether something in a declared refusal is read as its code.
    pub(crate) has_code: bool,
}

impl Refusals {
    /// What `x-tokensmith` says of an endpoint whose refusals no response describes.
    pub(crate) fn stated(site: &Site) -> Self {
        Self {
            cases: Vec::new(),
            location: ErrorLocation::stated(site),
            has_code: site.extension.error.code.is_some(),
        }
    }
}

/// Reads the declared refusals; `label` tells the endpoint from others of the document.
pub(crate) fn refusals(
    api: &OpenAPI,
    operation: &Operation,
    site: &Site,
    label: &str,
    types: &mut Types,
    diagnostics: &mut Diagnostics,
) -> Refusals {
    let (schemas, at) = (Schemas { api }, site.pointer.as_str());
    let responses = operation
        .responses
        .responses
        .iter()
        .map(|(status, response)| (Some(status), response));
    let default = operation
        .responses
        .default
        .iter()
        .map(|response| (None, response));
    let mut cases: Vec<ErrorCase> = Vec::new();
    let mut bodies: Vec<Shape<'_>> = Vec::new();
    for (status, declared) in responses.chain(default) {
        let Some((statuses, ident)) = statuses(status) else {
            continue;
        };
        let key = status.map_or_else(|| "default".to_owned(), StatusCode::to_string);
        let place = pointer::join_all(at, &["responses", &key]);
        let description = token_response::resolve(api, declared, place.clone())
            .map(|(response, _)| response.description.clone());
        let others = other_bodies(api, declared, &place, diagnostics);
        let shape = token_response::body(api, declared, place)
            .map(|schema| schemas.shape(&schema, diagnostics));
        bodies.extend(shape.iter().flat_map(branches));
        for schema in others {
            bodies.extend(branches(&schemas.shape(&schema, diagnostics)));
        }
        let body = shape
            .map(Shape::united)
            .filter(|shape| !shape.properties.is_empty())
            .and_then(|shape| {
                let wanted = format!("{label}{ident}Body");
                types.object(
                    shape,
                    &[&wanted, &format!("{wanted}Object")],
                    Purpose::Error,
                    schemas,
                    diagnostics,
                )
            });
        cases.push(ErrorCase {
            statuses,
            ident,
            description: description.filter(|text| !text.is_empty()),
            untyped: first_media_type(api, declared).filter(|_| body.is_none()),
            body,
        });
    }
    let refusals = token_response::form::refusals(api, operation, at, diagnostics);
    if let Some(case) = under_success(refusals.clone(), label, types, schemas, diagnostics) {
        cases.push(case);
    }
    let extension = &site.extension;
    let is_stated = !extension.failure.is_empty()
        || extension.request_id.is_some()
        || extension.error.code.is_some()
        || extension.error.description.is_some();
    let success = (is_stated || !bodies.is_empty())
        .then(|| token_response::success(api, operation, at, diagnostics))
        .flatten();
    if is_stated {
        // Forms of a success may be refusals.
        let all: Vec<Shape<'_>> = bodies.iter().chain(&refusals).cloned().collect();
        let success = success.clone();
        token_response::stated_location::check_refusals(site, &all, success, schemas, diagnostics);
    }
    // `default` may stand for the success alone.
    if let Some(success) = &success {
        let is_of_success = |at: &str| {
            let rest = at.strip_prefix(success.pointer.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        bodies.retain(|body| !is_of_success(&body.pointer));
    }
    // The narrowest first: a match takes the first arm that fits.
    cases.sort_by_key(|case| (case.statuses.1 - case.statuses.0, case.statuses));
    Refusals {
        cases,
        has_code: extension.error.code.is_some()
            || error_location::have_code(&bodies, schemas, diagnostics),
        location: error_location::of_refusals(site, &bodies, schemas, diagnostics),
    }
}

/// The case of refusals that come under a status of success.
fn under_success<'a>(
    refusals: Vec<Shape<'a>>,
    label: &str,
    types: &mut Types,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<ErrorCase> {
    const IDENT: &str = "SuccessStatus";
    let mut refusals = refusals.into_iter();
    let mut body = refusals.next()?;
    if refusals.len() > 0 {
        let mut branches = vec![body];
        branches.extend(refusals);
        body = Shape {
            branches,
            ..Shape::default()
        };
    }
    let description = body.description.map(str::to_owned);
    let wanted = format!("{label}{IDENT}Body");
    let names = [wanted.as_str(), &format!("{wanted}Object")];
    let body = types.object(body.united(), &names, Purpose::Error, schemas, diagnostics);
    Some(ErrorCase {
        statuses: ErrorCase::SUCCESS,
        ident: IDENT.to_owned(),
        description,
        body: Some(body?),
        untyped: None,
    })
}

/// The first media type of a response, by name: JSON before others.
fn first_media_type(api: &OpenAPI, declared: &ReferenceOr<Response>) -> Option<String> {
    let (response, _) = token_response::resolve(api, declared, String::new())?;
    let names = response.content.keys();
    let first = names.min_by_key(|name| (!media::is_json(name), name.as_str()));
    first.cloned()
}

/// Tells bodies in other media types that are something else than the one whose type there is. Gives those back that are JSON as
/// well: they say in their own way what is wrong.
fn other_bodies<'a>(
    api: &'a OpenAPI,
    declared: &'a ReferenceOr<Response>,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<SchemaRef<'a>> {
    let Some((response, at)) = token_response::resolve(api, declared, at.to_owned()) else {
        return Vec::new();
    };
    let at = pointer::join(&at, "content");
    let with_schema = response
        .content
        .iter()
        .filter_map(|(name, media)| Some((name, media.schema.as_ref()?)));
    let (mut json, mut rest): (Vec<_>, Vec<_>) =
        with_schema.partition(|(name, _)| media::is_json(name));
    json.sort_by_key(|(name, _)| name.as_str());
    rest.sort_by_key(|(name, _)| name.as_str());
    let Some(((first, read), others)) = json.split_first() else {
        return Vec::new();
    };
    let others = others.iter().filter(|(_, schema)| schema != read);
    // The same in another media type is for clients that ask for that.
    let rest = rest.iter().filter(|(_, schema)| schema != read);
    for (other, help) in [
        (
            named(others.clone()),
            "what has no field in the type is in the error's untyped body",
        ),
        (
            named(rest),
            "what is not JSON is in no type: the error's `masked_body` has it as a text",
        ),
    ] {
        let Some(other) = other else {
            continue;
        };
        let message = format!(
            "the error response has another body as {other}; the type is that of `{}`",
            first.escape_debug()
        );
        diagnostics.push(Diagnostic::new(Rule::Unused, &at, message).help(help));
    }
    let schemas = others
        .map(|(name, schema)| SchemaRef::new(schema, pointer::join_all(&at, &[name, "schema"])));
    schemas.collect()
}

/// The names of media types, as they stand in a sentence.
fn named<'m, T: 'm>(media: impl Iterator<Item = &'m (&'m String, T)>) -> Option<String> {
    let names = media.map(|(name, _)| format!("`{}`", name.escape_debug()));
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| listed(&names, "and"))
}

/// What a body may be, one by one: each branch says in its own way what is wrong.
fn branches<'a>(body: &Shape<'a>) -> Vec<Shape<'a>> {
    /// Of more, all that any of them has is looked at as one.
    const MOST: usize = 32;
    if body.branches.is_empty() || body.branches.len() > MOST {
        return vec![body.clone().united()];
    }
    let mut base = body.clone();
    let branches = std::mem::take(&mut base.branches).into_iter();
    branches
        .map(|branch| branch.united().extended(&base))
        .collect()
}

fn statuses(status: Option<&StatusCode>) -> Option<((u16, u16), String)> {
    match status {
        None => Some((ErrorCase::DEFAULT, "Other".to_owned())),
        Some(StatusCode::Code(code @ 300..=599)) => {
            Some(((*code, *code), rfc::status_ident(*code)))
        }
        Some(StatusCode::Range(3)) => Some(((300, 399), "Redirection".to_owned())),
        Some(StatusCode::Range(4)) => Some(((400, 499), "ClientError".to_owned())),
        Some(StatusCode::Range(5)) => Some(((500, 599), "ServerError".to_owned())),
        Some(_) => None,
    }
}

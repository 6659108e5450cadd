//! Where a success has its access token, and the type that holds it.

use std::collections::VecDeque;

use openapiv3::{MediaType, OpenAPI, Operation, ReferenceOr, Response, StatusCode};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::schema::{Kind, SchemaRef, Schemas, Shape};
use crate::model::types::{Purpose, Types};
use crate::pointer;
use crate::prune::Site;
use crate::reference::component_name;

/// JSON Pointers to the access token, and the name of the type that holds it.
pub(crate) struct Token {
    pub(crate) pointers: Vec<String>,
    pub(crate) ident: String,
}

/// Reads the success response of a token endpoint; `label` tells the endpoint from others of the document.
pub(crate) fn token(
    api: &OpenAPI,
    site: &Site,
    operation: &Operation,
    label: &str,
    types: &mut Types,
    diagnostics: &mut Diagnostics,
) -> Option<Token> {
    let schemas = Schemas { api };
    let declared = declared_pointers(site, diagnostics);
    let success = success(api, operation, &site.pointer);
    let shape = success.map(|schema| schemas.shape(&schema, diagnostics).united());
    let Some(shape) = shape.filter(|shape| !shape.properties.is_empty()) else {
        let pointers = declared.unwrap_or_else(|| vec!["/access_token".to_owned()]);
        return Some(Token {
            pointers,
            ident: types.default_token(diagnostics),
        });
    };
    let place = shape.pointer.clone();
    let Some(pointers) =
        declared.or_else(|| Some(vec![find(shape.clone(), schemas, diagnostics)?]))
    else {
        diagnostics.push(
            Diagnostic::new(Rule::NoAccessToken, place, "the success response has no `access_token`")
                .help("say where the token is, as a JSON Pointer into the response:\nx-tokensmith: {access-token: /token}"),
        );
        return None;
    };
    let holder = holder(shape, &pointers[0], schemas, diagnostics)?;
    let ident = types.object(
        holder,
        &[&format!("{label}Token"), &format!("{label}TokenResponse")],
        Purpose::Token,
        schemas,
        diagnostics,
    )?;
    let mut wires: Vec<String> = pointers
        .iter()
        .filter_map(|pointer| pointer::tokens(pointer).last())
        .collect();
    wires.dedup();
    types.mark_token(&ident, &wires);
    Some(Token { pointers, ident })
}

fn declared_pointers(site: &Site, diagnostics: &mut Diagnostics) -> Option<Vec<String>> {
    let pointers = site.extension.access_token.as_ref()?.as_slice();
    for wrong in pointers.iter().filter(|text| !pointer::is_valid(text)) {
        let place = pointer::join_all(&site.pointer, &[crate::extension::KEY, "access-token"]);
        diagnostics.push(
            Diagnostic::new(
                Rule::Extension,
                place,
                format!("`{wrong}` is no JSON Pointer"),
            )
            .help("write it as /data/access_token"),
        );
    }
    (!pointers.is_empty()).then(|| pointers.to_vec())
}

/// The schema of the first success that has one, by status.
fn success<'a>(api: &'a OpenAPI, operation: &'a Operation, at: &str) -> Option<SchemaRef<'a>> {
    let mut successes: Vec<_> = operation
        .responses
        .responses
        .iter()
        .filter(|(status, _)| is_success(status))
        .collect();
    successes.sort_by_key(|(status, _)| status.to_string());
    successes.into_iter().find_map(|(status, response)| {
        let place = pointer::join_all(at, &["responses", &status.to_string()]);
        body(api, response, place)
    })
}

fn is_success(status: &StatusCode) -> bool {
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
    media.sort_by_key(|(name, _)| (!name.contains("json"), name.as_str()));
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
    match response {
        ReferenceOr::Item(response) => Some((response, at)),
        ReferenceOr::Reference { reference } => {
            let name = component_name(reference, "responses")?;
            let target = api.components.as_ref()?.responses.get(&name)?;
            resolve(api, target, pointer::join("/components/responses", &name))
        }
    }
}

/// The first `access_token` on the way down through objects, nearest first, then by name.
fn find<'a>(
    shape: Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    const MAX_DEPTH: usize = 4;
    let mut queue = VecDeque::from([(shape, String::new(), 0)]);
    while let Some((shape, parent, depth)) = queue.pop_front() {
        if shape.properties.contains_key("access_token") {
            return Some(pointer::join(&parent, "access_token"));
        }
        if depth == MAX_DEPTH {
            continue;
        }
        for (name, property) in &shape.properties {
            let property = schemas.shape(property, diagnostics).united();
            if property.kind == Kind::Object {
                queue.push_back((property, pointer::join(&parent, name), depth + 1));
            }
        }
    }
    None
}

/// The object that the pointer's last token is a member of.
fn holder<'a>(
    mut shape: Shape<'a>,
    token: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<Shape<'a>> {
    let path: Vec<String> = pointer::tokens(token).collect();
    let (_, parents) = path.split_last()?;
    for name in parents {
        let Some(property) = shape.properties.get(name.as_str()) else {
            diagnostics.push(
                Diagnostic::new(
                    Rule::NoAccessToken,
                    &shape.pointer,
                    format!("the access token is said to be at `{token}`, but the response has no `{name}`"),
                )
                .help("correct `access-token` in x-tokensmith, or add the property to the response"),
            );
            return None;
        };
        shape = schemas.shape(property, diagnostics).united();
    }
    Some(shape)
}

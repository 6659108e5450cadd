//! Where a success has its access token, and the type that holds it.

pub(crate) mod stated_location;
mod token_location;

use openapiv3::{MediaType, OpenAPI, Operation, ReferenceOr, Response, StatusCode};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::infer::schema::{Kind, SchemaRef, Schemas, Shape};
use crate::infer::types::{self, Purpose, Types};
use crate::infer::written_body;
use crate::model::{Expiry, ExpiryFormat, Field};
use crate::openapi::extension::OneOrMore;
use crate::openapi::media;
use crate::openapi::reference;
use crate::openapi::site::Site;
use crate::pointer;
use token_location::{Place, Sureness};

/// What the success response of a token endpoint says.
pub(crate) struct Token {
    /// JSON Pointers to the access token.
    pub(crate) pointers: Vec<String>,
    pub(crate) expiry: Expiry<String>,
    /// Name of the type that holds it.
    pub(crate) ident: String,
}

/// The pointer to the whole response.
const WHOLE: &str = "";

/// Reads the success response of a token endpoint; `label` tells the endpoint from others of the document.
pub(crate) fn token(
    context: &Context<'_>,
    site: &Site,
    operation: &Operation,
    label: &str,
    types: &mut Types,
    diagnostics: &mut Diagnostics,
) -> Option<Token> {
    let api = context.api;
    let schemas = Schemas { api };
    let declared = site
        .extension
        .access_token
        .as_ref()
        .map(OneOrMore::to_vec)
        .filter(|pointers| !pointers.is_empty());
    let expiry = declared_expiry(site);
    let examples = examples(context, operation, site);
    let shape = success(api, operation, &site.pointer, diagnostics);
    let is_whole = match (&declared, &shape) {
        (Some(pointers), _) => pointers.iter().all(String::is_empty),
        (None, shape) => shape.as_ref().is_some_and(|shape| shape.kind == Kind::Text),
    };
    if is_whole {
        return Some(Token {
            pointers: vec![WHOLE.to_owned()],
            expiry: expiry.unwrap_or(Expiry::STANDARD),
            ident: types.bare_token(diagnostics),
        });
    }
    let has_members = |shape: &Shape<'_>| !shape.properties.is_empty() || shape.items.is_some();
    let Some(shape) = shape.filter(has_members) else {
        let pointers = declared.unwrap_or_else(|| {
            let place = token_location::of_examples(&examples);
            if let Some(place) = &place {
                place.tell(&site.pointer, diagnostics);
            }
            vec![place.map_or_else(standard, |place| place.pointer)]
        });
        let ident = types.default_token(diagnostics);
        let fields = declared_fields(site, None, schemas, diagnostics);
        types.add_fields(&ident, fields, &[]);
        return Some(Token {
            pointers,
            expiry: expiry.unwrap_or(Expiry::STANDARD),
            ident,
        });
    };
    let pointers =
        declared.unwrap_or_else(|| vec![location(&shape, &examples, schemas, diagnostics)]);
    of_shape(
        (site, label),
        shape,
        (pointers, expiry),
        types,
        schemas,
        diagnostics,
    )
}

/// Reads the success response of a token endpoint that declares members.
fn of_shape<'a>(
    (site, label): (&Site, &str),
    shape: Shape<'a>,
    (pointers, expiry): (Vec<String>, Option<Expiry<String>>),
    types: &mut Types,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<Token> {
    let first = pointers.iter().find(|pointer| !pointer.is_empty())?;
    let parent = first.rsplit_once('/').map_or("", |(parent, _)| parent);
    let holder = holder(shape.clone(), first, schemas, diagnostics)?;
    stated_location::check(site, &shape, schemas, diagnostics);
    let expiry = expiry.unwrap_or_else(|| self::expiry(&holder, parent, schemas, diagnostics));
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
    // What stands beside the token under another name has its name in the RFC afterwards.
    let fields = site.extension.fields.values();
    let renamed: Vec<String> = fields
        .filter_map(|pointer| {
            let (holder, _) = pointer.rsplit_once('/')?;
            (holder == parent).then(|| pointer::tokens(pointer).last())?
        })
        .collect();
    let fields = declared_fields(site, Some(&shape), schemas, diagnostics);
    types.add_fields(&ident, fields, &renamed);
    Some(Token {
        pointers,
        expiry,
        ident,
    })
}

/// What `x-tokensmith` says of the expiry, which may be by saying where `expires_in` is.
fn declared_expiry(site: &Site) -> Option<Expiry<String>> {
    let elsewhere = site.extension.fields.get("expires_in").cloned();
    let declared = site.extension.expiry.as_ref();
    if declared.is_none() && elsewhere.is_none() {
        return None;
    }
    let mut expiry = Expiry::STANDARD;
    if let Some(declared) = declared {
        expiry.format = declared.format;
        expiry.pointer.clone_from(&declared.at);
        expiry.lifetime = declared.lifetime;
    }
    expiry.pointer = expiry.pointer.or(elsewhere);
    Some(expiry)
}

/// The fields that `x-tokensmith` finds elsewhere, under their names in the RFC and with the types that the document gives them.
fn declared_fields<'a>(
    site: &Site,
    response: Option<&Shape<'a>>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Vec<Field> {
    let fields = site.extension.fields.iter();
    fields
        .filter_map(|(wire, pointer)| {
            let found =
                response.and_then(|response| at(response.clone(), pointer, schemas, diagnostics));
            let Some(ident) = types::member_name(wire) else {
                diagnostics.push(types::unusable(wire, &site.pointer));
                return None;
            };
            Some(Field {
                wire: wire.clone(),
                ident,
                description: found
                    .as_ref()
                    .and_then(|shape| shape.description)
                    .map(str::to_owned)
                    .or_else(|| Some(format!("At `{pointer}` of the response."))),
                ty: types::field_type(wire, found.as_ref().map(|shape| shape.kind)),
            })
        })
        .collect()
}

/// The member of a response that a pointer means, as far as objects lead there.
fn at<'a>(
    response: Shape<'a>,
    pointer: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<Shape<'a>> {
    pointer::tokens(pointer).try_fold(response, |shape, name| {
        member(&shape, &name, schemas, diagnostics)
    })
}

/// What stands under a name in an object, or at a place in a list.
fn member<'a>(
    shape: &Shape<'a>,
    name: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<Shape<'a>> {
    let items = || {
        let items = shape.items.as_ref();
        items.filter(|_| name.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let property = shape.properties.get(name).or_else(items)?;
    Some(schemas.shape(property, diagnostics).united())
}

/// How the object that holds the token says when it expires: RFC 6749 has `expires_in`, others say at what time.
fn expiry<'a>(
    holder: &Shape<'a>,
    parent: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Expiry<String> {
    const TIMES: [&str; 3] = ["expires_at", "expiresAt", "expires_on"];
    if let Some(property) = holder.properties.get("expires_in") {
        let is_duration =
            schemas.shape(property, diagnostics).format.as_deref() == Some("duration");
        return Expiry::new(if is_duration {
            ExpiryFormat::Duration
        } else {
            ExpiryFormat::Seconds
        });
    }
    for name in TIMES {
        let Some(property) = holder.properties.get(name) else {
            continue;
        };
        let shape = schemas.shape(property, diagnostics).united();
        let format = match (shape.kind, shape.format.as_deref()) {
            (Kind::Text, Some("date-time")) => ExpiryFormat::DateTime,
            (Kind::Integer, _) => ExpiryFormat::UnixSeconds,
            _ => continue,
        };
        let mut expiry = Expiry::new(format);
        expiry.pointer = Some(pointer::join(parent, name));
        return expiry;
    }
    Expiry::STANDARD
}

/// The media types to ask for, where successes have others than JSON.
pub(crate) fn accept(
    api: &OpenAPI,
    operation: &Operation,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let is_json = |media: &&str| {
        let essence = media::essence(media);
        ["application/json", "application/*", "*/*"].contains(&essence.as_str())
    };
    let responses = operation.responses.responses.iter();
    let mut types: Vec<&str> = responses
        .filter(|(status, _)| is_success(status))
        .filter_map(|(_, declared)| resolve(api, declared, at.to_owned()))
        .flat_map(|(declared, _)| declared.content.keys().map(String::as_str))
        .collect();
    types.sort_by_key(|name| (!media::is_json(name), *name));
    types.dedup();
    types.retain(|name| {
        let is_type = is_media_type(name);
        if !is_type {
            let message = format!(
                "responses are declared as `{}`, which is not a media type; JSON is requested",
                name.escape_debug()
            );
            let help = "declare what the provider sends, such as `application/json`";
            diagnostics.push(Diagnostic::new(Rule::Inferred, at, message).help(help));
        }
        is_type
    });
    if types.iter().any(is_json) {
        return None;
    }
    // What is no JSON is asked for only where there is nothing else; XML cannot be read at all.
    let of_json: Vec<&str> = types
        .iter()
        .copied()
        .filter(|name| media::is_json(name))
        .collect();
    if !of_json.is_empty() {
        return Some(of_json.join(", "));
    }
    let is_xml = |name: &&str| media::essence(name).contains("xml");
    if !types.is_empty() && types.iter().all(is_xml) {
        diagnostics.push(
            Diagnostic::new(
                Rule::Inferred,
                at,
                format!(
                    "responses are declared as `{}`, which is not supported; JSON is requested",
                    types.join("`, `")
                ),
            )
            .help("if the provider also sends JSON, declare `application/json`"),
        );
        return None;
    }
    types.retain(|name| !is_xml(name));
    (!types.is_empty()).then(|| types.join(", "))
}

/// Whether a text is a type and a subtype, perhaps with parameters (RFC 9110 section 8.3.1), or a range of them.
pub(crate) fn is_media_type(media: &str) -> bool {
    let essence = media::essence(media);
    let is_token = |text: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        !text.is_empty() && text.bytes().all(is_part)
    };
    let fits = media
        .bytes()
        .all(|byte| (b' '..=b'~').contains(&byte) && byte != b',');
    let parts = essence.split_once('/');
    fits && parts.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

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
            Some(schemas.shape(&schema, diagnostics).united())
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
fn examples<'a>(context: &Context<'a>, operation: &Operation, site: &Site) -> Vec<&'a Value> {
    let responses = written_body::responses(context.api, operation, &site.pointer);
    responses
        .filter(|(status, _)| status.starts_with('2'))
        .flat_map(|(_, bodies)| bodies)
        .flat_map(|body| context.untyped.examples(&body.pointer))
        .map(|example| example.value)
        .collect()
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

/// Where RFC 6749 has the access token.
fn standard() -> String {
    "/access_token".to_owned()
}

/// Where the access token is: where the schema has what is called like it, or else an example, or else the only token there is.
fn location<'a>(
    shape: &Shape<'a>,
    examples: &[&Value],
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> String {
    let by_schema = token_location::of_schema(shape, schemas, diagnostics);
    let is_named = |place: &Place| place.sureness < Sureness::Kindred;
    let place = match by_schema {
        Some(place) if is_named(&place) => Some(place),
        other => token_location::of_examples(examples).or(other),
    };
    if let Some(place) = place {
        place.tell(&shape.pointer, diagnostics);
        return place.pointer;
    }
    let message = "the success response declares no access token; it is read from `/access_token`";
    diagnostics.push(
        Diagnostic::new(Rule::UndeclaredToken, &shape.pointer, message).help(
            "add the property `access_token`, or say where the token is, as a JSON Pointer into the response:\n\
             x-tokensmith: {access-token: /token}",
        ),
    );
    standard()
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
        let Some(inner) = member(&shape, name, schemas, diagnostics) else {
            diagnostics.push(
                Diagnostic::new(
                    Rule::NoAccessToken,
                    &shape.pointer,
                    format!("`access-token` points to `{token}`, but the response has no `{name}`"),
                )
                .help(
                    "correct `access-token` in x-tokensmith, or add the property to the response",
                ),
            );
            return None;
        };
        shape = inner;
    }
    Some(shape)
}

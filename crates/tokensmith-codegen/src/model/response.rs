//! Where a success has its access token, and the type that holds it.

use std::collections::VecDeque;

use openapiv3::{MediaType, OpenAPI, Operation, ReferenceOr, Response, StatusCode};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::extension::OneOrMore;
use crate::model::schema::{Kind, SchemaRef, Schemas, Shape};
use crate::model::types::{self, Purpose, Types};
use crate::model::{Expiry, ExpiryFormat, Field};
use crate::pointer;
use crate::prune::Site;
use crate::reference::component_name;

/// What the success response of a token endpoint says.
pub(crate) struct Token {
    /// JSON Pointers to the access token.
    pub(crate) pointers: Vec<String>,
    pub(crate) expiry: Expiry,
    /// Name of the type that holds it.
    pub(crate) ident: String,
}

/// The pointer to the whole answer.
const WHOLE: &str = "";

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
    let extension = &site.extension;
    let declared = extension
        .access_token
        .as_ref()
        .map(OneOrMore::to_vec)
        .filter(|pointers| !pointers.is_empty());
    let expiry = declared_expiry(site);
    let success = success(api, operation, &site.pointer);
    let shape = success.map(|schema| schemas.shape(&schema, diagnostics).united());
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
    let Some(shape) = shape.filter(|shape| !shape.properties.is_empty()) else {
        let pointers = declared.unwrap_or_else(|| vec!["/access_token".to_owned()]);
        let ident = types.default_token(diagnostics);
        types.add_fields(
            &ident,
            declared_fields(site, None, schemas, diagnostics),
            &[],
        );
        return Some(Token {
            pointers,
            expiry: expiry.unwrap_or(Expiry::STANDARD),
            ident,
        });
    };
    let place = shape.pointer.clone();
    let pointers = declared.unwrap_or_else(|| vec![location(&shape, &place, schemas, diagnostics)]);
    let first = pointers.iter().find(|pointer| !pointer.is_empty())?;
    let parent = first.rsplit_once('/').map_or("", |(parent, _)| parent);
    let holder = holder(shape.clone(), first, schemas, diagnostics)?;
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
    let renamed: Vec<String> = extension
        .fields
        .values()
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
fn declared_expiry(site: &Site) -> Option<Expiry> {
    let elsewhere = site.extension.fields.get("expires_in").cloned();
    match &site.extension.expiry {
        Some(expiry) => Some(Expiry {
            format: expiry.format,
            pointer: expiry.at.clone().or(elsewhere),
            lifetime: expiry.lifetime,
        }),
        None => elsewhere.map(|pointer| Expiry {
            pointer: Some(pointer),
            ..Expiry::STANDARD
        }),
    }
}

/// The fields that `x-tokensmith` finds elsewhere, under their names in the RFC and with the types that the document gives them.
fn declared_fields<'a>(
    site: &Site,
    answer: Option<&Shape<'a>>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Vec<Field> {
    let fields = site.extension.fields.iter();
    fields
        .filter_map(|(wire, pointer)| {
            let found = answer.and_then(|answer| at(answer.clone(), pointer, schemas, diagnostics));
            let ident = types::member_name(wire, &site.pointer, diagnostics)?;
            Some(Field {
                wire: wire.clone(),
                ident,
                description: found
                    .as_ref()
                    .and_then(|shape| shape.description)
                    .map(str::to_owned)
                    .or_else(|| Some(format!("At `{pointer}` of the answer."))),
                ty: types::plain(wire, found.as_ref().map(|shape| shape.kind)),
            })
        })
        .collect()
}

/// The member of an answer that a pointer means, as far as objects lead there.
fn at<'a>(
    answer: Shape<'a>,
    pointer: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<Shape<'a>> {
    pointer::tokens(pointer).try_fold(answer, |shape, name| {
        let property = shape.properties.get(name.as_str())?;
        Some(schemas.shape(property, diagnostics).united())
    })
}

/// How the object that holds the token says when it expires: RFC 6749 has `expires_in`, others say at what time.
fn expiry<'a>(
    holder: &Shape<'a>,
    parent: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Expiry {
    const TIMES: [&str; 3] = ["expires_at", "expiresAt", "expires_on"];
    if let Some(property) = holder.properties.get("expires_in") {
        let is_duration =
            schemas.shape(property, diagnostics).format.as_deref() == Some("duration");
        return Expiry {
            format: if is_duration {
                ExpiryFormat::Duration
            } else {
                ExpiryFormat::Seconds
            },
            ..Expiry::STANDARD
        };
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
        return Expiry {
            format,
            pointer: Some(pointer::join(parent, name)),
            lifetime: None,
        };
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
        let essence = media.split(';').next().unwrap_or_default().trim();
        ["application/json", "application/*", "*/*"]
            .iter()
            .any(|json| essence.eq_ignore_ascii_case(json))
    };
    let responses = operation.responses.responses.iter();
    let mut media: Vec<&str> = responses
        .filter(|(status, _)| is_success(status))
        .filter_map(|(_, declared)| resolve(api, declared, at.to_owned()))
        .flat_map(|(declared, _)| declared.content.keys().map(String::as_str))
        .collect();
    media.sort_by_key(|name| (!name.contains("json"), *name));
    media.dedup();
    if media.iter().any(is_json) {
        return None;
    }
    // What is no JSON is asked for only where there is nothing else; XML cannot be read at all.
    let of_json: Vec<&str> = media
        .iter()
        .copied()
        .filter(|name| name.contains("json"))
        .collect();
    if !of_json.is_empty() {
        return Some(of_json.join(", "));
    }
    let is_xml = |name: &&str| name.contains("xml");
    if !media.is_empty() && media.iter().all(is_xml) {
        diagnostics.push(
            Diagnostic::new(
                Rule::Inferred,
                at,
                format!(
                    "answers are declared as `{}`, which is not read; JSON is asked for",
                    media.join("`, `")
                ),
            )
            .help("where the provider answers in JSON as well, declare `application/json`"),
        );
        return None;
    }
    media.retain(|name| !is_xml(name));
    (!media.is_empty()).then(|| media.join(", "))
}

/// The schema of the first success that has one, by status; without any success, that of `default`.
fn success<'a>(api: &'a OpenAPI, operation: &'a Operation, at: &str) -> Option<SchemaRef<'a>> {
    let mut successes: Vec<_> = operation
        .responses
        .responses
        .iter()
        .filter(|(status, _)| is_success(status))
        .collect();
    successes.sort_by_key(|(status, _)| status.to_string());
    if successes.is_empty() {
        let place = pointer::join_all(at, &["responses", "default"]);
        let default = operation.responses.default.as_ref();
        return default.and_then(|response| body(api, response, place));
    }
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

/// Where the access token is: where the document has one, or else what is called like it, or else where RFC 6749 has it.
fn location<'a>(
    shape: &Shape<'a>,
    at: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> String {
    /// Other names, by how sure they are.
    const OTHERS: [&str; 2] = ["accessToken", "token"];
    let mut find = |name| find(shape.clone(), name, schemas, diagnostics);
    if let Some(found) = find("access_token") {
        return found;
    }
    let other = OTHERS.into_iter().find_map(find);
    let (message, location) = match other {
        Some(other) => (
            format!("the success response has no `access_token`; `{other}` is taken for it"),
            other,
        ),
        None => (
            "the success response has no `access_token`; it is read from there all the same"
                .to_owned(),
            "/access_token".to_owned(),
        ),
    };
    diagnostics.push(
        Diagnostic::new(Rule::Inferred, at, message).help(
            "say where the token is, as a JSON Pointer into the response:\nx-tokensmith: {access-token: /token}",
        ),
    );
    location
}

/// The first text of this name on the way down through objects, nearest first, then by name.
fn find<'a>(
    shape: Shape<'a>,
    wanted: &str,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    const MAX_DEPTH: usize = 4;
    let mut queue = VecDeque::from([(shape, String::new(), 0)]);
    while let Some((shape, parent, depth)) = queue.pop_front() {
        if let Some(property) = shape.properties.get(wanted) {
            let kind = schemas.shape(property, diagnostics).united().kind;
            // Under its own name it is the token whatever its schema says.
            if wanted == "access_token" || matches!(kind, Kind::Text | Kind::Any) {
                return Some(pointer::join(&parent, wanted));
            }
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

//! Where a success has its access token, and the type that holds it.

pub(crate) mod accept;
mod envelope;
mod field_location;
pub(crate) mod form;
mod lifetime;
pub(crate) mod stated_location;
mod success;
mod token_fields;
mod token_location;

use std::collections::BTreeMap;

use openapiv3::Operation;
use serde_json::Value;

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::infer::response_member::{Member, add_examples, members, of_value};
use crate::infer::schema::{Kind, Schemas, Shape};
use crate::infer::types::{self, Purpose, Types};
use crate::model::{Expiry, Field};
use crate::openapi::extension::{KEY, OneOrMore};
use crate::openapi::site::Site;
use crate::pointer;
use success::examples;
pub(crate) use success::{body, is_success, resolve, success};
use token_fields::TokenFields;
use token_location::{Place, Sureness};

/// What the success response of a token endpoint says.
pub(crate) struct Token {
    /// JSON Pointers to the access token.
    pub(crate) pointers: Vec<String>,
    pub(crate) expiry: Expiry<String>,
    /// The fields that have another name or place than in the RFCs: the RFC's name, and a JSON Pointer.
    pub(crate) fields: Fields,
    /// Name of the type that holds it.
    pub(crate) ident: String,
}

/// The names of fields in the RFCs, and where a response has them.
type Fields = BTreeMap<String, String>;

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
    let examples = examples(context, operation, site);
    let shape = success(api, operation, &site.pointer, diagnostics);
    if let Some(pointers) = &declared {
        let at = pointer::join_all(&site.pointer, &[KEY, "access-token"]);
        let shown: Vec<&str> = pointers
            .iter()
            .map(|one| {
                if one.is_empty() {
                    "the whole response"
                } else {
                    one
                }
            })
            .collect();
        diagnostics.find(
            Finding::new(Question::AccessToken, shown.join(", ")).by(EvidenceKind::Statement, at),
        );
    }
    let is_whole = match (&declared, &shape) {
        (Some(pointers), _) => pointers.iter().all(String::is_empty),
        (None, shape) => shape.as_ref().is_some_and(|shape| shape.kind == Kind::Text),
    };
    if is_whole {
        let place = pointer::join(&site.pointer, "responses");
        if declared.is_none() {
            let finding = Finding::new(Question::AccessToken, "the whole response");
            diagnostics.find(finding.by(EvidenceKind::Declaration, &place));
        }
        let finding = Finding::new(Question::Expiry, "unknown: the response is the token alone");
        diagnostics.find(finding.by(EvidenceKind::Declaration, place));
        return Some(Token {
            pointers: vec![WHOLE.to_owned()],
            expiry: token_fields::stated_expiry(site).unwrap_or(Expiry::STANDARD),
            fields: site.extension.fields.clone(),
            ident: types.bare_token(diagnostics),
        });
    }
    let has_members = |shape: &Shape<'_>| !shape.properties.is_empty() || shape.items.is_some();
    let Some(shape) = shape.filter(has_members) else {
        return Some(of_examples(
            site,
            &examples,
            declared,
            types,
            schemas,
            diagnostics,
        ));
    };
    let mut members = members(&shape, schemas, diagnostics);
    add_examples(&mut members, &examples);
    let pointers = declared
        .unwrap_or_else(|| vec![location(&shape.pointer, &members, &examples, diagnostics)]);
    of_shape(
        (site, label),
        (shape, &members),
        pointers,
        types,
        schemas,
        diagnostics,
    )
}

/// Reads the success response of a token endpoint of which there are examples at most.
fn of_examples<'a>(
    site: &Site,
    examples: &[&Value],
    declared: Option<Vec<String>>,
    types: &mut Types,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Token {
    let pointers = declared.unwrap_or_else(|| {
        let place = token_location::of_examples(examples);
        if let Some(place) = &place {
            place.tell(&site.pointer, EvidenceKind::Example, diagnostics);
        }
        vec![place.map_or_else(standard, |place| place.pointer)]
    });
    if examples.is_empty() && site.extension.access_token.is_none() {
        diagnostics.find(undeclared(&site.pointer));
    }
    let mut shown = examples.iter().map(|example| of_value(example));
    let is_token = |members: &Vec<Member<'_>>| {
        let is_there = |member: &Member<'_>| pointers.contains(&member.pointer);
        members.iter().any(is_there)
    };
    let members = shown.find(is_token).unwrap_or_default();
    let beside = TokenFields::find(site, &members, &pointers, &site.pointer, diagnostics);
    let ident = types.default_token(diagnostics);
    let fields = declared_fields(&beside.fields, (site, None), schemas, diagnostics);
    types.add_fields(&ident, fields, &[]);
    Token {
        pointers,
        expiry: beside.expiry,
        fields: beside.fields,
        ident,
    }
}

/// Says that nothing is declared of a success.
fn undeclared(at: &str) -> Finding {
    let message = "the document does not say what a success holds; it is read as RFC 6749, section 5.1 has it";
    let help = "declare it, in an overlay where the document is a vendor's:\n\
         '200': {description: The token., content: {application/json: {schema: {properties: {access_token: {type: string}, expires_in: {type: integer}}}}}}";
    let at = pointer::join(at, "responses");
    Finding::new(Question::AccessToken, "/access_token")
        .by(EvidenceKind::Convention, &at)
        .inferred(at, message, help)
}

/// Reads the success response of a token endpoint that declares members.
fn of_shape<'a>(
    (site, label): (&Site, &str),
    (shape, members): (Shape<'a>, &[Member<'a>]),
    pointers: Vec<String>,
    types: &mut Types,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<Token> {
    let first = pointers.iter().find(|pointer| !pointer.is_empty())?;
    let parent = pointer::parent(first).unwrap_or_default();
    let holder = holder(shape.clone(), first, schemas, diagnostics)?;
    stated_location::check(site, &shape, schemas, diagnostics);
    let beside = TokenFields::find(site, members, &pointers, &shape.pointer, diagnostics);
    envelope::tell(site, members, first, &shape.pointer, diagnostics);
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
    let renamed: Vec<String> = beside
        .fields
        .values()
        .filter_map(|pointer| {
            let (holder, _) = pointer.rsplit_once('/')?;
            (holder == parent).then(|| pointer::tokens(pointer).last())?
        })
        .collect();
    let fields = declared_fields(&beside.fields, (site, Some(&shape)), schemas, diagnostics);
    types.add_fields(&ident, fields, &renamed);
    Some(Token {
        pointers,
        expiry: beside.expiry,
        fields: beside.fields,
        ident,
    })
}

/// The fields that are elsewhere, under their names in the RFC and with the types that the document gives them.
fn declared_fields<'a>(
    fields: &Fields,
    (site, response): (&Site, Option<&Shape<'a>>),
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Vec<Field> {
    fields
        .iter()
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

/// Where RFC 6749 has the access token.
fn standard() -> String {
    "/access_token".to_owned()
}

/// Where the access token is: where the schema has what is called like it, or else an example, or else the only token there is.
fn location(
    at: &str,
    members: &[Member<'_>],
    examples: &[&Value],
    diagnostics: &mut Diagnostics,
) -> String {
    let by_schema = token_location::of_members(members);
    let is_named = |place: &Place| place.sureness < Sureness::Kindred;
    let declared = |place| (place, EvidenceKind::Declaration);
    let shown = |place| (place, EvidenceKind::Example);
    let found = match by_schema {
        Some(place) if is_named(&place) => Some(declared(place)),
        other => {
            let of_examples = token_location::of_examples(examples).map(shown);
            of_examples.or(other.map(declared))
        }
    };
    if let Some((place, kind)) = found {
        place.tell(at, kind, diagnostics);
        return place.pointer;
    }
    let finding = Finding::new(Question::AccessToken, standard());
    diagnostics.find(finding.by(EvidenceKind::Convention, at));
    let message = "the success response declares no access token; it is read from `/access_token`";
    diagnostics.push(
        Diagnostic::new(Rule::UndeclaredToken, at, message).help(
            "add the property `access_token`, or say where the token is, as a JSON Pointer into the response:\n\
             x-tokensmith: {access-token: /token}\n\
             or, where the operation gives no token, that it is not a token endpoint:\n\
             x-tokensmith: {endpoint: none}",
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

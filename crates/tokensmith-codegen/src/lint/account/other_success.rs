//! Successes beside the one that is read: those that lack what every success is read for, and what others declare beside it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::endpoint_parts::Known;
use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name::letters;
use crate::model::{Endpoint, EndpointKind};
use crate::openapi::media::Media;
use crate::openapi::operation::{Operation, Response};
use crate::openapi::reference::resolve;
use crate::openapi::schema::Schema;
use crate::pointer;

/// Schemas within schemas deeper than this are not looked at.
const DEEPEST: usize = 12;

/// Tells what the other successes of an operation have.
pub(super) fn tell(
    root: &Value,
    operation: &Operation<'_>,
    (endpoint, known): (&Endpoint, &Known<'_>),
) -> Vec<Diagnostic> {
    let wanted = wanted(endpoint);
    // A refusal is known by its own mark.
    if wanted.is_empty() || !endpoint.attributes.failures.is_empty() {
        return Vec::new();
    }
    let responses = operation.responses();
    let mut successes: Vec<(&Response<'_>, Vec<&Value>)> = responses
        .iter()
        .filter(|response| response.status.starts_with('2'))
        .map(|response| (response, schemas(root, response)))
        .filter(|(_, schemas)| !schemas.is_empty())
        .collect();
    successes.sort_by_key(|(response, _)| response.status);
    let has_wanted = |(_, schemas): &(&Response<'_>, Vec<&Value>)| {
        let mut wanted = wanted.iter();
        wanted.any(|at| !members_at(root, schemas, at).is_empty())
    };
    // Where no success has it, something else is told.
    let Some(main) = successes.iter().position(has_wanted) else {
        return Vec::new();
    };
    let read = successes.swap_remove(main);
    let mut told = Vec::new();
    for other in &successes {
        told.extend(match has_wanted(other) {
            true => undeclared((root, known), &read.1, other, &wanted),
            false => without(root, other, endpoint.kind, &wanted),
        });
    }
    told
}

/// Where a success has what it is read for; nothing where nothing has to be there.
fn wanted(endpoint: &Endpoint) -> Vec<String> {
    let attributes = &endpoint.attributes;
    let field = |name: &str| {
        let mut fields = attributes.fields.iter();
        let stated = fields.find(|(field, _)| field == name);
        vec![stated.map_or_else(|| format!("/{name}"), |(_, pointer)| pointer.clone())]
    };
    match endpoint.kind {
        EndpointKind::Token => {
            let all = attributes.access_token.iter();
            all.filter(|pointer| !pointer.is_empty()).cloned().collect()
        }
        EndpointKind::Introspection => field("active"),
        EndpointKind::DeviceAuthorization => field("device_code"),
        EndpointKind::PushedAuthorization => field("request_uri"),
        EndpointKind::Registration => field("client_id"),
        _ => Vec::new(),
    }
}

/// The schemas of a response's bodies that say which members there are; many media types may have the same one.
fn schemas<'a>(root: &'a Value, response: &Response<'a>) -> Vec<&'a Value> {
    let bodies = response.bodies(root);
    let schemas = bodies.iter().filter_map(Media::schema);
    let schemas = schemas.map(|schema| schema.value);
    let mut seen = BTreeSet::new();
    schemas
        .filter(|schema| {
            let end = resolve(root, schema, "").ok();
            end.is_some_and(|end| seen.insert(std::ptr::from_ref(end.value)))
        })
        .filter(|schema| {
            let mut below = schemas_below(root, &[schema]);
            below.any(|schema| Schema(schema).properties().next().is_some())
        })
        .collect()
}

fn without(
    root: &Value,
    (response, schemas): &(&Response<'_>, Vec<&Value>),
    kind: EndpointKind,
    wanted: &[String],
) -> Option<Diagnostic> {
    let members = members_of(root, schemas);
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let what = match kind {
        EndpointKind::Token => "the access token",
        _ => "what the endpoint gives",
    };
    let message = format!(
        "the success {} ({}) has nothing at `{}`, where {what} is read; such a response is an error",
        response.status.escape_debug(),
        list(&unique(&names)),
        wanted.join("`, `").escape_debug(),
    );
    let is_token = |name: &&&str| kind == EndpointKind::Token && letters(name).ends_with("token");
    let help = match names.iter().find(is_token) {
        Some(name) => {
            let places = wanted.join(", ");
            let other = pointer::join("", name);
            format!(
                "where the token is there, say so:\nx-tokensmith: {{access-token: [{places}, {other}]}}"
            )
        }
        None => format!(
            "where it means an error, say by which member and value it is known:\nx-tokensmith: {{failure: [{}]}}",
            mark(root, &members)
        ),
    };
    Some(Diagnostic::new(Rule::Unused, &response.declared.pointer, message).help(help))
}

/// What a response is known by: a member that has few values, or else that there is one at all.
fn mark(root: &Value, members: &[(&str, &Value)]) -> String {
    let with_values = members.iter().find_map(|(name, schema)| {
        let schema = resolve(root, schema, "").ok()?;
        let values = schema.value.get("enum")?.as_array()?;
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        Some((*name, format!("is: [{}]", values.join(", "))))
    });
    let first = || {
        let (name, _) = members.first()?;
        Some((*name, "is-not: [\"\"]".to_owned()))
    };
    let (name, values) = with_values.or_else(first).unwrap_or_default();
    format!("{{at: {}, {values}}}", pointer::join("", name))
}

/// What another success declares beside the token, and the one that is read does not.
fn undeclared(
    (root, already): (&Value, &Known<'_>),
    read: &[&Value],
    (response, schemas): &(&Response<'_>, Vec<&Value>),
    wanted: &[String],
) -> Option<Diagnostic> {
    let holder = |schemas: &[&Value]| -> BTreeSet<String> {
        let places = wanted.iter().filter_map(|at| pointer::parent(at));
        let holders = places.flat_map(|at| match at {
            "" => schemas_below(root, schemas),
            at => schemas_below(root, &members_at(root, schemas, at)),
        });
        let members = holders.flat_map(|schema| Schema(schema).properties());
        members.map(|(name, _)| name.to_owned()).collect()
    };
    let known = holder(read);
    let own = holder(schemas);
    let others: Vec<&str> = own
        .difference(&known)
        .map(String::as_str)
        // What means something to OAuth is told by itself.
        .filter(|name| already.is_read(name))
        .collect();
    (!others.is_empty()).then(|| {
        let message = format!(
            "{}: declared for the success {} alone, and no type has it as a field",
            list(&others),
            response.status.escape_debug()
        );
        let help = "read it from `extra` of the response; to get a field, declare it for the first success as well, in an overlay where the document is a vendor's";
        Diagnostic::new(Rule::Unused, &response.declared.pointer, message).help(help)
    })
}

fn unique<'n>(names: &[&'n str]) -> Vec<&'n str> {
    let names: BTreeSet<&str> = names.iter().copied().collect();
    names.into_iter().collect()
}

/// What stands at a pointer, as the schemas have it.
fn members_at<'a>(root: &'a Value, schemas: &[&'a Value], at: &str) -> Vec<&'a Value> {
    let mut found = schemas.to_vec();
    for token in pointer::tokens(at) {
        let is_index = token.bytes().all(|digit| digit.is_ascii_digit());
        let below = schemas_below(root, &found);
        found = below
            .filter_map(|schema| {
                let property = Schema(schema).property(&token);
                property.or_else(|| schema.get("items").filter(|_| is_index))
            })
            .collect();
    }
    found
}

fn members_of<'a>(root: &'a Value, schemas: &[&'a Value]) -> Vec<(&'a str, &'a Value)> {
    let below = schemas_below(root, schemas);
    below
        .flat_map(|schema| Schema(schema).properties())
        .collect()
}

/// The schemas and their parts and branches, references followed.
fn schemas_below<'a>(
    root: &'a Value,
    schemas: &[&'a Value],
) -> impl Iterator<Item = &'a Value> + use<'a> {
    let mut found: Vec<&Value> = Vec::new();
    let mut open: Vec<(&Value, usize)> = schemas.iter().map(|schema| (*schema, 0)).collect();
    let mut seen = BTreeSet::new();
    while let Some((schema, depth)) = open.pop() {
        let Ok(end) = resolve(root, schema, "") else {
            continue;
        };
        if depth > DEEPEST || !seen.insert(std::ptr::from_ref(end.value)) {
            continue;
        }
        found.push(end.value);
        let parts = Schema(end.value).parts();
        open.extend(parts.map(|(_, _, part)| (part, depth + 1)));
    }
    found.into_iter()
}

//! Examples: that there are some, and that they are what their schemas say. They become the tests of the generated crate.

use std::collections::HashSet;

use serde_json::Value;

use super::Subject;
use super::validate::Validator;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::direction::Direction;
use crate::openapi::media::{self, Example, Media};
use crate::openapi::reference::{Located, resolve};
use crate::openapi::schema::Schema;
use tokensmith_description::EndpointKind;

pub(super) fn lint(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let root = subject.root;
    let requests = subject.operation.requests();
    let responses = subject.operation.responses();
    let responses = responses.iter().flat_map(|response| response.bodies(root));
    let responses: Vec<Media<'_>> = responses.collect();
    let mut has_example = false;
    // Media types share their schemas as a rule.
    let mut seen = HashSet::new();
    let requests = requests.iter().map(|media| (media, Direction::Request));
    let responses = responses.iter().map(|media| (media, Direction::Response));
    for (media, direction) in requests.chain(responses) {
        let members = media.value.as_object();
        let examples = members.map(|members| media::examples(root, members, &media.pointer));
        let examples = examples.unwrap_or_default();
        has_example = has_example
            || !examples.is_empty()
            || media
                .schema()
                .is_some_and(|schema| in_schema(root, schema.value, &mut seen));
        for example in examples {
            check((root, direction), media, &example, diagnostics);
        }
    }
    if subject.site.kind == EndpointKind::Token && !has_example {
        let message = "neither a request nor a response has an example";
        diagnostics.push(
            Diagnostic::new(Rule::NoExample, &subject.site.pointer, message).help(
                "add one to each media type: examples become tests of the generated crate\n\
                 example: {access_token: abc, token_type: Bearer, expires_in: 3600}",
            ),
        );
    }
}

/// Whether a schema, or a property of it, has an example. One that was seen before has none.
fn in_schema<'a>(root: &'a Value, schema: &'a Value, seen: &mut HashSet<*const Value>) -> bool {
    let Ok(Located { value, .. }) = resolve(root, schema, "") else {
        return false;
    };
    if !seen.insert(std::ptr::from_ref(value)) {
        return false;
    }
    let has_one = |value: &Value| {
        value
            .get("example")
            .or_else(|| value.get("examples"))
            .is_some()
    };
    has_one(value)
        || Schema(value).properties().any(|(_, property)| {
            resolve(root, property, "").is_ok_and(|property| has_one(property.value))
        })
}

/// Holds an example against its schema.
fn check(
    (root, direction): (&Value, Direction),
    media: &Media<'_>,
    example: &Example<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(schema) = media.schema() else {
        return;
    };
    // A body that is written out as text.
    if example.value.is_string() {
        return;
    }
    let Some(fault) =
        Validator::new(root, direction, diagnostics.budget()).fault(schema.value, example.value)
    else {
        return;
    };
    let place = example.pointer.clone() + &fault.pointer;
    diagnostics.push(
        Diagnostic::new(
            Rule::WrongExample,
            place,
            format!("the example is not what its schema says: {}", fault.message),
        )
        .help("correct whichever of the two is wrong"),
    );
}

//! The forms of a success: those with a token, refusals, and others without a token.

use openapiv3::{OpenAPI, Operation};

use super::token_location::{self, Sureness};
use super::{body, is_success};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::schema::{Schemas, Shape};
use crate::pointer;

/// More forms are taken as one.
const MOST: usize = 32;

/// A success without the forms that are refusals, which have a type of their own. Other forms without a token are told.
pub(super) fn without_refusals<'a>(
    mut shape: Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Shape<'a> {
    let forms = without_token(&shape, schemas, diagnostics);
    if forms.is_empty() {
        return shape;
    }
    for form in forms.iter().filter(|form| !is_refusal(form)) {
        let mark = mark(form, &shape, schemas, diagnostics);
        tell(form, mark, diagnostics);
    }
    let refusals: Vec<&str> = forms
        .iter()
        .filter(|form| is_refusal(form))
        .map(|form| form.pointer.as_str())
        .collect();
    shape
        .branches
        .retain(|form| !refusals.contains(&form.pointer.as_str()));
    shape
}

/// The refusals among the forms of an operation's successes.
pub(crate) fn refusals<'a>(
    api: &'a OpenAPI,
    operation: &'a Operation,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<Shape<'a>> {
    let schemas = Schemas { api };
    let responses = operation.responses.responses.iter();
    let mut refusals = Vec::new();
    for (status, response) in responses.filter(|(status, _)| is_success(status)) {
        let place = pointer::join_all(at, &["responses", &status.to_string()]);
        let Some(schema) = body(api, response, place) else {
            continue;
        };
        let shape = schemas.shape(&schema, diagnostics);
        let forms = without_token(&shape, schemas, diagnostics);
        refusals.extend(forms.into_iter().filter(is_refusal));
    }
    refusals
}

/// The forms in which there is no token, beside others that have one.
fn without_token<'a>(
    shape: &Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Vec<Shape<'a>> {
    let has_token = |form: &Shape<'a>, diagnostics: &mut Diagnostics| {
        let place = token_location::of_schema(form, schemas, diagnostics);
        place.is_some_and(|place| place.sureness < Sureness::Kindred)
    };
    if !(2..=MOST).contains(&shape.branches.len()) {
        return Vec::new();
    }
    let shared = Shape {
        branches: Vec::new(),
        ..shape.clone()
    };
    if has_token(&shared, diagnostics) {
        return Vec::new();
    }
    let forms = shape.branches.iter();
    let (with, without): (Vec<_>, Vec<_>) = forms
        .map(|form| (form, has_token(&form.clone().united(), diagnostics)))
        .partition(|(_, has_token)| *has_token);
    if with.is_empty() {
        return Vec::new();
    }
    let without = without.into_iter().map(|(form, _)| form.clone());
    without.filter(|form| !form.properties.is_empty()).collect()
}

/// Whether a form is an error response by RFC 6749, section 5.2.
fn is_refusal(form: &Shape<'_>) -> bool {
    form.properties.contains_key("error")
}

/// The member by which a form is known, and its values there: by the discriminator, or as no other form has them.
fn mark<'a>(
    form: &Shape<'a>,
    shape: &Shape<'a>,
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<(String, Vec<String>)> {
    let mapped = |name| shape.discriminated.get(name);
    if let (Some(by), Some(values)) = (shape.discriminator, form.name.and_then(mapped)) {
        return Some((by.to_owned(), values.clone()));
    }
    let mut values = |form: &Shape<'a>, name: &str| {
        let property = form.properties.get(name)?;
        Some(schemas.shape(property, diagnostics).values)
    };
    form.properties.keys().find_map(|name| {
        let own = values(form, name).filter(|own| !own.is_empty())?;
        let mut others = shape.branches.iter();
        let is_other = |other: &Shape<'a>| other.pointer != form.pointer;
        let shares = others.any(|other| {
            let theirs = values(other, name);
            let is_same = |theirs: Vec<String>| {
                theirs.is_empty() || theirs.iter().any(|value| own.contains(value))
            };
            is_other(other) && theirs.is_some_and(is_same)
        });
        (!shares).then(|| ((*name).to_owned(), own))
    })
}

fn tell(form: &Shape<'_>, mark: Option<(String, Vec<String>)>, diagnostics: &mut Diagnostics) {
    /// Members that are named.
    const SHOWN: usize = 4;
    let names: Vec<String> = form
        .properties
        .keys()
        .take(SHOWN)
        .map(|name| format!("`{}`", name.escape_debug()))
        .collect();
    let message = format!(
        "a form of the success has no access token ({}); such a response is an error",
        names.join(", ")
    );
    let help = match mark {
        Some((name, values)) => format!(
            "where it means an error, say so:\nx-tokensmith: {{failure: [{{at: {}, is: [{}]}}]}}",
            pointer::join("", &name),
            values.join(", ")
        ),
        // No value is declared that it is known by.
        None => {
            let first = form.properties.keys().next().copied().unwrap_or("status");
            format!(
                "where it means an error, say by which member and value it is known; if by `{first}`, add to the operation:\n\
                 x-tokensmith: {{failure: [{{at: {}, is-not: [\"\"]}}]}}",
                pointer::join("", first)
            )
        }
    };
    diagnostics.push(Diagnostic::new(Rule::Unused, &form.pointer, message).help(help));
}

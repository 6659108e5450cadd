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
        tell(form, diagnostics);
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

fn tell(form: &Shape<'_>, diagnostics: &mut Diagnostics) {
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
    diagnostics.push(Diagnostic::new(Rule::Unused, &form.pointer, message).help(
        "where it means an error, say by which member and value it is known, as in\nx-tokensmith: {failure: [{at: /status, is: [pending]}]}",
    ));
}

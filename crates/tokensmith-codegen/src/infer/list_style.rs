//! How a list is written where there is only text.

use openapiv3::{HeaderStyle, Parameter as ApiParameter, PathStyle, QueryStyle};

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::schema::{Kind, Shape};

/// What stands between the items of a list, where it does not repeat the parameter; `None` for a style that cannot be written.
pub(crate) fn separator(parameter: &ApiParameter) -> Option<Option<&'static str>> {
    match parameter {
        ApiParameter::Query {
            style,
            parameter_data,
            ..
        } => {
            let explode = parameter_data.explode;
            query_separator(style, explode.unwrap_or(*style == QueryStyle::Form))
        }
        ApiParameter::Path {
            style: PathStyle::Simple,
            ..
        } => Some(Some(",")),
        ApiParameter::Header {
            style: HeaderStyle::Simple,
            ..
        } => Some(None),
        ApiParameter::Path { .. } | ApiParameter::Cookie { .. } => None,
    }
}

pub(crate) fn query_separator(style: &QueryStyle, explode: bool) -> Option<Option<&'static str>> {
    match (style, explode) {
        (QueryStyle::DeepObject, _) => None,
        (_, true) => Some(None),
        (QueryStyle::Form, false) => Some(Some(",")),
        (QueryStyle::SpaceDelimited, false) => Some(Some(" ")),
        (QueryStyle::PipeDelimited, false) => Some(Some("|")),
    }
}

/// What stands between scopes where OpenAPI would repeat the parameter: OAuth has one text (RFC 6749, section 3.3).
pub(crate) fn of_scopes(
    name: &str,
    shape: &Shape<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<&'static str> {
    if shape.kind != Kind::List || !["scope", "scopes"].contains(&name) {
        return None;
    }
    let message = format!(
        "`{name}` is a list, which OpenAPI repeats; it is sent once, as OAuth has it, with a space between its items"
    );
    let help =
        "say so in the document:\nencoding: {scope: {style: spaceDelimited, explode: false}}";
    let finding = Finding::new(
        Question::Parameter,
        "sent once, with a space between its items",
    )
    .of(name)
    .by(EvidenceKind::Convention, &shape.pointer)
    .inferred(&shape.pointer, message, help);
    diagnostics.find(finding);
    Some(SPACE)
}

/// Between scopes, unless the operation has another separator.
pub(crate) const SPACE: &str = " ";

/// Says that a parameter cannot be written; one that need not be there is left out.
pub(crate) fn odd_style(name: &str, required: bool, at: &str) -> Diagnostic {
    let (rule, consequence) = if required {
        (Rule::Unsupported, "")
    } else {
        (Rule::LeftOut, "; it is left out")
    };
    let message = format!(
        "the style of the parameter `{}` is not supported{consequence}",
        name.escape_debug()
    );
    Diagnostic::new(rule, at, message).help(
        "use `form`, `spaceDelimited` or `pipeDelimited`, or `simple` in a path or header; for JSON text declare it so:\n\
         content: {application/json: {schema: ..}}",
    )
}

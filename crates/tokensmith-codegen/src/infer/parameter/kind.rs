//! What a parameter takes, by its schema and by its words.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::DeclaredParameter;
use crate::infer::schema::{Kind, Shape};
use crate::infer::types::{enum_def, type_name};
use crate::model::rfc;
use crate::model::{BodyFormat, Location, ParameterKind, Scalar};

/// What a parameter takes.
pub(super) fn kind(
    wire: &str,
    declared: &DeclaredParameter<'_>,
    required: bool,
    formats: &[BodyFormat],
    diagnostics: &mut Diagnostics,
) -> Option<ParameterKind> {
    let shape = &declared.shape;
    let is_scopes = ["scope", "scopes"].contains(&wire);
    let is_object = |shape: &Shape<'_>| shape.kind == Kind::Object;
    Some(match shape.kind {
        Kind::Any if shape.branches.iter().any(is_object) => {
            json(wire, declared, required, diagnostics)?;
            ParameterKind::Json { list: false }
        }
        Kind::Text | Kind::Any if is_scopes => ParameterKind::Scopes { list: false },
        Kind::Text | Kind::Any if wire == "assertion" => ParameterKind::Assertion,
        Kind::Text if !shape.values.is_empty() && is_list_in_words(declared) => {
            diagnostics.find(list_in_words(wire, declared));
            // JSON would make a list of it.
            match declared.location == Location::Body && formats != [BodyFormat::Form] {
                true => ParameterKind::Text,
                false => ParameterKind::TextList,
            }
        }
        Kind::Text if !shape.values.is_empty() && !shape.has_more_values => {
            let ident = type_name(shape.name.unwrap_or(wire), &shape.pointer, diagnostics)?;
            ParameterKind::Enum(enum_def(shape, ident, wire))
        }
        Kind::Any if may_be_any_json(wire, declared, formats) => {
            diagnostics.find(untyped(wire, declared));
            ParameterKind::Json { list: false }
        }
        Kind::Text | Kind::Any => ParameterKind::Text,
        Kind::Integer => ParameterKind::Integer,
        Kind::Number => ParameterKind::Number,
        Kind::Boolean => ParameterKind::Boolean,
        Kind::List => {
            let is_text_only = declared.location != Location::Body || formats == [BodyFormat::Form];
            match declared.items {
                _ if declared.is_json => ParameterKind::Json { list: false },
                Kind::Text | Kind::Any if is_scopes => ParameterKind::Scopes { list: true },
                Kind::Text | Kind::Any => ParameterKind::TextList,
                Kind::Integer | Kind::Number | Kind::Boolean if !declared.is_secret(wire) => {
                    let item = match declared.items {
                        Kind::Integer => Scalar::Integer,
                        Kind::Number => Scalar::Number,
                        _ => Scalar::Boolean,
                    };
                    let json = !is_text_only;
                    ParameterKind::ScalarList { item, json }
                }
                // Where there is only text, each of them is one.
                Kind::Integer | Kind::Number | Kind::Boolean if is_text_only => {
                    ParameterKind::TextList
                }
                Kind::Integer | Kind::Number | Kind::Boolean => ParameterKind::Json { list: true },
                Kind::List | Kind::Object => {
                    json(wire, declared, required, diagnostics)?;
                    ParameterKind::Json { list: false }
                }
            }
        }
        Kind::Object => {
            json(wire, declared, required, diagnostics)?;
            ParameterKind::Json { list: false }
        }
    })
}

/// Whether a member of a JSON body has a schema that says nothing of it: not its type, and nothing that only texts have.
fn may_be_any_json(wire: &str, declared: &DeclaredParameter<'_>, formats: &[BodyFormat]) -> bool {
    let shape = &declared.shape;
    let is_in_json = declared.location == Location::Body && formats == [BodyFormat::Json];
    let is_bare = shape.branches.is_empty()
        && shape.values.is_empty()
        && shape.format.is_none()
        && shape.pattern.is_none()
        && shape.min_length.or(shape.max_length).is_none();
    let is_structure = |text: &String| text.trim_start().starts_with(['{', '[']);
    let mut samples = [&shape.default, &shape.example, &shape.body_example]
        .into_iter()
        .flatten();
    let is_known = rfc::is_defined(wire) || declared.is_secret(wire);
    is_in_json && is_bare && !is_known && samples.all(is_structure)
}

fn untyped(wire: &str, declared: &DeclaredParameter<'_>) -> Finding {
    let at = &declared.shape.pointer;
    let message = format!(
        "the schema of `{}` has no type: requests take any JSON for it",
        wire.escape_debug()
    );
    Finding::new(Question::Parameter, "any JSON")
        .of(wire)
        .by(EvidenceKind::Convention, at)
        .inferred(at, message, "where it is a text, say so:\ntype: string")
}

/// Whether a value that is no scalar stands where JSON can: elsewhere OpenAPI spreads it over several parameters.
fn json(
    wire: &str,
    declared: &DeclaredParameter<'_>,
    required: bool,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    if declared.is_json || declared.location == Location::Body {
        return Some(());
    }
    let message = format!(
        "the parameter `{}` is an object that is spread over several parameters, which is not supported",
        wire.escape_debug()
    );
    let rule = if required {
        Rule::Unsupported
    } else {
        Rule::LeftOut
    };
    diagnostics.push(
        Diagnostic::new(rule, &declared.shape.pointer, message).help(
            "where the provider takes it as JSON text, declare it so:\ncontent: {application/json: {schema: ..}}",
        ),
    );
    None
}

/// Whether a text that has one of some values is described as several of them with spaces between.
pub(super) fn is_list_in_words(declared: &DeclaredParameter<'_>) -> bool {
    let shape = &declared.shape;
    if shape.kind != Kind::Text || shape.values.len() < 2 {
        return false;
    }
    let words = declared
        .description
        .or(shape.description)
        .unwrap_or_default();
    let words = words.to_lowercase().replace('-', " ");
    [
        "space delimited",
        "space separated",
        "separated by spaces",
        "separated by a space",
    ]
    .iter()
    .any(|phrase| words.contains(phrase) && !words.contains(&format!("not {phrase}")))
}

fn list_in_words(wire: &str, declared: &DeclaredParameter<'_>) -> Finding {
    let at = &declared.shape.pointer;
    let message = format!(
        "by its description, `{}` is a list with spaces between its items; its values are not checked",
        wire.escape_debug()
    );
    let help = "declare a list:\nstyle: spaceDelimited\nexplode: false\nschema: {type: array, items: {type: string}}";
    Finding::new(Question::Parameter, "a list with spaces between its items")
        .of(wire)
        .by(EvidenceKind::Description, at)
        .inferred(at, message, help)
}

//! The model of one request parameter.

mod kind;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::{DeclaredParameter, constant};
use crate::infer::list_style;
use crate::infer::schema::{Kind, Shape};
use crate::infer::security::BEARER;
use crate::infer::types::{spelt_out, unusable};
use crate::model::pattern::Pattern;
use crate::model::{BodyFormat, Location, Parameter, ParameterKind, name};
use crate::openapi::extension::Random;
use crate::pointer;
use kind::is_list_in_words;

/// The model of one parameter as a grant takes it.
pub(crate) fn parameter(
    wire: &str,
    declared: &DeclaredParameter<'_>,
    required: bool,
    formats: &[BodyFormat],
    diagnostics: &mut Diagnostics,
) -> Option<Parameter> {
    let shape = &declared.shape;
    let ident = ident(wire, declared, required, diagnostics)?;
    let description = declared.description.or(shape.description);
    let values: usize = shape.values.iter().map(String::len).sum();
    let length = wire.len() + description.map_or(0, str::len) + values;
    if !diagnostics.budget().text(length, &shape.pointer) {
        return None;
    }
    let kind = kind::kind(wire, declared, required, formats, diagnostics)?;
    let secret = is_secret(wire, declared, &kind);
    let is_number = matches!(kind, ParameterKind::Integer | ParameterKind::Number);
    let is_scopes = matches!(kind, ParameterKind::Scopes { .. });
    let is_list = matches!(
        kind,
        ParameterKind::TextList
            | ParameterKind::ScalarList { .. }
            | ParameterKind::Scopes { list: true }
    );
    if let Some(diagnostic) = default_beside_values(wire, shape, required) {
        diagnostics.push(diagnostic);
    }
    let length = |length: Option<usize>| length.and_then(|length| u32::try_from(length).ok());
    Some(Parameter {
        wire: wire.to_owned(),
        ident,
        description: described(description, shape, &kind),
        location: declared.location,
        required,
        secret,
        prefix: declared.prefix.map(str::to_owned),
        separator: separator(declared).filter(|_| is_list).map(str::to_owned),
        min_length: length(shape.min_length).filter(|length| *length > 0),
        max_length: length(shape.max_length),
        pattern: pattern(shape, diagnostics),
        values: match (is_number || is_scopes) && !shape.has_more_values {
            true => sorted(&shape.values),
            false => Vec::new(),
        },
        default: default(shape, &kind, required).filter(|text| {
            let is_sent = !(secret && constant(shape).is_none() || is_placeholder(text));
            if required && !is_sent {
                diagnostics.push(unsent_default(wire, shape));
            }
            is_sent
        }),
        random_uuid: random_uuid(declared, &kind, diagnostics),
        example: shape
            .example
            .clone()
            .or(shape.body_example.clone())
            .or(shape.vendor_values.first().cloned()),
        format: shape.format.clone(),
        kind,
    })
}

/// Whether each request has a fresh UUID: in a header or the query, where a document's examples of bodies do not fix the value.
fn random_uuid(
    declared: &DeclaredParameter<'_>,
    kind: &ParameterKind,
    diagnostics: &mut Diagnostics,
) -> bool {
    let shape = &declared.shape;
    let Some(Random::Uuid) = shape.random else {
        return false;
    };
    let is_beside_body = matches!(declared.location, Location::Header | Location::Query);
    if is_beside_body && matches!(kind, ParameterKind::Text) {
        return true;
    }
    let message = "`random` is for texts in headers and in the query";
    diagnostics.push(
        Diagnostic::new(Rule::Extension, &shape.pointer, message)
            .help("remove it: the caller gives the value"),
    );
    false
}

/// What stands between the items of a list.
fn separator(declared: &DeclaredParameter<'_>) -> Option<&'static str> {
    let in_words = || is_list_in_words(declared).then_some(list_style::SPACE);
    declared.separator.or_else(in_words)
}

/// What a parameter is called in Rust; one that cannot be called anything is told.
fn ident(
    wire: &str,
    declared: &DeclaredParameter<'_>,
    required: bool,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let Some(ident) = spelt_out(name::snake, wire) else {
        let mut diagnostic = unusable(wire, &declared.shape.pointer);
        if !required {
            diagnostic.rule = Rule::LeftOut;
            diagnostic.message.push_str("; the parameter is left out");
        }
        diagnostics.push(diagnostic);
        return None;
    };
    // The token is what the caller gives: `bearer`, not the header around it.
    // `X-` says that it is a header (RFC 6648), and not what it is.
    let ident = match (declared.prefix, declared.location, ident.strip_prefix("x_")) {
        (Some(BEARER), ..) => "bearer".to_owned(),
        (_, Location::Header, Some(rest)) => name::snake(rest).unwrap_or(ident),
        _ => ident,
    };
    let is_reserved = ["extra", "path", "new"].contains(&ident.as_str());
    Some(match is_reserved {
        true => format!("{ident}_parameter"),
        false => ident,
    })
}

/// What holds when the caller gives nothing: it is sent, or of an optional parameter it is what the server does without it.
fn default(shape: &Shape<'_>, kind: &ParameterKind, required: bool) -> Option<String> {
    // A required parameter that has one value only needs no word of the caller.
    let only = constant(shape).filter(|_| required);
    match kind {
        ParameterKind::Text
        | ParameterKind::Enum(_)
        | ParameterKind::Integer
        | ParameterKind::Number
        | ParameterKind::Boolean
        | ParameterKind::Scopes { list: false } => shape.default.clone().or(only),
        ParameterKind::TextList
        | ParameterKind::ScalarList { .. }
        | ParameterKind::Scopes { list: true } => {
            let default = shape.default.clone();
            default.filter(|text| shape.kind == Kind::List && kind.takes_list(text))
        }
        _ => None,
    }
}

/// Most values or members that are named.
const SHOWN: usize = 20;

/// What the document says of a parameter; of one that takes any text, with the values that it lists; of one that takes any JSON,
/// with its members.
fn described(description: Option<&str>, shape: &Shape<'_>, kind: &ParameterKind) -> Option<String> {
    let deprecated = shape.deprecated.then(|| "Deprecated.".to_owned());
    let added = listed(shape, kind)
        .into_iter()
        .chain(deprecated_values(shape))
        .chain(deprecated);
    let all: Vec<String> = description
        .map(str::to_owned)
        .into_iter()
        .chain(added)
        .collect();
    (!all.is_empty()).then(|| all.join("\n\n"))
}

/// Names the members of an object, or of each object of a list.
fn members(shape: &Shape<'_>) -> Option<String> {
    let united = shape.clone().united();
    let members = united.properties.keys().map(|name| {
        let required = united.required.contains(name);
        let required = if required { " (required)" } else { "" };
        format!("`{name}`{required}")
    });
    let shown: Vec<String> = members.take(SHOWN).collect();
    let of = match shape.kind {
        Kind::List => "Members of each item",
        _ => "Members",
    };
    let more = if united.properties.len() > SHOWN {
        ", among others"
    } else {
        ""
    };
    (!shown.is_empty()).then(|| format!("{of}: {}{more}.", shown.join(", ")))
}

/// Names what the type of a parameter does not say.
fn listed(shape: &Shape<'_>, kind: &ParameterKind) -> Option<String> {
    if matches!(kind, ParameterKind::Json { .. }) {
        return members(shape);
    }
    let is_open = matches!(kind, ParameterKind::Text) && shape.values.is_empty();
    let of_branches = shape.branches.iter().flat_map(|branch| &branch.values);
    let of_branches = of_branches.filter(|_| is_open);
    let is_unchecked = matches!(kind, ParameterKind::Text | ParameterKind::TextList);
    let own = shape
        .values
        .iter()
        .filter(|_| is_unchecked && shape.kind == Kind::Text || shape.has_more_values);
    let of_vendor = shape.vendor_values.iter();
    let of_vendor = of_vendor.filter(|value| !shape.values.contains(value));
    let listed: Vec<&String> = of_branches.chain(own).chain(of_vendor).collect();
    let shown = listed.iter().take(SHOWN).map(|value| format!("`{value}`"));
    let shown: Vec<String> = shown.collect();
    let more = if listed.len() > SHOWN {
        ", among others"
    } else {
        ""
    };
    (!shown.is_empty()).then(|| format!("Known values: {}{more}.", shown.join(", ")))
}

/// Names the values that the document calls deprecated.
fn deprecated_values(shape: &Shape<'_>) -> Option<String> {
    let values = shape.deprecated_values.iter().take(SHOWN);
    let values: Vec<String> = values.map(|value| format!("`{value}`")).collect();
    (!values.is_empty()).then(|| format!("Deprecated values: {}.", values.join(", ")))
}

/// Whether a text stands for a value: `{{code}}`, `<code>`.
fn is_placeholder(text: &str) -> bool {
    [("{", "}"), ("<", ">")]
        .iter()
        .any(|(open, close)| text.len() > 2 && text.starts_with(open) && text.ends_with(close))
}

/// That a default is none of the values which the document lists.
fn default_beside_values(wire: &str, shape: &Shape<'_>, required: bool) -> Option<Diagnostic> {
    let default = shape.default.as_ref()?;
    let is_open = shape.values.is_empty() || shape.has_more_values;
    if is_open || shape.kind == Kind::List || shape.values.contains(default) {
        return None;
    }
    let effect = match required {
        true => "it is sent all the same where the caller sets none",
        false => "it is not sent",
    };
    let message = format!(
        "the default `{}` of `{}` is not one of its values; {effect}",
        default.escape_debug(),
        wire.escape_debug()
    );
    let at = pointer::join(&shape.pointer, "default");
    let help = "add it to `enum`, or correct it";
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

fn unsent_default(wire: &str, shape: &Shape<'_>) -> Diagnostic {
    let message = format!(
        "the default of `{}` is not sent: a credential has no default, and a placeholder stands for a value",
        wire.escape_debug()
    );
    Diagnostic::new(
        Rule::Unused,
        pointer::join(&shape.pointer, "default"),
        message,
    )
    .help("remove it, or write it as an example:\nexample: 4f9b")
}

fn is_secret(wire: &str, declared: &DeclaredParameter<'_>, kind: &ParameterKind) -> bool {
    match kind {
        ParameterKind::Text | ParameterKind::TextList | ParameterKind::Json { .. } => {
            declared.is_secret(wire)
        }
        // Of a closed list of numbers nothing is left to hide.
        ParameterKind::Integer | ParameterKind::Number => {
            declared.shape.values.is_empty() && declared.is_secret(wire)
        }
        ParameterKind::Assertion => true,
        ParameterKind::Scopes { .. }
        | ParameterKind::ScalarList { .. }
        | ParameterKind::Boolean
        | ParameterKind::Enum(_) => false,
    }
}

/// Numbers by their size, each once.
fn sorted(values: &[String]) -> Vec<String> {
    let mut values = values.to_vec();
    let number = |text: &String| text.parse::<f64>().unwrap_or_default();
    values.sort_by(|left, right| number(left).total_cmp(&number(right)));
    values.dedup();
    values
}

/// A pattern, if the runtime can check it.
fn pattern(shape: &Shape<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let pattern = shape.pattern?;
    let place = pointer::join(&shape.pointer, "pattern");
    let bare = without_slashes(pattern);
    if let Some(bare) = bare {
        diagnostics.push(
            Diagnostic::new(
                Rule::Repaired,
                &place,
                "the slashes of JavaScript are no part of a pattern",
            )
            .help(format!("write it without them:\npattern: '{bare}'")),
        );
    }
    let pattern = bare.unwrap_or(pattern);
    match Pattern::new(pattern) {
        Ok(compiled) => {
            let is_within = diagnostics.budget().parts(compiled.parts(), &place);
            is_within.then(|| pattern.to_owned())
        }
        Err(error) => {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Pattern,
                    place,
                    format!("the pattern is not checked before sending: {error}"),
                )
                .help("write it without look-around, back-references and Unicode classes"),
            );
            None
        }
    }
}

/// The pattern of a literal such as `/^a$/`: with something before `^` or after `$` nothing could ever match.
fn without_slashes(pattern: &str) -> Option<&str> {
    let inner = pattern.strip_prefix('/')?.strip_suffix('/')?;
    (inner.starts_with('^') || inner.ends_with('$')).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_without_the_slashes_of_a_literal() {
        let shape = |pattern| Shape {
            pattern: Some(pattern),
            ..Shape::default()
        };
        let mut diagnostics = Diagnostics::default();
        let mut read = |text| pattern(&shape(text), &mut diagnostics);
        assert_eq!(read("/^[a-z]+$/").as_deref(), Some("^[a-z]+$"));
        assert_eq!(read("/a/").as_deref(), Some("/a/"));
        assert_eq!(read("^/a/$").as_deref(), Some("^/a/$"));
        assert_eq!(read("a(?=b)"), None);
        let rules = diagnostics.into_vec().into_iter();
        let rules: Vec<Rule> = rules.map(|diagnostic| diagnostic.rule).collect();
        assert_eq!(rules, [Rule::Repaired, Rule::Pattern]);
    }
}

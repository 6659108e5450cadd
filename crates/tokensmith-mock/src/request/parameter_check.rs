//! The parameters of a request, held against what the document declares.

use regex_lite::Regex;
use serde_json::Value;
use tokensmith_runtime::{Endpoint, EndpointKind, Location, Operation, Parameter, ParameterKind};

use super::members::{Members, as_text, place};
use crate::refusal::Refusal;

/// What RFCs define for authorization requests, beside what the document declares.
const OF_AUTHORIZATION: [&str; 6] = [
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    // Approves without a page.
    "approve",
];

/// Returns where a parameter stands: of a request without a body, the query has what would be in it.
pub(crate) fn effective(endpoint: &Endpoint<'_>, location: Location) -> Location {
    match location {
        Location::Body if !endpoint.method().has_body() => Location::Query,
        location => location,
    }
}

/// Returns all places of a parameter: its own, and those where it is sent as well.
pub(crate) fn places<'e>(
    endpoint: &'e Endpoint<'_>,
    name: &'e str,
    own: Location,
) -> impl Iterator<Item = Location> + 'e {
    let copies = endpoint.copies().iter();
    let copies = copies.filter(move |(other, _)| *other == name);
    let all = std::iter::once(own).chain(copies.map(|(_, location)| *location));
    all.map(|location| effective(endpoint, location))
}

/// Checks that the request is the operation's: `grant_type`, or `response_type`.
pub(crate) fn grant(
    members: &Members<'_>,
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
) -> Result<(), Refusal> {
    let name = endpoint.grant_type();
    let Some(expected) = operation.grant_type() else {
        return Ok(());
    };
    for location in places(endpoint, name, endpoint.grant_location()) {
        match members.text(location, name) {
            None => return Err(missing(members, name, location)),
            Some(value) if value != expected => {
                let code = match endpoint.kind() {
                    EndpointKind::Authorization => "unsupported_response_type",
                    _ => "unsupported_grant_type",
                };
                let value = value.escape_debug();
                let reason = format!("`{name}` is `{value}`, not `{expected}`");
                return Err(Refusal::new(code, reason));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Returns what is there twice and may not (RFC 6749 section 3.2), each name with its place.
pub(crate) fn repeated(
    members: &Members<'_>,
    operation: &Operation<'_>,
) -> Option<(String, Location)> {
    let declared = || operation.parameters().iter();
    let may_repeat = |name: &str| {
        let is_list = |parameter: &Parameter<'_>| {
            let kind = parameter.kind();
            matches!(kind, ParameterKind::TextList | ParameterKind::JsonList)
                && parameter.separator().is_none()
        };
        // RFC 8693 section 2.1 and RFC 8707 section 2.
        ["audience", "resource"].contains(&name)
            || declared().any(|parameter| parameter.name() == name && is_list(parameter))
    };
    let listed = members.listed.iter();
    let listed = listed.map(|(location, name, _)| (name.as_str(), *location));
    let of_headers = declared().filter(|parameter| parameter.location() == Location::Header);
    let headers = of_headers.map(|parameter| parameter.name());
    let headers = headers.chain(["authorization"]);
    let mut all = listed.chain(headers.map(|name| (name, Location::Header)));
    let found =
        all.find(|(name, location)| members.values(*location, name).len() > 1 && !may_repeat(name));
    found.map(|(name, location)| (name.to_owned(), location))
}

/// Checks the parameters of an operation.
pub(crate) fn parameters(
    members: &Members<'_>,
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
) -> Result<(), Refusal> {
    for parameter in operation.parameters() {
        let name = parameter.name();
        let mut seen = None;
        for location in places(endpoint, name, parameter.location()) {
            let values = members.values(location, name);
            match values.as_slice() {
                [] if parameter.is_required() || seen.is_some() => {
                    return Err(missing(members, name, location));
                }
                [] => {
                    refuse_elsewhere(members, endpoint, parameter)?;
                    break;
                }
                values => value(values, parameter, location, members.is_json)?,
            }
            if seen.as_ref().is_some_and(|seen| *seen != values) {
                return Err(Refusal::request(format!(
                    "`{name}` has another value in the {}",
                    place(location)
                )));
            }
            seen = Some(values);
        }
    }
    Ok(())
}

fn missing(members: &Members<'_>, name: &str, location: Location) -> Refusal {
    let expected = place(location);
    let others = [Location::Body, Location::Query, Location::Header];
    let mut others = others.into_iter().filter(|other| *other != location);
    let reason = match others.find(|other| !members.values(*other, name).is_empty()) {
        Some(other) => format!("`{name}` is in the {}, not in the {expected}", place(other)),
        None => format!("`{name}` is missing in the {expected}"),
    };
    Refusal::request(reason)
}

/// A parameter that is not where it belongs would be ignored in silence.
fn refuse_elsewhere(
    members: &Members<'_>,
    endpoint: &Endpoint<'_>,
    parameter: &Parameter<'_>,
) -> Result<(), Refusal> {
    let location = effective(endpoint, parameter.location());
    let others = [Location::Body, Location::Query];
    let mut others = others.into_iter().filter(|other| *other != location);
    match others.any(|other| !members.values(other, parameter.name()).is_empty()) {
        true => Err(missing(members, parameter.name(), location)),
        false => Ok(()),
    }
}

fn value(
    values: &[Value],
    parameter: &Parameter<'_>,
    location: Location,
    is_json: bool,
) -> Result<(), Refusal> {
    let name = parameter.name();
    let typed = is_json && location == Location::Body;
    let is_list = matches!(
        parameter.kind(),
        ParameterKind::TextList | ParameterKind::JsonList
    );
    for value in values {
        let items = match (value, typed, is_list) {
            (Value::Array(items), true, true) => items.clone(),
            (_, true, true) => return Err(wrong(name, "a JSON array")),
            _ => vec![value.clone()],
        };
        for item in &items {
            let text = as_text(item);
            let text = text.strip_prefix(parameter.prefix()).ok_or_else(|| {
                let prefix = parameter.prefix();
                Refusal::request(format!("`{name}` does not begin with `{prefix}`"))
            })?;
            kind(item, text, parameter, typed)?;
            match parameter.separator().filter(|_| is_list) {
                Some(separator) => {
                    let mut texts = text.split(separator);
                    texts.try_for_each(|text| limits(text, parameter))?;
                }
                None => limits(text, parameter)?,
            }
        }
    }
    Ok(())
}

fn kind(value: &Value, text: &str, parameter: &Parameter<'_>, typed: bool) -> Result<(), Refusal> {
    let (fits, expected) = match parameter.kind() {
        ParameterKind::Text | ParameterKind::TextList => (value.is_string(), "a string"),
        ParameterKind::Integer if typed => (value.is_i64() || value.is_u64(), "a whole number"),
        ParameterKind::Integer => (text.parse::<i64>().is_ok(), "a whole number"),
        ParameterKind::Number if typed => (value.is_number(), "a number"),
        ParameterKind::Number => (text.parse::<f64>().is_ok(), "a number"),
        ParameterKind::Boolean if typed => (value.is_boolean(), "true or false"),
        ParameterKind::Boolean => (text.parse::<bool>().is_ok(), "true or false"),
        ParameterKind::Json | ParameterKind::JsonList => {
            let is_json = typed || serde_json::from_str::<Value>(text).is_ok();
            // A text in a list is itself.
            let is_item = parameter.kind() == ParameterKind::JsonList;
            (is_json || is_item, "JSON")
        }
    };
    match fits {
        true => Ok(()),
        false => Err(wrong(parameter.name(), expected)),
    }
}

fn wrong(name: &str, expected: &str) -> Refusal {
    Refusal::request(format!("`{name}` is not {expected}"))
}

/// The error names the limit and never the value.
fn limits(text: &str, parameter: &Parameter<'_>) -> Result<(), Refusal> {
    let name = parameter.name();
    let length = text.chars().count();
    let bound = |bound: Option<u32>| bound.and_then(|bound| usize::try_from(bound).ok());
    let refuse = |reason: String| Err(Refusal::request(format!("`{name}` {reason}")));
    if let Some(most) = bound(parameter.max_length()).filter(|most| length > *most) {
        return refuse(format!("has {length} characters, more than {most}"));
    }
    if let Some(least) = bound(parameter.min_length()).filter(|least| length < *least) {
        return refuse(format!("has {length} characters, less than {least}"));
    }
    // A default is sent as it is declared, also where the list of values lacks it.
    let is_listed = parameter.values().contains(&text) || parameter.default() == Some(text);
    if !parameter.values().is_empty() && !is_listed {
        return refuse(format!("is not one of: {}", parameter.values().join(", ")));
    }
    if let Some(pattern) = parameter.pattern()
        && Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text))
    {
        return refuse(format!("does not match {pattern}"));
    }
    Ok(())
}

/// Returns the names that nobody declares, each with its place.
pub(crate) fn undeclared(
    members: &Members<'_>,
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
) -> Vec<String> {
    let of_path = endpoint
        .paths()
        .iter()
        .filter_map(|path| path.split_once('?'));
    let of_path: Vec<&str> = of_path
        .flat_map(|(_, query)| query.split('&'))
        .map(|part| part.split('=').next().unwrap_or(part))
        .collect();
    let is_known = |location: Location, name: &str| {
        let mut declared = operation.parameters().iter();
        let is_authorization = endpoint.kind() == EndpointKind::Authorization;
        location == Location::Path
            || declared.any(|parameter| parameter.name() == name)
            || name == endpoint.grant_type() && operation.grant_type().is_some()
            || name == endpoint.client_id()
            || name == endpoint.client_secret()
            || ["client_assertion", "client_assertion_type"].contains(&name)
            || is_authorization && OF_AUTHORIZATION.contains(&name)
            || endpoint.kind() == EndpointKind::EndSession && name == "state"
            || location == Location::Query && of_path.contains(&name)
    };
    let unknown = members.listed.iter();
    let unknown = unknown.filter(|(location, name, _)| !is_known(*location, name));
    unknown
        .map(|(location, name, _)| format!("`{}` in the {}", name.escape_debug(), place(*location)))
        .collect()
}

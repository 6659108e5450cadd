//! The parameters of a request, held against what the document declares.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::fresh::Fresh;
use super::typed_value::TypedValue;
use crate::request::value::NamedValue;
use crate::response::authorization_details::AUTHORIZATION_DETAILS;
use crate::{
    Assertion, Endpoint, EndpointKind, Error, Location, Operation, Parameter, ParameterKind, Value,
};

/// A parameter that may be sent.
pub(in crate::protocol) struct Checked<'a> {
    pub(in crate::protocol) name: &'a str,
    pub(in crate::protocol) location: Location,
    pub(in crate::protocol) secret: bool,
    /// What stands before the value in a header.
    pub(in crate::protocol) prefix: &'a str,
    separator: Option<&'a str>,
    value: TypedValue<'a>,
}

impl<'a> Checked<'a> {
    fn of(declared: &Parameter<'a>, value: TypedValue<'a>) -> Self {
        Self {
            name: declared.name(),
            location: declared.location(),
            secret: declared.is_secret(),
            prefix: declared.prefix(),
            separator: declared.separator(),
            value,
        }
    }

    /// The parameter with its declared default, if there is one.
    fn default(declared: &Parameter<'a>, separator: &str) -> Result<Option<Self>, Error> {
        if declared.is_random_uuid() {
            return Ok(Some(Self::of(declared, TypedValue::RandomUuid)));
        }
        let Some(default) = declared.default() else {
            return Ok(None);
        };
        let kind = declared.kind();
        let value = match TypedValue::of_list(default, kind) {
            Some(list) => list,
            None => convert(declared.name(), Value::from(default), Some(kind), separator)?,
        };
        Ok(Some(Self::of(declared, value)))
    }

    /// The assertion that has to be made before the parameter can be written.
    pub(in crate::protocol) fn assertion(&self) -> Option<&'a Assertion> {
        match self.value {
            TypedValue::Assertion(assertion) => Some(assertion),
            _ => None,
        }
    }

    /// Whether the value has to be made before the parameter can be written.
    pub(in crate::protocol) fn is_random_uuid(&self) -> bool {
        matches!(self.value, TypedValue::RandomUuid)
    }

    /// The value where there is only text; a list without a separator is repeated.
    pub(in crate::protocol) fn texts<'t>(&'t self, fresh: &'t Fresh<'_>) -> Vec<Cow<'t, str>> {
        let items = self.value.items(self.name, fresh);
        match self.separator {
            Some(separator) if items.len() > 1 => vec![Cow::Owned(items.join(separator))],
            _ => items,
        }
    }

    /// The texts that must not be seen of a secret value, also within JSON.
    pub(in crate::protocol) fn hidden<'t>(&'t self, fresh: &'t Fresh<'_>) -> Vec<Cow<'t, str>> {
        let mut texts = self.texts(fresh);
        self.value.add_inner_texts(&mut texts);
        texts
    }

    /// The value where it keeps its type.
    pub(in crate::protocol) fn json(&self, fresh: &Fresh<'_>) -> Json {
        self.value.json(self.name, fresh)
    }
}

/// Checks everything that was given, and adds the defaults of what was not.
pub(in crate::protocol) fn check<'a>(
    endpoint: &Endpoint<'a>,
    operation: &Operation<'a>,
    given: Vec<NamedValue<'a>>,
) -> Result<Vec<Checked<'a>>, Error> {
    let separator = endpoint.scope_separator();
    let mut checked: Vec<Checked<'a>> = Vec::with_capacity(given.len());
    for NamedValue { name, value } in given {
        if checked.iter().any(|parameter| parameter.name == name) {
            return Err(refuse(name, "is given twice"));
        }
        let declared = operation
            .parameters()
            .iter()
            .find(|declared| declared.name() == name);
        let secret = matches!(
            value,
            Value::Secret(_) | Value::SecretList(_) | Value::SecretJson(_) | Value::Assertion(_)
        ) || declared.is_some_and(Parameter::is_secret);
        let value = convert(name, value, kind(name, declared), separator)?;
        let parameter = Checked {
            name,
            location: declared.map_or(Location::Body, Parameter::location),
            secret,
            prefix: declared.map_or("", Parameter::prefix),
            separator: declared.and_then(Parameter::separator),
            value,
        };
        if let Some(declared) = declared {
            limit(&parameter, declared)?;
        }
        checked.push(parameter);
    }
    require_scopes(endpoint, operation, &mut checked)?;
    for declared in operation.parameters() {
        let name = declared.name();
        if checked.iter().any(|parameter| parameter.name == name) {
            continue;
        }
        if let Some(default) = Checked::default(declared, separator)? {
            checked.push(default);
        } else if declared.is_required() {
            return Err(refuse(name, "is required"));
        }
    }
    Ok(checked)
}

/// The type that a parameter is sent as. A document may declare `authorization_details` as a list;
/// in a form it is one JSON text all the same (RFC 9396 section 2).
fn kind(name: &str, declared: Option<&Parameter<'_>>) -> Option<ParameterKind> {
    match name {
        AUTHORIZATION_DETAILS => Some(ParameterKind::Json),
        _ => declared.map(Parameter::kind),
    }
}

/// Brings a value into the type that it is sent as.
fn convert<'a>(
    name: &str,
    value: Value<'a>,
    kind: Option<ParameterKind>,
    separator: &str,
) -> Result<TypedValue<'a>, Error> {
    TypedValue::new(value, kind, separator).map_err(|what| refuse(name, what))
}

fn refuse(name: &str, what: impl std::fmt::Display) -> Error {
    Error::request(format!("the parameter `{name}` {what}"))
}

/// Whether a parameter holds scopes.
pub(in crate::protocol) fn is_scope(name: &str) -> bool {
    matches!(name, "scope" | "scopes")
}

/// Grants whose scopes were granted before.
const GRANTED: [&str; 3] = [
    "authorization_code",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
];

/// Adds the scopes that every request of the endpoint asks for.
fn require_scopes<'a>(
    endpoint: &Endpoint<'a>,
    operation: &Operation<'a>,
    checked: &mut Vec<Checked<'a>>,
) -> Result<(), Error> {
    let grant = operation.grant_type();
    let is_granted = endpoint.kind() == EndpointKind::Token
        && grant.is_some_and(|grant| GRANTED.contains(&grant));
    let (required, separator) = (endpoint.required_scopes(), endpoint.scope_separator());
    if required.is_empty() || is_granted {
        return Ok(());
    }
    let mut given = checked.iter_mut();
    if let Some(given) = given.find(|given| is_scope(given.name)) {
        given.value.add_scopes(required, separator);
        return Ok(());
    }
    let mut declared = operation.parameters().iter();
    let Some(declared) = declared.find(|declared| is_scope(declared.name())) else {
        return Ok(());
    };
    let default = Checked::default(declared, separator)?;
    let mut scopes = default.unwrap_or_else(|| {
        let empty = match declared.kind() {
            ParameterKind::TextList => TypedValue::List(Vec::new()),
            _ => TypedValue::Text(Cow::Borrowed("")),
        };
        Checked::of(declared, empty)
    });
    scopes.value.add_scopes(required, separator);
    checked.push(scopes);
    Ok(())
}

/// Holds a value against the declared limits. The error never shows the value.
fn limit(parameter: &Checked<'_>, declared: &Parameter<'_>) -> Result<(), Error> {
    let name = declared.name();
    // An assertion that is made later has no length yet.
    if parameter.assertion().is_some() {
        return Ok(());
    }
    for text in parameter.value.items(name, &Fresh::default()) {
        // The length in characters is costly to count and never greater than that in bytes.
        let length = || text.chars().count() as u64;
        if let Some(most) = declared.max_length().map(u64::from)
            && text.len() as u64 > most
            && length() > most
        {
            return Err(refuse(
                name,
                format_args!("is longer than {most} characters"),
            ));
        }
        if let Some(least) = declared.min_length().map(u64::from)
            && length() < least
        {
            return Err(refuse(
                name,
                format_args!("is shorter than {least} characters"),
            ));
        }
        if !declared.values().is_empty() && !declared.values().contains(&text.as_ref()) {
            let values = declared.values().join(", ");
            return Err(refuse(name, format_args!("is not one of: {values}")));
        }
        if let Some(pattern) = declared.pattern() {
            match_pattern(name, pattern, &text)?;
        }
    }
    Ok(())
}

#[cfg(feature = "pattern")]
fn match_pattern(name: &str, pattern: &str, text: &str) -> Result<(), Error> {
    let regex = regex_lite::Regex::new(pattern).map_err(|error| {
        Error::config(format!(
            "the pattern of the parameter `{name}` cannot be used"
        ))
        .with_source(error)
    })?;
    if regex.is_match(text) {
        Ok(())
    } else {
        Err(refuse(name, format_args!("does not match {pattern}")))
    }
}

#[cfg(not(feature = "pattern"))]
fn match_pattern(_name: &str, _pattern: &str, _text: &str) -> Result<(), Error> {
    Ok(())
}

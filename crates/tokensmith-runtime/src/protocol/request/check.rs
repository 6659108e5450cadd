//! The parameters of a request, held against what the document declares.

use std::borrow::Cow;

use serde_json::{Number, Value as Json};

use super::fresh::Fresh;
use crate::request::authorization_details::AUTHORIZATION_DETAILS;
use crate::request::value::NamedValue;
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
    value: Form<'a>,
}

/// A value in the type that it is sent as.
enum Form<'a> {
    Text(Cow<'a, str>),
    Number(Number),
    Boolean(bool),
    List(Vec<Cow<'a, str>>),
    Json(Cow<'a, Json>),
    JsonList(Vec<Json>),
    Assertion(&'a Assertion),
    /// Made anew for each try.
    RandomUuid,
}

impl<'a> Checked<'a> {
    fn of(declared: &Parameter<'a>, value: Form<'a>) -> Self {
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
            return Ok(Some(Self::of(declared, Form::RandomUuid)));
        }
        let Some(default) = declared.default() else {
            return Ok(None);
        };
        let kind = Some(declared.kind());
        let value = convert(declared.name(), Value::from(default), kind, separator)?;
        Ok(Some(Self::of(declared, value)))
    }

    /// The assertion that has to be made before the parameter can be written.
    pub(in crate::protocol) fn assertion(&self) -> Option<&'a Assertion> {
        match self.value {
            Form::Assertion(assertion) => Some(assertion),
            _ => None,
        }
    }

    /// Whether the value has to be made before the parameter can be written.
    pub(in crate::protocol) fn is_random_uuid(&self) -> bool {
        matches!(self.value, Form::RandomUuid)
    }

    /// The value where there is only text; a list without a separator is repeated.
    pub(in crate::protocol) fn texts<'t>(&'t self, fresh: &'t Fresh<'_>) -> Vec<Cow<'t, str>> {
        let items = self.items(fresh);
        match self.separator {
            Some(separator) if items.len() > 1 => vec![Cow::Owned(items.join(separator))],
            _ => items,
        }
    }

    fn items<'t>(&'t self, fresh: &'t Fresh<'_>) -> Vec<Cow<'t, str>> {
        match &self.value {
            Form::Text(text) => vec![Cow::Borrowed(text)],
            Form::Number(number) => vec![Cow::Owned(number.to_string())],
            Form::Boolean(boolean) => vec![Cow::Borrowed(if *boolean { "true" } else { "false" })],
            Form::List(texts) => {
                let texts = texts.iter().map(|text| Cow::Borrowed(text.as_ref()));
                texts.collect()
            }
            Form::Json(value) => vec![json_text(value)],
            Form::JsonList(values) => values.iter().map(json_text).collect(),
            Form::Assertion(_) => vec![Cow::Borrowed(fresh.get(self.name))],
            Form::RandomUuid => vec![Cow::Borrowed(fresh.uuid(self.name))],
        }
    }

    /// The texts that must not be seen of a secret value, also within JSON.
    pub(in crate::protocol) fn hidden<'t>(&'t self, fresh: &'t Fresh<'_>) -> Vec<Cow<'t, str>> {
        let mut texts = self.texts(fresh);
        match &self.value {
            Form::Json(value) => add_texts(value, &mut texts),
            Form::JsonList(values) => values.iter().for_each(|it| add_texts(it, &mut texts)),
            _ => {}
        }
        texts
    }

    /// The value where it keeps its type.
    pub(in crate::protocol) fn json(&self, fresh: &Fresh<'_>) -> Json {
        match &self.value {
            Form::Text(text) => Json::from(text.as_ref()),
            Form::Number(number) => Json::Number(number.clone()),
            Form::Boolean(boolean) => Json::Bool(*boolean),
            Form::List(texts) => texts.iter().map(AsRef::<str>::as_ref).collect(),
            Form::JsonList(values) => Json::from(values.as_slice()),
            Form::Json(value) => value.as_ref().clone(),
            Form::Assertion(_) => Json::from(fresh.get(self.name)),
            Form::RandomUuid => Json::from(fresh.uuid(self.name)),
        }
    }
}

/// JSON where there is only text: a text is itself.
fn json_text(value: &Json) -> Cow<'_, str> {
    match value {
        Json::String(text) => Cow::Borrowed(text),
        value => Cow::Owned(value.to_string()),
    }
}

/// Adds the texts within arrays and objects.
fn add_texts<'t>(value: &'t Json, texts: &mut Vec<Cow<'t, str>>) {
    match value {
        Json::String(text) => texts.push(Cow::Borrowed(text)),
        Json::Array(items) => items.iter().for_each(|item| add_texts(item, texts)),
        Json::Object(members) => members.values().for_each(|it| add_texts(it, texts)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
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
            ParameterKind::TextList => Form::List(Vec::new()),
            _ => Form::Text(Cow::Borrowed("")),
        };
        Checked::of(declared, empty)
    });
    scopes.value.add_scopes(required, separator);
    checked.push(scopes);
    Ok(())
}

impl<'a> Form<'a> {
    /// Adds the scopes that are not there.
    fn add_scopes(&mut self, required: &[&'a str], separator: &str) {
        match self {
            Self::Text(text) => {
                let is_lacking = |scope: &&str| !text.split(separator).any(|own| own == *scope);
                let lacking = required.iter().copied().filter(is_lacking);
                let own = Some(text.as_ref()).filter(|text| !text.is_empty());
                let all: Vec<&str> = own.into_iter().chain(lacking).collect();
                *text = Cow::Owned(all.join(separator));
            }
            Self::List(scopes) => {
                for scope in required {
                    if !scopes.iter().any(|own| own == scope) {
                        scopes.push(Cow::Borrowed(scope));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Brings a value into the declared type. What is undeclared keeps its own.
fn convert<'a>(
    name: &str,
    value: Value<'a>,
    kind: Option<ParameterKind>,
    separator: &str,
) -> Result<Form<'a>, Error> {
    let form = match value {
        Value::Text(text) => Form::Text(text),
        Value::Secret(secret) => Form::Text(Cow::Borrowed(secret.expose())),
        Value::Integer(number) => Form::Number(number.into()),
        Value::Number(number) => {
            let number = Number::from_f64(number);
            Form::Number(number.ok_or_else(|| refuse(name, "is not a finite number"))?)
        }
        Value::Boolean(boolean) => Form::Boolean(boolean),
        Value::TextList(texts) => {
            Form::List(texts.iter().map(|text| text.as_str().into()).collect())
        }
        Value::SecretList(secrets) => Form::List(
            secrets
                .iter()
                .map(|secret| secret.expose().into())
                .collect(),
        ),
        Value::Scopes(scopes) if kind == Some(ParameterKind::TextList) => {
            Form::List(scopes.iter().map(Cow::Borrowed).collect())
        }
        Value::Scopes(scopes) => Form::Text(Cow::Owned(scopes.as_slice().join(separator))),
        Value::Json(value) | Value::SecretJson(value) => Form::Json(Cow::Borrowed(value.get())),
        Value::Assertion(assertion) => Form::Assertion(assertion),
    };
    let converted = match (kind, form) {
        (Some(ParameterKind::Integer), form) => {
            whole(form).map(Form::Number).ok_or("is not a whole number")
        }
        (Some(ParameterKind::Number), form) => {
            number(form).map(Form::Number).ok_or("is not a number")
        }
        (Some(ParameterKind::Boolean), form) => boolean(form)
            .map(Form::Boolean)
            .ok_or("is neither true nor false"),
        (Some(ParameterKind::Text), Form::Number(number)) => {
            Ok(Form::Text(Cow::Owned(number.to_string())))
        }
        (Some(ParameterKind::Text), Form::Boolean(boolean)) => {
            Ok(Form::Text(Cow::Owned(boolean.to_string())))
        }
        (Some(ParameterKind::Text), Form::List(_) | Form::Json(_)) => Err("is not a single text"),
        // One value is a list of one.
        (Some(ParameterKind::TextList), Form::Text(text)) => Ok(Form::List(vec![text])),
        (Some(ParameterKind::TextList), Form::Number(number)) => {
            Ok(Form::List(vec![number.to_string().into()]))
        }
        (Some(ParameterKind::Json), form) => json(form).ok_or("is not JSON"),
        (Some(ParameterKind::JsonList), form) => json_list(form).ok_or("is not a list of JSON"),
        (_, form) => Ok(form),
    };
    converted.map_err(|what| refuse(name, what))
}

fn whole(form: Form<'_>) -> Option<Number> {
    match form {
        Form::Number(number) if number.is_f64() => None,
        Form::Number(number) => Some(number),
        Form::Text(text) => text.parse::<i64>().ok().map(Number::from),
        _ => None,
    }
}

fn number(form: Form<'_>) -> Option<Number> {
    match form {
        Form::Number(number) => Some(number),
        Form::Text(text) => {
            let whole = text.parse::<i64>().ok().map(Number::from);
            whole.or_else(|| Number::from_f64(text.parse().ok()?))
        }
        _ => None,
    }
}

fn boolean(form: Form<'_>) -> Option<bool> {
    match form {
        Form::Boolean(boolean) => Some(boolean),
        Form::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// A text is taken for JSON text; all else is JSON as it is.
fn json(form: Form<'_>) -> Option<Form<'_>> {
    match form {
        Form::Text(text) => serde_json::from_str(&text)
            .ok()
            .map(Cow::Owned)
            .map(Form::Json),
        form => Some(form),
    }
}

/// The items of a list, each of which may be JSON text; one value is a list of one.
fn json_list(form: Form<'_>) -> Option<Form<'_>> {
    let values = match form {
        Form::List(texts) => {
            let values = texts.iter().map(|text| serde_json::from_str(text));
            values.collect::<Result<_, _>>().ok()?
        }
        form => match json(form)? {
            Form::Json(value) => match value.into_owned() {
                Json::Array(items) => items,
                value => vec![value],
            },
            Form::Number(number) => vec![Json::Number(number)],
            Form::Boolean(boolean) => vec![Json::Bool(boolean)],
            _ => return None,
        },
    };
    Some(Form::JsonList(values))
}

/// Holds a value against the declared limits. The error never shows the value.
fn limit(parameter: &Checked<'_>, declared: &Parameter<'_>) -> Result<(), Error> {
    let name = declared.name();
    // An assertion that is made later has no length yet.
    if parameter.assertion().is_some() {
        return Ok(());
    }
    for text in parameter.items(&Fresh::default()) {
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

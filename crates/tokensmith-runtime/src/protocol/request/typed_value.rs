//! A value in the type that it is sent as.

use std::borrow::Cow;

use serde_json::{Number, Value as Json};

use super::fresh::Fresh;
use crate::{Assertion, ParameterKind, Value};

/// A value in the type that it is sent as.
pub(super) enum TypedValue<'a> {
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

impl<'a> TypedValue<'a> {
    /// Brings a value into the declared type, or says what is wrong with it. What is undeclared
    /// keeps its own type.
    pub(super) fn new(
        value: Value<'a>,
        kind: Option<ParameterKind>,
        separator: &str,
    ) -> Result<Self, &'static str> {
        let typed = match value {
            Value::Text(text) => Self::Text(text),
            Value::Secret(secret) => Self::Text(Cow::Borrowed(secret.expose())),
            Value::Integer(number) => Self::Number(number.into()),
            Value::Number(number) => {
                let number = json_number(number);
                Self::Number(number.ok_or("is not a finite number")?)
            }
            Value::Boolean(boolean) => Self::Boolean(boolean),
            Value::TextList(texts) => {
                Self::List(texts.iter().map(|text| text.as_str().into()).collect())
            }
            Value::SecretList(secrets) => Self::List(
                secrets
                    .iter()
                    .map(|secret| secret.expose().into())
                    .collect(),
            ),
            Value::IntegerList(numbers) => {
                Self::JsonList(numbers.iter().copied().map(Json::from).collect())
            }
            Value::NumberList(numbers) => {
                let numbers = numbers.iter().copied().map(json_number);
                let numbers = numbers.map(|number| number.map(Json::Number));
                let numbers: Option<Vec<Json>> = numbers.collect();
                Self::JsonList(numbers.ok_or("has a number that is not finite")?)
            }
            Value::BooleanList(booleans) => {
                Self::JsonList(booleans.iter().copied().map(Json::from).collect())
            }
            Value::Scopes(scopes) if kind == Some(ParameterKind::TextList) => {
                Self::List(scopes.iter().map(Cow::Borrowed).collect())
            }
            Value::Scopes(scopes) => Self::Text(Cow::Owned(scopes.as_slice().join(separator))),
            Value::Json(value) | Value::SecretJson(value) => Self::Json(Cow::Borrowed(value.get())),
            Value::Assertion(assertion) => Self::Assertion(assertion),
        };
        match (kind, typed) {
            (Some(ParameterKind::Integer), typed) => whole(typed)
                .map(Self::Number)
                .ok_or("is not a whole number"),
            (Some(ParameterKind::Number), typed) => {
                number(typed).map(Self::Number).ok_or("is not a number")
            }
            (Some(ParameterKind::Boolean), typed) => boolean(typed)
                .map(Self::Boolean)
                .ok_or("is neither true nor false"),
            (Some(ParameterKind::Text), Self::Number(number)) => {
                Ok(Self::Text(Cow::Owned(number.to_string())))
            }
            (Some(ParameterKind::Text), Self::Boolean(boolean)) => {
                Ok(Self::Text(Cow::Owned(boolean.to_string())))
            }
            (Some(ParameterKind::Text), Self::List(_) | Self::Json(_) | Self::JsonList(_)) => {
                Err("is not a single text")
            }
            // One value is a list of one.
            (Some(ParameterKind::TextList), Self::Text(text)) => Ok(Self::List(vec![text])),
            (Some(ParameterKind::TextList), Self::Number(number)) => {
                Ok(Self::List(vec![number.to_string().into()]))
            }
            (Some(ParameterKind::TextList), Self::JsonList(values)) => {
                let texts = values.iter().map(|value| json_text(value).into_owned());
                Ok(Self::List(texts.map(Cow::Owned).collect()))
            }
            (Some(ParameterKind::Json), Self::JsonList(values)) => {
                Ok(Self::Json(Cow::Owned(Json::Array(values))))
            }
            (Some(ParameterKind::Json), typed) => json(typed).ok_or("is not JSON"),
            (Some(ParameterKind::JsonList), typed) => {
                json_list(typed).ok_or("is not a list of JSON")
            }
            (_, typed) => Ok(typed),
        }
    }

    /// Returns the declared default of a list, which is JSON; `None` for what is no list of it.
    pub(super) fn of_list(default: &str, kind: ParameterKind) -> Option<Self> {
        let is_list = matches!(kind, ParameterKind::TextList | ParameterKind::JsonList);
        let items = is_list.then(|| serde_json::from_str::<Vec<Json>>(default).ok())??;
        Some(match kind {
            ParameterKind::TextList => {
                let texts = items.iter().map(|item| json_text(item).into_owned());
                Self::List(texts.map(Cow::Owned).collect())
            }
            _ => Self::JsonList(items),
        })
    }

    /// Adds the scopes that are not there.
    pub(super) fn add_scopes(&mut self, required: &[&'a str], separator: &str) {
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

    /// The items where there is only text. `name` is that of the parameter, by which what is made
    /// anew for each try is found.
    pub(super) fn items<'t>(&'t self, name: &str, fresh: &'t Fresh<'_>) -> Vec<Cow<'t, str>> {
        match self {
            Self::Text(text) => vec![Cow::Borrowed(text)],
            Self::Number(number) => vec![Cow::Owned(number.to_string())],
            Self::Boolean(boolean) => vec![Cow::Borrowed(if *boolean { "true" } else { "false" })],
            Self::List(texts) => {
                let texts = texts.iter().map(|text| Cow::Borrowed(text.as_ref()));
                texts.collect()
            }
            Self::Json(value) => vec![json_text(value)],
            Self::JsonList(values) => values.iter().map(json_text).collect(),
            Self::Assertion(_) => vec![Cow::Borrowed(fresh.get(name))],
            Self::RandomUuid => vec![Cow::Borrowed(fresh.uuid(name))],
        }
    }

    /// Adds the texts within JSON.
    pub(super) fn add_inner_texts<'t>(&'t self, texts: &mut Vec<Cow<'t, str>>) {
        match self {
            Self::Json(value) => add_texts(value, texts),
            Self::JsonList(values) => values.iter().for_each(|it| add_texts(it, texts)),
            _ => {}
        }
    }

    /// The value where it keeps its type.
    pub(super) fn json(&self, name: &str, fresh: &Fresh<'_>) -> Json {
        match self {
            Self::Text(text) => Json::from(text.as_ref()),
            Self::Number(number) => Json::Number(number.clone()),
            Self::Boolean(boolean) => Json::Bool(*boolean),
            Self::List(texts) => texts.iter().map(AsRef::<str>::as_ref).collect(),
            Self::JsonList(values) => Json::from(values.as_slice()),
            Self::Json(value) => value.as_ref().clone(),
            Self::Assertion(_) => Json::from(fresh.get(name)),
            Self::RandomUuid => Json::from(fresh.uuid(name)),
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

/// A number as it is written: without a fraction where it has none, as other languages write it,
/// since servers that expect whole numbers refuse `300.0`.
fn json_number(number: f64) -> Option<Number> {
    /// All whole numbers up to here have an `f64` of their own (2^53).
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= LARGEST {
        // It is whole and fits.
        return Some(Number::from(number as i64));
    }
    Number::from_f64(number)
}

fn whole(typed: TypedValue<'_>) -> Option<Number> {
    match typed {
        TypedValue::Number(number) if number.is_f64() => None,
        TypedValue::Number(number) => Some(number),
        TypedValue::Text(text) => text.parse::<i64>().ok().map(Number::from),
        _ => None,
    }
}

fn number(typed: TypedValue<'_>) -> Option<Number> {
    match typed {
        TypedValue::Number(number) => Some(number),
        TypedValue::Text(text) => {
            let whole = text.parse::<i64>().ok().map(Number::from);
            whole.or_else(|| json_number(text.parse().ok()?))
        }
        _ => None,
    }
}

fn boolean(typed: TypedValue<'_>) -> Option<bool> {
    match typed {
        TypedValue::Boolean(boolean) => Some(boolean),
        TypedValue::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// A text is taken for JSON text; all else is JSON as it is.
fn json(typed: TypedValue<'_>) -> Option<TypedValue<'_>> {
    match typed {
        TypedValue::Text(text) => serde_json::from_str(&text)
            .ok()
            .map(Cow::Owned)
            .map(TypedValue::Json),
        typed => Some(typed),
    }
}

/// The items of a list, each of which may be JSON text; one value is a list of one.
fn json_list(typed: TypedValue<'_>) -> Option<TypedValue<'_>> {
    let values = match typed {
        TypedValue::JsonList(values) => values,
        TypedValue::List(texts) => {
            let values = texts.iter().map(|text| serde_json::from_str(text));
            values.collect::<Result<_, _>>().ok()?
        }
        typed => match json(typed)? {
            TypedValue::Json(value) => match value.into_owned() {
                Json::Array(items) => items,
                value => vec![value],
            },
            TypedValue::Number(number) => vec![Json::Number(number)],
            TypedValue::Boolean(boolean) => vec![Json::Bool(boolean)],
            _ => return None,
        },
    };
    Some(TypedValue::JsonList(values))
}

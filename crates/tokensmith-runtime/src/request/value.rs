//! The values that a request gives to its parameters.

use std::borrow::Cow;
use std::fmt;

use crate::{Assertion, Secret, Untyped};

/// The parameters of one request, in the order in which they were given.
#[derive(Debug, Default)]
pub struct Parameters<'a> {
    given: Vec<NamedValue<'a>>,
}

/// One parameter as the caller gave it.
#[derive(Debug, Clone)]
pub(crate) struct NamedValue<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Value<'a>,
}

impl<'a> Parameters<'a> {
    /// Adds a parameter. A name given twice is an error when the request is sent.
    pub fn push(&mut self, name: &'a str, value: impl Into<Value<'a>>) {
        self.given.push(NamedValue {
            name,
            value: value.into(),
        });
    }

    /// Adds a parameter, where there is a value.
    pub fn push_optional(&mut self, name: &'a str, value: Option<impl Into<Value<'a>>>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// Adds the scopes, where there are any.
    pub fn scopes(&mut self, name: &'a str, scopes: &'a Scopes) {
        if !scopes.is_empty() {
            self.push(name, Value::Scopes(scopes));
        }
    }

    /// Adds a list of texts, where there are any.
    pub fn list(&mut self, name: &'a str, texts: &'a [String]) {
        if !texts.is_empty() {
            self.push(name, Value::TextList(texts));
        }
    }

    /// Adds a list of numbers, or of true and false, where there are any.
    pub fn values<T>(&mut self, name: &'a str, values: &'a [T])
    where
        Value<'a>: From<&'a [T]>,
    {
        if !values.is_empty() {
            self.push(name, values);
        }
    }

    /// Adds a list of texts that are never to be seen, where there are any.
    pub fn secrets(&mut self, name: &'a str, secrets: &'a [Secret]) {
        if !secrets.is_empty() {
            self.push(name, Value::SecretList(secrets));
        }
    }

    /// Adds what the document does not know. A name that the request already has is an error when
    /// it is sent.
    pub fn extra(&mut self, parameters: &'a ExtraParameters) {
        for (name, value) in &parameters.0 {
            self.push(name, value);
        }
    }

    pub(crate) fn into_named_values(self) -> Vec<NamedValue<'a>> {
        self.given
    }
}

/// The value of a parameter.
#[derive(Clone)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A text that is never to be seen.
    Secret(&'a Secret),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// Several texts: a repeated parameter in a form, an array in JSON.
    TextList(&'a [String]),
    /// Several texts that are never to be seen.
    SecretList(&'a [Secret]),
    /// Several whole numbers.
    IntegerList(&'a [i64]),
    /// Several numbers.
    NumberList(&'a [f64]),
    /// Several times true or false.
    BooleanList(&'a [bool]),
    /// Scopes, joined by the endpoint's separator when they are written.
    Scopes(&'a Scopes),
    /// Any JSON value.
    Json(&'a Untyped),
    /// Any JSON value that is never to be seen.
    SecretJson(&'a Untyped),
    /// An assertion, which may be made anew each time the request is written.
    Assertion(&'a Assertion),
}

impl fmt::Debug for Value<'_> {
    /// Shows the type only: a document may declare any of them secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text(_) => "Text",
            Self::Secret(_) => "Secret",
            Self::Integer(_) => "Integer",
            Self::Number(_) => "Number",
            Self::Boolean(_) => "Boolean",
            Self::TextList(_) => "TextList",
            Self::SecretList(_) => "SecretList",
            Self::IntegerList(_) => "IntegerList",
            Self::NumberList(_) => "NumberList",
            Self::BooleanList(_) => "BooleanList",
            Self::Scopes(_) => "Scopes",
            Self::Json(_) => "Json",
            Self::SecretJson(_) => "SecretJson",
            Self::Assertion(_) => "Assertion",
        })
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Secret> for Value<'a> {
    fn from(secret: &'a Secret) -> Self {
        Self::Secret(secret)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&i64> for Value<'_> {
    fn from(number: &i64) -> Self {
        Self::Integer(*number)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&f64> for Value<'_> {
    fn from(number: &f64) -> Self {
        Self::Number(*number)
    }
}

impl From<bool> for Value<'_> {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<&bool> for Value<'_> {
    fn from(boolean: &bool) -> Self {
        Self::Boolean(*boolean)
    }
}

impl<'a> From<&'a [String]> for Value<'a> {
    fn from(texts: &'a [String]) -> Self {
        Self::TextList(texts)
    }
}

impl<'a> From<&'a Vec<String>> for Value<'a> {
    fn from(texts: &'a Vec<String>) -> Self {
        Self::TextList(texts)
    }
}

impl<'a> From<&'a [Secret]> for Value<'a> {
    fn from(secrets: &'a [Secret]) -> Self {
        Self::SecretList(secrets)
    }
}

impl<'a> From<&'a [i64]> for Value<'a> {
    fn from(numbers: &'a [i64]) -> Self {
        Self::IntegerList(numbers)
    }
}

impl<'a> From<&'a [f64]> for Value<'a> {
    fn from(numbers: &'a [f64]) -> Self {
        Self::NumberList(numbers)
    }
}

impl<'a> From<&'a [bool]> for Value<'a> {
    fn from(booleans: &'a [bool]) -> Self {
        Self::BooleanList(booleans)
    }
}

impl<'a> From<&'a Scopes> for Value<'a> {
    fn from(scopes: &'a Scopes) -> Self {
        Self::Scopes(scopes)
    }
}

impl<'a> From<&'a Untyped> for Value<'a> {
    fn from(value: &'a Untyped) -> Self {
        Self::Json(value)
    }
}

impl<'a> From<&'a Assertion> for Value<'a> {
    fn from(assertion: &'a Assertion) -> Self {
        Self::Assertion(assertion)
    }
}

/// The scopes that are asked for (RFC 6749 section 3.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Adds a scope. Several in one text, as in `"read write"`, are sent as they were written. A
    /// blank text is no scope, and is left out.
    pub fn push(&mut self, scope: impl Into<String>) {
        self.extend([scope]);
    }

    /// Whether none is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes, as they were added.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(crate) fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl From<String> for Scopes {
    /// One scope, or several in one text: sent as it was written.
    fn from(scope: String) -> Self {
        Self::from_iter([scope])
    }
}

impl<S: Into<String>> FromIterator<S> for Scopes {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        let mut all = Self::default();
        all.extend(scopes);
        all
    }
}

impl<S: Into<String>> Extend<S> for Scopes {
    fn extend<I: IntoIterator<Item = S>>(&mut self, scopes: I) {
        let scopes = scopes.into_iter().map(Into::into);
        let scopes = scopes.filter(|scope: &String| !scope.trim().is_empty());
        self.0.extend(scopes);
    }
}

/// Parameters that a document does not know, sent in the body. Each is treated as a secret, for
/// want of knowing better.
#[derive(Clone, Default)]
pub struct ExtraParameters(Vec<(String, Secret)>);

impl ExtraParameters {
    /// Adds a parameter.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<Secret>) {
        self.0.push((name.into(), value.into()));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for ExtraParameters {
    /// Shows the names only.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

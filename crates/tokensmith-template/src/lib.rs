//! URLs with variables between braces, as the servers of an OpenAPI document have them, filled in so
//! that no value changes the host that they lead to.
//!
//! Secrets go to these URLs, and the values may come from anybody: a tenant, a form, a document.
//!
//! ```
//! use tokensmith_template::{Template, Value};
//!
//! let template = Template::parse("https://{shop}.myshop.example/{version}").unwrap();
//! let fill = |shop| template.fill(&[Value::given("shop", shop), Value::listed("version", "v1/eu")]);
//! assert_eq!(fill("acme").unwrap(), "https://acme.myshop.example/v1/eu");
//! assert!(fill("evil.example/").is_err());
//! ```
//!
//! What a variable takes depends on where it stands:
//!
//! | place | takes |
//! |---|---|
//! | scheme | `http` or `https` |
//! | the whole host | a host name or an IP address; a port too, unless the template has one |
//! | a whole label of the host | letters, digits, hyphens and dots |
//! | a part of a label | letters, digits and hyphens |
//! | port | a number from 1 to 65535 |
//! | path | one segment, percent-encoded; values that the document lists may hold `/` or be empty |
//! | query | any text, percent-encoded |
//!
//! A variable that decides about the registrable domain (`https://api.{domain}`,
//! `https://{name}.com`) takes only values that the document lists or has a pattern for. Where the
//! variable is the whole host, the document leaves the host to the caller.

mod encode;
mod fault;
mod host;
mod parse;

use std::fmt::Write as _;

pub use encode::is_dot_segment;
pub use fault::{Fault, Place};
use parse::Part;

/// A URL with variables between braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template<'t> {
    text: &'t str,
    scheme: Vec<Part<'t>>,
    host: Vec<Part<'t>>,
    port: Option<Vec<Part<'t>>>,
    path: Vec<Part<'t>>,
    /// With its question mark.
    query: Vec<Part<'t>>,
}

/// A value for a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'v> {
    name: &'v str,
    text: &'v str,
    origin: Origin,
}

/// Who says that a value is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The caller alone.
    Caller,
    /// The document has a pattern that the whole value matches.
    Pattern,
    /// The document lists the value: it is the default, or one of `enum`.
    Document,
}

impl<'v> Value<'v> {
    /// Creates a value with its origin.
    pub const fn new(name: &'v str, text: &'v str, origin: Origin) -> Self {
        Self { name, text, origin }
    }

    /// Creates a value that a caller gives.
    pub const fn given(name: &'v str, text: &'v str) -> Self {
        Self::new(name, text, Origin::Caller)
    }

    /// Creates a value that the document lists.
    pub const fn listed(name: &'v str, text: &'v str) -> Self {
        Self::new(name, text, Origin::Document)
    }
}

impl<'t> Template<'t> {
    /// Parses an absolute URL. Braces that hold no name stand for themselves.
    ///
    /// # Errors
    ///
    /// If there is no `://`, or a host with variables has a user name before it.
    pub fn parse(text: &'t str) -> Result<Self, Fault> {
        parse::template(text)
    }

    /// The URL, as it was written.
    pub fn as_str(&self) -> &'t str {
        self.text
    }

    /// The names of the variables, each once, in the order of the URL.
    pub fn variables(&self) -> Vec<&'t str> {
        let mut names = Vec::new();
        let port = self.port.as_deref().unwrap_or_default();
        for part in [&self.scheme, &self.host, port, &self.path, &self.query]
            .into_iter()
            .flatten()
        {
            if let Part::Variable(name) = part
                && !names.contains(name)
            {
                names.push(name);
            }
        }
        names
    }

    /// The variables that decide about the registrable domain, unless one is the whole host. They
    /// need an `enum` or a pattern.
    pub fn open_variables(&self) -> Vec<&'t str> {
        host::open_variables(&self.host)
    }

    /// Fills in the variables. Of two values for one variable the first counts.
    ///
    /// # Errors
    ///
    /// If a variable has no value, or one that its place does not take.
    pub fn fill(&self, values: &[Value<'_>]) -> Result<String, Fault> {
        let mut url = self.fill_scheme(values)?;
        url.push_str("://");
        url.push_str(&host::fill(self, values)?);
        if let Some(port) = &self.port {
            url.push(':');
            url.push_str(&self.fill_port(port, values)?);
        }
        url.push_str(&self.path(values)?);
        for part in &self.query {
            match part {
                Part::Text(text) => url.push_str(text),
                Part::Variable(name) => {
                    let value = self.value(name, values)?;
                    encode::component(value.text, &mut url);
                }
            }
        }
        Ok(url)
    }

    /// Says whether a variable takes a value, whatever the others hold.
    ///
    /// # Errors
    ///
    /// If the value does not fit one of the variable's places.
    pub fn check(&self, value: Value<'_>) -> Result<(), Fault> {
        let variables = self.variables();
        let mut values = vec![value];
        values.extend(variables.iter().map(|name| {
            let is_port = |parts: &Vec<Part<'_>>| parts.contains(&Part::Variable(name));
            let text = match self.port.as_ref() {
                Some(port) if is_port(port) => "1",
                _ if self.scheme.contains(&Part::Variable(name)) => "https",
                _ => "x",
            };
            Value::listed(name, text)
        }));
        self.fill(&values).map(|_| ())
    }

    fn value<'v>(&self, name: &str, values: &[Value<'v>]) -> Result<Value<'v>, Fault> {
        let mut values = values.iter();
        let value = values.find(|value| value.name == name);
        value
            .copied()
            .ok_or_else(|| Fault::missing(self.text, name))
    }

    fn fill_scheme(&self, values: &[Value<'_>]) -> Result<String, Fault> {
        let mut scheme = String::new();
        let mut last = None;
        for part in &self.scheme {
            match part {
                Part::Text(text) => scheme.push_str(text),
                Part::Variable(name) => {
                    let value = self.value(name, values)?;
                    scheme.push_str(value.text);
                    last = Some(value);
                }
            }
        }
        match last {
            Some(value) if !matches!(scheme.as_str(), "http" | "https") => {
                Err(Fault::refused(self.text, value, Place::Scheme))
            }
            _ => Ok(scheme),
        }
    }

    fn fill_port(&self, port: &[Part<'_>], values: &[Value<'_>]) -> Result<String, Fault> {
        let mut text = String::new();
        let mut last = None;
        for part in port {
            match part {
                Part::Text(fixed) => text.push_str(fixed),
                Part::Variable(name) => {
                    let value = self.value(name, values)?;
                    text.push_str(value.text);
                    last = Some(value);
                }
            }
        }
        match last {
            Some(value) if !host::is_port(&text) => {
                Err(Fault::refused(self.text, value, Place::Port))
            }
            _ => Ok(text),
        }
    }

    /// Fills in the variables of the path alone: the URL's, from behind the host to the query.
    ///
    /// # Errors
    ///
    /// As for [`fill`](Self::fill).
    pub fn path(&self, values: &[Value<'_>]) -> Result<String, Fault> {
        let mut path = String::new();
        let mut given = Vec::new();
        for part in &self.path {
            match part {
                Part::Text(text) => path.push_str(text),
                Part::Variable(name) => {
                    let value = self.value(name, values)?;
                    let is_segment = !value.text.is_empty() && !value.text.contains('/');
                    if value.origin != Origin::Document && !is_segment {
                        return Err(Fault::refused(self.text, value, Place::Path));
                    }
                    for (index, segment) in value.text.split('/').enumerate() {
                        if index > 0 {
                            path.push('/');
                        }
                        encode::component(segment, &mut path);
                    }
                    given.push(value);
                }
            }
        }
        // Encoded or not, these lead to another path on the way.
        match given.last() {
            Some(value) if path.split('/').any(is_dot_segment) => {
                Err(Fault::refused(self.text, *value, Place::Path))
            }
            _ => Ok(path),
        }
    }
}

/// Fills in the variables of a path, each with one percent-encoded segment.
///
/// # Errors
///
/// If a value is empty, or the path has a dot segment because of it. Variables without a value stay
/// as they are.
pub fn fill_path(path: &str, values: &[(&str, &str)]) -> Result<String, Fault> {
    let mut filled = String::with_capacity(path.len());
    let mut given = Vec::new();
    for part in parse::parts(path) {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Variable(name) => match values.iter().find(|(other, _)| *other == name) {
                None => {
                    let _ = write!(filled, "{{{name}}}");
                }
                Some((_, text)) => {
                    let value = Value::given(name, text);
                    if text.is_empty() {
                        return Err(Fault::refused(path, value, Place::PathParameter));
                    }
                    encode::component(text, &mut filled);
                    given.push(value);
                }
            },
        }
    }
    match given.last() {
        Some(value) if filled.split('/').any(is_dot_segment) => {
            Err(Fault::refused(path, *value, Place::PathParameter))
        }
        _ => Ok(filled),
    }
}

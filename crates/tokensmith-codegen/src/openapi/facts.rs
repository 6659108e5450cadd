//! Everything that a document says of the requests and responses of an operation, part by part.
//!
//! It is read as its authors wrote it, references followed: what the stages behind made of it can be held against this list.

mod keyword;
mod reader;
mod subject;

use serde_json::Value;

use crate::openapi::direction::Direction;
use crate::openapi::operation::Operation;
pub(crate) use keyword::{CONDITIONS, LIMITS};
use reader::Reader;
pub(crate) use reader::is_body;

/// Most parts that are looked at, whatever refers to them; the largest known documents have some thousands.
const MOST: usize = 200_000;

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A parameter beside the body.
    Parameter,
    /// A property of a body, of whichever depth.
    Property,
    /// A name that a schema requires and does not declare; it may be declared beside it.
    Required,
    /// A media type of a body.
    MediaType,
    /// A status with what comes back.
    Response,
    /// A header of a response.
    Header,
    /// A value of `enum`, or that of `const`.
    EnumValue,
    /// A schema of `oneOf` or `anyOf`.
    Branch,
    Default,
    /// What restricts a value, or says how it is written: the fact's value stands under the key of this name.
    Keyword(&'static str),
    /// One way to prove who calls.
    Security,
    Server,
    Deprecated,
}

/// How far below a body something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// Of the body: of its properties as well.
    Body,
    /// Of the value of a property, of a parameter or of a header.
    Value,
    /// Of what such a value has in it.
    Nested,
}

/// One thing that a document says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact<'a> {
    pub(crate) kind: Kind,
    /// Which way that goes of which it is said.
    pub(crate) direction: Direction,
    /// The parameter, property, header, media type or status of which it is said; empty for the whole operation.
    pub(crate) name: &'a str,
    /// The parameter in whose value it is said; empty for what is said of the request itself, and of responses.
    pub(crate) parameter: &'a str,
    /// Whether the parameter or property has to be there.
    pub(crate) is_required: bool,
    pub(crate) depth: Depth,
    pub(crate) value: &'a Value,
    /// Where the document says it: in the component, where it is one.
    pub(crate) pointer: String,
}

/// Reads operations, within bounds for all of them together.
pub(crate) struct Enumeration<'a> {
    root: &'a Value,
    looked_at: usize,
}

impl<'a> Enumeration<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        Self { root, looked_at: 0 }
    }

    /// Whether something was not looked at, since there is too much.
    pub(crate) fn is_cut(&self) -> bool {
        self.looked_at > MOST
    }

    /// What is said of an operation. Of a schema that stands in several places, or contains itself, everything is told once for each
    /// direction and depth, and of requests for each parameter too: one place may check what another leaves open.
    pub(crate) fn of(&mut self, operation: Operation<'a>) -> Vec<Fact<'a>> {
        Reader::new(self.root, &mut self.looked_at).read(operation)
    }
}

#[cfg(test)]
mod tests;

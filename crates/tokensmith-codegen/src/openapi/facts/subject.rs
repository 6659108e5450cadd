//! Whose parts are looked at.

use super::Depth;
use crate::openapi::direction::Direction;

/// Whose parts are looked at, and which way they go.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) direction: Direction,
    pub(super) name: &'a str,
    /// The parameter in whose value they are.
    pub(super) parameter: &'a str,
    pub(super) depth: Depth,
}

impl<'a> Subject<'a> {
    pub(super) fn of_body(direction: Direction, name: &'a str) -> Self {
        let (parameter, depth) = ("", Depth::Body);
        Self {
            direction,
            name,
            parameter,
            depth,
        }
    }

    /// A parameter beside the body, a header, or what the body has itself.
    pub(super) fn of_value(direction: Direction, name: &'a str) -> Self {
        let depth = Depth::Value;
        let parameter = match direction {
            Direction::Request => name,
            Direction::Response => "",
        };
        Self {
            direction,
            name,
            parameter,
            depth,
        }
    }

    /// What the value of a property is.
    pub(super) fn inside(self, name: &'a str) -> Self {
        let (parameter, depth) = match (self.direction, self.depth) {
            // Of a response it does not matter.
            (Direction::Response, depth) => ("", depth),
            (_, Depth::Body) => (name, Depth::Value),
            (_, Depth::Value | Depth::Nested) => (self.parameter, Depth::Nested),
        };
        Self {
            name,
            parameter,
            depth,
            ..self
        }
    }

    /// An item of a list; a body that is a list has no parameters.
    pub(super) fn item(self) -> Self {
        let depth = match (self.direction, self.depth) {
            (Direction::Response, depth) => depth,
            (_, Depth::Body | Depth::Nested) => Depth::Nested,
            (_, Depth::Value) => Depth::Value,
        };
        Self { depth, ..self }
    }
}

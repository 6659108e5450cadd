//! Finds the line and column of a JSON Pointer in the text of a document.
//!
//! The value tree keeps no positions, since most runs need none: a diagnostic looks its place up when it is shown.

use saphyr_parser::{Event, Parser, Span};

use crate::diagnostic::Position;
use crate::pointer;

/// Deeper nesting than this is not looked into; no real document comes near.
const MAX_DEPTH: usize = 256;

/// The position of the value at `pointer`, or of its nearest ancestor that the text has.
///
/// An object's member is found at its key. `None` when the text cannot be read.
pub(crate) fn locate(text: &str, pointer: &str) -> Option<Position> {
    let path: Vec<String> = pointer::tokens(pointer).collect();
    let mut events = Events {
        parser: Parser::new_from_str(text),
    };
    loop {
        let (event, span) = events.next()?;
        if is_node(&event) {
            let mut found = position(span);
            events.descend(event, &path, &mut found, 0);
            return Some(found);
        }
    }
}

struct Events<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
}

fn is_node(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Scalar(..) | Event::MappingStart(..) | Event::SequenceStart(..) | Event::Alias(..)
    )
}

fn position(span: Span) -> Position {
    Position::new(span.start.line(), span.start.col() + 1)
}

impl<'a> Events<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.parser.next()?.ok()
    }

    /// Walks into the node that `start` begins, along `path`, and notes the last place that matched.
    fn descend(
        &mut self,
        start: Event<'a>,
        path: &[String],
        found: &mut Position,
        depth: usize,
    ) -> Option<()> {
        let Some((token, rest)) = path.split_first() else {
            return Some(());
        };
        if depth > MAX_DEPTH {
            return None;
        }
        match start {
            Event::MappingStart(..) => loop {
                let (key, span) = self.next()?;
                let matches = match &key {
                    Event::MappingEnd => return Some(()),
                    Event::Scalar(text, ..) => text.as_ref() == token.as_str(),
                    _ => false,
                };
                self.skip(&key)?;
                let (value, _) = self.next()?;
                if matches {
                    *found = position(span);
                    return self.descend(value, rest, found, depth + 1);
                }
                self.skip(&value)?;
            },
            Event::SequenceStart(..) => {
                for index in 0_usize.. {
                    let (item, span) = self.next()?;
                    if matches!(item, Event::SequenceEnd) {
                        break;
                    }
                    if token.parse() == Ok(index) {
                        *found = position(span);
                        return self.descend(item, rest, found, depth + 1);
                    }
                    self.skip(&item)?;
                }
                Some(())
            }
            _ => Some(()),
        }
    }

    /// Passes over the rest of the node that `start` begins.
    fn skip(&mut self, start: &Event<'a>) -> Option<()> {
        let mut open = usize::from(matches!(
            start,
            Event::MappingStart(..) | Event::SequenceStart(..)
        ));
        while open > 0 {
            match self.next()?.0 {
                Event::MappingStart(..) | Event::SequenceStart(..) => open += 1,
                Event::MappingEnd | Event::SequenceEnd => open -= 1,
                _ => {}
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, pointer: &str) -> Option<(u32, u32)> {
        locate(text, pointer).map(|position| (position.line, position.column))
    }

    #[test]
    fn yaml_members_are_found_at_their_key() {
        let text = "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      tags: [x, y]\n";
        assert_eq!(at(text, ""), Some((1, 1)));
        assert_eq!(at(text, "/paths/~1a/post"), Some((4, 5)));
        assert_eq!(at(text, "/paths/~1a/post/tags/1"), Some((5, 17)));
    }

    #[test]
    fn json_is_read_too() {
        let text = "{\n  \"paths\": {\n    \"/a\": {\"post\": [1, {\"b\": 2}]}\n  }\n}";
        assert_eq!(at(text, "/paths/~1a/post/1/b"), Some((3, 25)));
    }

    #[test]
    fn a_missing_value_is_shown_at_its_nearest_ancestor() {
        assert_eq!(at("a:\n  b: 1\n", "/a/c/d"), Some((1, 1)));
    }

    #[test]
    fn unreadable_text_has_no_positions() {
        assert_eq!(at("", "/a"), None);
    }
}

//! Finds the line and column of a JSON Pointer in the text of a document.
//!
//! The value tree keeps no positions, since most runs need none: a diagnostic looks its place up when it is shown.

mod json;

use saphyr_parser::{Event, Parser, Span};

use crate::diagnostic::Position;
use crate::pointer;

/// Deeper nesting than this is not looked into; no real document comes near.
const MAX_DEPTH: usize = 256;

/// The positions of the values at these pointers, or of their nearest ancestors that the text has; the text is read once.
///
/// An object's member is found at its key. `None` when the text cannot be read.
pub(crate) fn locate(text: &str, pointers: &[&str]) -> Vec<Option<Position>> {
    let paths: Vec<Vec<String>> = pointers
        .iter()
        .map(|pointer| pointer::tokens(pointer).collect())
        .collect();
    if text.trim_start().starts_with('{') {
        let offsets = paths.iter().map(|path| json::locate(text, path));
        if let Some(offsets) = offsets.collect::<Option<Vec<usize>>>() {
            return offsets
                .into_iter()
                .map(|offset| Some(position_at(text, offset)))
                .collect();
        }
    }
    locate_in_yaml(text, &paths)
}

fn position_at(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.chars().rev().take_while(|one| *one != '\n').count() + 1;
    Position::new(line, column)
}

fn locate_in_yaml(text: &str, paths: &[Vec<String>]) -> Vec<Option<Position>> {
    let mut events = Events {
        parser: Parser::new_from_str(text),
        found: vec![None; paths.len()],
        open: paths.len(),
    };
    let targets = paths.iter().map(Vec::as_slice).enumerate().collect();
    while let Some((event, span)) = events.next() {
        if is_node(&event) {
            events.found = vec![Some(position(span)); paths.len()];
            events.descend(event, targets, 0);
            break;
        }
    }
    events.found
}

/// What is looked for: its number, and the rest of the way to it.
type Target<'p> = (usize, &'p [String]);

struct Events<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    /// The last place on the way to each target that the text has.
    found: Vec<Option<Position>>,
    /// Targets that are still looked for.
    open: usize,
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

    /// Walks into the node that `start` begins, along the ways to the targets. `None` when there is nothing left to read or to look for.
    fn descend(
        &mut self,
        start: Event<'a>,
        mut targets: Vec<Target<'_>>,
        depth: usize,
    ) -> Option<()> {
        let before = targets.len();
        targets.retain(|(_, path)| !path.is_empty());
        self.open -= before - targets.len();
        if depth > MAX_DEPTH || self.open == 0 {
            return None;
        }
        match start {
            Event::MappingStart(..) => loop {
                let (key, span) = self.next()?;
                let name = match &key {
                    Event::MappingEnd => break,
                    Event::Scalar(text, ..) => Some(text.to_string()),
                    _ => None,
                };
                self.skip(&key)?;
                let (value, _) = self.next()?;
                let is_here = |token: &String| name.as_ref() == Some(token);
                self.enter(value, span, &mut targets, is_here, depth)?;
            },
            Event::SequenceStart(..) => {
                for index in 0_usize.. {
                    let (item, span) = self.next()?;
                    if matches!(item, Event::SequenceEnd) {
                        break;
                    }
                    let is_here = |token: &String| token.parse() == Ok(index);
                    self.enter(item, span, &mut targets, is_here, depth)?;
                }
            }
            _ => {}
        }
        // What was not met is not there.
        self.open -= targets.len();
        (self.open > 0).then_some(())
    }

    /// Takes the targets that are here further, or passes over the node.
    fn enter(
        &mut self,
        node: Event<'a>,
        span: Span,
        targets: &mut Vec<Target<'_>>,
        is_here: impl Fn(&String) -> bool,
        depth: usize,
    ) -> Option<()> {
        let is_target = |(_, path): &mut Target<'_>| path.first().is_some_and(&is_here);
        let here: Vec<Target<'_>> = targets
            .extract_if(.., is_target)
            .map(|(number, path)| (number, &path[1..]))
            .collect();
        if here.is_empty() {
            return self.skip(&node);
        }
        for (number, _) in &here {
            self.found[*number] = Some(position(span));
        }
        self.descend(node, here, depth + 1)
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
        let position = locate(text, &[pointer])[0]?;
        Some((position.line, position.column))
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
    fn several_are_found_at_once() {
        let text = "a:\n  b: 1\n  c: [1, {d: 2}]\ne: 3\nf: &x {g: 4}\nh: *x\n";
        let pointers = [
            "/e", "/a/c/1/d", "/a", "/a/b/x", "/a/c/7", "/h/g", "/nowhere", "/e", "",
        ];
        let together = locate(text, &pointers);
        let alone: Vec<_> = pointers.iter().map(|one| locate(text, &[one])[0]).collect();
        assert_eq!(together, alone);
        let lines: Vec<u32> = together.iter().flatten().map(|one| one.line).collect();
        assert_eq!(lines, [4, 3, 1, 2, 3, 6, 1, 4, 1]);
    }

    #[test]
    fn unreadable_text_has_no_positions() {
        assert_eq!(at("", "/a"), None);
    }
}

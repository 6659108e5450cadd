//! Finds the lines and columns of JSON Pointers in the text of a document.
//!
//! The value tree keeps no positions, since most runs need none: diagnostics look their places up when they are shown, all of a file in one
//! pass. What an alias or a merge key brings in is found where it was written, in a pass more for each anchor.

mod json;

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, Span};

use crate::diagnostic::Position;
use crate::pointer;

/// Deeper nesting than this is not looked into; no real document comes near.
const MAX_DEPTH: usize = 256;

/// Anchors that are followed, lines that are put further in, and bytes that are read for either.
const MAX_ANCHORS: usize = 64;
const MAX_INDENTED: usize = 64;
const MAX_BYTES: usize = 16 << 20;

/// For each pointer the position of its value, or of the nearest ancestor that the text has.
///
/// An object's member is found at its key. `None` when the text cannot be read.
pub(crate) fn locate(text: &str, pointers: &[&str]) -> Vec<Option<Position>> {
    let paths: Vec<Vec<String>> = pointers
        .iter()
        .map(|pointer| pointer::tokens(pointer).collect())
        .collect();
    let wanted = paths
        .iter()
        .enumerate()
        .map(|(index, path)| Wanted { index, path });
    if text.trim_start().starts_with('{')
        && let Some(offsets) = json::locate(text, wanted.clone().collect(), pointers.len())
    {
        return positions_at(text, &offsets).into_iter().map(Some).collect();
    }
    let passes = MAX_BYTES / text.len().max(1);
    let wanted: Vec<Wanted<'_>> = wanted.collect();
    let mut indented = Indented::of(text);
    loop {
        let mut search = Search::of(&indented.text, pointers.len());
        search.document(wanted.clone());
        let failed = search
            .failed
            .filter(|line| indented.may_indent(*line, passes));
        let Some(line) = failed else {
            search.anchors(&indented.text, passes);
            let found = search.found.into_iter();
            return found
                .map(|found| found.map(|at| indented.original(at)))
                .collect();
        };
        indented.indent(line);
    }
}

/// A text in which lines are further in than they were written, for the parser's sake: it wants what stands between braces further in
/// than the key before them, and the YAML of real documents has closing braces below the key.
struct Indented {
    text: String,
    /// By how much each line is further in.
    lines: BTreeMap<u32, u32>,
}

impl Indented {
    fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            lines: BTreeMap::new(),
        }
    }

    fn may_indent(&self, line: u32, passes: usize) -> bool {
        self.lines.len() < MAX_INDENTED.min(passes) && !self.lines.contains_key(&line)
    }

    fn indent(&mut self, line: u32) {
        const BY: u32 = 100;
        let lines = self.text.split_inclusive('\n');
        let before = lines.take(line.saturating_sub(1) as usize).map(str::len);
        let start: usize = before.sum();
        self.text.insert_str(start, &" ".repeat(BY as usize));
        self.lines.insert(line, BY);
    }

    fn original(&self, at: Position) -> Position {
        let by = self.lines.get(&at.line).copied().unwrap_or_default();
        Position {
            column: at.column.saturating_sub(by).max(1),
            ..at
        }
    }
}

/// Lines and columns of offsets, in one pass over the text.
fn positions_at(text: &str, offsets: &[usize]) -> Vec<Position> {
    let mut order: Vec<usize> = (0..offsets.len()).collect();
    order.sort_by_key(|index| offsets[*index]);
    let mut positions = vec![Position::new(1, 1); offsets.len()];
    let (mut at, mut line, mut column) = (0, 1, 1);
    for index in order {
        let between = text.get(at..offsets[index]).unwrap_or_default();
        for character in between.chars() {
            (line, column) = match character {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            };
        }
        at = offsets[index];
        positions[index] = Position::new(line, column);
    }
    positions
}

/// A value that is looked for, and the rest of the way to it.
#[derive(Clone, Copy)]
struct Wanted<'p> {
    index: usize,
    path: &'p [String],
}

/// What is wanted, by the first token of the way to it.
fn by_token<'p>(
    wanted: impl IntoIterator<Item = Wanted<'p>>,
) -> BTreeMap<&'p str, Vec<Wanted<'p>>> {
    let mut tokens: BTreeMap<&str, Vec<Wanted<'p>>> = BTreeMap::new();
    for wanted in wanted {
        if let Some((first, path)) = wanted.path.split_first() {
            let behind = Wanted { path, ..wanted };
            tokens.entry(first).or_default().push(behind);
        }
    }
    tokens
}

struct Search<'t, 'p> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    found: Vec<Option<Position>>,
    /// What is behind an anchor that an alias or a merge key names.
    pending: Vec<(usize, Wanted<'p>)>,
    /// The line at which the parser gave up.
    failed: Option<u32>,
}

fn is_node(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Scalar(..) | Event::MappingStart(..) | Event::SequenceStart(..) | Event::Alias(..)
    )
}

/// The anchor that a node has; zero is none.
fn anchor_of(event: &Event<'_>) -> Option<usize> {
    match event {
        Event::Scalar(_, _, anchor, _)
        | Event::MappingStart(anchor, _)
        | Event::SequenceStart(anchor, _) => (*anchor > 0).then_some(*anchor),
        _ => None,
    }
}

fn position(span: Span) -> Position {
    Position::new(span.start.line(), span.start.col() + 1)
}

impl<'t, 'p> Search<'t, 'p> {
    fn of(text: &'t str, count: usize) -> Self {
        Self {
            parser: Parser::new_from_str(text),
            found: vec![None; count],
            pending: Vec::new(),
            failed: None,
        }
    }

    /// Looks behind the anchors for what aliases and merge keys bring from there.
    fn anchors(&mut self, text: &'t str, passes: usize) {
        for _ in 0..MAX_ANCHORS.min(passes) {
            let Some((anchor, _)) = self.pending.first() else {
                break;
            };
            let anchor = *anchor;
            let all = std::mem::take(&mut self.pending).into_iter();
            let (behind, others): (Vec<_>, Vec<_>) = all.partition(|(other, _)| *other == anchor);
            self.pending = others;
            self.parser = Parser::new_from_str(text);
            self.anchor(
                anchor,
                behind.into_iter().map(|(_, wanted)| wanted).collect(),
            );
        }
    }

    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        match self.parser.next()? {
            Ok(event) => Some(event),
            Err(error) => {
                self.failed = u32::try_from(error.marker().line()).ok();
                None
            }
        }
    }

    fn document(&mut self, wanted: Vec<Wanted<'p>>) -> Option<()> {
        loop {
            let (event, span) = self.next()?;
            if is_node(&event) {
                self.note(&wanted, span);
                return self.descend(event, wanted, 0);
            }
        }
    }

    fn anchor(&mut self, anchor: usize, wanted: Vec<Wanted<'p>>) -> Option<()> {
        loop {
            let (event, _) = self.next()?;
            if anchor_of(&event) == Some(anchor) {
                return self.descend(event, wanted, 0);
            }
        }
    }

    fn note(&mut self, wanted: &[Wanted<'p>], span: Span) {
        for wanted in wanted {
            self.found[wanted.index] = Some(position(span));
        }
    }

    /// Walks into the node that `start` begins, as far as anything in it is wanted.
    fn descend(&mut self, start: Event<'t>, wanted: Vec<Wanted<'p>>, depth: usize) -> Option<()> {
        let inside: Vec<Wanted<'p>> = wanted
            .into_iter()
            .filter(|wanted| !wanted.path.is_empty())
            .collect();
        if let Event::Alias(anchor) = start {
            self.pending
                .extend(inside.into_iter().map(|wanted| (anchor, wanted)));
            return Some(());
        }
        if inside.is_empty() || depth > MAX_DEPTH {
            return self.skip(&start);
        }
        match start {
            Event::MappingStart(..) => self.mapping(inside, depth),
            Event::SequenceStart(..) => self.sequence(inside, depth),
            _ => Some(()),
        }
    }

    fn mapping(&mut self, inside: Vec<Wanted<'p>>, depth: usize) -> Option<()> {
        let mut wanted = by_token(inside.iter().copied());
        let mut merged = Vec::new();
        loop {
            let (key, span) = self.next()?;
            let text = match &key {
                Event::MappingEnd => break,
                Event::Scalar(text, ..) => Some(text.to_string()),
                _ => None,
            };
            self.skip(&key)?;
            let (value, _) = self.next()?;
            if text.as_deref() == Some("<<") {
                self.merged(value, &mut merged)?;
                continue;
            }
            let here = text
                .and_then(|text| wanted.remove(&*text))
                .unwrap_or_default();
            self.note(&here, span);
            self.descend(value, here, depth + 1)?;
        }
        // A member that stands here itself comes before one that is merged in.
        let is_left = |inside: &&Wanted<'p>| {
            wanted.contains_key(inside.path.first().map_or("", |first| first))
        };
        for anchor in merged.into_iter().rev() {
            let left = inside.iter().filter(is_left);
            self.pending.extend(left.map(|wanted| (anchor, *wanted)));
        }
        Some(())
    }

    /// The anchors that a merge key names.
    fn merged(&mut self, value: Event<'t>, anchors: &mut Vec<usize>) -> Option<()> {
        match value {
            Event::Alias(anchor) => anchors.push(anchor),
            Event::SequenceStart(..) => loop {
                let (item, _) = self.next()?;
                match item {
                    Event::SequenceEnd => break,
                    Event::Alias(anchor) => anchors.push(anchor),
                    other => self.skip(&other)?,
                }
            },
            other => self.skip(&other)?,
        }
        Some(())
    }

    fn sequence(&mut self, inside: Vec<Wanted<'p>>, depth: usize) -> Option<()> {
        let mut wanted = by_token(inside);
        for index in 0_usize.. {
            let (item, span) = self.next()?;
            if matches!(item, Event::SequenceEnd) {
                break;
            }
            let here = wanted
                .remove(index.to_string().as_str())
                .unwrap_or_default();
            self.note(&here, span);
            self.descend(item, here, depth + 1)?;
        }
        Some(())
    }

    /// Passes over the rest of the node that `start` begins.
    fn skip(&mut self, start: &Event<'t>) -> Option<()> {
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
mod tests;

//! Large YAML in block style, read piece by piece.
//!
//! The YAML reader keeps every event of what it is given, which is many times the text. A mapping in block style is its entries one
//! after the other, so that they can be given to it a few at a time. What does not stand for itself, such as an alias whose anchor is
//! in another piece, is no YAML alone: then, and in every other case of doubt, nothing comes of it and the text is read as a whole.

use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::tree::{MERGE, Reader, replace};

/// What is no larger than this is not taken apart, in bytes.
const PIECE: usize = 64 << 10;
/// Mappings in mappings that are taken apart: the document, its paths, a path.
const MAX_LEVELS: usize = 3;

/// Reads a document that is large and in block style; nothing where it is neither, or where the pieces are not enough.
pub(super) fn read(text: &str, reader: &Reader) -> Option<Value> {
    if text.len() <= PIECE {
        return None;
    }
    mapping(body(text)?, 0, reader)
}

/// The text without what stands before the first document's content; nothing where there may be several documents.
fn body(text: &str) -> Option<&str> {
    let mut rest = text;
    let mut is_begun = false;
    loop {
        let line = rest.split_inclusive('\n').next()?;
        match line.trim_end() {
            "---" if !is_begun => is_begun = true,
            blank if blank.is_empty() || blank.starts_with('#') => {}
            _ => break,
        }
        rest = rest.get(line.len()..)?;
    }
    let is_mark = |line: &str| {
        ["---", "...", "%"]
            .iter()
            .any(|mark| line.starts_with(mark))
    };
    (!rest.lines().any(is_mark)).then_some(rest)
}

/// Reads the mapping whose keys stand at an indentation.
fn mapping(text: &str, level: usize, reader: &Reader) -> Option<Value> {
    let mut members = Map::new();
    let mut group = 0..0;
    for entry in entries(text)? {
        if entry.len() > PIECE && level + 1 < MAX_LEVELS {
            add(&mut members, piece(text.get(group)?, reader)?, reader)?;
            let entry_text = text.get(entry.clone())?;
            let read = match large(entry_text) {
                Some((head, below)) => nested(head, below, level, reader)?,
                None => piece(entry_text, reader)?,
            };
            add(&mut members, read, reader)?;
            group = entry.end..entry.end;
            continue;
        }
        group.end = entry.end;
        if group.len() > PIECE {
            add(
                &mut members,
                piece(text.get(group.clone())?, reader)?,
                reader,
            )?;
            group = group.end..group.end;
        }
    }
    add(&mut members, piece(text.get(group)?, reader)?, reader)?;
    Some(Value::Object(members))
}

/// Where the entries of the mapping are; what stands before the first belongs to it.
fn entries(text: &str) -> Option<Vec<std::ops::Range<usize>>> {
    let mut starts = Vec::new();
    let mut indent = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        let own = line.len() - content.len();
        let is_item = content.starts_with("- ") || content.trim_end() == "-";
        if !content.trim_end().is_empty() && !content.starts_with('#') {
            let indent = *indent.get_or_insert(own);
            match own.cmp(&indent) {
                std::cmp::Ordering::Less => return None,
                std::cmp::Ordering::Greater => {}
                // The items of a list may stand below its key.
                std::cmp::Ordering::Equal if is_item && !starts.is_empty() => {}
                std::cmp::Ordering::Equal if is_item || content.starts_with(['?', '\t']) => {
                    return None;
                }
                std::cmp::Ordering::Equal => starts.push(at),
            }
        }
        at += line.len();
    }
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    Some(
        starts
            .iter()
            .zip(ends)
            .map(|(start, end)| *start..end)
            .collect(),
    )
}

/// The line of a key that has nothing beside it, and what stands below; nothing of an entry that is no such mapping.
fn large(entry: &str) -> Option<(&str, &str)> {
    let is_blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let start: usize = entry
        .split_inclusive('\n')
        .take_while(|line| is_blank(line))
        .map(str::len)
        .sum();
    let rest = entry.get(start..)?;
    let head = rest.split_inclusive('\n').next()?;
    let below = rest.get(head.len()..)?;
    let first = below.lines().find(|line| !is_blank(line))?.trim_start();
    let is_list = first == "-" || first.starts_with("- ");
    (head.trim_end().ends_with(':') && !is_list).then_some((head, below))
}

/// An entry whose value is a large mapping.
fn nested(head: &str, below: &str, level: usize, reader: &Reader) -> Option<Map<String, Value>> {
    let (key, null) = piece(head, reader)?.into_iter().next()?;
    if !null.is_null() {
        return None;
    }
    let read = || mapping(below, level + 1, reader).ok_or(());
    let value = reader.below(|| key.clone(), read).ok()?;
    Some(Map::from_iter([(key, value)]))
}

/// Some entries, by the YAML reader.
fn piece(text: &str, reader: &Reader) -> Option<Map<String, Value>> {
    if text.trim().is_empty() {
        return Some(Map::new());
    }
    super::bounds(text).ok()?;
    match reader.read(serde_yaml::Deserializer::from_str(text)) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}

/// Adds members; of a key that is repeated the last counts.
fn add(members: &mut Map<String, Value>, more: Map<String, Value>, reader: &Reader) -> Option<()> {
    for (key, value) in more {
        if key == MERGE {
            return None;
        }
        match members.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(mut entry) => {
                reader.note_duplicate(entry.key());
                replace(&mut entry, value);
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value large enough that pieces end around it.
    fn filler() -> String {
        format!("[{}]", "a, ".repeat(PIECE / 3 + 1))
    }

    fn both(text: &str) -> (Option<Value>, Value) {
        let pieces = read(text, &Reader::default());
        let whole = Reader::default().read(serde_yaml::Deserializer::from_str(text));
        (pieces, whole.unwrap_or(Value::Null))
    }

    #[test]
    fn pieces_are_the_whole() {
        let filler = filler();
        let text = format!(
            "# first\n---\n# second\nopenapi: 3.0.0\ntags:\n- a\n- b\n\npaths:\n  # third\n  /a: {filler}\n  /b:\n    get: &x\n      description: |\n        - item\n\n        paths:\n    put: *x\n  \"/c\": {filler}\n  200: ok\ninfo:\n  title: \"a\n    b: c\"\n"
        );
        let (pieces, whole) = both(&text);
        assert_eq!(pieces, Some(whole));
    }

    #[test]
    fn what_does_not_stand_for_itself_is_not_taken_apart() {
        let filler = filler();
        for text in [
            format!("a: &x {filler}\nb: *x\n"),
            format!("a: \"{filler}\nb: c\"\n"),
            format!("a: {filler}\n---\nb: c\n"),
            format!("- a: {filler}\n"),
            format!("? a\n: {filler}\n"),
            format!("  a: {filler}\nb: c\n"),
            format!("a: {filler}\n<<: {{b: c}}\n<<: {{d: e}}\n"),
            format!("a: [{filler}\n"),
        ] {
            assert_eq!(both(&text).0, None, "{}", &text[..20]);
        }
    }

    #[test]
    fn repeated_keys_are_noticed_between_pieces_and_within() {
        let filler = filler();
        let text =
            format!("paths:\n  /a: {filler}\n  /b: {{c: 1, c: 2}}\n  /a: last\ninfo: a\ninfo: b\n");
        let reader = Reader::default();
        let tree = read(&text, &reader).unwrap_or_default();
        assert_eq!(tree["paths"]["/a"], "last");
        assert_eq!(tree["info"], "b");
        let mut duplicates = reader.duplicates();
        duplicates.sort();
        assert_eq!(duplicates, ["/info", "/paths/~1a", "/paths/~1b/c"]);
    }
}

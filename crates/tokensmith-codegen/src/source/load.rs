//! Bytes become a value tree.

mod lenient;
mod merge;
mod pieces;
mod tree;

use std::borrow::Cow;

use serde::Deserialize as _;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Excerpt, Position, Rule};
use tree::Reader;

/// Larger files are refused; the largest real documents have a third of it.
pub(crate) const MAX_BYTES: usize = 64 << 20;
/// A YAML file with more of the characters that begin and end its values is refused: its reader keeps some 200 bytes for each.
const MAX_YAML_MARKS: usize = 3_000_000;
/// The deepest nesting that the readers take.
const MAX_DEPTH: usize = 127;
/// The YAML reader's time grows with the number of values times the depth of brackets. What may take more than this, a few seconds, is
/// refused; a large file may take longer, for each of its bytes.
const MAX_YAML_WORK: usize = 1_500_000_000;
const MAX_YAML_WORK_OF_BYTE: usize = 1_500;
/// More brackets that are open at once than this are meant; fewer may be prose.
const MAX_OPEN_BRACKETS: usize = 1_000;

/// A file that was read: its name, its text and the values in it.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) tree: Value,
    /// Pointers of the values whose keys are repeated; the last of each is the one in the tree.
    pub(crate) duplicates: Vec<String>,
    /// What is odd about the file as a whole.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Reads a YAML or JSON file whose name is used in diagnostics only.
pub(crate) fn load(file: &str, bytes: &[u8]) -> Result<Loaded, Diagnostic> {
    let text = decode(bytes).map_err(|diagnostic| diagnostic.in_file(file))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim().is_empty() {
        let mut diagnostic = Diagnostic::new(Rule::Unreadable, "", "the file is empty");
        diagnostic.position = Some(Position::new(1, 1));
        return Err(diagnostic
            .help("start with `openapi: 3.1.0`, `info:` and `paths:`")
            .in_file(file));
    }
    let mut loaded = read(text).map_err(|mut diagnostic| {
        diagnostic.excerpt = diagnostic
            .position
            .and_then(|place| Excerpt::around(text, place));
        diagnostic.in_file(file)
    })?;
    file.clone_into(&mut loaded.file);
    for warning in &mut loaded.warnings {
        file.clone_into(&mut warning.file);
    }
    Ok(loaded)
}

/// UTF-8, or UTF-16 with its byte order mark.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Diagnostic> {
    if bytes.len() > MAX_BYTES {
        return Err(too_large(format!(
            "the file has {} MB; {} are read at most",
            bytes.len() >> 20,
            MAX_BYTES >> 20
        )));
    }
    let unreadable = |message: String| {
        Diagnostic::new(Rule::Unreadable, "", message).help("save the document as UTF-8")
    };
    let unit: Option<fn([u8; 2]) -> u16> = match bytes {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    match unit {
        Some(unit) => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| unit([pair[0], pair[1]]))
                .collect();
            match String::from_utf16(&units) {
                Ok(text) if bytes.len().is_multiple_of(2) => Ok(Cow::Owned(text)),
                _ => Err(unreadable(
                    "the file begins like UTF-16 and is not UTF-16".to_owned(),
                )),
            }
        }
        None => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|error| {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let (line, column) = place_of(before);
                let mut diagnostic = unreadable(format!(
                    "the file is not UTF-8: byte {} is invalid",
                    before.len()
                ));
                diagnostic.position = Some(Position::new(line, column));
                diagnostic
            }),
    }
}

/// Decides by what is in the file, not by its name: YAML stands in `.json` files, and the reverse.
fn read(text: &str) -> Result<Loaded, Diagnostic> {
    if !text.trim_start().starts_with(['{', '[', '/']) {
        return read_yaml(text);
    }
    let error = match read_json(text) {
        Ok(loaded) => return Ok(loaded),
        Err(error) if error.rule == Rule::TooLarge => return Err(error),
        Err(error) => error,
    };
    if let Some(plain) = lenient::plain_json(text)
        && let Ok(loaded) = read_json(&plain)
    {
        return Ok(loaded);
    }
    // A flow mapping is YAML.
    let Ok(mut loaded) = read_yaml(text) else {
        return Err(error);
    };
    if error.message.contains("trailing characters") {
        for warning in &mut loaded.warnings {
            "the document ends here; what follows is not read".clone_into(&mut warning.message);
            warning.position = error.position;
            warning.excerpt = error
                .position
                .and_then(|place| Excerpt::around(text, place));
            warning.help = Some("remove it".to_owned());
        }
    }
    Ok(loaded)
}

/// One of the three places that know which crates read YAML and JSON; the second is `pieces`.
fn read_json(text: &str) -> Result<Loaded, Diagnostic> {
    let reader = Reader::of(text);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let tree = reader
        .read(&mut deserializer)
        .and_then(|tree| deserializer.end().map(|()| tree));
    match tree {
        Ok(tree) => Ok(loaded(text, tree, &reader)),
        Err(error) => Err(syntax(
            "JSON",
            &error.to_string(),
            Some((error.line(), error.column())),
            &reader,
        )),
    }
}

fn read_yaml(text: &str) -> Result<Loaded, Diagnostic> {
    let reader = Reader::of(text);
    if let Some(tree) = pieces::read(text, &reader) {
        return Ok(loaded_yaml(text, tree, &reader));
    }
    bounds(text)?;
    let error = match parse_yaml(text) {
        Err(error) if error.rule == Rule::Syntax && text.contains('\t') => error,
        result => return result,
    };
    match lenient::without_harmless_tabs(text).map(|text| parse_yaml(&text)) {
        Some(Ok(loaded)) => Ok(loaded),
        _ => Err(error),
    }
}

/// The bytes that may begin a value in YAML.
static YAML_MARKS: [bool; 256] = {
    let mut is_mark = [false; 256];
    let mut marks: &[u8] = b"\n:,[{-*";
    while let [mark, rest @ ..] = marks {
        is_mark[*mark as usize] = true;
        marks = rest;
    }
    is_mark
};

/// Refuses what the YAML reader would take too long for, or too much memory.
fn bounds(text: &str) -> Result<(), Diagnostic> {
    let (mut marks, mut brackets) = (0_usize, 0_usize);
    for byte in text.bytes() {
        marks += usize::from(YAML_MARKS[usize::from(byte)]);
        brackets += usize::from(byte == b'[') + usize::from(byte == b'{');
    }
    if marks > MAX_YAML_MARKS {
        return Err(too_large("the file has too many values".to_owned()));
    }
    if brackets > MAX_OPEN_BRACKETS && open_brackets(text) > MAX_OPEN_BRACKETS {
        return Err(too_deep());
    }
    if brackets.saturating_mul(marks) > MAX_YAML_WORK.max(text.len() * MAX_YAML_WORK_OF_BYTE) {
        let message = "the file has too many brackets to be read as YAML".to_owned();
        return Err(too_large(message).help("save it as JSON, or as YAML without brackets"));
    }
    Ok(())
}

/// The most brackets that stand open at once, wherever they stand.
fn open_brackets(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

fn parse_yaml(text: &str) -> Result<Loaded, Diagnostic> {
    match parse_yaml_with(text, Reader::of(text)) {
        Err(error) if error.message.contains("expected a string") => {
            parse_yaml_with(text, Reader::of(text).with_any_keys()).map_err(|_| error)
        }
        result => result,
    }
}

/// The third place that knows which crates read YAML and JSON.
fn parse_yaml_with(text: &str, reader: Reader) -> Result<Loaded, Diagnostic> {
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let tree = documents
        .next()
        .map_or(Ok(Value::Null), |document| reader.read(document));
    let tree = tree.map_err(|error: serde_yaml::Error| {
        let place = error
            .location()
            .map(|location| (location.line(), location.column()));
        let message = error.to_string();
        let place = place_in_words(text, &message).or(place);
        syntax("YAML", &message, place, &reader)
    })?;
    let mut loaded = loaded_yaml(text, tree, &reader);
    let has_more = documents
        .next()
        .is_some_and(|second| !matches!(Option::<IgnoredAny>::deserialize(second), Ok(None)));
    if has_more {
        loaded.warnings.push(
            Diagnostic::new(
                Rule::SeveralDocuments,
                "",
                "the file has several YAML documents; only the first is read",
            )
            .help("keep one document in the file, without a second `---`"),
        );
    }
    Ok(loaded)
}

/// Where an error is that says so in words only: `at position 547`, which counts bytes.
fn place_in_words(text: &str, message: &str) -> Option<(usize, usize)> {
    let (_, number) = message.rsplit_once("at position ")?;
    let offset = number.trim().parse::<usize>().ok()?;
    Some(place_of(text.as_bytes().get(..offset)?))
}

/// Line and column behind some text, from one.
fn place_of(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let last = before
        .rsplit(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    (line, String::from_utf8_lossy(last).chars().count() + 1)
}

fn loaded_yaml(text: &str, mut tree: Value, reader: &Reader) -> Loaded {
    if reader.has_merges() {
        merge::apply(&mut tree);
    }
    loaded(text, tree, reader)
}

fn loaded(text: &str, tree: Value, reader: &Reader) -> Loaded {
    Loaded {
        file: String::new(),
        text: text.to_owned(),
        tree,
        duplicates: merge::merged(reader.duplicates()),
        warnings: Vec::new(),
    }
}

fn syntax(
    language: &str,
    error: &str,
    place: Option<(usize, usize)>,
    reader: &Reader,
) -> Diagnostic {
    let mut diagnostic = if error.contains("recursion limit exceeded") {
        too_deep()
    } else if reader.is_exceeded() || error.contains("repetition limit exceeded") {
        too_large("the file stands for too many values, such as by its YAML aliases".to_owned())
    } else {
        Diagnostic::new(
            Rule::Syntax,
            "",
            format!("the file cannot be read as {language}: {error}"),
        )
        .help("write an OpenAPI document in YAML or JSON")
    };
    if let Some((line, column)) = place {
        diagnostic.position = Some(Position::new(line, column));
    }
    diagnostic
}

fn too_deep() -> Diagnostic {
    too_large(format!(
        "the file is nested more than {MAX_DEPTH} levels deep"
    ))
}

fn too_large(message: String) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(Rule::TooLarge, "", message)
        .help("cut the document down to its OAuth operations and what they refer to");
    diagnostic.position = Some(Position::new(1, 1));
    diagnostic
}

#[cfg(test)]
mod tests;

//! Cuts a document down: its text where it is laid out in lines, else its values.

use saphyr_parser::{Event, Parser, Span};
use serde_yaml::Value;

use super::keep::{DEPTH, Keep};
use tokensmith_codegen::pointer;

/// A member of a mapping of the text: where its key stands, and the members of its value as far as they matter.
struct Member {
    key: String,
    line: usize,
    column: usize,
    members: Vec<Member>,
}

/// The lines of a document in YAML that are kept; nothing where it is not laid out in lines.
pub(super) fn text(text: &str, keep: &Keep) -> Option<String> {
    let members = outline(text).or_else(|| outline(&with_brackets_indented(text)))?;
    let lines: Vec<&str> = text.lines().collect();
    if !members.iter().all(|member| begins_line(&lines, member)) {
        return None;
    }
    let mut kept = vec![true; lines.len()];
    drop_lines(&lines, &members, "", keep, lines.len(), &mut kept)?;
    let lines = lines.iter().zip(kept).filter(|(_, kept)| *kept);
    // Line ends are this repository's; what stands before them may be part of a text.
    Some(lines.map(|(line, _)| format!("{line}\n")).collect())
}

fn drop_lines(
    lines: &[&str],
    members: &[Member],
    at: &str,
    keep: &Keep,
    end: usize,
    kept: &mut [bool],
) -> Option<()> {
    for (index, member) in members.iter().enumerate() {
        let next = members
            .get(index + 1)
            .map_or(end, |next| begin(lines, next));
        let place = pointer::join(at, &member.key);
        if !keep.has(&place) {
            let is_first = at.is_empty() && index == 0;
            // What stands above all is about the document.
            let begin = if is_first {
                member.line
            } else {
                begin(lines, member)
            };
            kept.get_mut(begin..next)?.fill(false);
        } else if member
            .members
            .iter()
            .all(|member| begins_line(lines, member))
        {
            drop_lines(lines, &member.members, &place, keep, next, kept)?;
        }
    }
    Some(())
}

/// Whether a key shares its line with nothing that comes before it, as one in braces does.
fn begins_line(lines: &[&str], member: &Member) -> bool {
    let before = lines
        .get(member.line)
        .map(|line| line.chars().take(member.column));
    before.is_some_and(|mut before| before.all(char::is_whitespace))
}

/// The first line of what belongs to a key: comments above it do, and blank lines between. What is indented deeper belongs to what comes before: a
/// comment about it, or the text of a block.
fn begin(lines: &[&str], member: &Member) -> usize {
    let above = lines.get(..member.line).unwrap_or_default();
    let mut begin = member.line;
    for (index, line) in above.iter().enumerate().rev() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if text.starts_with('#') && indent <= member.column {
            begin = index;
        } else if !text.is_empty() {
            break;
        }
    }
    begin
}

/// The members of a document down to those that are kept or dropped by themselves; nothing where braces, anchors or aliases are among them.
fn outline(text: &str) -> Option<Vec<Member>> {
    if text.trim_start().starts_with('{') {
        return None;
    }
    let mut events = Parser::new_from_str(text);
    loop {
        match events.next()?.ok()?.0 {
            Event::MappingStart(..) => return members(&mut events, 1),
            Event::Scalar(..) | Event::SequenceStart(..) | Event::Alias(..) => return None,
            _ => {}
        }
    }
}

/// The text with closing brackets that begin a line put far to the right: whoever reads YAML strictly takes none that stands as far left as the key
/// that it belongs to, and people write them there. Lines stay where they are.
fn with_brackets_indented(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let is_bracket = line.trim_start().starts_with(['}', ']']);
        let indent = if is_bracket { FAR } else { "" };
        format!("{indent}{line}\n")
    });
    lines.collect()
}

/// Farther than keys that are kept or dropped by themselves are indented.
const FAR: &str = "                                ";

type Events<'a> = Parser<'a, saphyr_parser::StrInput<'a>>;

fn members(events: &mut Events<'_>, depth: usize) -> Option<Vec<Member>> {
    let mut members = Vec::new();
    loop {
        let (key, span): (_, Span) = events.next()?.ok()?;
        let key = match key {
            Event::MappingEnd => return Some(members),
            Event::Scalar(key, ..) => key.into_owned(),
            _ => return None,
        };
        let (value, _) = events.next()?.ok()?;
        let below = match value {
            Event::MappingStart(..) if depth < DEPTH => self::members(events, depth + 1)?,
            other => {
                skip(events, &other)?;
                Vec::new()
            }
        };
        members.push(Member {
            key,
            line: span.start.line().checked_sub(1)?,
            column: span.start.col(),
            members: below,
        });
    }
}

fn skip(events: &mut Events<'_>, start: &Event<'_>) -> Option<()> {
    let mut open = usize::from(matches!(
        start,
        Event::MappingStart(..) | Event::SequenceStart(..)
    ));
    while open > 0 {
        match events.next()?.ok()?.0 {
            Event::MappingStart(..) | Event::SequenceStart(..) => open += 1,
            Event::MappingEnd | Event::SequenceEnd => open -= 1,
            _ => {}
        }
    }
    Some(())
}

/// The values that are kept, in their order, as YAML.
pub(super) fn values(text: &str, keep: &Keep) -> Option<String> {
    let mut value: Value = serde_yaml::from_str(text).ok()?;
    drop_values(&mut value, "", keep, 1);
    serde_yaml::to_string(&value).ok()
}

fn drop_values(value: &mut Value, at: &str, keep: &Keep, depth: usize) {
    let Some(members) = value.as_mapping_mut() else {
        return;
    };
    members.retain(|key, member| {
        let key = match key {
            Value::String(key) => key.clone(),
            Value::Number(key) => key.to_string(),
            _ => return true,
        };
        let place = pointer::join(at, &key);
        let is_kept = keep.has(&place);
        if is_kept && depth < DEPTH {
            drop_values(member, &place, keep, depth + 1);
        }
        is_kept
    });
}

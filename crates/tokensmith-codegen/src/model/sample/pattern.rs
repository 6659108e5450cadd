//! A text that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// No value is longer than this, in bytes.
const LONGEST: usize = 1_000;
/// Parts of a pattern that are written at most: what is repeated may be empty.
const MAX_STEPS: usize = 20_000;

/// A text that the pattern matches, in which what may be repeated is so this often, as far as that is allowed; nothing where the pattern is
/// none that is understood.
pub(super) fn text(pattern: &str, count: usize) -> Option<String> {
    let parsed = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&parsed, count, &mut text, &mut 0)?;
    Some(text)
}

fn write(hir: &Hir, count: usize, text: &mut String, steps: &mut usize) -> Option<()> {
    *steps += 1;
    if text.len() > LONGEST || *steps > MAX_STEPS {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character(class)?),
        HirKind::Capture(capture) => write(&capture.sub, count, text, steps)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, count, text, steps)?;
            }
        }
        HirKind::Alternation(branches) => write(branches.first()?, count, text, steps)?,
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize;
            let most = repetition.max.map_or(usize::MAX, |max| max as usize);
            for _ in 0..count.clamp(least, most) {
                write(&repetition.sub, count, text, steps)?;
            }
        }
    }
    Some(())
}

/// A character of a class: a letter or a digit, where it has one.
fn character(class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => {
            let ranges = class.ranges().iter();
            ranges.map(|range| (range.start(), range.end())).collect()
        }
        Class::Bytes(class) => {
            let ranges = class.ranges().iter();
            let character = char::from;
            ranges
                .map(|range| (character(range.start()), character(range.end())))
                .collect()
        }
    };
    let has = |wanted: &char| {
        ranges
            .iter()
            .any(|(start, end)| (start..=end).contains(&wanted))
    };
    ['a', '0', 'A', '-', '_']
        .into_iter()
        .find(has)
        .or_else(|| ranges.first().map(|(start, _)| *start))
}

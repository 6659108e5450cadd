//! A diagnostic for people: with the lines that it is about.

use std::io::{self, Write};
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Shown, Label, LabelStyle, Severity as Level};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Config, GeneralWriteResult, WriteStyle};

use super::{place, plain};
use crate::diagnostic::visible::{visible, without_commands};
use crate::diagnostic::{Diagnostic, Excerpt, Severity};

/// A diagnostic with the lines that it is about, as rustc shows one; in colour if asked for.
pub fn human(diagnostic: &Diagnostic, coloured: bool) -> String {
    let level = match diagnostic.severity() {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Note,
    };
    let mut shown = Shown::new(level)
        .with_code(diagnostic.rule.code())
        .with_message(plain(&diagnostic.message));
    let window = Window::new(diagnostic);
    if let Some(window) = &window {
        shown = shown.with_labels(vec![Label::primary((), window.marked())]);
    } else if !diagnostic.file.is_empty() {
        shown = shown.with_notes(vec![format!("in {}", visible(&diagnostic.file))]);
    }
    if !diagnostic.pointer.is_empty() {
        shown
            .notes
            .push(format!("at {}", place(&diagnostic.pointer)));
    }
    if let Some(help) = &diagnostic.help {
        shown.notes.push(format!("fix: {}", plain(help)));
    }
    let config = Config {
        before_label_lines: 1,
        ..Config::default()
    };
    let mut out = Painter {
        out: Vec::new(),
        coloured,
    };
    let window = window.unwrap_or_default();
    // What has no window has no label, and then no file is asked for.
    match term::emit_to_write_style(&mut out, &config, &window, &shown) {
        Ok(()) => without_commands(String::from_utf8_lossy(&out.out).trim_end()),
        Err(_) => plain(&diagnostic.to_string()),
    }
}

/// The lines around a diagnostic, as a file whose first line has a number of its own.
#[derive(Default)]
struct Window {
    name: String,
    text: String,
    starts: Vec<usize>,
    first_line: usize,
    column: usize,
    marked: Range<usize>,
}

impl Window {
    fn new(diagnostic: &Diagnostic) -> Option<Self> {
        let Excerpt {
            first_line,
            lines,
            marked,
        } = diagnostic.excerpt.as_deref()?;
        let text = lines.join("\n");
        let last = text.len() - lines.last()?.len();
        Some(Self {
            name: visible(&diagnostic.file),
            starts: codespan_reporting::files::line_starts(&text).collect(),
            text,
            first_line: usize::try_from(*first_line).ok()?,
            column: usize::try_from(diagnostic.position?.column).ok()?,
            marked: last + marked.start..last + marked.end,
        })
    }

    fn marked(&self) -> Range<usize> {
        self.marked.clone()
    }
}

impl<'a> Files<'a> for Window {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.name)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, (): (), byte: usize) -> Result<usize, Error> {
        Ok(self
            .starts
            .partition_point(|start| *start <= byte)
            .saturating_sub(1))
    }

    fn line_number(&'a self, (): (), index: usize) -> Result<usize, Error> {
        Ok(self.first_line + index)
    }

    /// The column in the file: a long line is cut in the window.
    fn column_number(&'a self, (): (), _: usize, _: usize) -> Result<usize, Error> {
        Ok(self.column)
    }

    fn line_range(&'a self, (): (), index: usize) -> Result<Range<usize>, Error> {
        let start = *self.starts.get(index).ok_or(Error::LineTooLarge {
            given: index,
            max: self.starts.len().saturating_sub(1),
        })?;
        let end = self
            .starts
            .get(index + 1)
            .copied()
            .unwrap_or(self.text.len());
        Ok(start..end)
    }
}

/// Writes with the colours of a terminal, or without.
struct Painter {
    out: Vec<u8>,
    coloured: bool,
}

impl Painter {
    fn paint(&mut self, code: &str) -> GeneralWriteResult {
        if self.coloured {
            write!(self.out, "\x1b[{code}m")?;
        }
        Ok(())
    }
}

impl Write for Painter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Painter {
    fn set_header(&mut self, level: Level) -> GeneralWriteResult {
        self.paint(match level {
            Level::Warning => "1;33",
            Level::Note => "1;36",
            _ => "1;31",
        })
    }

    fn set_header_message(&mut self) -> GeneralWriteResult {
        // The colour is the first word's.
        self.paint("0;1")
    }

    fn set_line_number(&mut self) -> GeneralWriteResult {
        self.paint("34")
    }

    fn set_note_bullet(&mut self) -> GeneralWriteResult {
        self.paint("34")
    }

    fn set_source_border(&mut self) -> GeneralWriteResult {
        self.paint("34")
    }

    fn set_label(&mut self, level: Level, _: LabelStyle) -> GeneralWriteResult {
        self.set_header(level)
    }

    fn reset(&mut self) -> GeneralWriteResult {
        self.paint("0")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Position, Rule};

    fn diagnostic() -> Diagnostic {
        let mut diagnostic = Diagnostic::new(
            Rule::DanglingReference,
            "/a/$ref",
            "points at nothing\x1b[2J",
        )
        .help("add it,\nor correct it")
        .in_file("a.yaml");
        let place = Position::new(3, 5);
        diagnostic.position = Some(place);
        diagnostic.excerpt = Excerpt::around("one\na:\n    $ref: '#/b'\n", place);
        diagnostic
    }

    #[test]
    fn lines_and_columns_are_those_of_the_file() {
        let text = human(&diagnostic(), false);
        assert!(text.contains("a.yaml:3:5\n"), "{text}");
        assert!(text.contains("3 │     $ref: '#/b'\n"), "{text}");
        assert!(text.contains("│     ^^^^\n"), "{text}");
        assert!(!text.contains('\x1b'), "{text}");
    }

    #[test]
    fn colours_are_ours_only() {
        let text = human(&diagnostic(), true);
        assert!(text.starts_with("\x1b[1;31merror[TS006]"), "{text}");
        assert!(!text.contains("\x1b[2J"), "{text}");
    }
}

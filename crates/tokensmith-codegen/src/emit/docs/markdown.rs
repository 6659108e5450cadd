//! The Markdown of a document as blocks that rustdoc and GitHub read in the same way.
//!
//! Paragraphs, headings, lists, quotes, tables and fenced code stay, each in one form. Code is never compiled.

use super::html::to_markdown;
use super::inline::{Escaped, escape, escape_row};
use crate::diagnostic::visible::visible;

/// Columns that a line of documentation may take, without its `///`.
const WIDTH: usize = 92;

/// Makes a document's Markdown safe and wraps it.
pub(crate) fn markdown(text: &str) -> String {
    let mut blocks = Blocks::default();
    let mut fenced = false;
    // A carriage return ends a line of Markdown as well.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = to_markdown(&text);
    for line in text.lines() {
        let line = visible(line.trim_end());
        let trimmed = line.trim_start();
        if is_fence(trimmed) {
            blocks.end_paragraph();
            // Whatever language it claims: rustdoc must not compile it.
            blocks.push(if fenced { "```" } else { "```text" });
            fenced = !fenced;
        } else if fenced {
            blocks.push(line);
        } else if trimmed.is_empty() {
            blocks.end_paragraph();
            blocks.separate();
        } else if trimmed == ">" {
            // What ends a paragraph within a quote.
            blocks.end_paragraph();
            blocks.push(">");
        } else if trimmed.starts_with('|') {
            blocks.row(trimmed);
        } else if trimmed.starts_with('#') {
            blocks.end_paragraph();
            blocks.push(escape(trimmed).into_text());
        } else {
            if marker(trimmed) > 0 {
                blocks.end_paragraph();
            }
            blocks.go_on(trimmed);
        }
    }
    blocks.end_paragraph();
    if fenced {
        blocks.push("```");
    }
    blocks.lines.join("\n").trim_end().to_owned()
}

/// The first paragraph of text that is safe and wrapped already, after headings and images; empty
/// where something else stands first.
pub(crate) fn first_paragraph(markdown: &str) -> &str {
    const IMAGES: [&str; 2] = [r"\!", r"\[\!"];
    let is_passed_over = |block: &str| {
        block.lines().all(|line| heading(line) > 0)
            || IMAGES.iter().any(|image| block.starts_with(image))
    };
    let mut blocks = markdown.split("\n\n");
    let Some(mut block) = blocks.find(|block| !is_passed_over(block)) else {
        return "";
    };
    while let Some((first, rest)) = block.split_once('\n')
        && heading(first) > 0
    {
        block = rest;
    }
    let starts = std::iter::once(0).chain(block.match_indices('\n').map(|(end, _)| end + 1));
    let mut starts = starts.filter(|start| begins_block(&block[*start..]));
    let end = starts.next();
    let text = block[..end.unwrap_or(block.len())].trim_end();
    // What leads to a list says nothing without it.
    match text.ends_with(':') {
        true => whole_sentences(text),
        false => text,
    }
}

/// The sentences of a text before the last one.
fn whole_sentences(text: &str) -> &str {
    let ends = text.match_indices(['.', '!', '?']).map(|(at, _)| at + 1);
    let mut ends = ends.filter(|end| text[*end..].starts_with([' ', '\n']));
    text[..ends.next_back().unwrap_or_default()].trim_end()
}

/// Text that is safe and wrapped already, with its headings some levels below their own.
pub(crate) fn below_heading(markdown: &str, levels: usize) -> String {
    const DEEPEST: usize = 6;
    let mut fenced = false;
    let lines = markdown.lines().map(|line| {
        fenced ^= is_fence(line);
        let level = heading(line);
        match level {
            1.. if !fenced => "#".repeat((DEEPEST - level).min(levels)) + line,
            _ => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The level of a heading; 0 for any other line.
fn heading(line: &str) -> usize {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading =
        (1..=6).contains(&level) && matches!(line.as_bytes().get(level), None | Some(b' '));
    if is_heading { level } else { 0 }
}

/// Lines that are done, and the paragraph or list item that is being read.
#[derive(Default)]
struct Blocks {
    lines: Vec<String>,
    paragraph: String,
    /// Whether the last line is a row of a table, of which any line below it would be a part.
    after_row: bool,
}

impl Blocks {
    fn push(&mut self, line: impl Into<String>) {
        if self.after_row {
            self.separate();
        }
        self.lines.push(line.into());
    }

    /// An empty line, unless there is one.
    fn separate(&mut self) {
        self.after_row = false;
        if self.lines.last().is_some_and(|last| !last.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// A row, and nothing else, is next to a row: a paragraph above it would be the head of the table.
    fn row(&mut self, line: &str) {
        self.end_paragraph();
        if !self.after_row {
            self.separate();
        }
        self.lines.push(escape_row(line).into_text());
        self.after_row = true;
    }

    fn go_on(&mut self, line: &str) {
        if !self.paragraph.is_empty() {
            self.paragraph.push(' ');
        }
        self.paragraph.push_str(line);
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        if paragraph.is_empty() {
            return;
        }
        // Lines of a quote may make a table.
        if paragraph.starts_with('>') {
            self.wrap(&escape_row(&paragraph), "> ");
        } else {
            // What goes on below an item is part of it only if it stands below its text.
            let hanging = " ".repeat(marker(&paragraph));
            self.wrap(&escape(&paragraph), &hanging);
        }
    }

    fn wrap(&mut self, text: &Escaped, hanging: &str) {
        let mut line = String::new();
        let mut width = 0;
        for word in text.words() {
            let columns = word.chars().count();
            // A word that is too long for any line stands beside the mark of its item, which would be alone.
            let is_alone = width > 0 && width <= hanging.len();
            if width > 0 && !is_alone && width + 1 + columns > WIDTH && !cannot_begin_line(word) {
                self.push(std::mem::replace(&mut line, hanging.to_owned()));
                width = hanging.len();
            } else if width > 0 {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += columns;
        }
        self.push(line);
    }
}

pub(super) fn is_fence(line: &str) -> bool {
    line.starts_with("```") || line.starts_with("~~~")
}

/// List items, headings, quotes and table rows stand on lines of their own.
pub(super) fn begins_block(line: &str) -> bool {
    is_fence(line) || marker(line) > 0 || line.starts_with(['#', '|'])
}

/// How many columns the mark of a list item or of a quote takes.
pub(super) fn marker(line: &str) -> usize {
    if ["- ", "* ", "+ ", "> "]
        .iter()
        .any(|start| line.starts_with(start))
    {
        return 2;
    }
    let digits = line.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let is_numbered = (1..=9).contains(&digits)
        && [". ", ") "]
            .iter()
            .any(|end| line[digits..].starts_with(end));
    if is_numbered { digits + 2 } else { 0 }
}

/// Whether a word would be read as a mark if a line began with it: of a block, of a rule, of the line below a heading or
/// below the head of a table.
fn cannot_begin_line(word: &str) -> bool {
    let is_rule = word
        .chars()
        .all(|character| matches!(character, '-' | '=' | '*' | '_' | ':' | '|'));
    is_rule || begins_block(&format!("{word} "))
}

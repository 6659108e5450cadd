//! The HTML that descriptions have, as Markdown.
//!
//! Vendors write `<br>` and `<li>` into descriptions, because their own pages show HTML. Elements that only give a text its
//! form become Markdown or white space; whatever else looks like HTML stays, and is escaped. What comes of it is as
//! untrusted as before.

mod tag;

use std::borrow::Cow;

use super::entity;
use super::inline::Spans;
use super::markdown::{is_fence, marker};
use tag::{Element, Tag};

/// Returns the text with common elements and character references in Markdown. Code stays as it is.
pub(super) fn to_markdown(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let mut page = Page::default();
    let mut fenced = false;
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        if is_fence(line.trim_start()) {
            if fenced {
                page.out.push_str(&text[start..next]);
            } else {
                page.read(&text[start..at]);
                // Marks cannot stand around a block of code.
                page.open.clear();
                page.out.push_str(line);
            }
            start = next;
            fenced = !fenced;
        }
        at = next;
    }
    match fenced {
        true => page.out.push_str(&text[start..]),
        false => page.read(&text[start..]),
    }
    Cow::Owned(page.out)
}

/// An element that is not closed yet: its tag stands in the text until then.
struct Open {
    element: Element,
    href: Option<String>,
    /// Where its tag begins, and where it ends.
    at: (usize, usize),
}

/// The Markdown, as far as it is written.
#[derive(Default)]
struct Page {
    out: String,
    open: Vec<Open>,
    /// The lists around, with the number of the last item of those that are numbered.
    lists: Vec<Option<usize>>,
    /// Whether an item of a list is open.
    in_item: bool,
    /// Where the last line begins, as far as it was searched for.
    line: usize,
    searched: usize,
}

impl Page {
    /// Reads what is no fenced code.
    fn read(&mut self, text: &str) {
        let mut spans = Spans::new(text);
        let mut at = 0;
        while let Some(found) = text[at..].find(['`', '\\', '<', '&']) {
            self.out.push_str(&text[at..at + found]);
            at += found;
            let rest = &text[at..];
            at += match rest.as_bytes()[0] {
                b'`' => {
                    let span = spans.at(at).filter(|span| !span.contains("\n\n"));
                    let ticks = rest.len() - rest.trim_start_matches('`').len();
                    let kept = span.map_or(ticks, str::len);
                    self.verbatim(&rest[..kept])
                }
                b'\\' => {
                    let next = rest[1..].chars().next();
                    self.verbatim(&rest[..1 + next.map_or(0, char::len_utf8)])
                }
                b'<' => match Tag::read(rest) {
                    Some(tag) => {
                        self.tag(&tag, rest);
                        self.guard(&rest[tag.length..]);
                        tag.length
                    }
                    None => self.verbatim("<"),
                },
                _ => self.reference(rest),
            };
        }
        self.out.push_str(&text[at..]);
    }

    fn verbatim(&mut self, text: &str) -> usize {
        self.out.push_str(text);
        text.len()
    }

    /// Writes the character that a text begins with a reference to, and returns how long the reference is.
    fn reference(&mut self, text: &str) -> usize {
        const KNOWN: [(&str, &str); 9] = [
            ("&amp;", "&"),
            ("&lt;", r"\<"),
            ("&gt;", r"\>"),
            ("&quot;", "\""),
            ("&apos;", "'"),
            ("&#39;", "'"),
            ("&#039;", "'"),
            ("&#x27;", "'"),
            ("&nbsp;", " "),
        ];
        let known = KNOWN.iter().find(|(name, _)| text.starts_with(name));
        match known {
            // What is a reference only after that is meant as it is written.
            Some((name, "&")) if entity::name(&text[name.len()..]).is_some() => self.verbatim(name),
            Some((name, meant)) => {
                self.out.push_str(meant);
                name.len()
            }
            None => self.verbatim("&"),
        }
    }

    fn tag(&mut self, tag: &Tag<'_>, text: &str) {
        /// Elements that stand within each other.
        const DEEPEST: usize = 8;
        let rest = &text[tag.length..];
        match (tag.element, tag.closes) {
            (Element::Block | Element::Break, _) => self.part(),
            (Element::Heading(_), true) => self.part(),
            (Element::Heading(level), false) => {
                self.part();
                if self.out.is_empty() || self.out.ends_with('\n') {
                    self.out.push_str(&"#".repeat(level));
                    self.out.push(' ');
                }
            }
            (Element::Cell, _) => self.out.push(' '),
            (Element::Plain, _) => self.part_marks(),
            (Element::UnorderedList | Element::OrderedList, closes) => {
                self.in_item = false;
                if closes {
                    self.lists.pop();
                    self.end_list();
                } else {
                    let is_numbered = tag.element == Element::OrderedList;
                    self.lists.push(is_numbered.then_some(0));
                    self.part();
                }
            }
            (Element::Item, true) => self.in_item = false,
            (Element::Item, false) => self.item(),
            (Element::Marked(_) | Element::Link, false) => {
                let start = self.out.len();
                self.out.push_str(&text[..tag.length]);
                // What is within more elements is copied more often.
                if self.open.len() == DEEPEST {
                    self.open.remove(0);
                }
                self.open.push(Open {
                    element: tag.element,
                    href: tag.href.map(str::to_owned),
                    at: (start, self.out.len()),
                });
            }
            (Element::Marked(_) | Element::Link, true) => {
                let open = self.open.pop().filter(|open| open.element == tag.element);
                match open {
                    Some(open) => self.close(&open, rest),
                    None => drop(self.verbatim(&text[..tag.length])),
                }
            }
        }
    }

    /// Begins a paragraph, unless that would tear a list item or a row of a table apart.
    fn part(&mut self) {
        self.open.clear();
        // Each part of the text is looked through once.
        if let Some(end) = self.out[self.searched..].rfind('\n') {
            self.line = self.searched + end + 1;
        }
        self.searched = self.out.len();
        let line = self.out[self.line..].trim_start();
        let is_torn = self.in_item || marker(line) > 0 || line.starts_with('|');
        // What is white space stays so, and is not looked through again.
        self.line = self.out.len() - line.len();
        self.paragraph(is_torn);
    }

    /// Begins a paragraph below a list, unless the list is within another.
    fn end_list(&mut self) {
        self.open.clear();
        self.paragraph(!self.lists.is_empty());
    }

    fn paragraph(&mut self, is_torn: bool) {
        match is_torn {
            true => self.out.push(' '),
            false if self.out.is_empty() || self.out.ends_with("\n\n") => {}
            false => self.out.push_str("\n\n"),
        }
    }

    /// Keeps what a tag stood before from beginning a line as code or as the row of a table.
    fn guard(&mut self, rest: &str) {
        let is_space = |character: char| character.is_whitespace() && character != '\n';
        let rest = rest.trim_start_matches(is_space);
        if is_fence(rest) || rest.starts_with('|') {
            let line = self.out.trim_end_matches(is_space);
            if line.is_empty() || line.ends_with('\n') {
                self.out.push('\\');
            }
        }
    }

    fn item(&mut self) {
        self.open.clear();
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                self.out.push_str(&format!("{number}. "));
            }
            _ => self.out.push_str("- "),
        }
        self.in_item = true;
    }

    /// Keeps marks apart that a tag stood between: together they might mean something else.
    fn part_marks(&mut self) {
        let is_mark = |last: char| last.is_ascii_punctuation();
        if self.out.ends_with(is_mark) {
            self.out.push(' ');
        }
    }

    /// Puts marks, or an address, around what an element holds.
    fn close(&mut self, open: &Open, rest: &str) {
        /// Longer texts stand for themselves.
        const LONGEST: usize = 200;
        let (start, end) = open.at;
        let held = self.out[end..].to_owned();
        self.out.truncate(start);
        let text = held.trim();
        let is_short = !text.is_empty() && text.len() <= LONGEST && !text.contains("\n\n");
        let marked = match (open.element, &open.href) {
            _ if !is_short => None,
            (Element::Marked("`"), _) => code(text),
            (Element::Marked(mark), _) => Some(format!("{mark}{text}{mark}")),
            (Element::Link, Some(url)) => link(text, url),
            _ => None,
        };
        let is_word = |edge: Option<char>| edge.is_some_and(char::is_alphanumeric);
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().last()) else {
            self.out.push_str(&held);
            return;
        };
        if held.starts_with(char::is_whitespace)
            || !first.is_alphanumeric() && is_word(self.out.chars().last())
        {
            self.out.push(' ');
        }
        self.part_marks();
        let text = marked.as_deref().unwrap_or(text);
        self.guard(text);
        self.out.push_str(text);
        if held.ends_with(char::is_whitespace)
            || !last.is_alphanumeric() && is_word(rest.chars().next())
        {
            self.out.push(' ');
        }
    }
}

/// A code span; nothing where the text would end it.
fn code(text: &str) -> Option<String> {
    let is_span = !text.contains(['`', '\n', '|']) && !text.ends_with('\\');
    is_span.then(|| format!("`{}`", text.replace(r"\<", "<").replace(r"\>", ">")))
}

/// A link; nothing where its text means something in Markdown, or is the address itself.
fn link(text: &str, url: &str) -> Option<String> {
    let is_plain = !text.contains(['[', ']', '<', '>', '`', '\\', '|', '&', '\n']);
    (is_plain && !text.contains("://")).then(|| format!("[{text}]({url})"))
}

#[cfg(test)]
mod tests;

//! The HTML that descriptions have, as Markdown.
//!
//! Vendors write `<br>` and `<li>` into descriptions, because their own pages show HTML. Elements that only give a text its
//! form become Markdown or white space; whatever else looks like HTML stays, and is escaped. What comes of it is as
//! untrusted as before.

use super::entity;
use std::borrow::Cow;

use super::inline::Spans;
use super::markdown::{is_fence, marker};

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

/// What an element does to a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    /// Parts paragraphs.
    Block,
    /// `br`, `hr`.
    Break,
    /// `td`, `th`.
    Cell,
    /// `h1` to `h6`.
    Heading(usize),
    UnorderedList,
    OrderedList,
    Item,
    /// What has no counterpart in Markdown.
    Plain,
    /// What stands between two marks.
    Marked(&'static str),
    Link,
}

fn element(name: &str) -> Option<Element> {
    Some(match name {
        "p" | "div" | "section" | "article" | "header" | "footer" | "center" | "dl" | "dt"
        | "dd" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "caption" => Element::Block,
        "br" | "hr" => Element::Break,
        "td" | "th" => Element::Cell,
        "h1" => Element::Heading(1),
        "h2" => Element::Heading(2),
        "h3" => Element::Heading(3),
        "h4" => Element::Heading(4),
        "h5" => Element::Heading(5),
        "h6" => Element::Heading(6),
        "ul" => Element::UnorderedList,
        "ol" => Element::OrderedList,
        "li" => Element::Item,
        "span" | "font" | "u" | "small" | "big" | "sub" | "sup" | "nobr" => Element::Plain,
        "b" | "strong" => Element::Marked("**"),
        "i" | "em" => Element::Marked("*"),
        "code" | "tt" => Element::Marked("`"),
        "a" => Element::Link,
        _ => return None,
    })
}

/// A tag of a known element.
struct Tag<'a> {
    element: Element,
    closes: bool,
    href: Option<&'a str>,
    length: usize,
}

impl<'a> Tag<'a> {
    /// The tag that a text begins with.
    fn read(text: &'a str) -> Option<Self> {
        /// Longest tag that is looked for.
        const LONGEST: usize = 500;
        const LONGEST_NAME: usize = 8;
        let inside = text.strip_prefix('<')?;
        let (closes, inside) = match inside.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, inside),
        };
        let bytes = inside.bytes().take(LONGEST_NAME + 1);
        let name = &inside[..bytes.take_while(u8::is_ascii_alphanumeric).count()];
        let element = element(&name.to_ascii_lowercase())?;
        let attributes = &inside[name.len()..];
        let mut quote = None;
        let end = attributes
            .bytes()
            .take(LONGEST)
            .position(|byte| match quote {
                Some(open) => {
                    if byte == open {
                        quote = None;
                    }
                    false
                }
                None if matches!(byte, b'"' | b'\'') => {
                    quote = Some(byte);
                    false
                }
                None => matches!(byte, b'>' | b'<'),
            })?;
        let own = &attributes[..end];
        let is_tag = attributes[end..].starts_with('>')
            && (own.is_empty()
                || own.starts_with(|first: char| first == '/' || first.is_whitespace()));
        is_tag.then(|| Self {
            element,
            closes,
            href: href(own),
            length: text.len() - attributes.len() + end + 1,
        })
    }
}

/// The value of the attribute `href`, if it is an address on the web.
fn href(attributes: &str) -> Option<&str> {
    let (_, value) = attributes.split_once("href=")?;
    let quote = value
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))?;
    let url = value[1..].split(quote).next()?;
    let is_plain = |character: char| {
        character.is_ascii_alphanumeric() || "-._~:/?#@!$'*+,=%&".contains(character)
    };
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    (is_web && url.chars().all(is_plain)).then_some(url)
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
mod tests {
    use super::*;

    #[test]
    fn elements_become_markdown() {
        for (html, markdown) in [
            ("One.<br>Two<br/>\n<BR />Three", "One.\n\nTwo\n\nThree"),
            ("<p>One.</p><p class=\"a\">Two.</p>", "One.\n\nTwo."),
            (
                "<ul><li>a</li><li>b <b>c</b></li></ul>d",
                "- a\n- b **c**\n\nd",
            ),
            ("<ol>\n<li>a\n<li><p>b</p></ol>", "1. a\n2. b"),
            ("a <strong>b </strong>c <em>d</em>e", "a **b** c *d*e"),
            ("<b>Note:</b>next", "**Note:** next"),
            ("<code>&lt;a&gt;</code> and <i></i>b", "`<a>` and b"),
            ("<h2>Head</h2>text", "## Head\n\ntext"),
            (
                "see <a href=\"https://a.example/b\" target=\"_blank\">this\npage</a>.",
                "see this page.",
            ),
            (
                "<a href='https://a.example/b'>page</a>",
                "[page](https://a.example/b)",
            ),
            ("<a href='javascript:alert(1)'>page</a>", "page"),
            ("a<span class='x'>b</span>c<div>d</div>", "abc\n\nd"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a  b"),
            ("- a<br>b", "- a b"),
            ("| a<br>b |\n|---|", "| a b |\n|---|"),
            ("&quot;a&quot;&nbsp;&amp;&#39;b&#39;", "\"a\" &'b'"),
        ] {
            let read = super::super::markdown(html);
            let expected = super::super::markdown(markdown);
            assert_eq!(read, expected, "{html}");
        }
    }

    #[test]
    fn no_mark_stands_around_a_block_of_code() {
        for element in ["b", "code", "i", "pre"] {
            let html = format!("<{element}>\n```json\n{{}}\n```\n</{element}>\nrest");
            let read = super::super::markdown(&html);
            assert_eq!(read.matches("```").count(), 2, "{read}");
            let (_, rest) = read.rsplit_once("```").expect("a block");
            assert!(rest.contains("rest"), "{read}");
        }
    }

    #[test]
    fn what_is_no_known_element_stays() {
        for text in [
            "<script>alert(1)</script>",
            "<https://a.example>",
            "Basic <code>",
            "`<br>` and ``a <p> b``",
            "```\n<br>&amp;\n```",
            "a < b, c<d>",
            r"\<br>",
            "&amp;lt; &#x202e; &unknown; & &amp",
            "</b>",
            "<b",
            "<brx>",
            "<b title='a>b",
        ] {
            assert_eq!(to_markdown(text), text);
        }
    }

    #[test]
    fn no_block_begins_where_none_was() {
        for (html, markdown) in [
            ("a<br>```rust", "a\n\n\\```rust"),
            ("a<p>| b |", "a\n\n\\| b |"),
            ("a\n<td> ```rust", "a\n \\ ```rust"),
            ("<a>```rust</a>", "\\```rust"),
            ("`<span>``rust", "` ``rust"),
        ] {
            assert_eq!(to_markdown(html), markdown, "{html}");
        }
    }
}

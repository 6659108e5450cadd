//! The tags of the elements that are known.

/// What an element does to a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
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
pub(super) struct Tag<'a> {
    pub(super) element: Element,
    pub(super) closes: bool,
    pub(super) href: Option<&'a str>,
    pub(super) length: usize,
}

impl<'a> Tag<'a> {
    /// The tag that a text begins with.
    pub(super) fn read(text: &'a str) -> Option<Self> {
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

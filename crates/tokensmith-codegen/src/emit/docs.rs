//! Text from a document becomes documentation that rustdoc reads as it was meant.
//!
//! A document is untrusted: its text must not close a comment, open a code block that would be compiled as a test, inject HTML, or link to
//! items of the crate.

use proc_macro2::TokenStream;
use quote::quote;

/// Columns that a line of documentation may take, without its `///`.
const WIDTH: usize = 92;

/// `///` lines for an item; nothing for no text.
pub(crate) fn outer(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#[doc = #lines])*)
}

/// `//!` lines for a module.
pub(crate) fn inner(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#![doc = #lines])*)
}

fn lines(text: &str) -> Vec<String> {
    let indent = |line: &str| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    };
    text.lines().map(indent).collect()
}

/// A document's description as an item's documentation; `fallback` where there is none.
pub(crate) fn described(description: Option<&str>, fallback: &str) -> TokenStream {
    let text = description.map(markdown).filter(|text| !text.is_empty());
    outer(&text.unwrap_or_else(|| fallback.to_owned()))
}

/// `label: description`, or the description as a paragraph of its own where it is no sentence to go on with; `alone` where there is none.
pub(crate) fn labelled(label: &str, description: Option<&str>, alone: &str) -> TokenStream {
    let text = description.map(markdown).unwrap_or_default();
    outer(&match text.as_str() {
        "" => alone.to_owned(),
        text if begins_block(text) => format!("{label}\n\n{text}"),
        text => format!("{label}: {text}"),
    })
}

/// Whether a text is one line that a sentence can go on from.
pub(crate) fn is_sentence(text: &str) -> bool {
    !begins_block(text) && !text.contains('\n')
}

/// A text of a document, such as a title, in one line of a sentence.
pub(crate) fn inline(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    escape(&visible(&line))
}

/// A name of a document as code.
pub(crate) fn code(text: &str) -> String {
    let line = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('`', "");
    if line.is_empty() {
        "the empty text".to_owned()
    } else {
        format!("`{}`", visible(&line))
    }
}

/// The first paragraph in one line, for a list; nothing where it is no sentence.
pub(crate) fn first_sentence(description: &str) -> Option<String> {
    let first = description.trim_start().split("\n\n").next()?;
    let is_sentence =
        !begins_block(first) && !first.lines().any(|line| is_fence(line.trim_start()));
    let line = inline(first);
    (is_sentence && !line.is_empty()).then_some(line)
}

/// Makes a document's Markdown safe and wraps it.
pub(crate) fn markdown(text: &str) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in text.lines() {
        let line = visible(line.trim_end());
        let trimmed = line.trim_start();
        if is_fence(trimmed) {
            flush(&mut paragraph, &mut blocks);
            // Whatever language it claims: rustdoc must not compile it.
            blocks.push(if fenced {
                "```".to_owned()
            } else {
                "```text".to_owned()
            });
            fenced = !fenced;
        } else if fenced {
            blocks.push(line.clone());
        } else if trimmed.is_empty() {
            flush(&mut paragraph, &mut blocks);
            if blocks.last().is_some_and(|last| !last.is_empty()) {
                blocks.push(String::new());
            }
        } else if begins_block(trimmed) {
            flush(&mut paragraph, &mut blocks);
            paragraph = trimmed.to_owned();
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed);
        }
    }
    flush(&mut paragraph, &mut blocks);
    if fenced {
        blocks.push("```".to_owned());
    }
    blocks.join("\n").trim_end().to_owned()
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```") || line.starts_with("~~~")
}

/// List items, headings, quotes and table rows stand on lines of their own.
fn begins_block(line: &str) -> bool {
    is_fence(line) || marker(line) > 0 || line.starts_with(['#', '|'])
}

/// How many columns the mark of a list item or of a quote takes.
fn marker(line: &str) -> usize {
    if ["- ", "* ", "+ ", "> "]
        .iter()
        .any(|start| line.starts_with(start))
    {
        return 2;
    }
    let digits = line.len()
        - line
            .trim_start_matches(|first: char| first.is_ascii_digit())
            .len();
    let is_numbered = (1..=9).contains(&digits)
        && [". ", ") "]
            .iter()
            .any(|end| line[digits..].starts_with(end));
    if is_numbered { digits + 2 } else { 0 }
}

/// Whether a word would be read as a mark if a line began with it.
fn cannot_begin_line(word: &str) -> bool {
    let is_rule = word
        .chars()
        .all(|character| matches!(character, '-' | '=' | '*' | '_'));
    is_rule || begins_block(&format!("{word} "))
}

fn flush(paragraph: &mut String, blocks: &mut Vec<String>) {
    if paragraph.is_empty() {
        return;
    }
    let text = escape(&std::mem::take(paragraph));
    if text.starts_with(['|', '#']) {
        blocks.push(text);
        return;
    }
    // What goes on below an item is part of it only if it stands below its text.
    let hanging = if text.starts_with("> ") {
        "> ".to_owned()
    } else {
        " ".repeat(marker(&text))
    };
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty()
            && line.chars().count() + 1 + word.chars().count() > WIDTH
            && !cannot_begin_line(word)
        {
            blocks.push(std::mem::replace(&mut line, hanging.clone()));
        } else if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    blocks.push(line);
}

/// Control characters and those that reverse the direction of text are written out: they could make code read as what it is not.
fn visible(line: &str) -> String {
    let is_hidden = |character: char| {
        character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '\t' => shown.push(' '),
            hidden if is_hidden(hidden) => shown.extend(hidden.escape_unicode()),
            other => shown.push(other),
        }
    }
    shown
}

/// Escapes what rustdoc would take for HTML or for a link to an item; code spans and links to the web stay.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '`' => code_span(rest),
            '[' => web_link(rest),
            '<' => autolink(rest),
            'h' => bare_url(rest).inspect(|url| escaped.push_str(&format!("<{url}>"))),
            '\\' => rest
                .get(..2)
                .filter(|pair| pair.ends_with(|second: char| second.is_ascii_punctuation())),
            _ => None,
        };
        match taken {
            Some(taken) => {
                if first != 'h' {
                    escaped.push_str(taken);
                }
                rest = &rest[taken.len()..];
            }
            None => {
                let is_mark = matches!(first, '[' | ']' | '<' | '>' | '`' | '\\')
                    && !(first == '>' && escaped.is_empty());
                // A fence of tildes, or an image from somebody's server.
                if is_mark || rest.starts_with("~~~") || rest.starts_with("![") {
                    escaped.push('\\');
                }
                escaped.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    escaped
}

fn code_span(text: &str) -> Option<&str> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    // So many could open a code block where a line is broken.
    if ticks > 2 {
        return None;
    }
    let (open, body) = text.split_at(ticks);
    let mut from = 0;
    while let Some(found) = body[from..].find(open) {
        let end = from + found + ticks;
        let next = body[end..].chars().next();
        if next != Some('`') {
            return Some(&text[..ticks + end]);
        }
        from = end + (body[end..].len() - body[end..].trim_start_matches('`').len());
    }
    None
}

fn web_link(text: &str) -> Option<&str> {
    let close = text.find("](")?;
    let label = &text[1..close];
    let target = &text[close + 2..];
    let end = target.find(')')?;
    let is_plain = !label.contains(['[', ']', '<', '`']);
    let url = &target[..end];
    let is_web = is_web(url) && !url.contains(char::is_whitespace);
    (is_plain && is_web).then(|| &text[..close + 2 + end + 1])
}

fn autolink(text: &str) -> Option<&str> {
    let end = text.find('>')?;
    let url = &text[1..end];
    (is_web(url) && !url.contains(|c: char| c.is_whitespace() || c == '<')).then(|| &text[..=end])
}

fn bare_url(text: &str) -> Option<&str> {
    if !is_web(text) {
        return None;
    }
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ')' | '`' | '"'))
        .unwrap_or(text.len());
    let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    (url.len() > "https://".len()).then_some(url)
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_and_item_links_are_escaped() {
        assert_eq!(
            markdown(r#"<b>x</b> [Client] */ "a\b" \<"#),
            r#"\<b\>x\</b\> \[Client\] */ "a\\b" \<"#
        );
    }

    #[test]
    fn code_and_web_links_stay() {
        let text = "Use `Vec<T>` and [this](https://a.example/b) or <https://a.example>.";
        assert_eq!(markdown(text), text);
        assert_eq!(
            markdown("See https://a.example/b."),
            "See <https://a.example/b>."
        );
        assert_eq!(
            markdown("See [keys](/reference/keys)"),
            "See \\[keys\\](/reference/keys)"
        );
    }

    #[test]
    fn code_is_never_compiled() {
        let smuggled = format!("- ```rust {}\n  panic!(); // ```", "rust ".repeat(18));
        assert!(
            !markdown(&smuggled).contains("```"),
            "{}",
            markdown(&smuggled)
        );
        assert_eq!(markdown("- ~~~rust"), r"- \~~~rust");
        assert_eq!(
            markdown("a\n```rust\nfn main() {}\n```\nb"),
            "a\n```text\nfn main() {}\n```\nb"
        );
        assert_eq!(markdown("```\nopen"), "```text\nopen\n```");
        assert_eq!(markdown("a\n\n    indented"), "a\n\nindented");
    }

    #[test]
    fn directions_of_text_are_written_out() {
        assert_eq!(markdown("a\u{202e}b\u{0}"), r"a\\u{202e}b\\u{0}");
    }

    #[test]
    fn paragraphs_are_wrapped_and_lists_kept() {
        let long = "word ".repeat(40);
        assert!(markdown(&long).lines().all(|line| line.len() <= WIDTH));
        assert_eq!(markdown("a\nb\n- c\n  d\n- e"), "a b\n- c d\n- e");
    }

    #[test]
    fn what_goes_on_below_an_item_stands_below_its_text() {
        for (mark, hanging) in [("- ", "  "), ("12. ", "    "), ("1) ", "   "), ("> ", "> ")] {
            let text = markdown(&format!("{mark}{}", "word ".repeat(40)));
            assert!(
                text.lines().count() > 1
                    && text
                        .lines()
                        .skip(1)
                        .all(|line| line.starts_with(&format!("{hanging}word"))),
                "{text}"
            );
        }
    }

    #[test]
    fn no_word_becomes_a_mark_by_beginning_a_line() {
        for word in ["-", "#", ">", "1.", "2)", "---", "==="] {
            let text = markdown(&format!("{}{word}", "word ".repeat(18)));
            assert_eq!(text.lines().count(), 1, "{text}");
        }
    }

    #[test]
    fn a_label_stands_before_a_sentence_and_above_anything_else() {
        let text = |description| labelled("a", description, "none").to_string();
        assert!(text(Some("b")).contains("\" a: b\""));
        assert!(text(Some("- b")).contains("\" - b\""));
        assert!(text(Some("```\nb\n```")).contains("\" ```text\""));
        assert!(text(Some(" ")).contains("none"));
    }
}

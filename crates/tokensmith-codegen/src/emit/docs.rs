//! Text from a document becomes documentation that rustdoc reads as it was meant.
//!
//! A document is untrusted: its text must not close a comment, open a code block that would be compiled as a test, inject HTML, or link to
//! items of the crate.

mod entity;
mod html;
mod inline;
mod markdown;
#[cfg(test)]
mod tests;

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use syn::{AttrStyle, Attribute, Expr, ExprLit, Ident, Lit, Meta, MetaNameValue, Token, token};

use super::print::LINE_BREAK;
use super::source;
use crate::diagnostic::visible::visible;
use inline::escape;
use markdown::{begins_block, is_fence};
pub(crate) use markdown::{below_heading, first_paragraph, markdown};

/// `///` lines for an item; nothing for no text.
pub(crate) fn outer(text: &str) -> TokenStream {
    match text.is_empty() {
        true => TokenStream::new(),
        false => {
            let lines = literal(text);
            quote!(#[doc = #lines])
        }
    }
}

/// `//!` lines for a module.
pub(crate) fn inner(text: &str) -> TokenStream {
    let lines = literal(text);
    quote!(#![doc = #lines])
}

/// The same as [`outer`], as syntax.
pub(crate) fn outer_attribute(text: &str) -> Option<Attribute> {
    (!text.is_empty()).then(|| attribute(text, AttrStyle::Outer))
}

/// The same as [`inner`], as syntax.
pub(crate) fn inner_attribute(text: &str) -> Attribute {
    attribute(text, AttrStyle::Inner(<Token![!]>::default()))
}

fn attribute(text: &str, style: AttrStyle) -> Attribute {
    Attribute {
        pound_token: <Token![#]>::default(),
        style,
        bracket_token: token::Bracket::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: Ident::new("doc", Span::call_site()).into(),
            eq_token: <Token![=]>::default(),
            value: Expr::Lit(ExprLit {
                attrs: Vec::new(),
                lit: Lit::new(literal(text)),
            }),
        }),
    }
}

/// The lines as one raw string, which takes a fraction of the time of one with escapes: none is written, read and
/// written again.
fn literal(text: &str) -> Literal {
    let lines = lines(text);
    let raw = match lines.contains("\"#") {
        true => None,
        false => format!("r#\"{lines}\"#").parse().ok(),
    };
    // A carriage return has to be escaped.
    raw.unwrap_or_else(|| Literal::string(&lines))
}

fn lines(text: &str) -> String {
    let mut joined = String::with_capacity(text.len() + text.len() / 64);
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            joined.push(LINE_BREAK);
        }
        if !line.is_empty() {
            joined.push(' ');
            joined.push_str(line.trim_end());
        }
    }
    joined
}

/// A document's description as Markdown, without its sources: they are in the README.
pub(crate) fn description(text: &str) -> String {
    markdown(&source::without(text))
}

/// A document's description as an item's documentation; `fallback` where there is none.
pub(crate) fn described(description: Option<&str>, fallback: &str) -> TokenStream {
    let text = description.map(self::description);
    let text = text.filter(|text| !text.is_empty());
    outer(&text.unwrap_or_else(|| fallback.to_owned()))
}

/// `label: description`, or the description as a paragraph of its own where it is no sentence to go on with; `alone` where there is none.
pub(crate) fn labelled(label: &str, description: Option<&str>, alone: &str) -> String {
    let text = description.map(self::description).unwrap_or_default();
    match text.as_str() {
        "" => alone.to_owned(),
        text if begins_block(text) => format!("{label}\n\n{text}"),
        text => format!("{label}: {text}"),
    }
}

/// Whether a text is one line that a sentence can go on from.
pub(crate) fn is_sentence(text: &str) -> bool {
    !begins_block(text) && !text.contains('\n')
}

/// A text of a document, such as a title, in one line of a sentence.
pub(crate) fn inline(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    escape(&visible(&line)).into_text()
}

/// A name of a document as code.
pub(crate) fn code(text: &str) -> String {
    let line = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('`', "");
    if text.is_empty() {
        "the empty text".to_owned()
    } else if line.is_empty() {
        "white space".to_owned()
    } else {
        format!("`{}`", visible(&line))
    }
}

/// The first paragraph in one line, for a list; nothing where it is no sentence.
pub(crate) fn first_sentence(description: &str) -> Option<String> {
    let description = source::without(description);
    let description = html::to_markdown(&description);
    let first = description.trim_start().split("\n\n").next()?;
    let is_sentence =
        !begins_block(first) && !first.lines().any(|line| is_fence(line.trim_start()));
    let line = inline(first);
    (is_sentence && !line.is_empty()).then_some(line)
}

/// What comes after the first paragraph, as Markdown within an item of a list; empty where there is one paragraph.
pub(crate) fn after_first_sentence(description: &str) -> String {
    let description = source::without(description);
    let description = html::to_markdown(&description);
    let rest = description.trim_start().split_once("\n\n");
    let rest = markdown(rest.map_or("", |(_, rest)| rest));
    let lines = rest.lines().map(|line| match line.is_empty() {
        true => "\n".to_owned(),
        false => format!("\n  {line}"),
    });
    lines.collect()
}

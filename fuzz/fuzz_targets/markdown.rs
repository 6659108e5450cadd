//! Any description as documentation: rustdoc's parser and GitHub's find in it no HTML, no image, and no link that the
//! description does not have.

#![no_main]

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use libfuzzer_sys::fuzz_target;
use tokensmith_codegen::fuzzing;
use tokensmith_tests::emitted::markdown_complaints;

fuzz_target!(|text: &str| {
    let shown = fuzzing::markdown(text);
    let complaints = markdown_complaints(&shown, &["text"]);
    assert!(complaints.is_empty(), "{complaints:#?}\n{text:?}\n{shown}");
    let text = &fuzzing::visible(text);
    let text = &format!("{text}\n{}\n{}", as_read(text), without_tags(text));
    let arena = Arena::new();
    for node in parse_document(&arena, &shown, &as_on_github()).descendants() {
        if let Some(complaint) = complaint(node, text) {
            panic!("{complaint}\n{text:?}\n{shown}");
        }
    }
});

fn as_on_github() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options
}

/// The text with its entities read: an address may have been written with `&#82;` for an R.
fn as_read(text: &str) -> String {
    let mut parts = text.split('&');
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(';') {
            Some((name, behind)) => {
                read.push_str(&letters(&format!("&{name};")));
                read.push_str(behind);
            }
            None => {
                read.push('&');
                read.push_str(part);
            }
        }
    }
    read
}

/// The letters of a paragraph.
fn letters(text: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &Options::default());
    let letters = root
        .descendants()
        .filter_map(|node| match &node.data.borrow().value {
            NodeValue::Text(letters) => Some(letters.to_string()),
            _ => None,
        });
    letters.collect()
}

/// What is left of a text without what browsers take for tags: the words on both sides become one.
fn without_tags(text: &str) -> String {
    let mut parts = text.split('<');
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str(part.split_once('>').map_or(part, |(_, behind)| behind));
    }
    rest
}

fn complaint<'a>(node: &'a AstNode<'a>, text: &str) -> Option<String> {
    match &node.data.borrow().value {
        NodeValue::HtmlBlock(html) => Some(format!("HTML: {}", html.literal)),
        NodeValue::HtmlInline(html) => Some(format!("HTML: {html}")),
        NodeValue::Image(image) => Some(format!("an image: {}", image.url)),
        NodeValue::Link(link) if !is_asked_for(&link.url, text) => {
            Some(format!("a link to {}", link.url))
        }
        _ => None,
    }
}

/// Whether the text has the URL's host, or the address that GitHub makes a link of.
fn is_asked_for(url: &str, text: &str) -> bool {
    // Marks that are escaped are a part of the address on GitHub, and comrak takes letters before `xmpp:` for one.
    // Parentheses in a URL are encoded, for those that are not balanced would end the link.
    let decoded = |text: &str| text.replace("%28", "(").replace("%29", ")");
    let plain = |text: &str| decoded(text).replace('\\', "").to_ascii_lowercase();
    let url = &url.to_ascii_lowercase();
    let of_web = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme))
        .map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let of_people = || {
        let mut schemes = ["mailto:", "xmpp:"].iter();
        schemes.find_map(|scheme| Some(url.split_once(scheme)?.1))
    };
    let address = of_web.or_else(of_people);
    // `%28` may also stand in front of what GitHub makes a link of.
    let has = |address: &str| {
        plain(text).contains(&plain(address)) || text.to_ascii_lowercase().contains(address)
    };
    address.is_some_and(has)
}

//! Tokens become text, as rustfmt would leave it.
//!
//! Generated code is read in pull requests and lives in repositories that run rustfmt, so that its layout has to be rustfmt's,
//! whatever the lengths of a document's names. prettyplease prints definitions: there the two agree, as long as nothing has to be
//! broken. Functions and tables are laid out by widths, of which rustfmt has its own; for those its rules are followed here: a piece
//! of code is written into a [`shape`] and says whether it fits, and whoever asked chooses among the ways to break it. Tests have
//! rustfmt check every fixture, and names of every length.

mod attribute;
mod chain;
mod expression;
mod function;
mod item;
mod list;
mod matches;
mod order;
mod shape;
mod types;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{File, Item};

/// prettyplease breaks lines at this width, rustfmt at a greater one.
const PRETTYPLEASE_WIDTH: usize = 89;

/// Formats a module.
pub(crate) fn format(tokens: TokenStream) -> String {
    let expected = cfg!(debug_assertions).then(|| words(tokens.clone()));
    // The emitter's own tokens: if they do not parse, the emitter is wrong, and no document can make it so.
    let file: File = syn::parse2(tokens).expect("the emitter writes valid Rust");
    let text = lay_out(file);
    debug_assert_eq!(
        text.parse().ok().map(words),
        expected,
        "the layout changed more than white space, braces, commas and the order of imports"
    );
    text
}

fn lay_out(file: File) -> String {
    let mut writer = item::Writer::new();
    writer.attributes(&file.attrs);
    let mut text = writer.into_text();
    let mut previous: Option<Item> = None;
    for item in file.items {
        let stands_alone = previous.is_none_or(|previous| !item::stand_together(&previous, &item));
        if stands_alone && !text.is_empty() {
            text.push('\n');
        }
        let (printed, item) = print(item);
        text.push_str(&printed);
        previous = Some(item);
    }
    text
}

/// Prints an item, and gives it back.
fn print(item: Item) -> (String, Item) {
    let is_definition = matches!(item, Item::Struct(_) | Item::Enum(_));
    let mut file = File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    };
    let printed = is_definition
        .then(|| prettyplease::unparse(&file))
        .filter(|text| is_whole(text));
    let item = file.items.remove(0);
    let printed = printed.unwrap_or_else(|| {
        let mut writer = item::Writer::new();
        writer.item(&item);
        writer.into_text()
    });
    (printed, item)
}

/// Whether every field and variant stands on a line of its own, as it does where nothing had to be broken.
fn is_whole(definition: &str) -> bool {
    let mut lines = definition
        .lines()
        .filter(|line| !line.trim_start().starts_with("///"));
    lines.all(|line| !line.starts_with("        ") && line.len() < PRETTYPLEASE_WIDTH)
}

/// The words of code, sorted: the same for two files that differ in layout and the order of imports only.
fn words(tokens: TokenStream) -> Vec<String> {
    fn collect(tokens: TokenStream, words: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    if group.delimiter() != Delimiter::Brace {
                        words.push(format!("{:?}", group.delimiter()));
                    }
                    collect(group.stream(), words);
                }
                TokenTree::Punct(punct) if punct.as_char() == ',' => {}
                // Documentation is raw here and escaped there.
                TokenTree::Literal(literal) => words.push(match syn::Lit::new(literal) {
                    syn::Lit::Str(text) => format!("{:?}", text.value()),
                    other => types::literal(&other),
                }),
                other => words.push(other.to_string()),
            }
        }
    }
    let mut words = Vec::new();
    collect(tokens, &mut words);
    words.sort_unstable();
    words
}

/// Only what the emitter writes is laid out here; whatever else reaches this is its mistake, and no document can make it so.
fn not_written(what: &str) -> ! {
    unreachable!("the emitter writes no {what}")
}

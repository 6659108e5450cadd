//! Tokens become text.

use proc_macro2::TokenStream;
use syn::File;

/// Prints a module.
pub(crate) fn print(tokens: TokenStream) -> String {
    print_file(&parsed(tokens))
}

/// A module as syntax.
pub(crate) fn parsed(tokens: TokenStream) -> File {
    // The emitter's own tokens: if they do not parse, the emitter is wrong, and no document can make it so.
    syn::parse2(tokens).expect("the emitter writes valid Rust")
}

/// Prints a module that was put together as syntax.
pub(crate) fn print_file(file: &File) -> String {
    with_empty_lines(&prettyplease::unparse(file))
}

/// The root of a crate, of tests or of an example.
///
/// `cargo fmt` formats it, and finds nothing to change: whatever may be long is in modules, which rustfmt skips.
pub(crate) fn root<'a>(
    docs: &str,
    attributes: &str,
    modules: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let docs = docs.lines().map(|line| format!("//! {line}"));
    let mut text: String = docs.map(|line| line.trim_end().to_owned() + "\n").collect();
    text.push('\n');
    text.push_str(attributes);
    for (keyword, name) in modules {
        text.push_str(&format!("#[rustfmt::skip]\n{keyword} {name};\n"));
    }
    text
}

/// Stands between the lines of a documentation, which is one attribute: one for each line would take far longer to parse.
/// No text of a document has it, since hidden characters are written out.
pub(crate) const LINE_BREAK: char = '\u{1}';

/// Puts an empty line between items, where prettyplease has none, and breaks the lines of documentation.
fn with_empty_lines(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    let mut previous = "";
    for line in text.lines() {
        if is_end(previous) && is_beginning(line) && !stand_together(previous, line) {
            spaced.push('\n');
        }
        push_line(&mut spaced, line);
        previous = line;
    }
    spaced
}

fn push_line(text: &mut String, line: &str) {
    let mut parts = line.split(LINE_BREAK);
    text.push_str(parts.next().unwrap_or_default());
    text.push('\n');
    for part in parts {
        // As the first line begins: with the same indentation and mark.
        let start = line.len() - line.trim_start().len() + "///".len();
        text.push_str(&line[..start]);
        text.push_str(part);
        text.push('\n');
    }
}

/// Whether an item, or the documentation of a module, may end with a line.
fn is_end(line: &str) -> bool {
    line.starts_with("//!") || line.ends_with([';', '}']) && !is_documentation(line)
}

/// Whether an item begins with a line.
fn is_beginning(line: &str) -> bool {
    const STARTS: [&str; 9] = [
        "///", "#[", "pub ", "pub(", "fn ", "impl ", "static ", "type ", "use ",
    ];
    let line = line.trim_start();
    STARTS.iter().any(|start| line.starts_with(start))
}

/// Whether two lines are imports, or types of one trait.
fn stand_together(previous: &str, line: &str) -> bool {
    let is_both = |start| {
        [previous, line]
            .iter()
            .all(|line| line.trim_start().starts_with(start))
    };
    is_both("use ") || is_both("pub use ") || is_both("type ")
}

fn is_documentation(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_have_empty_lines_between_them_and_fields_and_statements_have_none() {
        let text = print(quote::quote! {
            #![doc = " Words; and"]
            #![doc = " more."]
            use a::B;
            use a::C;
            #[doc = " Of two\u{1} lines;"]
            pub struct D {
                #[doc = " A field."]
                pub e: B,
                pub f: C,
            }
            impl G for D {
                type H = B;
                type I = C;
                fn j(&self) -> B {
                    if self.f() {
                        self.k();
                    }
                    self.e
                }
                fn l() {}
            }
        });
        let expected = "//! Words; and
//! more.

use a::B;
use a::C;

/// Of two
/// lines;
pub struct D {
    /// A field.
    pub e: B,
    pub f: C,
}

impl G for D {
    type H = B;
    type I = C;

    fn j(&self) -> B {
        if self.f() {
            self.k();
        }
        self.e
    }

    fn l() {}
}
";
        assert_eq!(text, expected);
    }
}

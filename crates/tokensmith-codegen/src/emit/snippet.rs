//! Code in documentation: a whole program, or the body of a function whose frame rustdoc hides.

use proc_macro2::TokenStream;
use quote::quote;

use super::print::print;

/// A program, as it is printed: `comment!("text");` becomes the comment, since tokens have none.
pub(crate) fn program(code: TokenStream) -> String {
    let text = print(code);
    let lines = text.lines().map(|line| {
        let comment = line.trim_start().strip_prefix("comment!(\"");
        let comment = comment.and_then(|rest| rest.strip_suffix("\");"));
        let indentation = line.len() - line.trim_start().len();
        match comment {
            Some(comment) => format!("{}// {comment}\n", &line[..indentation]),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}

/// A block of code in which the function around `body` is hidden, and so is what is there only for the compiler.
pub(crate) fn framed(imports: &TokenStream, head: &TokenStream, body: &TokenStream) -> String {
    const FOR_THE_COMPILER: [&str; 2] = ["Ok(())", "let _ = client;"];
    let mut text = String::from("```no_run\n");
    text.push_str(&print(imports.clone()));
    let mut is_inside = false;
    for line in print(quote!(#head { #body })).lines() {
        let is_frame = !line.starts_with(' ');
        let own = line.strip_prefix("    ").unwrap_or(line);
        if !is_inside || is_frame || FOR_THE_COMPILER.contains(&own) {
            text.push_str("# ");
        }
        text.push_str(if is_inside { own } else { line });
        text.push('\n');
        is_inside |= is_frame && line.ends_with('{');
    }
    text.push_str("```\n");
    text
}

//! Names in generated code.

use std::collections::BTreeSet;
use std::fmt::Debug;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

use crate::model::{Endpoint, Model, Operation, ParameterKind, name};

/// An identifier out of the model, raw where it is written so.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// The name of a variant without fields.
pub(crate) fn variant(value: impl Debug) -> Ident {
    ident(&format!("{value:?}"))
}

/// The crate, as its tests and examples name it.
pub(crate) fn library(model: &Model) -> Ident {
    ident(&super::library_name(&model.name))
}

/// A text as a literal: as it stands, where that can be read.
pub(crate) fn text(text: &str) -> Literal {
    let is_plain = |character: char| character == '\'' || character.escape_debug().len() == 1;
    let is_quoted = |character: char| ['"', '\\'].contains(&character);
    let is_raw = text.contains(is_quoted)
        && text
            .chars()
            .all(|character| is_plain(character) || is_quoted(character));
    if !is_raw {
        return Literal::string(text);
    }
    let hashes = (1..4).map(|count| "#".repeat(count));
    let mut raw = hashes.filter(|hashes| !text.contains(&format!("\"{hashes}")));
    raw.find_map(|hashes| format!("r{hashes}\"{text}\"{hashes}").parse().ok())
        .unwrap_or_else(|| Literal::string(text))
}

/// The type that stands for the provider.
pub(crate) fn provider(model: &Model) -> Ident {
    ident(&name::provider_type(&model.name))
}

/// The names of the standard library in a module that may define types of the same names.
pub(crate) struct Std {
    taken: BTreeSet<String>,
}

impl Std {
    /// For a module that defines these types.
    pub(crate) fn beside(taken: impl IntoIterator<Item = String>) -> Self {
        Self {
            taken: taken.into_iter().collect(),
        }
    }

    /// The item's name, or its whole path where the module has another meaning for the name.
    pub(crate) fn path(&self, name: &str) -> TokenStream {
        let short = ident(name);
        if !self.taken.contains(name) {
            return quote!(#short);
        }
        let module = ident(match name {
            "String" => "string",
            "Option" => "option",
            "Vec" => "vec",
            "Box" => "boxed",
            "Default" => "default",
            _ => "convert",
        });
        quote!(::std::#module::#short)
    }

    /// The same as a string, for attributes that want one.
    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_string().replace(' ', "")
    }
}

/// Which of some names code mentions other than as a method or field: what it may have to import.
#[derive(Default)]
pub(crate) struct Mentioned {
    wanted: Vec<&'static str>,
    found: BTreeSet<&'static str>,
}

impl Mentioned {
    /// Looks for these names.
    pub(crate) fn in_code(code: &TokenStream, wanted: &[&'static str]) -> Self {
        let mut mentioned = Self {
            wanted: wanted.to_vec(),
            found: BTreeSet::new(),
        };
        mentioned.collect(code.clone());
        mentioned
    }

    fn collect(&mut self, code: TokenStream) {
        let mut is_member = false;
        for token in code {
            if self.wanted.is_empty() {
                return;
            }
            is_member = match token {
                TokenTree::Group(group) => {
                    self.collect(group.stream());
                    false
                }
                TokenTree::Ident(ident) => {
                    let wanted = self.wanted.iter();
                    let at = wanted.enumerate().find(|(_, name)| ident == **name);
                    if let (Some((at, _)), false) = (at, is_member) {
                        self.found.insert(self.wanted.swap_remove(at));
                    }
                    false
                }
                TokenTree::Punct(punct) => punct.as_char() == '.',
                TokenTree::Literal(_) => false,
            };
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.found.contains(name)
    }

    /// Those of the names that the code mentions, in their order.
    pub(crate) fn among(&self, names: &[&str]) -> Vec<Ident> {
        let names = names.iter().filter(|name| self.has(name));
        names.map(|name| ident(name)).collect()
    }
}

/// What lets a module use requests that are deprecated.
pub(crate) fn allow_deprecated(model: &Model) -> Option<TokenStream> {
    let mut endpoints = model.endpoints.iter();
    endpoints
        .any(|endpoint| endpoint.deprecated)
        .then(|| quote!(#![allow(deprecated)]))
}

/// Every type that the `request` module defines.
pub(crate) fn request_types(model: &Model) -> BTreeSet<String> {
    let operations = || {
        model
            .endpoints
            .iter()
            .flat_map(|endpoint| &endpoint.operations)
    };
    let enums = operations()
        .flat_map(|operation| &operation.parameters)
        .filter_map(|parameter| match &parameter.kind {
            ParameterKind::Enum(def) => Some(def.ident.clone()),
            _ => None,
        });
    operations()
        .map(|operation| operation.ident.clone())
        .chain(enums)
        .collect()
}

/// The name of an endpoint's `static`. Each kind of `static` has an ending of its own, so that none is called like another.
pub(crate) fn endpoint_static(endpoint: &Endpoint) -> Ident {
    ident(&format!("{}_ENDPOINT", endpoint.ident))
}

/// The name of an operation's `static`.
pub(crate) fn operation_static(operation: &Operation) -> Ident {
    ident(&format!("{}_OPERATION", static_name(operation)))
}

/// The name of the `static` that lists an operation's parameters.
pub(crate) fn parameters_static(operation: &Operation) -> Ident {
    ident(&format!("{}_PARAMETERS", static_name(operation)))
}

fn static_name(operation: &Operation) -> String {
    name::screaming(&operation.ident).unwrap_or_default()
}

/// A template of a document, such as a URL, as an expression that makes a `String`: `{wire}` stands for the argument of
/// that name, other braces for themselves.
pub(crate) fn template(template: &str, arguments: &[(&str, &str)]) -> TokenStream {
    let mut format = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(character) = rest.chars().next() {
        let argument = arguments.iter().find_map(|(wire, name)| {
            let after = rest
                .strip_prefix('{')?
                .strip_prefix(wire)?
                .strip_prefix('}')?;
            Some((name::without_raw_mark(name), after))
        });
        if let Some((name, after)) = argument {
            format.push_str(&format!("{{{name}}}"));
            rest = after;
            continue;
        }
        format.push(character);
        if matches!(character, '{' | '}') {
            format.push(character);
        }
        rest = &rest[character.len_utf8()..];
    }
    // A keyword cannot be captured; it has to be handed over by name.
    let raw = arguments
        .iter()
        .filter(|(_, name)| name.starts_with("r#"))
        .map(|(_, name)| ident(name));
    quote!(format!(#format #(, #raw = #raw)*))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_that_are_no_argument_stand_for_themselves() {
        let text = |template_text, arguments| {
            template(template_text, arguments)
                .to_string()
                .replace(' ', "")
        };
        assert_eq!(
            text("/a/{accountID}", &[("accountID", "account_id")]),
            r#"format!("/a/{account_id}")"#
        );
        assert_eq!(
            text("}{x}{y}{", &[("y", "y")]),
            r#"format!("}}{{x}}{y}{{")"#
        );
        assert_eq!(
            text("{type}", &[("type", "r#type")]),
            r#"format!("{type}",r#type=r#type)"#
        );
    }
}

//! The enums of requests: the paths of an endpoint, and the values of a parameter.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::code_names::{Std, ident};
use crate::emit::docs;
use crate::model::{Endpoint, EnumDef};

pub(super) fn path_enum(endpoint: &Endpoint, std: &Std) -> Option<TokenStream> {
    let name = ident(&endpoint.path_type()?);
    let default = std.path("Default");
    let variants = endpoint.paths.iter().enumerate().map(|(index, choice)| {
        let name = ident(&choice.ident);
        let docs = docs::outer(&path_docs(&choice.path, choice.description.as_deref()));
        let default = (index == 0).then(|| quote!(#[default]));
        quote!(#docs #default #name)
    });
    let arms = endpoint.paths.iter().map(|choice| {
        let (name, path) = (ident(&choice.ident), &choice.path);
        quote!(Self::#name => #path)
    });
    Some(quote! {
        /// The paths of the endpoint.
        #[derive(Debug, Clone, Copy, #default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name { #(#variants),* }

        impl #name {
            /// The path below the server's URL.
            pub fn as_str(self) -> &'static str {
                match self { #(#arms),* }
            }
        }
    })
}

fn path_docs(path: &str, description: Option<&str>) -> String {
    match description.map(docs::description) {
        Some(text) if !text.is_empty() => format!("{}\n\n{text}", docs::code(path)),
        _ => docs::code(path),
    }
}

pub(super) fn value_enum(def: &EnumDef) -> TokenStream {
    let name = ident(&def.ident);
    let docs = docs::described(
        def.description.as_deref(),
        "A value that the document allows.",
    );
    let variants = def.variants.iter().map(|variant| {
        let (name, docs) = (
            ident(&variant.ident),
            docs::outer(&docs::code(&variant.wire)),
        );
        quote!(#docs #name)
    });
    let arms = def.variants.iter().map(|variant| {
        let (name, wire) = (ident(&variant.ident), &variant.wire);
        quote!(Self::#name => #wire)
    });
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name { #(#variants),* }

        impl #name {
            /// The value on the wire.
            pub fn as_str(self) -> &'static str {
                match self { #(#arms),* }
            }
        }
    }
}

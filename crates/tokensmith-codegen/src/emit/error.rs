//! `src/error.rs`: how the provider refuses, by status.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::ident;
use super::docs;
use crate::model::{Endpoint, ErrorCase, Model};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inline(&model.title);
    let docs = docs::inner(&format!(
        "How {title} refuses, by status. \
         [`tokensmith_runtime::Error::body`] has it;\nkind, code, description and the rest are on the error itself."
    ));
    let enums = model.endpoints.iter().map(error_enum);
    quote! {
        #docs
        #(#enums)*
    }
}

fn error_enum(endpoint: &Endpoint) -> TokenStream {
    let name = ident(&endpoint.error);
    let noun = endpoint.kind.as_str();
    let docs = docs::outer(&format!("A refusal of the {noun} endpoint."));
    if endpoint.errors.is_empty() {
        return quote! {
            #docs
            ///
            /// The document declares none.
            pub type #name = tokensmith_runtime::NoBody;
        };
    }
    let variants = endpoint.errors.iter().map(variant);
    let arms = endpoint.errors.iter().map(arm);
    let has_body = endpoint.errors.iter().any(|case| case.body.is_some());
    let body = ident(if has_body { "body" } else { "_body" });
    quote! {
        #docs
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #name { #(#variants),* }

        impl tokensmith_runtime::ErrorBody for #name {
            fn read(status: u16, #body: &tokensmith_runtime::Body) -> Option<Self> {
                match status {
                    #(#arms)*
                    _ => None,
                }
            }
        }
    }
}

fn variant(case: &ErrorCase) -> TokenStream {
    let name = ident(&case.ident);
    let (first, last) = case.statuses;
    let statuses = if first == last { first.to_string() } else { format!("{first} to {last}") };
    let docs = docs::labelled(&statuses, case.description.as_deref(), &format!("{statuses}."));
    match &case.body {
        Some(body) => {
            let body = ident(body);
            quote!(#docs #name(crate::response::#body))
        }
        None => quote!(#docs #name),
    }
}

fn arm(case: &ErrorCase) -> TokenStream {
    let name = ident(&case.ident);
    let (first, last) = case.statuses;
    let plain = proc_macro2::Literal::u16_unsuffixed;
    let (first, last) = (plain(first), plain(last));
    let pattern = if case.statuses.0 == case.statuses.1 { quote!(#first) } else { quote!(#first..=#last) };
    match case.body {
        Some(_) => quote!(#pattern => body.read().map(Self::#name),),
        None => quote!(#pattern => Some(Self::#name),),
    }
}

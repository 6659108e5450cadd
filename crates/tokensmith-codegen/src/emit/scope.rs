//! `src/scope.rs`: the scopes that the document knows.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{ident, template};
use super::docs;
use crate::model::{Model, Scope};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inline(&model.title);
    let docs = docs::inner(&format!(
        "Scopes that {title} documents. Any other scope can be asked for as well: a scope is a string."
    ));
    let scopes = model.scopes.iter().map(scope);
    quote! {
        #docs
        #(#scopes)*
    }
}

fn scope(scope: &Scope) -> TokenStream {
    let name = ident(&scope.ident);
    let wire = &scope.wire;
    let shown = docs::code(wire);
    let docs = docs::labelled(&shown, scope.description.as_deref(), &shown);
    if scope.parameters.is_empty() {
        return quote!(#docs pub const #name: &str = #wire;);
    }
    let arguments = scope.parameters.iter().map(|(_, name)| ident(name));
    let pairs: Vec<_> = scope
        .parameters
        .iter()
        .map(|(wire, name)| (wire.as_str(), name.as_str()))
        .collect();
    let template = template(wire, &pairs);
    quote! {
        #docs
        pub fn #name(#(#arguments: &str),*) -> String {
            #template
        }
    }
}

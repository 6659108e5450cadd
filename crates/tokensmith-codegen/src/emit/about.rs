//! `src/about.rs`: what is known of the provider besides its protocol, for the list of providers.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{ident, provider};
use super::docs;
use crate::model::{FactSource, Model, SourceKind};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inner(&format!(
        "What is known of {}, and from where.",
        docs::inline(&model.title)
    ));
    let version = model.version.to_string();
    let documentation = model.docs_url.as_ref();
    let documentation = documentation.map(|url| quote!(.with_documentation(#url)));
    let verified = model.verified.map(|kind| {
        let kind = variant(kind);
        quote!(.with_verified(SourceKind::#kind))
    });
    let sources = (!model.sources.is_empty()).then(|| {
        let sources = model.sources.iter().map(source);
        quote!(.with_sources(&[#(#sources),*]))
    });
    let scopes = (!model.scopes.is_empty()).then(|| {
        let scopes = model.scopes.iter().map(|scope| &scope.wire);
        quote!(.with_scopes(&[#(#scopes),*]))
    });
    let deviations = (!model.deviations.is_empty()).then(|| {
        let deviations = &model.deviations;
        quote!(.with_deviations(&[#(#deviations),*]))
    });
    let names = match sources {
        Some(_) => quote!({About, FactSource, Listed, SourceKind}),
        None => quote!({About, Listed}),
    };
    let provider = provider(model);
    quote! {
        #title

        use tokensmith_runtime::#names;

        use super::client::#provider;

        impl Listed for #provider {
            const ABOUT: &'static About<'static> = &About::new(#version)
                #documentation
                #sources
                #verified
                #scopes
                #deviations;
        }
    }
}

fn source(source: &FactSource) -> TokenStream {
    let FactSource {
        url,
        date,
        kind,
        facts,
    } = source;
    let kind = variant(*kind);
    let facts = facts.as_ref().map(|facts| quote!(.with_facts(#facts)));
    quote!(FactSource::new(#url, #date, SourceKind::#kind) #facts)
}

fn variant(kind: SourceKind) -> proc_macro2::Ident {
    ident(&format!("{kind:?}"))
}

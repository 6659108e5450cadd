//! `src/about.rs`: what is known of the provider besides its protocol, for the list of providers.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use tokensmith_description::{SampleResponse, Shelves};

use super::code_names::{ident, provider, variant};
use super::docs;
use crate::model::{FactSource, Model};

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
    let shelves = Shelves::default();
    let samples = model.sample_responses(&shelves);
    let has_samples = !samples.is_empty();
    let samples = has_samples.then(|| {
        let samples = samples.iter().map(sample);
        quote!(.with_samples(&[#(#samples),*]))
    });
    let names = [
        ("About", true),
        ("FactSource", sources.is_some()),
        ("Listed", true),
        ("SampleResponse", has_samples),
        ("SourceKind", sources.is_some()),
    ];
    let names = names.into_iter().filter(|(_, used)| *used);
    let names = names.map(|(name, _)| ident(name));
    let provider = provider(model);
    quote! {
        #title

        use tokensmith_runtime::{#(#names),*};

        use super::client::#provider;

        impl Listed for #provider {
            const ABOUT: &'static About<'static> = &About::new(#version)
                #documentation
                #sources
                #verified
                #scopes
                #deviations
                #samples;
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

fn sample(sample: &SampleResponse<'_>) -> TokenStream {
    let endpoints = sample.endpoints().iter().copied();
    let endpoints = endpoints.map(Literal::usize_unsuffixed);
    let status = Literal::u16_unsuffixed(sample.status());
    let (media_type, body) = (sample.media_type(), sample.body());
    let body = (!media_type.is_empty()).then(|| quote!(.with_body(#media_type, #body)));
    quote!(SampleResponse::new(&[#(#endpoints),*], #status) #body)
}

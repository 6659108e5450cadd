//! The table of a server.

use proc_macro2::TokenStream;
use quote::quote;

use super::values;
use crate::model::Server;

pub(super) fn server(server: &Server) -> TokenStream {
    let Server {
        ident,
        url,
        description,
        issuer,
        variables,
        default_of: _,
    } = server;
    let description = description
        .as_ref()
        .map(|text| quote!(.with_description(#text)));
    let issuer = issuer.as_ref().map(|issuer| quote!(.with_issuer(#issuer)));
    let variables = (!variables.is_empty()).then(|| {
        let variables = variables.iter().map(|variable| {
            let wire = &variable.wire;
            let default = variable
                .default
                .as_ref()
                .map(|default| quote!(.with_default(#default)));
            let values = values(&variable.values);
            let pattern = variable
                .pattern
                .as_ref()
                .map(|pattern| quote!(.with_pattern(#pattern)));
            quote!(ServerVariable::new(#wire) #default #values #pattern)
        });
        quote!(.with_variables(&[#(#variables),*]))
    });
    quote!(ServerDescription::new(#ident, #url) #description #issuer #variables)
}

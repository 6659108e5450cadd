//! The tables of operations and their parameters.

use proc_macro2::TokenStream;
use quote::quote;

use super::{location_of, unsuffixed, values};
use crate::emit::code_names::{operation_static, parameters_static, variant};
use crate::model::{Location, Operation, Parameter, ParameterKind};

pub(super) fn operation(operation: &Operation) -> TokenStream {
    let name = operation_static(operation);
    let table_name = parameters_static(operation);
    let new = match &operation.grant {
        Some(grant) => quote!(Operation::grant(#grant)),
        None => quote!(Operation::new()),
    };
    let one_time = operation.one_time.then(|| quote!(.one_time()));
    let names_client = operation.names_client.then(|| quote!(.naming_client()));
    let parameters = operation.parameters.iter().map(parameter);
    let table = (!operation.parameters.is_empty())
        .then(|| quote!(static #table_name: &[Parameter<'static>] = &[#(#parameters),*];));
    let with_table = table
        .is_some()
        .then(|| quote!(.with_parameters(#table_name)));
    quote! {
        pub(crate) static #name: Operation<'static> = #new #one_time #names_client #with_table;
        #table
    }
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let wire = &parameter.wire;
    let required = parameter.required.then(|| quote!(.required()));
    let secret = parameter.secret.then(|| quote!(.secret()));
    let location = (parameter.location != Location::Body).then(|| {
        let location = location_of(parameter.location);
        quote!(.with_location(#location))
    });
    let prefix = parameter
        .prefix
        .as_ref()
        .map(|prefix| quote!(.with_prefix(#prefix)));
    let kind = match &parameter.kind {
        ParameterKind::Enum(def) => {
            let variants = def.variants.iter();
            let wires: Vec<String> = variants.map(|variant| variant.wire.clone()).collect();
            values(&wires)
        }
        kind => {
            let kind = variant(kind.on_the_wire());
            (kind != "Text").then(|| quote!(.with_kind(ParameterKind::#kind)))
        }
    };
    let separator = parameter
        .separator
        .as_ref()
        .map(|separator| quote!(.with_separator(#separator)));
    let numbers = values(parameter.checked_values());
    let min_length = parameter
        .min_length
        .map(unsuffixed)
        .map(|length| quote!(.with_min_length(#length)));
    let max_length = parameter
        .max_length
        .map(unsuffixed)
        .map(|length| quote!(.with_max_length(#length)));
    let pattern = parameter
        .pattern
        .as_ref()
        .map(|pattern| quote!(.with_pattern(#pattern)));
    let default = parameter
        .sent_default()
        .map(|default| quote!(.with_default(#default)));
    let random = parameter.random_uuid.then(|| quote!(.with_random_uuid()));
    quote!(Parameter::new(#wire) #required #secret #location #prefix #kind #separator #numbers #min_length #max_length #pattern #default #random)
}

//! `src/error.rs`: how the provider refuses, by status.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::code_names::ident;
use super::docs;
use crate::model::{Endpoint, ErrorCase, FieldType, Model, TypeDef};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inline(&model.title);
    let docs = docs::inner(&format!(
        "How {title} refuses, by status. \
         [`tokensmith_runtime::Error::body`] has it;\nkind, code, description and the rest are on the error itself."
    ));
    let enums = model
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.is_called())
        .map(|endpoint| error_enum(model, endpoint));
    quote! {
        #docs
        #(#enums)*
    }
}

fn error_enum(model: &Model, endpoint: &Endpoint) -> TokenStream {
    let name = ident(&endpoint.error);
    let noun = endpoint.kind.as_str();
    let mark = mark(model, endpoint).map_or_else(String::new, |mark| format!(" {mark}"));
    let subject = format!("A refusal of the {noun} endpoint{mark}");
    let docs = docs::outer(&format!("{subject}."));
    if let Some(first) = declares_same(model, endpoint) {
        let docs = docs::outer(&format!(
            "{subject}, which declares what `{}` has.",
            first.error
        ));
        let first = ident(&first.error);
        return quote!(#docs pub type #name = #first;);
    }
    if endpoint.errors.is_empty() {
        return quote! {
            #docs
            ///
            /// The document declares none.
            pub type #name = tokensmith_runtime::NoBody;
        };
    }
    let is_alone = endpoint.errors.len() == 1;
    let variants = endpoint.errors.iter().map(|case| variant(case, is_alone));
    let arms = endpoint.errors.iter().map(arm);
    let has_body = endpoint.errors.iter().any(|case| case.body.is_some());
    // The runtime keeps it in a box as it is.
    let large = is_uneven(model, endpoint).then(|| quote!(#[allow(clippy::large_enum_variant)]));
    // The narrowest stands first.
    let overlapping =
        has_overlap(endpoint).then(|| quote!(#[allow(clippy::match_overlapping_arm)]));
    let body = ident(if has_body { "body" } else { "_body" });
    quote! {
        #docs
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        #large
        pub enum #name { #(#variants),* }

        impl tokensmith_runtime::DeclaredBody for #name {}

        impl tokensmith_runtime::ErrorBody for #name {
            #overlapping
            fn read(status: u16, #body: &tokensmith_runtime::Body) -> Option<Self> {
                match status {
                    #(#arms)*
                    _ => None,
                }
            }
        }
    }
}

/// The first endpoint before this one that declares the same refusals.
fn declares_same<'m>(model: &'m Model, endpoint: &Endpoint) -> Option<&'m Endpoint> {
    let mut before = model
        .endpoints
        .iter()
        .take_while(|other| other.ident != endpoint.ident)
        .filter(|other| other.is_called() && !other.errors.is_empty());
    before.find(|other| other.errors == endpoint.errors)
}

/// What tells an endpoint from the others of its kind, if there are any.
fn mark(model: &Model, endpoint: &Endpoint) -> Option<String> {
    let mut others = model.endpoints.iter();
    others.find(|other| other.kind == endpoint.kind && other.ident != endpoint.ident)?;
    let path = docs::code(&endpoint.paths.first()?.path);
    Some(match model.shares_path(endpoint) {
        true => format!("{path} ({})", endpoint.requests()),
        false => path,
    })
}

/// A variant; `is_alone` says that there are no others.
fn variant(case: &ErrorCase, is_alone: bool) -> TokenStream {
    let name = ident(&case.ident);
    let label = match case.statuses {
        ErrorCase::DEFAULT if is_alone => "Any error status".to_owned(),
        ErrorCase::DEFAULT => "Any other error status".to_owned(),
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first} to {last}"),
    };
    let alone = match case.statuses {
        ErrorCase::DEFAULT => format!("{label}."),
        ErrorCase::SUCCESS => "An error response under a status of success.".to_owned(),
        _ => format!("HTTP {label}."),
    };
    let docs = docs::outer(&docs::labelled(&label, case.description.as_deref(), &alone));
    match &case.body {
        Some(body) => {
            let body = ident(body);
            quote!(#docs #name(super::response::#body))
        }
        None => quote!(#docs #name),
    }
}

fn arm(case: &ErrorCase) -> TokenStream {
    let name = ident(&case.ident);
    let (first, last) = case.statuses;
    let unsuffixed = proc_macro2::Literal::u16_unsuffixed;
    let (first, last) = (unsuffixed(first), unsuffixed(last));
    let pattern = if case.statuses.0 == case.statuses.1 {
        quote!(#first)
    } else {
        quote!(#first..=#last)
    };
    match case.body {
        Some(_) => quote!(#pattern => body.read().map(Self::#name),),
        None => quote!(#pattern => Some(Self::#name),),
    }
}

/// Whether a status is in several ranges.
fn has_overlap(endpoint: &Endpoint) -> bool {
    let mut ranges: Vec<(u16, u16)> = endpoint.errors.iter().map(|case| case.statuses).collect();
    ranges.sort_unstable();
    ranges.windows(2).any(|pair| pair[1].0 <= pair[0].1)
}

/// Whether one body is so much larger than the others that clippy might advise a box.
fn is_uneven(model: &Model, endpoint: &Endpoint) -> bool {
    /// clippy's limit is 200 bytes.
    const LIMIT: usize = 150;
    let mut known = BTreeMap::new();
    let bodies = endpoint.errors.iter().map(|case| {
        let body = case.body.as_deref();
        body.map_or(0, |body| size(model, body, &mut known))
    });
    let mut sizes: Vec<usize> = bodies.collect();
    sizes.sort_unstable();
    matches!(sizes.as_slice(), [.., second, first] if first - second > LIMIT)
}

/// About how many bytes a type takes; each is looked at once.
fn size<'m>(model: &'m Model, name: &'m str, known: &mut BTreeMap<&'m str, usize>) -> usize {
    /// A string, a list, an enum, a box, the members that the document does not declare.
    const USUAL: usize = 24;
    if let Some(size) = known.get(name) {
        return *size;
    }
    // What contains itself does so in a box.
    known.insert(name, USUAL);
    let Some(TypeDef::Struct(def)) = model.type_def(name) else {
        return USUAL;
    };
    let mut total = USUAL;
    for field in &def.fields {
        let size = match &field.ty {
            FieldType::Integer | FieldType::Number | FieldType::Boolean | FieldType::ErrorCode => {
                16
            }
            FieldType::Object | FieldType::Any => 32,
            FieldType::Named(name) => size(model, name, known),
            FieldType::Text | FieldType::Secret | FieldType::List(_) | FieldType::Boxed(_) => USUAL,
        };
        total = total.saturating_add(size);
    }
    known.insert(name, total);
    total
}

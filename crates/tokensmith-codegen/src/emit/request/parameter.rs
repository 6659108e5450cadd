//! One parameter of a request: its field, what sets it, and how it is handed to the runtime.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::emit::code_names::{Std, ident};
use crate::emit::docs;
use crate::model::{Parameter, ParameterKind, Scalar};

/// The type of the field.
pub(super) fn field_type(parameter: &Parameter, std: &Std) -> TokenStream {
    let ty = match &parameter.kind {
        ParameterKind::Scopes { .. } => return quote!(tokensmith_runtime::Scopes),
        ParameterKind::TextList => {
            let (vec, item) = (std.path("Vec"), text(parameter, std));
            return quote!(#vec<#item>);
        }
        ParameterKind::ScalarList { item, .. } => {
            let (vec, item) = (std.path("Vec"), scalar(*item));
            return quote!(#vec<#item>);
        }
        ParameterKind::Integer | ParameterKind::Number if parameter.secret => secret(),
        ParameterKind::Text => text(parameter, std),
        ParameterKind::Integer => quote!(i64),
        ParameterKind::Number => quote!(f64),
        ParameterKind::Boolean => quote!(bool),
        ParameterKind::Json { .. } => quote!(tokensmith_runtime::Untyped),
        ParameterKind::Assertion => quote!(tokensmith_runtime::Assertion),
        ParameterKind::Enum(def) => {
            let name = ident(&def.ident);
            quote!(#name)
        }
    };
    if parameter.is_argument() {
        return ty;
    }
    let option = std.path("Option");
    quote!(#option<#ty>)
}

/// The type of an item that is no text.
fn scalar(item: Scalar) -> TokenStream {
    match item {
        Scalar::Integer => quote!(i64),
        Scalar::Number => quote!(f64),
        Scalar::Boolean => quote!(bool),
    }
}

/// The type of a text, and of each text of a list.
fn text(parameter: &Parameter, std: &Std) -> TokenStream {
    match parameter.secret {
        true => secret(),
        false => std.path("String"),
    }
}

fn secret() -> TokenStream {
    quote!(tokensmith_runtime::Secret)
}

/// The argument that sets the parameter, and the expression that makes a value of it.
pub(super) fn argument(
    parameter: &Parameter,
    name: &Ident,
    std: &Std,
) -> (TokenStream, TokenStream) {
    let (into, string) = (std.path("Into"), std.path("String"));
    let converted = |ty: TokenStream| (quote!(#name: impl #into<#ty>), quote!(#name.into()));
    match &parameter.kind {
        ParameterKind::TextList => {
            let item = text(parameter, std);
            (
                quote!(#name: impl IntoIterator<Item = impl #into<#item>>),
                quote!(#name.into_iter().map(#into::into).collect()),
            )
        }
        ParameterKind::ScalarList { item, .. } => {
            let item = scalar(*item);
            (
                quote!(#name: impl IntoIterator<Item = #item>),
                quote!(#name.into_iter().collect()),
            )
        }
        ParameterKind::Scopes { .. } => (
            quote!(#name: impl #into<#string>),
            quote!(tokensmith_runtime::Scopes::from(#name.into())),
        ),
        ParameterKind::Integer | ParameterKind::Number if parameter.secret => converted(secret()),
        ParameterKind::Text => converted(text(parameter, std)),
        ParameterKind::Json { .. } => converted(quote!(tokensmith_runtime::Untyped)),
        ParameterKind::Assertion => converted(quote!(tokensmith_runtime::Assertion)),
        ParameterKind::Integer => (quote!(#name: i64), quote!(#name)),
        ParameterKind::Number => (quote!(#name: f64), quote!(#name)),
        ParameterKind::Boolean => (quote!(#name: bool), quote!(#name)),
        ParameterKind::Enum(def) => {
            let ty = ident(&def.ident);
            (quote!(#name: #ty), quote!(#name))
        }
    }
}

/// The method that sets the parameter.
pub(super) fn setter(parameter: &Parameter, std: &Std) -> TokenStream {
    let name = ident(&parameter.ident);
    let docs = docs::outer(&setter_docs(parameter));
    let value = ident("value");
    let (argument, expression) = argument(parameter, &value, std);
    let (argument, statement) = match parameter.kind {
        ParameterKind::Scopes { .. } => {
            let (into, string) = (std.path("Into"), std.path("String"));
            (
                quote!(scope: impl #into<#string>),
                quote!(self.#name.push(scope);),
            )
        }
        ParameterKind::TextList | ParameterKind::ScalarList { .. } => {
            (argument, quote!(self.#name = #expression;))
        }
        _ => (argument, quote!(self.#name = Some(#expression);)),
    };
    quote! {
        #docs
        pub fn #name(mut self, #argument) -> Self {
            #statement
            self
        }
    }
}

/// The documentation of a setter, with the limits that are checked before anything is sent.
fn setter_docs(parameter: &Parameter) -> String {
    let wire = docs::code(&parameter.wire);
    let described = parameter.description.as_deref().map(docs::description);
    let described = described.filter(|text| !text.is_empty());
    let is_scopes = matches!(parameter.kind, ParameterKind::Scopes { .. });
    let mut text = match described {
        Some(text) if is_scopes => text + "\n\nEach call adds to the scopes asked for.",
        Some(text) => text,
        None if is_scopes => format!("Adds to the scopes asked for, which are sent as {wire}."),
        None => format!("Sets {wire}."),
    };
    let limits = limits(parameter);
    if !limits.is_empty() {
        let mut sentence = limits.join(", ");
        if let Some(first) = sentence.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text.push_str(&format!("\n\n{sentence}."));
    }
    text
}

/// What a parameter takes, and what holds without it.
fn limits(parameter: &Parameter) -> Vec<String> {
    let characters = |count: u32| match count {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    };
    let default = parameter.default.as_ref();
    let is_scopes = matches!(parameter.kind, ParameterKind::Scopes { .. });
    let values = match parameter.values.as_slice() {
        [] => None,
        // The default says it, but for scopes not that others are none of the document's.
        [only] if Some(only) == default && !is_scopes => None,
        [only] if !is_scopes => Some(format!("the document lists {}", docs::code(only))),
        listed => {
            let listed: Vec<String> = listed.iter().map(|value| docs::code(value)).collect();
            let listed = listed.join(", ");
            Some(match is_scopes {
                // A request may ask for a scope that the document does not know yet.
                true => format!("the document lists {listed}; other scopes are sent all the same"),
                false => format!("one of {listed}"),
            })
        }
    };
    let length = match (parameter.min_length, parameter.max_length) {
        (None | Some(0), None) => None,
        (Some(least), Some(most)) if least == most => Some(characters(most)),
        (None | Some(0), Some(most)) => Some(format!("at most {}", characters(most))),
        (Some(least), None) => Some(format!("at least {}", characters(least))),
        (Some(least), Some(most)) => Some(format!("{least} to {}", characters(most))),
    };
    // That of a list is JSON; scopes are sent with spaces between them, and read so.
    let items = |default: &String| serde_json::from_str::<Vec<String>>(default).ok();
    let scopes = default.filter(|_| is_scopes).and_then(items);
    let shown = scopes.map(|items| items.join(" "));
    let default = default.map(|default| shown.unwrap_or_else(|| default.clone()));
    let default = default.map(|default| match parameter.required {
        true => format!("{} unless set", docs::code(&default)),
        false if default.is_empty() => "without it, the provider takes it as empty".to_owned(),
        false => format!("the provider takes {} without it", docs::code(&default)),
    });
    let random = parameter
        .random_uuid
        .then(|| "each request has a fresh random UUID unless set".to_owned());
    let limits = [values, length, default, random];
    limits.into_iter().flatten().collect()
}

/// The statement that hands the parameter to the runtime.
pub(super) fn push(parameter: &Parameter) -> TokenStream {
    let (wire, name) = (&parameter.wire, ident(&parameter.ident));
    let required = parameter.is_argument();
    match &parameter.kind {
        ParameterKind::Scopes { .. } => quote!(parameters.scopes(#wire, &self.#name);),
        ParameterKind::TextList if parameter.secret => {
            quote!(parameters.secrets(#wire, &self.#name);)
        }
        ParameterKind::TextList => quote!(parameters.list(#wire, &self.#name);),
        ParameterKind::ScalarList { .. } => quote!(parameters.values(#wire, &self.#name);),
        ParameterKind::Integer | ParameterKind::Number if !parameter.secret && required => {
            quote!(parameters.push(#wire, self.#name);)
        }
        ParameterKind::Integer | ParameterKind::Number if !parameter.secret => {
            quote!(parameters.push_optional(#wire, self.#name);)
        }
        ParameterKind::Boolean if required => quote!(parameters.push(#wire, self.#name);),
        ParameterKind::Boolean => quote!(parameters.push_optional(#wire, self.#name);),
        ParameterKind::Enum(_) if required => {
            quote!(parameters.push(#wire, self.#name.as_str());)
        }
        ParameterKind::Enum(def) => {
            let ty = ident(&def.ident);
            quote!(parameters.push_optional(#wire, self.#name.map(#ty::as_str));)
        }
        _ if required => quote!(parameters.push(#wire, &self.#name);),
        _ => quote!(parameters.push_optional(#wire, self.#name.as_ref());),
    }
}

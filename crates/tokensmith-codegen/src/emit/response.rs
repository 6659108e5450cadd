//! `src/response.rs`: the types of the provider's responses.

use proc_macro2::TokenStream;
use quote::quote;

use super::code_names::{Std, ident};
use super::docs;
use crate::model::{EnumDef, Field, FieldType, Model, StructDef, TypeDef, name};

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inner(&format!(
        "The types of {}'s responses.",
        docs::inline(&model.title)
    ));
    let std = Std::beside(model.types.iter().map(|def| def.ident().to_owned()));
    let items = model.types.iter().map(|def| match def {
        TypeDef::Struct(def) => object(def, &fallback(model, def), &std),
        TypeDef::Enum(def) => open_enum(def, &std),
    });
    quote! {
        #title
        #(#items)*
    }
}

/// What an object is, where the document does not say.
fn fallback(model: &Model, def: &StructDef) -> String {
    if def.is_token {
        return "A response with an access token.".to_owned();
    }
    let cases = model.endpoints.iter().flat_map(|endpoint| &endpoint.errors);
    if cases
        .clone()
        .any(|case| case.body.as_ref() == Some(&def.ident))
    {
        return "The body of an error response.".to_owned();
    }
    let structs = model.types.iter().filter_map(|other| match other {
        TypeDef::Struct(other) if other.ident != def.ident => Some(other),
        _ => None,
    });
    let mut holders = structs.flat_map(|holder| {
        let fields = holder.fields.iter();
        fields.map(move |field| (holder, field))
    });
    let holder = holders.find(|(_, field)| holds(&field.ty, &def.ident));
    holder.map_or_else(
        || "An object in a response.".to_owned(),
        |(holder, field)| {
            format!(
                "What {} of `{}` holds.",
                docs::code(&field.wire),
                holder.ident
            )
        },
    )
}

fn holds(ty: &FieldType, ident: &str) -> bool {
    match ty {
        FieldType::Named(name) | FieldType::Boxed(name) => name == ident,
        FieldType::List(item) => holds(item, ident),
        _ => false,
    }
}

fn object(def: &StructDef, fallback: &str, std: &Std) -> TokenStream {
    let name = ident(&def.ident);
    let docs = docs::described(def.description.as_deref(), fallback);
    let fields = def.fields.iter();
    let fields = fields
        .filter(|field| !(def.is_token && is_normalized(field)))
        .map(|field| self::field(field, def.is_token, std));
    let extra = if def.is_token {
        quote! {
            /// Fields that the document does not declare.
            #[serde(flatten, deserialize_with = "tokensmith_runtime::Extra::beside_metadata")]
        }
    } else {
        quote! {
            /// Fields that the document does not declare.
            #[serde(flatten)]
        }
    };
    let metadata = def.is_token.then(|| {
        quote! {
            /// Lifetime, granted scopes, warnings and request id, in one form for all responses.
            #[serde(skip)]
            pub metadata: tokensmith_runtime::Metadata,
        }
    });
    let token = def.is_token.then(|| {
        let (methods, response) = (normalized(def, std), token_response(def, std));
        quote!(#methods #response)
    });
    quote! {
        #docs
        #[derive(Debug, Clone, serde::Deserialize)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #extra
            pub extra: tokensmith_runtime::Extra,
            #metadata
        }

        #token
    }
}

/// Whether a member of a token response is read in a normal form, by a method of its name or of the plural.
pub(crate) fn is_normalized(field: &Field) -> bool {
    matches!(field.wire.as_str(), "expires_in" | "scope")
}

fn field(field: &Field, of_token: bool, std: &Std) -> TokenStream {
    let name = ident(&field.ident);
    let docs = docs::described(field.description.as_deref(), &docs::code(&field.wire));
    let wire = &field.wire;
    let rename =
        (name::without_raw_mark(&field.ident) != wire).then(|| quote!(#[serde(rename = #wire)]));
    let ty = field_type(&field.ty, std);
    // Only the token itself is sure to be there: whatever stands beside it may be odd without costing the token.
    let is_token = of_token && field.ident == "access_token";
    let ty = if is_token {
        ty
    } else {
        let option = std.path("Option");
        quote!(#option<#ty>)
    };
    quote! {
        #docs
        #rename
        pub #name: #ty,
    }
}

fn field_type(ty: &FieldType, std: &Std) -> TokenStream {
    match ty {
        FieldType::Text => std.path("String"),
        FieldType::Secret => quote!(tokensmith_runtime::Secret),
        FieldType::Integer => quote!(i64),
        FieldType::Number => quote!(f64),
        FieldType::Boolean => quote!(bool),
        FieldType::ErrorCode => quote!(tokensmith_runtime::ErrorCode),
        FieldType::List(item) => {
            let (vec, item) = (std.path("Vec"), field_type(item, std));
            quote!(#vec<#item>)
        }
        FieldType::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
        FieldType::Boxed(name) => {
            let (boxed, name) = (std.path("Box"), ident(name));
            quote!(#boxed<#name>)
        }
        FieldType::Object => quote!(tokensmith_runtime::Extra),
        FieldType::Any => quote!(tokensmith_runtime::Untyped),
    }
}

/// What every token response says, in one form whatever the wire has.
fn normalized(def: &StructDef, std: &Std) -> TokenStream {
    let name = ident(&def.ident);
    let (option, string) = (std.path("Option"), std.path("String"));
    let docs = |wire: &str, text: &str| {
        let field = def.fields.iter().find(|field| field.wire == wire);
        let description = field.and_then(|field| field.description.as_deref());
        let description = description.map(docs::description).unwrap_or_default();
        docs::outer(format!("{text}\n\n{description}").trim_end())
    };
    let expires_in = docs(
        "expires_in",
        "Returns how long the token is valid, counted from when the response was received; `None` if that is unknown.",
    );
    let scopes = docs(
        "scope",
        "Returns the granted scopes; `None` if the response names none, which means those that were asked for\n\
         ([RFC 6749, section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).",
    );
    quote! {
        impl #name {
            #expires_in
            pub fn expires_in(&self) -> #option<std::time::Duration> {
                self.metadata.expires_in
            }

            #scopes
            pub fn scopes(&self) -> #option<&[#string]> {
                self.metadata.scopes.as_deref()
            }
        }
    }
}

fn token_response(def: &StructDef, std: &Std) -> TokenStream {
    let name = ident(&def.ident);
    let option = std.path("Option");
    let secret = |wire: &str| {
        let mut fields = def.fields.iter();
        let field = fields.find(|field| field.wire == wire && field.ty == FieldType::Secret)?;
        let name = ident(&field.ident);
        Some(quote!(self.#name.as_ref()))
    };
    let refresh_token = secret("refresh_token").unwrap_or_else(|| quote!(None));
    let id_token = secret("id_token").map(|id_token| {
        quote! {

            fn id_token(&self) -> #option<&tokensmith_runtime::Secret> {
                #id_token
            }
        }
    });
    quote! {
        impl tokensmith_runtime::TokenResponse for #name {
            fn access_token(&self) -> &tokensmith_runtime::Secret {
                &self.access_token
            }

            fn refresh_token(&self) -> #option<&tokensmith_runtime::Secret> {
                #refresh_token
            }
            #id_token

            fn metadata(&self) -> &tokensmith_runtime::Metadata {
                &self.metadata
            }

            fn metadata_mut(&mut self) -> &mut tokensmith_runtime::Metadata {
                &mut self.metadata
            }
        }
    }
}

fn open_enum(def: &EnumDef, std: &Std) -> TokenStream {
    let name = ident(&def.ident);
    let docs = docs::described(
        def.description.as_deref(),
        "A value that the document declares, or another one.",
    );
    let variants = def.variants.iter().map(|variant| {
        let (name, docs) = (
            ident(&variant.ident),
            docs::outer(&docs::code(&variant.wire)),
        );
        quote!(#docs #name,)
    });
    let as_str = def.variants.iter().map(|variant| {
        let (name, wire) = (ident(&variant.ident), &variant.wire);
        quote!(Self::#name => #wire,)
    });
    let from = def.variants.iter().map(|variant| {
        let name = ident(&variant.ident);
        let wire = if def.ignore_case {
            variant.wire.to_ascii_lowercase()
        } else {
            variant.wire.clone()
        };
        quote!(#wire => Self::#name,)
    });
    let (from_trait, string, string_text) =
        (std.path("From"), std.path("String"), std.text("String"));
    let matched = if def.ignore_case {
        quote!(value.to_ascii_lowercase().as_str())
    } else {
        quote!(value.as_str())
    };
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Deserialize)]
        #[serde(from = #string_text)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that the document does not declare, as received.
            Other(tokensmith_runtime::Unrecognized),
        }

        impl #name {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(#as_str)*
                    Self::Other(other) => other.as_str(),
                }
            }
        }

        impl #from_trait<#string> for #name {
            fn from(value: #string) -> Self {
                match #matched {
                    #(#from)*
                    _ => Self::Other(value.into()),
                }
            }
        }
    }
}

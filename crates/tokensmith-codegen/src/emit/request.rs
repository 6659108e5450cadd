//! `src/request.rs`: one type per grant, and what it takes.

mod enums;
mod parameter;

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::code_names::{
    Std, allow_deprecated, endpoint_static, ident, operation_static, provider, request_types,
};
use super::docs;
use crate::model::{
    Endpoint, EndpointKind, EnumDef, Model, Operation, Parameter, ParameterKind, Success, rfc,
};
use enums::{path_enum, value_enum};

/// More arguments than this make clippy ask for fewer.
const MAX_ARGUMENTS: usize = 7;

pub(crate) fn module(model: &Model) -> TokenStream {
    let title = docs::inner(&format!(
        "Requests that {} takes.",
        docs::inline(&model.title)
    ));
    let std = Std::beside(request_types(model));
    let mut enums: BTreeMap<&str, &EnumDef> = BTreeMap::new();
    let mut items = Vec::new();
    for endpoint in &model.endpoints {
        items.extend(path_enum(endpoint, &std));
        for operation in &endpoint.operations {
            items.push(
                Request {
                    model,
                    endpoint,
                    operation,
                    std: &std,
                }
                .emit(),
            );
            for parameter in &operation.parameters {
                if let ParameterKind::Enum(def) = &parameter.kind {
                    enums.insert(&def.ident, def);
                }
            }
        }
    }
    let enums = enums.into_values().map(value_enum);
    let allowed = allow_deprecated(model);
    quote! {
        #title
        #allowed
        #(#items)*
        #(#enums)*
    }
}

struct Request<'a> {
    model: &'a Model,
    endpoint: &'a Endpoint,
    operation: &'a Operation,
    std: &'a Std,
}

impl Request<'_> {
    fn emit(&self) -> TokenStream {
        let name = ident(&self.operation.ident);
        let docs = self.docs();
        let path_type = self.endpoint.path_type().map(|name| ident(&name));
        let fields = self.operation.parameters.iter().map(|parameter| {
            let (name, ty) = (
                ident(&parameter.ident),
                parameter::field_type(parameter, self.std),
            );
            quote!(#name: #ty,)
        });
        let path_field = path_type.as_ref().map(|ty| quote!(path: #ty,));
        let default = self
            .required()
            .next()
            .is_none()
            .then(|| self.std.path("Default"))
            .map(|default| quote!(, #default));
        let methods = self.methods(path_type.as_ref());
        let request = self.request(path_type.is_some());
        let unused = match self.endpoint.is_called() {
            true => "a request does nothing until a client sends it",
            false => "a request does nothing until a client makes a URL of it",
        };
        let deprecated = self
            .endpoint
            .deprecated
            .then(|| quote!(#[deprecated = "the provider calls the endpoint deprecated"]));
        quote! {
            #docs
            #[derive(Debug, Clone #default)]
            #deprecated
            #[must_use = #unused]
            pub struct #name {
                #(#fields)*
                #path_field
                extra: tokensmith_runtime::ExtraParameters,
            }

            impl #name { #methods }

            #request
        }
    }

    fn docs(&self) -> TokenStream {
        let title = match (self.endpoint.kind, self.operation.grant.as_deref()) {
            (EndpointKind::Revocation, _) => {
                "Revokes a token ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).".to_owned()
            }
            (EndpointKind::Introspection, _) => {
                "Asks what a token is good for \
                 ([RFC 7662, section 2](https://www.rfc-editor.org/rfc/rfc7662#section-2))."
                    .to_owned()
            }
            (EndpointKind::DeviceAuthorization, _) => {
                "Starts the grant of a device that has no browser \
                 ([RFC 8628, section 3.1](https://www.rfc-editor.org/rfc/rfc8628#section-3.1))."
                    .to_owned()
            }
            (EndpointKind::PushedAuthorization, _) => {
                "Pushes an authorization request, before a browser is sent away \
                 ([RFC 9126, section 2](https://www.rfc-editor.org/rfc/rfc9126#section-2)).\n\n\
                 `Client::authorize` sends it by itself, with all that an authorization request has."
                    .to_owned()
            }
            (EndpointKind::Authorization, _) => {
                "Asks a user for an authorization code, in a browser \
                 ([RFC 6749, section 4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1)).\n\n\
                 The client adds its identifier, `state`, the code challenge and what else is not the\n\
                 caller's to choose."
                    .to_owned()
            }
            (EndpointKind::EndSession, _) => {
                "Sends a user to the provider to sign out there, in a browser \
                 ([OpenID Connect RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout)).\n\n\
                 `Client::logout_url` makes the URL. The client adds its identifier and, where the browser is\n\
                 to come back, `state`."
                    .to_owned()
            }
            (EndpointKind::Metadata, _) => {
                "Reads the metadata of the authorization server \
                 ([RFC 8414, section 3](https://www.rfc-editor.org/rfc/rfc8414#section-3))."
                    .to_owned()
            }
            (EndpointKind::Registration, _) => {
                "Registers a client \
                 ([RFC 7591, section 3.1](https://www.rfc-editor.org/rfc/rfc7591#section-3.1))."
                    .to_owned()
            }
            (EndpointKind::Token, Some(grant)) => match rfc::grant(grant) {
                Some(known) => format!("{} ({}).", known.title, known.section),
                None => match rfc::extension_grant(grant) {
                    Some(known) => format!("{} ({}).", known.title, known.section),
                    None => format!("The grant {}, the provider's own.", docs::code(grant)),
                },
            },
            (EndpointKind::Token, None) => {
                "Asks for a token. The document declares no grant type for it.".to_owned()
            }
        };
        let description = self.endpoint.description_of(self.operation);
        match description.map(docs::description) {
            Some(text) if !text.is_empty() => docs::outer(&format!("{title}\n\n{text}")),
            _ => docs::outer(&title),
        }
    }

    fn required(&self) -> impl Iterator<Item = &Parameter> {
        self.operation
            .parameters
            .iter()
            .filter(|parameter| parameter.is_argument())
    }

    fn methods(&self, path_type: Option<&Ident>) -> TokenStream {
        let new = self.new_method(path_type.is_some());
        let setters = self
            .operation
            .parameters
            .iter()
            .filter(|parameter| !parameter.is_argument());
        let setters = setters.map(|parameter| parameter::setter(parameter, self.std));
        // A required scope list still grows.
        let more_scopes = self
            .required()
            .filter(|parameter| matches!(parameter.kind, ParameterKind::Scopes { .. }))
            .map(|parameter| parameter::setter(parameter, self.std));
        let path = path_type.map(|ty| {
            quote! {
                /// Sends the request to another path of the endpoint.
                pub fn path(mut self, path: #ty) -> Self {
                    self.path = path;
                    self
                }
            }
        });
        let (into, string) = (self.std.path("Into"), self.std.path("String"));
        quote! {
            #new
            #(#setters)*
            #(#more_scopes)*
            #path
            /// Adds a parameter that the document does not declare.
            ///
            /// Sending fails if the request has a parameter of this name already.
            pub fn extra(mut self, name: impl #into<#string>, value: impl #into<tokensmith_runtime::Secret>) -> Self {
                self.extra.push(name, value);
                self
            }
        }
    }

    fn new_method(&self, has_path: bool) -> TokenStream {
        let required: Vec<&Parameter> = self.required().collect();
        let title = if required.is_empty() {
            "Creates a request without optional parameters.".to_owned()
        } else {
            "Creates a request with the required parameters.".to_owned()
        };
        let described = required.iter().map(|parameter| {
            let text = parameter.description.as_deref().unwrap_or_default();
            let first = docs::first_sentence(text);
            let first = first.unwrap_or_else(|| "required.".to_owned());
            let item = docs::markdown(&format!("- {}: {first}", docs::code(&parameter.wire)));
            match docs::after_first_sentence(text) {
                rest if rest.is_empty() => item,
                rest => format!("{item}\n{rest}"),
            }
        });
        let docs = std::iter::once(title)
            .chain((!required.is_empty()).then(String::new))
            .chain(described);
        let docs = docs::outer(&docs.collect::<Vec<_>>().join("\n"));
        if required.is_empty() {
            return quote! {
                #docs
                pub fn new() -> Self {
                    Self::default()
                }
            };
        }
        let names: Vec<Ident> = required
            .iter()
            .map(|parameter| ident(&parameter.ident))
            .collect();
        let (arguments, values): (Vec<_>, Vec<_>) = required
            .iter()
            .zip(&names)
            .map(|(parameter, name)| parameter::argument(parameter, name, self.std))
            .unzip();
        let many = (arguments.len() > MAX_ARGUMENTS)
            .then(|| quote!(#[expect(clippy::too_many_arguments)]));
        let fields = names.iter().zip(values).map(|(name, value)| {
            if *name == value.to_string() {
                quote!(#name,)
            } else {
                quote!(#name: #value,)
            }
        });
        let default = self.std.path("Default");
        let optional = self
            .operation
            .parameters
            .iter()
            .filter(|parameter| !parameter.is_argument())
            .map(|parameter| {
                let name = ident(&parameter.ident);
                match parameter.kind {
                    ParameterKind::Scopes { .. }
                    | ParameterKind::TextList
                    | ParameterKind::ScalarList { .. } => {
                        quote!(#name: #default::default(),)
                    }
                    _ => quote!(#name: None,),
                }
            });
        let path = has_path.then(|| quote!(path: #default::default(),));
        quote! {
            #docs
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self {
                    #(#fields)*
                    #(#optional)*
                    #path
                    extra: #default::default(),
                }
            }
        }
    }

    fn request(&self, has_path: bool) -> TokenStream {
        let name = ident(&self.operation.ident);
        let provider = provider(self.model);
        let endpoint = endpoint_static(self.endpoint);
        let operation = operation_static(self.operation);
        let path = has_path.then(|| {
            quote! {
                fn path(&self) -> &str {
                    self.path.as_str()
                }
            }
        });
        let pushes = self.operation.parameters.iter().map(parameter::push);
        let of_provider = quote!(type Provider = super::#provider;);
        let (interface, types) = match self.endpoint.kind {
            EndpointKind::Authorization => (quote!(AuthorizationRequest), of_provider),
            EndpointKind::EndSession => (quote!(EndSessionRequest<super::#provider>), quote!()),
            _ => {
                let (response, error) = (self.response(), ident(&self.endpoint.error));
                let types = quote! {
                    #of_provider
                    type Response = #response;
                    type Error = super::error::#error;
                };
                (quote!(Request), types)
            }
        };
        quote! {
            impl tokensmith_runtime::#interface for #name {
                #types

                fn endpoint(&self) -> &tokensmith_runtime::Endpoint<'_> {
                    &super::endpoint::#endpoint
                }

                fn operation(&self) -> &tokensmith_runtime::Operation<'_> {
                    &super::endpoint::#operation
                }

                #path

                fn parameters<'a>(&'a self, parameters: &mut tokensmith_runtime::Parameters<'a>) {
                    #(#pushes)*
                    parameters.extra(&self.extra);
                }
            }
        }
    }

    fn response(&self) -> TokenStream {
        match &self.endpoint.response {
            Success::Nothing => quote!(()),
            Success::Token(response) => {
                let response = ident(response);
                quote!(super::response::#response)
            }
            Success::Introspection => quote!(tokensmith_runtime::Introspection),
            Success::DeviceAuthorization => quote!(tokensmith_runtime::DeviceAuthorization),
            Success::PushedAuthorization => quote!(tokensmith_runtime::PushedAuthorization),
            Success::Registration => quote!(tokensmith_runtime::RegisteredClient),
        }
    }
}

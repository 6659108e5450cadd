//! The example in which a user signs in: from the authorization URL to the token.

pub(crate) mod id_token;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use tokensmith_description::PushedRequests;

use super::code_names::{ident, library, text};
use super::shown_request::{self, Proof, needs_server};
use super::snippet::program as printed;
use crate::model::{
    CodeChallengeMethod, Endpoint, EndpointKind, FieldType, Model, Operation, Parameter,
    ParameterKind, Success, TypeDef, rfc,
};
use crate::prose::{says_deprecated, sentences};

const REDIRECT_URI: &str = "redirect_uri";
/// What asks for an ID token, where there is one (OpenID Connect Core section 3.1.2.1).
const OPENID: &str = "openid";
const CODE: &str = "code";
const CODE_VERIFIER: &str = "code_verifier";
/// Where a browser returns to, unless the document has an example.
const CALLBACK: &str = "https://app.example/callback";

/// What the example shows: the first authorization endpoint, and the first request that redeems a code.
struct SignIn<'a> {
    model: &'a Model,
    library: Ident,
    authorization: &'a Endpoint,
    authorize: &'a Operation,
    token: &'a Endpoint,
    exchange: &'a Operation,
}

/// Whether users sign in at a provider before anything else is asked for.
pub(crate) fn is_main(model: &Model) -> bool {
    let redeems = |operation: &Operation| redeems_code(operation);
    of(model).is_some()
        && shown_request::shown(model)
            .is_some_and(|shown| redeems(shown.operation) && shown.operation.grant.is_some())
}

/// The example as a whole program but for `main`.
pub(crate) fn program(model: &Model) -> Option<String> {
    Some(of(model)?.program())
}

fn of(model: &Model) -> Option<SignIn<'_>> {
    let operations = |kind: EndpointKind| {
        let endpoints = model.endpoints.iter();
        let endpoints = endpoints.filter(move |endpoint| endpoint.kind == kind);
        endpoints.flat_map(|endpoint| {
            let operations = endpoint.operations.iter();
            operations.map(move |operation| (endpoint, operation))
        })
    };
    let (authorization, authorize) =
        operations(EndpointKind::Authorization).min_by_key(|(endpoint, _)| endpoint.deprecated)?;
    let (token, exchange) = operations(EndpointKind::Token)
        .filter(|(_, operation)| redeems_code(operation))
        .min_by_key(|(endpoint, operation)| (operation.grant.is_none(), endpoint.deprecated))?;
    Some(SignIn {
        model,
        library: library(model),
        authorization,
        authorize,
        token,
        exchange,
    })
}

/// Whether a request redeems a code: by its grant, or where it declares none, by its parameter.
fn redeems_code(operation: &Operation) -> bool {
    match operation.grant.as_deref() {
        Some(grant) => rfc::grant(grant).is_some_and(|grant| grant.value == "authorization_code"),
        None => parameter(operation, CODE).is_some_and(Parameter::is_argument),
    }
}

/// The parameter that an RFC calls so, whatever the document calls it.
fn parameter<'a>(operation: &'a Operation, name: &str) -> Option<&'a Parameter> {
    let mut parameters = operation.parameters.iter();
    parameters.find(|parameter| rfc::meant(&parameter.wire) == name)
}

impl SignIn<'_> {
    fn program(&self) -> String {
        let scope = self.scope();
        let (authorize, exchange) = (self.authorize_request(scope.as_ref()), self.exchange());
        let mut names: BTreeSet<String> = ["Client", "Credentials"].map(str::to_owned).into();
        names.extend([self.authorize.ident.clone(), self.exchange.ident.clone()]);
        if scope.is_some_and(|scope| scope.to_string().starts_with("scope ::")) {
            names.insert("scope".to_owned());
        }
        let proof = match self.token.client.verifier_is_public && self.has_challenge() {
            true => Proof::Nothing,
            // An authorization request names the client all the same.
            false => match shown_request::proof(self.token) {
                Proof::Nobody => Proof::Nothing,
                proof => proof,
            },
        };
        let credentials = proof.credentials();
        let (server, new) = match needs_server(self.model) {
            true => {
                names.insert("Server".to_owned());
                let server = shown_request::server(self.model, &quote!(Server));
                (
                    Some(quote!(let server = #server;)),
                    quote!(Client::for_server(server, #credentials)?),
                )
            }
            false => (None, quote!(Client::new(#credentials)?)),
        };
        let plain_http = shown_request::plain_http(self.model, self.token);
        let callback = self.callback();
        let url = self.returned(&callback);
        let has_redirect_uri = |operation| parameter(operation, REDIRECT_URI).is_some();
        let is_used = [self.authorize, self.exchange]
            .into_iter()
            .any(has_redirect_uri);
        let declared = is_used.then(|| quote!(let callback = #callback;));
        let names_server = !self.authorization.attributes.server_in_redirect.is_empty();
        let at_redirect =
            names_server.then(|| quote!(let client = client.at_redirect(&redirect)?;));
        let check = match self.has_issuer() {
            true => "`client.id_token(&token, &pending).await?`",
            false => "`client.issuer(issuer).id_token(&token, &pending).await?`",
        };
        let checked = self.has_id_token().then(|| {
            quote! {
                comment!("The feature `oidc` checks the ID token:");
                comment!(#check);
            }
        });
        let (authorize_by, wait) = match self.is_pushed() {
            true => (quote!(authorize), Some(quote!(.await))),
            false => (quote!(authorization_url), None),
        };
        let library = &self.library;
        let names = names.iter().map(|name| ident(name));
        let import = printed(quote!(use #library::{#(#names),*};));
        let function = printed(quote! {
            async fn sign_in() -> Result<(), Box<dyn std::error::Error>> {
                #server
                let client = #new #plain_http;
                #declared
                let request = #authorize;
                let authorization = client.#authorize_by(&request)#wait?;
                comment!("Send the browser to the URL, and keep `pending` in the user's session.");
                comment!("In a web application, `tokensmith-web` does this and what follows.");
                println!("{}", authorization.url);
                let pending = authorization.pending;
                comment!("The URL that the browser comes back to:");
                let redirect = pending.redirect(#url)?;
                #at_redirect
                #exchange
                let token = client.send(request).await?;
                println!("valid for {:?}", token.expires_in());
                #checked
                Ok(())
            }
        });
        format!("{import}\n{function}")
    }

    /// The scope that is asked for, as an expression.
    fn scope(&self) -> Option<TokenStream> {
        let mut parameters = self.authorize.parameters.iter();
        let scopes =
            parameters.find(|parameter| matches!(parameter.kind, ParameterKind::Scopes { .. }))?;
        let module = quote!(scope);
        if let Some(wanted) = demanded_scope(scopes).filter(|_| scopes.example.is_none()) {
            let mut known = self.model.scopes.iter();
            let known = known.find(|scope| scope.wire == wanted && scope.parameters.is_empty());
            let name = known.map(|scope| ident(&scope.ident));
            return Some(name.map_or_else(|| quote!(#wanted), |name| quote!(#module::#name)));
        }
        let openid = self.model.scopes.iter().find(|scope| scope.wire == OPENID);
        if let Some(openid) = openid.filter(|_| scopes.example.is_none() && self.has_id_token()) {
            let name = ident(&openid.ident);
            return Some(quote!(#module::#name));
        }
        shown_request::scope(self.model, self.authorization, scopes, &module)
    }

    /// Whether the provider takes authorization requests that are pushed, without anything having to be switched on.
    fn is_pushed(&self) -> bool {
        if self.authorization.attributes.pushed_requests == PushedRequests::IfEnabled {
            return false;
        }
        let mut endpoints = self.model.endpoints.iter();
        endpoints.any(|endpoint| endpoint.kind == EndpointKind::PushedAuthorization)
    }

    /// Whether the document names the issuer of a server.
    fn has_issuer(&self) -> bool {
        let mut servers = self.model.servers.iter();
        servers.any(|server| server.issuer.is_some())
    }

    /// Whether the token response of the exchange has a place for an ID token, which the document does not call deprecated.
    fn has_id_token(&self) -> bool {
        let Success::Token(response) = &self.token.response else {
            return false;
        };
        match self.model.type_def(response) {
            Some(TypeDef::Struct(def)) => def.fields.iter().any(|field| {
                field.wire == "id_token"
                    && field.ty == FieldType::Secret
                    && !says_deprecated(field.description.as_deref())
            }),
            _ => false,
        }
    }

    fn authorize_request(&self, scope: Option<&TokenStream>) -> TokenStream {
        let library = &self.library;
        let library = quote!(#library);
        let name = ident(&self.authorize.ident);
        let is_scopes =
            |parameter: &Parameter| matches!(parameter.kind, ParameterKind::Scopes { .. });
        let value = |parameter: &Parameter| match parameter {
            _ if rfc::meant(&parameter.wire) == REDIRECT_URI => Some(quote!(callback)),
            _ if is_scopes(parameter) => scope.cloned(),
            _ => None,
        };
        let parameters = || self.authorize.parameters.iter();
        let arguments = parameters()
            .filter(|parameter| parameter.is_argument())
            .map(|parameter| {
                value(parameter).unwrap_or_else(|| shown_request::argument(&library, parameter))
            });
        let setters = parameters()
            .filter(|parameter| !parameter.is_argument())
            .filter_map(|parameter| {
                let (setter, value) = (ident(&parameter.ident), value(parameter)?);
                Some(quote!(.#setter(#value)))
            });
        quote!(#name::new(#(#arguments),*) #(#setters)*)
    }

    /// The statements that make the request which redeems the code.
    fn exchange(&self) -> TokenStream {
        let library = &self.library;
        let library = quote!(#library);
        let name = ident(&self.exchange.ident);
        let has_challenge = self.has_challenge();
        let verifier = parameter(self.exchange, CODE_VERIFIER);
        let arguments = self
            .exchange
            .parameters
            .iter()
            .filter(|parameter| parameter.is_argument())
            .map(|parameter| match rfc::meant(&parameter.wire) {
                CODE => quote!(redirect.code),
                REDIRECT_URI => self.repeated_uri(),
                CODE_VERIFIER if has_challenge => quote!(verifier),
                _ => shown_request::argument(&library, parameter),
            });
        let redirect_uri = parameter(self.exchange, REDIRECT_URI)
            .filter(|parameter| !parameter.is_argument())
            .map(|parameter| {
                let (setter, uri) = (ident(&parameter.ident), self.repeated_uri());
                quote!(.#setter(#uri))
            });
        let request = quote!(#name::new(#(#arguments),*) #redirect_uri);
        if !has_challenge {
            return quote!(let request = #request;);
        }
        let set = match verifier {
            Some(verifier) if verifier.is_argument() => {
                return quote! {
                    let verifier = pending.code_verifier().ok_or("no code verifier")?;
                    let request = #request;
                };
            }
            Some(verifier) => {
                let setter = ident(&verifier.ident);
                quote!(#setter(verifier))
            }
            None => quote!(extra(#CODE_VERIFIER, verifier)),
        };
        quote! {
            let mut request = #request;
            if let Some(verifier) = pending.code_verifier() {
                request = request.#set;
            }
        }
    }

    /// Whether the authorization request has a code challenge.
    fn has_challenge(&self) -> bool {
        self.authorization.attributes.code_challenge != CodeChallengeMethod::None
    }

    /// The redirect URI that the exchange of the code repeats.
    fn repeated_uri(&self) -> TokenStream {
        match self.authorization.attributes.state_in_redirect_uri {
            true => quote!(pending.redirect_uri().unwrap_or(callback)),
            false => quote!(callback),
        }
    }

    /// The redirect URI: the document's example, if it has a short one that a browser can come back to.
    fn callback(&self) -> String {
        const LONGEST: usize = 60;
        let parameter = parameter(self.authorize, REDIRECT_URI);
        let example = parameter.and_then(|parameter| parameter.example.as_deref());
        let is_short =
            |text: &&str| text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
        let is_usable = |text: &&str| is_url(text) || is_identifier(text);
        let example = example.filter(is_short).filter(is_usable);
        example.unwrap_or(CALLBACK).to_owned()
    }

    /// What the browser comes back to.
    fn returned(&self, callback: &str) -> Literal {
        let base = if is_url(callback) { callback } else { CALLBACK };
        let mut fields = self.authorization.attributes.fields.iter();
        let code = fields.find(|(name, _)| name == CODE);
        let code = code.map_or(CODE, |(_, pointer)| pointer.trim_start_matches('/'));
        text(&format!("{base}?{code}=...&state=..."))
    }
}

/// The scope that each request must have by the description of the parameter: "Must include `openid`."
fn demanded_scope(scopes: &Parameter) -> Option<&str> {
    const DEMANDS: [&str; 5] = ["must", "required", "mandatory", "has to", "always include"];
    const CONDITIONS: [&str; 6] = ["if ", "not ", "n't ", " or ", "when ", "with "];
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let mut sentences = sentences(scopes.description.as_deref()?);
    sentences.find_map(|sentence| {
        let lower = sentence.to_lowercase();
        if !has(&lower, &DEMANDS) || has(&lower, &CONDITIONS) {
            return None;
        }
        let mut parts = sentence.split(['`', '\'', '"']);
        let scope = parts.nth(1).filter(|scope| *scope != scopes.wire)?;
        let is_of_scope = |letter: char| letter.is_ascii_alphanumeric() || "_-.:/".contains(letter);
        let is_only = parts.nth(1).is_none();
        (is_only && !scope.is_empty() && scope.chars().all(is_of_scope)).then_some(scope)
    })
}

/// Whether a text may be what a provider calls a URL that is registered there.
fn is_identifier(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    text != "localhost" && text.chars().all(is_part)
}

/// Whether a text is a URL of the web to which a query can be added.
fn is_url(text: &str) -> bool {
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
    }) && !text.contains(['?', '#', '{', '<'])
}

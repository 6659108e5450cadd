//! The example in which the ID token of a sign-in is checked (OpenID Connect Core, section 3.1.3.7).

use proc_macro2::TokenStream;
use quote::quote;

use super::SignIn;
use crate::emit::code_names::ident;
use crate::emit::snippet::framed;
use crate::model::{Model, Success};

/// The feature of a crate that checks ID tokens.
pub(crate) const FEATURE: &str = "oidc";

/// Whether users sign in, and the token response has a place for an ID token.
pub(crate) fn is_checked(model: &Model) -> bool {
    super::of(model).is_some_and(|sign_in| sign_in.has_id_token())
}

/// What the first page of the documentation says of it.
pub(crate) fn section(model: &Model) -> Option<String> {
    let sign_in = super::of(model).filter(SignIn::has_id_token)?;
    let Success::Token(token) = &sign_in.token.response else {
        return None;
    };
    let (library, token) = (&sign_in.library, ident(token));
    let head = quote! {
        #[cfg(feature = #FEATURE)]
        async fn example(
            client: #library::Client,
            token: #library::response::#token,
            pending: #library::PendingAuthorization,
        ) -> Result<(), Box<dyn std::error::Error>>
    };
    let issuer = (!sign_in.has_issuer())
        .then(|| quote!(let client = client.issuer("https://issuer.example");));
    let body = quote! {
        #issuer
        let id_token = client.id_token(&token, &pending).await?;
        println!("{} signed in", id_token.subject());
        Ok(())
    };
    let code = framed(&TokenStream::new(), &head, &body);
    let words = "With the feature `oidc`, a client checks the ID token of a token response by the keys of its\n\
                 issuer, and against the authorization that was kept.\n";
    Some(format!("{words}\n{code}"))
}

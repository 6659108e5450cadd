//! How an application is tested without an account at the provider.

use quote::quote;

use super::Page;
use crate::emit::code_names::{provider, text};
use crate::emit::snippet::framed;
use crate::emit::{mock_body, shown_request};

/// Grants that take nothing which the provider issued before.
const FROM_NOTHING: [&str; 2] = ["client_credentials", "password"];

impl Page<'_> {
    /// Ways to test without an account.
    pub(super) fn mocks(&self, is_listed: bool) -> String {
        let mock = is_listed.then(|| self.mock());
        mock.into_iter().chain([self.mock_transport()]).collect()
    }

    /// A whole provider.
    fn mock(&self) -> String {
        let library = &self.library;
        let (provider, request) = (provider(self.model), self.request());
        let (sent, told) = match self.needs_what_was_issued() {
            false => (
                quote! {
                    let token = client.send(request).await?;
                    println!("valid for {:?}", token.expires_in());
                },
                "",
            ),
            true => (
                quote! {
                    let refused = client.send(request).await;
                    assert!(refused.is_err());
                },
                " What it did not issue it refuses, and\nits documentation has how a user signs in.",
            ),
        };
        let body = quote! {
            let mock = MockProvider::<#library::#provider>::start().await?;
            let client = mock.client(credentials)?;
            let request = #request;
            #sent
            assert_eq!(mock.requests().len(), 1);
            Ok(())
        };
        format!(
            "[tokensmith-mock](https://docs.rs/tokensmith-mock) checks requests as the document says, and\n\
             issues tokens. `tokensmith mock {}` is the same in a terminal: a client goes\n\
             there with `.base_url(\"http://127.0.0.1:8080\")?`.{told}\n\n{}\n",
            self.model.name,
            framed(
                &quote!(
                    use tokensmith_mock::MockProvider;
                ),
                &self.making(Some(quote!(async))),
                &body
            )
        )
    }

    /// Whether the request has something that the provider issued before, such as a code.
    fn needs_what_was_issued(&self) -> bool {
        let grant = self.shown.operation.grant.as_deref();
        grant.is_none_or(|grant| !FROM_NOTHING.contains(&grant))
    }

    /// Responses without a provider.
    fn mock_transport(&self) -> String {
        const TOKEN: &str = "abc";
        let library = &self.library;
        let server = shown_request::server(self.model, &quote!(Server));
        let plain_http = shown_request::plain_http(self.model, self.shown.endpoint);
        let body = mock_body::body(self.shown.endpoint, TOKEN).to_string();
        let (json, request) = (text(&body), self.request());
        let imports = quote! {
            use #library::{Client, Server};
            use tokensmith_runtime::MockTransport;
        };
        let body = quote! {
            let body = #json;
            let provider = MockTransport::new().respond(200, "application/json", body);
            let server = #server;
            let client = Client::with_transport(provider, server, credentials)? #plain_http;
            let request = #request;
            let token = client.send(request).await?;
            assert_eq!(token.access_token.expose(), #TOKEN);
            Ok(())
        };
        format!(
            "`MockTransport` gives the responses that a test has. It comes with the feature `testing` of\n\
             `tokensmith-runtime`.\n\n{}",
            framed(&imports, &self.making(Some(quote!(async))), &body)
        )
    }
}

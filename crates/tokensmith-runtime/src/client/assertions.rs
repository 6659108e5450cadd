//! What tests send to find out what a request is.
#![expect(clippy::panic, reason = "a test fails by it")]

use crate::{MockTransport, Provider, Request, SentRequest, blocking};

impl<P: Provider> blocking::Client<P, MockTransport> {
    /// Sends a request, and returns what went out. What is responded does not matter.
    ///
    /// ```
    /// # use tokensmith_runtime::blocking::Client;
    /// # use tokensmith_runtime::{
    /// #     Any, Credentials, Endpoint, EndpointKind, MockTransport, Operation, TokenRequest,
    /// # };
    /// # static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
    /// # static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/oauth2/token"]);
    /// let (nobody, credentials) = (MockTransport::new(), Credentials::new("id", "secret"));
    /// let client = Client::<Any, _>::with_transport(nobody, "https://auth.example.com", credentials)?;
    /// client
    ///     .sent(TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS))
    ///     .assert_sent_to("POST", "/oauth2/token")
    ///     .assert_basic("id:secret")
    ///     .assert_form(&["grant_type=client_credentials"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If no request was sent, or several.
    #[track_caller]
    pub fn sent<R: Request<Provider = P>>(&self, request: R) -> SentRequest {
        let outcome = self.send(request);
        match (self.transport().only_request(), outcome) {
            (Ok(sent), _) => sent,
            (Err(count), Err(error)) => panic!("{count}: {error}"),
            (Err(count), Ok(_)) => panic!("{count}"),
        }
    }
}

//! A mock of any document gives tokens for the requests that are made of the same document.

use tokensmith_codegen::model::{EndpointKind, Model, sample};
use tokensmith_description::Shelves;
use tokensmith_mock::{Options, Provider};
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{
    Any, BlockingTransport, ClientAuth, Credentials, Token, TokenRequest, TokenResponse as _,
    TransportError,
};

use crate::documents::{self, Document};

/// Hands requests to a mock without a network.
struct Direct<'p>(&'p Provider);

impl BlockingTransport for Direct<'_> {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        Ok(self.0.respond(&request).response)
    }
}

#[test]
fn the_mock_of_any_document_gives_tokens() {
    let fixtures = documents::fixtures();
    let given: Vec<usize> = fixtures.iter().map(tokens).collect();
    assert!(given.iter().sum::<usize>() > 200, "{given:?}");
}

/// Asks for a token by each operation; how many there were.
fn tokens(document: &Document) -> usize {
    let name = &document.name;
    let Some(model) = document.read_as(name).model else {
        return 0;
    };
    // Mocks have what they need for as long as the process lives.
    let model: &'static Model = Box::leak(Box::new(model));
    let shelves: &'static Shelves<'static> = Box::leak(Box::default());
    let description = model.describe(shelves);
    let samples = model.sample_responses(shelves);
    let mut given = 0;
    let places = model.endpoints.iter().zip(description.endpoints());
    for (endpoint, described) in places.filter(|(endpoint, _)| endpoint.kind == EndpointKind::Token)
    {
        for (operation, table) in endpoint.operations.iter().zip(described.operations()) {
            // Each operation has a mock of its own, since samples are alike.
            let provider = Provider::new(description, samples, Options::new());
            let mut request = TokenRequest::new(described, table);
            let required = operation.parameters.iter().filter(|one| one.is_argument());
            for parameter in required {
                let value = sample::sample(parameter);
                match parameter.wire.as_str() {
                    "code" => provider.accept_code(&value),
                    "refresh_token" => provider.accept_refresh_token(&value),
                    "device_code" => provider.accept_device_code(&value),
                    _ => {}
                }
                request = request.parameter(&parameter.wire, value);
            }
            let credentials = Credentials::new("id", "a secret of more than thirty-two bytes");
            let client = Client::<Any, _>::with_transport(
                Direct(&provider),
                "http://localhost",
                credentials,
            );
            let mut client = client.expect("the server is valid");
            if described.client_auth() == ClientAuth::PrivateKeyJwt {
                client = client.client_auth(ClientAuth::ClientSecretJwt);
            }
            let token: Result<Token, _> = client.send(request);
            let seen = provider.requests();
            let token = token
                .unwrap_or_else(|error| panic!("{name} {:?}: {error}: {seen:#?}", operation.grant));
            let token = token.access_token().expose();
            assert!(provider.is_active(token), "{name}: {token}");
            given += 1;
        }
    }
    given
}

//! The cache of `azure_identity`, by a credential with a transport in memory.

use std::sync::Arc;

use azure_core::credentials::TokenCredential as _;
use azure_core::http::headers::Headers;
use azure_core::http::{
    AsyncRawResponse, ClientOptions, HttpClient, Request, StatusCode, Transport,
};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use measure::{Cache, Failure, Provider};

fn main() -> Result<(), Failure> {
    measure::run::<Azure>()
}

struct Azure(Arc<ClientSecretCredential>);

impl Cache for Azure {
    async fn empty(provider: &Provider) -> Result<Self, Failure> {
        let options = ClientSecretCredentialOptions {
            client_options: ClientOptions {
                transport: Some(Transport::new(Arc::new(InMemory(provider.clone())))),
                ..ClientOptions::default()
            },
        };
        let (tenant, client) = ("example-tenant", "example-client-id".to_owned());
        let secret = "example-client-secret-not-real".into();
        let credential = ClientSecretCredential::new(tenant, client, secret, Some(options))?;
        Ok(Self(credential))
    }

    async fn read(&self) -> Result<usize, Failure> {
        let token = self.0.get_token(&["example"], None).await?;
        Ok(token.token.secret().len())
    }
}

#[derive(Debug)]
struct InMemory(Provider);

#[async_trait::async_trait]
impl HttpClient for InMemory {
    async fn execute_request(&self, _request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let body = self.0.response().await;
        Ok(AsyncRawResponse::from_bytes(
            StatusCode::Ok,
            Headers::default(),
            body,
        ))
    }
}

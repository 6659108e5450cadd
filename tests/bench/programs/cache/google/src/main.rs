//! The cache of `google-cloud-auth`, by the credentials of a user. They take no transport, so that the provider is on loopback.

use google_cloud_auth::credentials::AccessTokenCredentials;
use google_cloud_auth::credentials::user_account::Builder;
use measure::{Cache, Failure, Provider};

fn main() -> Result<(), Failure> {
    // Its HTTP client asks for one, though nothing is encrypted here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    measure::run::<Google>()
}

struct Google(AccessTokenCredentials);

impl Cache for Google {
    async fn empty(provider: &Provider) -> Result<Self, Failure> {
        let user = serde_json::json!({
            "client_id": "example-client-id",
            "client_secret": "example-client-secret-not-real",
            "refresh_token": "example-refresh-token-not-real",
            "type": "authorized_user",
        });
        let builder = Builder::new(user).with_token_uri(provider.listen().await?);
        Ok(Self(builder.build_access_token_credentials()?))
    }

    async fn read(&self) -> Result<usize, Failure> {
        Ok(self.0.access_token().await?.token.len())
    }
}

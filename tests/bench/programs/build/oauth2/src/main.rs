//! An application that obtains a token with the crate `oauth2` and its default transport.

use std::env;
use std::error::Error;

use oauth2::basic::BasicClient;
use oauth2::reqwest::{ClientBuilder, redirect};
use oauth2::{ClientId, ClientSecret, Scope, TokenResponse as _, TokenUrl};

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let http = ClientBuilder::new()
            .redirect(redirect::Policy::none())
            .build()?;
        let client = BasicClient::new(ClientId::new(env::var("CLIENT_ID")?))
            .set_client_secret(ClientSecret::new(env::var("CLIENT_SECRET")?))
            .set_token_uri(TokenUrl::new(
                "https://api.moov.io/oauth2/token".to_owned(),
            )?);
        let token = client
            .exchange_client_credentials()
            .add_scope(Scope::new("/accounts.write".to_owned()))
            .request_async(&http)
            .await?;
        println!("valid for {:?}", token.expires_in());
        Ok(())
    })
}

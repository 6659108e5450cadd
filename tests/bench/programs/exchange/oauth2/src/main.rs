//! One token exchange with the crate `oauth2`, set up as its documentation says.

use std::error::Error;

use oauth2::basic::BasicClient;
use oauth2::reqwest::{ClientBuilder, redirect};
use oauth2::{ClientId, ClientSecret, Scope, TokenResponse as _, TokenUrl};

fn main() -> Result<(), Box<dyn Error>> {
    let url = format!("{}/oauth2/token", measure::server()?);
    let http = ClientBuilder::new()
        .redirect(redirect::Policy::none())
        .build()?;
    let client = BasicClient::new(ClientId::new(measure::CLIENT_ID.to_owned()))
        .set_client_secret(ClientSecret::new(measure::CLIENT_SECRET.to_owned()))
        .set_token_uri(TokenUrl::new(url)?);
    measure::rounds(async || {
        let token = client
            .exchange_client_credentials()
            .add_scope(Scope::new(measure::SCOPE.to_owned()))
            .request_async(&http)
            .await?;
        Ok(token.expires_in().unwrap_or_default().as_secs())
    })
}

//! One token exchange written by hand with reqwest, with the settings that `tokensmith-moov` has.

use std::error::Error;
use std::time::Duration;

use reqwest::{Client, header, redirect, retry};

#[derive(serde::Deserialize)]
#[expect(dead_code, reason = "what an application would read")]
struct Token {
    access_token: String,
    refresh_token: Option<String>,
    token_type: String,
    expires_in: u64,
    scope: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let url = format!("{}/oauth2/token", measure::server()?);
    let client = Client::builder()
        .user_agent("by-hand/0.1.0")
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .no_proxy()
        .build()?;
    measure::rounds(async || {
        let response = client
            .post(&url)
            .header(header::ACCEPT, "application/json")
            .basic_auth(measure::CLIENT_ID, Some(measure::CLIENT_SECRET))
            .form(&[
                ("grant_type", "client_credentials"),
                ("scope", measure::SCOPE),
            ])
            .send()
            .await?
            .error_for_status()?;
        let token: Token = response.json().await?;
        Ok(token.expires_in)
    })
}

//! One token exchange with `tokensmith-moov`.

use std::error::Error;

use tokensmith_moov::{Client, ClientCredentials, Credentials};

fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Credentials::new(measure::CLIENT_ID, measure::CLIENT_SECRET);
    let client = Client::new(credentials)?.base_url(measure::server()?)?;
    measure::rounds(async || {
        let request = ClientCredentials::new().scope(measure::SCOPE);
        let token = client.send(request).await?;
        Ok(token.metadata.expires_in.unwrap_or_default().as_secs())
    })
}

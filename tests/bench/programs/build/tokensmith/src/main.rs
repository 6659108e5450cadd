//! An application that obtains a token with `tokensmith-moov`.

use std::env;
use std::error::Error;

use tokensmith_moov::{Client, ClientCredentials, Credentials};

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let credentials = Credentials::new(env::var("CLIENT_ID")?, env::var("CLIENT_SECRET")?);
        let client = Client::new(credentials)?;
        let token = client
            .send(ClientCredentials::new().scope("/accounts.write"))
            .await?;
        println!("valid for {:?}", token.metadata.expires_in);
        Ok(())
    })
}

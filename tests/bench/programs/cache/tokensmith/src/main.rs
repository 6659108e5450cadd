//! The cache of `tokensmith-cache`, by a client with a transport in memory.

use cache_tokensmith::client;
use measure::{Cache, Failure, Provider};
use tokensmith_cache::TokenSource;
use tokensmith_moov::ClientCredentials;

fn main() -> Result<(), Failure> {
    measure::run::<Tokensmith>()
}

struct Tokensmith(TokenSource);

impl Cache for Tokensmith {
    async fn empty(provider: &Provider) -> Result<Self, Failure> {
        let request = ClientCredentials::new().scope("example");
        Ok(Self(TokenSource::new(&client(provider)?, request)?))
    }

    async fn read(&self) -> Result<usize, Failure> {
        let token = self.0.token().await?;
        Ok(token.header_value().len() - "Bearer ".len())
    }
}

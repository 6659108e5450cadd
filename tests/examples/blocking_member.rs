//! A process without an asynchronous runtime that shares its token through files: it prints the
//! token.
//!
//! ```text
//! blocking_member FOLDER PROVIDER
//! ```

use tokensmith_cache::{FileStore, Keyring, Options, blocking::TokenSource};
use tokensmith_runtime::{
    Any, BlockingHyperTransport, Credentials, Endpoint, EndpointKind, Retry, TokenRequest,
    blocking::Client, grants,
};

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [folder, provider] = arguments.as_slice() else {
        return Err("usage: blocking_member FOLDER PROVIDER".into());
    };
    let client = Client::<Any, _>::with_transport(
        BlockingHyperTransport::new()?,
        provider.as_str(),
        Credentials::new("client", "secret"),
    )?;
    let options = Options::default().store(FileStore::new(folder)?, Keyring::new("key", [7; 32]));
    let builder = TokenSource::builder(&client.retry(Retry::never()))
        .grant(TokenRequest::new(&TOKEN, &grants::CLIENT_CREDENTIALS))
        .options(options);
    println!("{}", TokenSource::build(builder)?.token()?.access_token());
    Ok(())
}

//! A mock over HTTP, with the client of a generated crate.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tokensmith_mock::{Fault, MockProvider, Options};
use tokensmith_runtime::{
    About, BaseUrl, Credentials, Description, EndpointKind, ErrorKind, Listed, Provider,
    TokenRequest,
};

use super::acme::{ACME, CLIENT_CREDENTIALS};

/// What a generated crate has.
#[derive(Debug)]
struct Acme;

impl Provider for Acme {
    type Server = BaseUrl;
    const DESCRIPTION: &'static Description<'static> = &ACME;
}

impl Listed for Acme {
    const ABOUT: &'static About<'static> = &About::new("0.1.0");
}

async fn outcome(mock: &MockProvider<Acme>) -> Result<String, tokensmith_runtime::Error> {
    let endpoint = ACME
        .endpoints()
        .iter()
        .find(|endpoint| endpoint.kind() == EndpointKind::Token);
    let settings = mock.settings(Credentials::new("id", "secret"))?;
    let transport = tokensmith_runtime::HyperTransport::new()?;
    let client =
        tokensmith_runtime::Client::<tokensmith_runtime::Any>::with_settings(transport, settings);
    let request = TokenRequest::new(endpoint.unwrap(), &CLIENT_CREDENTIALS);
    let token = client.send(request).await?;
    Ok(token.access_token.expose().to_owned())
}

#[tokio::test]
async fn a_client_gets_a_token() {
    let mock = MockProvider::<Acme>::start().await.unwrap();
    let token = outcome(&mock).await.unwrap();
    assert!(mock.is_active(&token));
    assert!(mock.client(Credentials::new("id", "secret")).is_ok());
}

#[tokio::test]
async fn connections_break_off() {
    for fault in [Fault::lost(), Fault::truncated(9), Fault::truncated(0)] {
        let options = Options::new().fault(fault.grant("client_credentials").times(1));
        let mock = MockProvider::<Acme>::with_options(options).unwrap();
        let error = outcome(&mock).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        assert!(mock.is_active(&outcome(&mock).await.unwrap()));
    }
}

#[tokio::test]
async fn a_response_is_late() {
    let options = Options::new().fault(Fault::delayed(Duration::from_millis(120)));
    let mock = MockProvider::<Acme>::with_options(options).unwrap();
    let start = Instant::now();
    outcome(&mock).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(120));
}

/// Sends a request to `/.mock` under a name.
fn status(address: &str, host: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET /.mock HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn only_names_of_this_machine_are_served() {
    let mock = MockProvider::<Acme>::with_options(Options::new()).unwrap();
    let url = mock.url();
    let address = url.strip_prefix("http://").unwrap();
    for host in [address, "localhost", "mock.localhost:80", "[::1]:8080"] {
        assert_eq!(status(address, host), "200", "{host}");
    }
    for host in ["evil.example", "localhost.evil.example:80", ""] {
        assert_eq!(status(address, host), "421", "{host}");
    }
}

#[test]
fn it_stops_when_it_is_dropped_even_with_connections_open() {
    let mock = MockProvider::<Acme>::with_options(Options::new()).unwrap();
    let address = mock.url().strip_prefix("http://").unwrap().to_owned();
    let open = TcpStream::connect(&address).unwrap();
    let start = Instant::now();
    drop(mock);
    assert!(start.elapsed() < Duration::from_secs(2));
    assert!(TcpStream::connect(&address).is_err());
    drop(open);
}

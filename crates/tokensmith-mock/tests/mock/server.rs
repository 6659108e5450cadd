//! A mock over HTTP, with the client of a generated crate.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tokensmith_mock::{Fault, MockClient, MockProvider, MockServer, Options, Provider as Server};
use tokensmith_runtime::{
    About, Any, BaseUrl, Client, ClientAuth, Credentials, Description, Endpoint, EndpointKind,
    ErrorKind, HyperTransport, Identity, Listed, Provider, Secret, Timeouts, TlsOptions,
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

static BY_CERTIFICATE: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_client_auth(ClientAuth::TlsClientAuth)
    .with_operations(&[&CLIENT_CREDENTIALS]);

static CERTIFIED: Description<'static> =
    Description::new("certified", "Certified").with_endpoints(&[&BY_CERTIFICATE]);

/// A provider whose clients authenticate by a certificate.
#[derive(Debug)]
struct Certified;

impl Provider for Certified {
    type Server = BaseUrl;
    const DESCRIPTION: &'static Description<'static> = &CERTIFIED;
}

impl Listed for Certified {
    const ABOUT: &'static About<'static> = &About::new("0.1.0");
}

async fn outcome(mock: &MockProvider<Acme>) -> Result<String, tokensmith_runtime::Error> {
    let endpoint = ACME
        .endpoints()
        .iter()
        .find(|endpoint| endpoint.kind() == EndpointKind::Token);
    let settings = mock.settings(Credentials::new("id", "secret"))?;
    let client = Client::<Any>::with_settings(HyperTransport::new()?, settings);
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

/// A client with a certificate of its own, over the port that serves http as well.
#[tokio::test]
async fn one_port_serves_https_too() {
    let key = rcgen::KeyPair::generate().unwrap();
    let own = rcgen::CertificateParams::new(["app".to_owned()]).unwrap();
    let own = own.self_signed(&key).unwrap().pem();
    let mock = MockProvider::<Certified>::with_options(
        Options::new().client(MockClient::public("id").certificate(&own).unwrap()),
    );
    let mock = mock.unwrap();
    let trusting = || {
        let roots = mock.certificate().unwrap();
        TlsOptions::default().with_roots(roots).unwrap()
    };
    let identity = Identity::from_pem(&own, &Secret::from(key.serialize_pem()));
    let certified = trusting().with_identity(identity.unwrap());
    let request = || TokenRequest::new(&BY_CERTIFICATE, &CLIENT_CREDENTIALS);
    let client = |options| {
        let transport = HyperTransport::with_tls(Timeouts::default(), options).unwrap();
        let settings = mock.https_settings(Credentials::public("id")).unwrap();
        Client::<Any>::with_settings(transport, settings)
    };
    let token = client(certified).send(request()).await.unwrap();
    assert!(mock.is_active(token.access_token.expose()));
    let refused = client(trusting()).send(request()).await.unwrap_err();
    assert_eq!(refused.status(), Some(401));
    let stranger = client(TlsOptions::default()).send(request()).await;
    assert_eq!(stranger.unwrap_err().kind(), ErrorKind::Tls);
    let settings = mock.settings(Credentials::public("id")).unwrap();
    let http = Client::<Any>::with_settings(HyperTransport::new().unwrap(), settings);
    assert!(http.send(request()).await.is_err());
    assert_eq!(mock.requests().len(), 3);
}

/// Sends the beginning of a request, and returns what comes back.
fn exchange(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    let mut response = String::new();
    drop(stream.read_to_string(&mut response));
    response
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let mock = MockProvider::<Acme>::with_options(Options::new()).unwrap();
    let address = mock.url().strip_prefix("http://").unwrap().to_owned();
    let head = format!("POST /oauth/token HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    let announced = format!("{head}Content-Length: {}\r\n\r\n", (1 << 20) + 1);
    let response = exchange(&address, announced.as_bytes());
    assert!(response.starts_with("HTTP/1.1 413 "), "{response}");
    assert!(
        response.contains("the body has more than 1048576 bytes"),
        "{response}"
    );
    // One that is sent without its length first.
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, "x".repeat(1 << 16)).repeat(17);
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n");
    let response = exchange(&address, chunked.as_bytes());
    assert!(
        response.is_empty() || response.starts_with("HTTP/1.1 413 "),
        "{response}"
    );
    assert_eq!(mock.requests(), []);
}

/// A host that is sent over http cannot make a request look as if it came over https.
#[test]
fn a_url_in_the_request_line_changes_nothing() {
    let server = Server::standard(Options::new());
    let server = MockServer::start(server, (std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = server.address().to_string();
    let request = format!(
        "GET https://evil.example/.well-known/openid-configuration HTTP/1.1\r\nHost: {address}\r\n\
         Connection: close\r\n\r\n"
    );
    let response = exchange(&address, request.as_bytes());
    assert!(
        response.contains(&format!("\"issuer\":\"http://{address}\"")),
        "{response}"
    );
    let pem =
        format!("GET /.mock/certificate HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    let response = exchange(&address, format!("{pem}\r\n").as_bytes());
    assert!(
        response.contains(server.certificate().unwrap()),
        "{response}"
    );
    let foreign = format!("{pem}Origin: https://evil.example\r\n\r\n");
    assert!(exchange(&address, foreign.as_bytes()).starts_with("HTTP/1.1 403 "));
}

//! TLS against Node.js: what is trusted, and what is too old.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::{Value, json};
use tokensmith_runtime::{
    Any, BlockingHyperTransport, Credentials, Error, ErrorKind, Retry, Timeouts, TlsOptions, Token,
    TokenRequest, blocking::Client, grants,
};
use tokensmith_runtime::{Endpoint, EndpointKind};

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

/// A server that stops when it is dropped.
struct Server {
    child: Child,
    port: String,
}

impl Server {
    fn start(options: &Value) -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls/server.mjs");
        let mut child = Command::new("node")
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js is installed; `cargo xtask setup` checks that");
        let input = child.stdin.as_mut().expect("a piped input");
        writeln!(input, "{options}").expect("a program that reads");
        let mut port = String::new();
        let output = child.stdout.take().expect("a piped output");
        BufReader::new(output).read_line(&mut port).expect("a port");
        let port = port.trim().to_owned();
        Self { child, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An authority, as PEM, and what it issues with.
fn authority() -> (String, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().expect("a key");
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = parameters.self_signed(&key).expect("a certificate").pem();
    (pem, Issuer::new(parameters, key))
}

/// The options of a server with a certificate for this name.
fn certified(name: &str, issuer: &Issuer<'_, KeyPair>, is_expired: bool) -> Value {
    let key = KeyPair::generate().expect("a key");
    let mut parameters = CertificateParams::new([name.to_owned()]).expect("a name");
    if is_expired {
        parameters.not_before = date_time_ymd(2020, 1, 1);
        parameters.not_after = date_time_ymd(2021, 1, 1);
    }
    let certificate = parameters.signed_by(&key, issuer).expect("a certificate");
    json!({"key": key.serialize_pem(), "cert": certificate.pem()})
}

fn ask(port: &str, roots: &str) -> Result<Token, Error> {
    let options = TlsOptions::default().with_roots(roots)?;
    let transport = BlockingHyperTransport::with_tls(Timeouts::default(), options)?;
    let url = format!("https://localhost:{port}");
    Client::<Any, _>::with_transport(transport, url, Credentials::new("id", "secret"))?
        .retry(Retry::never())
        .send(TokenRequest::new(&TOKEN, &grants::CLIENT_CREDENTIALS))
}

#[track_caller]
fn refused(outcome: Result<Token, Error>) {
    let error = outcome.expect_err("no secure connection");
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    assert!(!error.may_have_been_sent(), "{error:?}");
}

#[test]
fn what_is_certified_by_a_trusted_authority_is_talked_to() {
    let (roots, issuer) = authority();
    for version in ["TLSv1.2", "TLSv1.3"] {
        let mut options = certified("localhost", &issuer, false);
        options["minVersion"] = version.into();
        options["maxVersion"] = version.into();
        let token = ask(&Server::start(&options).port, &roots).expect("a token");
        assert_eq!(token.access_token.expose(), version);
    }
}

#[test]
fn what_nobody_vouches_for_is_sent_nothing() {
    let (roots, issuer) = authority();
    let (stranger, _) = authority();
    let server = Server::start(&certified("localhost", &issuer, false));
    refused(ask(&server.port, &stranger));
    // Another's name, and one that is out of date.
    refused(ask(
        &Server::start(&certified("other.example", &issuer, false)).port,
        &roots,
    ));
    refused(ask(
        &Server::start(&certified("localhost", &issuer, true)).port,
        &roots,
    ));
}

#[test]
fn what_is_older_than_tls_1_2_is_sent_nothing() {
    let (roots, issuer) = authority();
    let mut options = certified("localhost", &issuer, false);
    options["minVersion"] = "TLSv1".into();
    options["maxVersion"] = "TLSv1.1".into();
    options["ciphers"] = "DEFAULT:@SECLEVEL=0".into();
    refused(ask(&Server::start(&options).port, &roots));
}

#[test]
fn what_speaks_no_tls_is_sent_nothing() {
    let (roots, _) = authority();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener
        .local_addr()
        .expect("an address")
        .port()
        .to_string();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        write!(
            stream,
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"
        )
    });
    refused(ask(&port, &roots));
    drop(server.join());
}

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use super::*;
use crate::testing::{World, request};
use crate::{Options, Policy, TokenHeader};

/// An API on this machine that takes every token but the first one; it gives back the lines of each request.
fn api(requests: usize) -> (u16, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let thread = std::thread::spawn(move || {
        let seen = (0..requests).map(|_| {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut reader = BufReader::new(stream.try_clone().expect("a clone"));
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).expect("a line");
            }
            let status = if head.contains("client.1.") {
                "401 Unauthorized"
            } else {
                "200 OK"
            };
            let response =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(response.as_bytes()).expect("a reader");
            head
        });
        seen.collect()
    });
    (port, thread)
}

fn tokens(world: &World) -> TokenSource {
    tokens_with(world, world.options())
}

fn tokens_with(world: &World, options: Options) -> TokenSource {
    world.provider(|provider| provider.latency = Duration::ZERO);
    let builder = TokenSource::builder(&world.client()).grant(request());
    let policy = Policy::default().with_min_age(Duration::ZERO);
    builder
        .options(options.policy(policy))
        .build()
        .expect("a source")
}

fn client(world: &World, host: &str) -> reqwest_middleware::ClientWithMiddleware {
    with(tokens(world), host)
}

fn with(tokens: TokenSource, host: &str) -> reqwest_middleware::ClientWithMiddleware {
    client_of(TokenMiddleware::new(tokens).host(host))
}

fn client_of(middleware: TokenMiddleware) -> reqwest_middleware::ClientWithMiddleware {
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    reqwest_middleware::ClientBuilder::new(client)
        .with(middleware)
        .build()
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_request_sent_once_more() {
    let (world, (port, api)) = (World::default(), api(2));
    let host = format!("127.0.0.1:{port}");
    let request = client(&world, &host).get(format!("http://{host}/a"));
    let response = request.send().await.expect("a response");
    assert_eq!(response.status(), 200);
    let seen = api.join().expect("no panic");
    assert!(seen[0].contains("Bearer client.1.") && seen[1].contains("Bearer client.2."));
}

#[tokio::test]
async fn a_host_that_is_named_is_reached_over_plain_http() {
    let (world, (port, api)) = (World::default(), api(2));
    // It leads to this machine, and is not among the names that always may.
    let host = format!("0.0.0.0:{port}");
    let url = format!("http://{host}/a");
    let error = client(&world, &host).get(&url).send().await;
    let error = error.expect_err("it is refused").to_string();
    assert!(error.contains("allow_plain_http"), "{error}");
    let middleware = TokenMiddleware::new(tokens(&world)).host(&host);
    let client = client_of(middleware.allow_plain_http(&host).expect("a host"));
    let response = client.get(&url).send().await.expect("a response");
    assert_eq!(response.status(), 200);
    assert_eq!(api.join().expect("no panic").len(), 2);
}

#[tokio::test]
async fn a_request_for_another_host_is_not_sent() {
    let world = World::default();
    let request = client(&world, "api.example.com").get("https://example.com/");
    let error = request.send().await.expect_err("it is refused");
    assert!(error.to_string().contains("not among those"), "{error}");
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn a_token_in_the_query_stays_out_of_errors() {
    let world = World::default();
    let header = TokenHeader::in_query("key").expect("a name");
    let tokens = tokens_with(&world, world.options().header(header));
    let (port, responds) = server(vec!["200 OK\r\n".to_owned()]);
    let host = format!("127.0.0.1:{port}");
    let client = with(tokens, &host);
    let url = format!("http://{host}/a");
    let response = client.get(&url).send().await.expect("a response");
    assert!(response.url().as_str().contains("key=client.1."));
    responds.join().expect("no panic");
    // Nobody listens there any more.
    let error = client.get(&url).send().await.expect_err("it has failed");
    let texts = format!("{error} {error:?}");
    assert!(!texts.contains("client.1."), "{texts}");
}

#[tokio::test]
async fn a_token_in_the_query_stays_out_of_the_error_of_the_second_request() {
    let world = World::default();
    let header = TokenHeader::in_query("key").expect("a name");
    let tokens = tokens_with(&world, world.options().header(header));
    let (port, refuses) = server(vec!["401 Unauthorized\r\n".to_owned()]);
    let host = format!("127.0.0.1:{port}");
    let request = with(tokens, &host).get(format!("http://{host}/a"));
    let error = request.send().await.expect_err("it has failed");
    refuses.join().expect("no panic");
    assert_eq!(world.requests(), 2, "the second request had a new token");
    let texts = format!("{error} {error:?}");
    assert!(texts.contains("Connect"), "{texts}");
    for token in ["client.1.", "client.2."] {
        assert!(!texts.contains(token), "{texts}");
    }
}

/// A server that gives one response to each request. It stops listening before the last response.
fn server(responses: Vec<String>) -> (u16, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let thread = std::thread::spawn(move || {
        let mut listener = Some(listener);
        let mut responses = responses.into_iter().peekable();
        while let Some(response) = responses.next() {
            let open = listener.as_ref().expect("a response is left");
            let (mut stream, _) = open.accept().expect("a connection");
            if responses.peek().is_none() {
                listener = None;
            }
            let mut reader = BufReader::new(stream.try_clone().expect("a clone"));
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                reader.read_line(&mut line).expect("a line");
            }
            let head = format!("HTTP/1.1 {response}content-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).expect("a reader");
        }
    });
    (port, thread)
}

#[tokio::test]
async fn a_refusal_where_a_redirect_has_led_says_nothing_of_the_token() {
    let world = World::default();
    let (elsewhere, refuses) = server(vec!["401 Unauthorized\r\n".to_owned()]);
    let redirect = format!("302 Found\r\nlocation: http://localhost:{elsewhere}/\r\n");
    let (port, redirects) = server(vec![redirect]);
    let host = format!("127.0.0.1:{port}");
    let tokens = tokens(&world);
    let request = with(tokens.clone(), &host).get(format!("http://{host}/"));
    assert_eq!(request.send().await.expect("a response").status(), 401);
    refuses.join().expect("no panic");
    redirects.join().expect("no panic");
    assert!(tokens.cached().is_some(), "it is good");
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn a_token_is_dropped_when_the_body_cannot_be_sent_again() {
    let world = World::default();
    let (port, refuses) = server(vec!["401 Unauthorized\r\n".to_owned()]);
    let host = format!("127.0.0.1:{port}");
    let tokens = tokens(&world);
    let body = reqwest::Body::wrap(Streaming(Some("upload")));
    let request = with(tokens.clone(), &host).get(format!("http://{host}/"));
    assert_eq!(
        request
            .body(body)
            .send()
            .await
            .expect("a response")
            .status(),
        401
    );
    refuses.join().expect("no panic");
    assert!(tokens.cached().is_none());
}

/// A body that can be read once.
struct Streaming(Option<&'static str>);

impl http_body::Body for Streaming {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<std::result::Result<http_body::Frame<Self::Data>, Self::Error>>>
    {
        let frame = self.0.take().map(bytes::Bytes::from);
        std::task::Poll::Ready(frame.map(|data| Ok(http_body::Frame::data(data))))
    }
}

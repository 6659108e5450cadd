use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use super::*;
use crate::testing::{World, request};

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
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).expect("a reader");
            head
        });
        seen.collect()
    });
    (port, thread)
}

fn client(world: &World, host: &str) -> reqwest_middleware::ClientWithMiddleware {
    client_with(world, |middleware| middleware.host(host))
}

fn client_with(
    world: &World,
    set: impl FnOnce(TokenMiddleware) -> TokenMiddleware,
) -> reqwest_middleware::ClientWithMiddleware {
    world.provider(|provider| provider.latency = std::time::Duration::ZERO);
    let builder = TokenSource::builder(&world.client()).grant(request());
    let tokens = builder.options(world.options()).build().expect("a source");
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    reqwest_middleware::ClientBuilder::new(client)
        .with(set(TokenMiddleware::new(tokens)))
        .build()
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_request_sent_once_more() {
    let (world, (port, api)) = (World::default(), api(2));
    let host = format!("127.0.0.1:{port}");
    let request = client(&world, &host).get(format!("http://{host}/a"));
    let response = request.send().await.expect("an answer");
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
    let client = client_with(&world, |middleware| {
        let middleware = middleware.host(&host);
        middleware.allow_plain_http(&host).expect("a host")
    });
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

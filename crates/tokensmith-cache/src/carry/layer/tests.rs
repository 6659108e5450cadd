use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::testing::{SECOND, World, request};
use crate::{Policy, TokenError, TokenErrorKind};

/// An API that refuses the tokens that it is told to refuse.
#[derive(Clone, Default)]
struct Api(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    requests: Vec<(String, Option<String>, String)>,
    refused: Vec<&'static str>,
}

impl Service<Request<String>> for Api {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let mut seen = self.0.lock().expect("no panic");
        let value = request.headers().get(http::header::AUTHORIZATION);
        let value = value.map(|value| value.to_str().expect("a text").to_owned());
        let is_refused = |value: &String| seen.refused.iter().any(|part| value.contains(part));
        let status = if value.as_ref().is_none_or(is_refused) {
            401
        } else {
            200
        };
        let url = request.uri().to_string();
        seen.requests.push((url, value, request.into_body()));
        ready(Ok(Response::builder()
            .status(status)
            .body(())
            .expect("a response")))
    }
}

fn tokens(world: &World) -> TokenSource {
    with_policy(world, Policy::default().with_min_age(Duration::ZERO))
}

fn with_policy(world: &World, policy: Policy) -> TokenSource {
    world.provider(|provider| provider.latency = Duration::ZERO);
    let builder = TokenSource::builder(&world.client()).grant(request());
    let options = world.options().policy(policy);
    builder.options(options).build().expect("a source")
}

async fn send<R: Replay<String> + Clone + Send + 'static>(
    layer: TokenLayer<R>,
    api: &Api,
    url: &str,
) -> Result<u16, BoxError> {
    let mut service = layer.layer(api.clone());
    let request = Request::post(url)
        .body("body".to_owned())
        .expect("a request");
    poll_fn(|context| service.poll_ready(context)).await?;
    Ok(service.call(request).await?.status().as_u16())
}

#[tokio::test]
async fn a_request_carries_the_token() {
    let (world, api) = (World::default(), Api::default());
    let layer = TokenLayer::new(tokens(&world)).host("api.example.com");
    assert_eq!(
        send(layer, &api, "https://API.example.com/a")
            .await
            .expect("a response"),
        200
    );
    let seen = api.0.lock().expect("no panic");
    assert!(
        seen.requests[0]
            .1
            .as_ref()
            .is_some_and(|value| value.starts_with("Bearer client.1."))
    );
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_request_sent_once_more() {
    let (world, api) = (World::default(), Api::default());
    api.0.lock().expect("no panic").refused = vec!["client.1."];
    let layer = TokenLayer::new(tokens(&world)).host("api.example.com");
    assert_eq!(
        send(layer, &api, "https://api.example.com")
            .await
            .expect("a response"),
        200
    );
    let bodies: Vec<_> = api
        .0
        .lock()
        .expect("no panic")
        .requests
        .iter()
        .map(|seen| seen.2.clone())
        .collect();
    assert_eq!(
        (world.requests(), bodies),
        (2, vec!["body".to_owned(), "body".to_owned()])
    );
}

#[tokio::test]
async fn a_host_that_is_named_is_reached_over_plain_http() {
    let (world, api) = (World::default(), Api::default());
    let layer = || TokenLayer::new(tokens(&world)).host("payments:8080");
    let error = send(layer(), &api, "http://payments:8080/a").await;
    let error = error.expect_err("it is refused").to_string();
    assert!(error.contains("allow_plain_http"), "{error}");
    let named = || {
        let layer = layer().host("evil.example").host("payments");
        layer.allow_plain_http("PAYMENTS:8080").expect("a host")
    };
    for url in ["http://evil.example/", "http://payments/"] {
        assert!(send(named(), &api, url).await.is_err(), "{url}");
    }
    assert_eq!(world.requests(), 0);
    let status = send(named(), &api, "http://payments:8080/a").await;
    assert_eq!(status.expect("a response"), 200);
    let error = layer().allow_plain_http("*").expect_err("a wildcard");
    assert_eq!(error.kind(), TokenErrorKind::Config);
}

#[tokio::test]
async fn it_is_not_sent_a_third_time() {
    let (world, api) = (World::default(), Api::default());
    api.0.lock().expect("no panic").refused = vec!["client."];
    let layer = TokenLayer::new(tokens(&world)).host("api.example.com");
    assert_eq!(
        send(layer, &api, "https://api.example.com")
            .await
            .expect("a response"),
        401
    );
    assert_eq!(api.0.lock().expect("no panic").requests.len(), 2);
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn a_body_that_cannot_be_had_again_is_sent_once() {
    let (world, api) = (World::default(), Api::default());
    api.0.lock().expect("no panic").refused = vec!["client.1."];
    let layer = TokenLayer::new(tokens(&world)).host("api.example.com");
    let layer = layer.replay(|_: &String| None);
    assert_eq!(
        send(layer, &api, "https://api.example.com")
            .await
            .expect("a response"),
        401
    );
    assert_eq!(api.0.lock().expect("no panic").requests.len(), 1);
    // The refused token is gone all the same: the next request has another one.
    let (world, api) = (World::default(), Api::default());
    api.0.lock().expect("no panic").refused = vec!["client.1."];
    let layer = TokenLayer::new(tokens(&world)).host("api.example.com");
    let layer = layer.replay(|_: &String| None);
    for status in [401, 200] {
        let sent = send(layer.clone(), &api, "https://api.example.com").await;
        assert_eq!(sent.expect("a response"), status);
    }
}

#[tokio::test]
async fn an_api_that_always_refuses_costs_few_tokens() {
    let (world, api) = (World::default(), Api::default());
    api.0.lock().expect("no panic").refused = vec!["client."];
    let source = with_policy(&world, Policy::default());
    let layer = TokenLayer::new(source).host("api.example.com");
    for _ in 0..200 {
        let sent = send(layer.clone(), &api, "https://api.example.com").await;
        assert_eq!(sent.expect("a response"), 401);
        world.jump(SECOND / 10);
    }
    // 20 seconds, and a token of 5 seconds is old enough.
    assert!(world.requests() <= 5, "{} requests", world.requests());
}

#[tokio::test]
async fn what_may_not_carry_the_token_is_not_sent() {
    let (world, api) = (World::default(), Api::default());
    let layer = || {
        TokenLayer::new(tokens(&world))
            .host("api.example.com")
            .host("localhost:8080")
    };
    for url in [
        "https://example.com",
        "https://api.example.com.evil.example",
        "https://api.example.com:8443",
        "https://evil@api.example.com",
        "http://api.example.com",
        "http://localhost",
        "/path/only",
    ] {
        let error = send(layer(), &api, url).await.expect_err(url);
        let error = error.downcast::<TokenError>().expect("an error of ours");
        assert_eq!(error.kind(), TokenErrorKind::Refused, "{url}");
    }
    assert_eq!(api.0.lock().expect("no panic").requests.len(), 0);
    assert_eq!(world.requests(), 0);
    assert_eq!(
        send(layer(), &api, "http://localhost:8080")
            .await
            .expect("a response"),
        200
    );
}

#[tokio::test]
async fn others_pass_without_a_token_if_that_is_wanted() {
    let (world, api) = (World::default(), Api::default());
    let layer = TokenLayer::new(tokens(&world)).let_others_pass();
    assert_eq!(
        send(layer, &api, "https://example.com")
            .await
            .expect("a response"),
        401
    );
    assert_eq!(api.0.lock().expect("no panic").requests[0].1, None);
}

#[tokio::test]
async fn a_request_never_leaves_without_a_token() {
    let (world, api) = (World::default(), Api::default());
    let layer = TokenLayer::new(tokens(&world)).host("api.example.com");
    world.provider(|provider| provider.is_down = true);
    let error = send(layer, &api, "https://api.example.com")
        .await
        .expect_err("no token");
    let error = error.downcast::<TokenError>().expect("an error of ours");
    assert_eq!(error.kind(), TokenErrorKind::Exchange);
    assert_eq!(api.0.lock().expect("no panic").requests.len(), 0);
}

#[tokio::test]
async fn the_query_carries_the_token_where_the_api_takes_it_there() {
    let world = World::default();
    world.provider(|provider| provider.latency = Duration::ZERO);
    let header = crate::TokenHeader::in_query("access token").expect("a name");
    let builder = TokenSource::builder(&world.client()).grant(request());
    let source = builder.options(world.options().header(header)).build();
    let api = Api::default();
    let layer = TokenLayer::new(source.expect("a source")).host("api.example.com");
    let send = |url: &'static str| {
        let mut service = layer.layer(api.clone());
        let request = Request::get(url).body(String::new()).expect("a request");
        async move { service.call(request).await }
    };
    // The API of these tests refuses what has no header: each is sent twice.
    let response = send("https://api.example.com/a?b=c").await;
    assert_eq!(response.expect("a response").status(), 401);
    let seen = api.0.lock().expect("no panic").requests.clone();
    let (url, header, _) = &seen[0];
    assert!(
        url.starts_with("https://api.example.com/a?b=c&access+token=client.1."),
        "{url}"
    );
    assert_eq!(header, &None);
    for taken in [
        "https://api.example.com/a?access%20token=x",
        "https://api.example.com/a?access+token=x",
        "https://api.example.com/a?%61ccess+token",
    ] {
        let error = send(taken).await.expect_err("it has a token").to_string();
        assert!(
            error.contains("has the parameter of the token already"),
            "{taken}: {error}"
        );
    }
}

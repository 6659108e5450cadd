use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::json;

use crate::TransportError;
use crate::protocol::Settings;
use crate::testing::{CLIENT_CREDENTIALS, TOKEN, play, response};
use crate::{
    Any, Client, Credentials, Description, Environment, PlainHttpHosts, Secret, ServerChoice,
    ServerDescription, ServerMetadata, Token, TokenRequest, Transport,
};

/// A provider whose keys come slowly, or not.
#[derive(Clone)]
struct Server {
    keys: Option<String>,
    asked: Arc<AtomicU32>,
}

impl Transport for Server {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send {
        assert_eq!(request.uri(), "https://op.example/keys");
        assert!(!request.headers().contains_key("authorization"));
        self.asked.fetch_add(1, Ordering::Relaxed);
        let response = match &self.keys {
            Some(keys) => http::Response::new(keys.clone().into_bytes()),
            None => {
                let mut response = http::Response::new(Vec::new());
                *response.status_mut() = http::StatusCode::BAD_REQUEST;
                response
            }
        };
        async {
            tokio::task::yield_now().await;
            Ok(response)
        }
    }

    async fn sleep(&self, _duration: Duration) {}
}

struct World {
    pair: Ed25519KeyPair,
    client: Client<Any, Server>,
}

impl World {
    fn new(has_keys: bool) -> Self {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap();
        let x = URL_SAFE_NO_PAD.encode(pair.public_key());
        let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "known"}]});
        let server = Server {
            keys: has_keys.then(|| keys.to_string()),
            asked: Arc::default(),
        };
        let metadata: ServerMetadata = serde_json::from_value(json!({
            "issuer": "https://op.example",
            "jwks_uri": "https://op.example/keys",
            "id_token_signing_alg_values_supported": ["RS256", "EdDSA"],
        }))
        .unwrap();
        let credentials = Credentials::new("client", "secret");
        let client = Client::with_transport(server, "https://op.example", credentials);
        Self {
            pair,
            client: client.unwrap().server(&metadata),
        }
    }

    fn token(&self, kid: &str) -> Token {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let claims = json!({
            "iss": "https://op.example", "sub": "subject", "aud": "client", "iat": now, "exp": now + 60,
        });
        let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
        let header = json!({"alg": "EdDSA", "kid": kid}).to_string();
        let signed = format!("{}.{}", encode(header), encode(claims.to_string()));
        let signature = self.pair.sign(signed.as_bytes());
        let id_token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        let response = json!({"access_token": "a token", "id_token": id_token});
        serde_json::from_value(response).unwrap()
    }

    fn asked(&self) -> u32 {
        self.client.transport().asked.load(Ordering::Relaxed)
    }
}

fn wait<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();
    runtime.block_on(tokio::task::LocalSet::new().run_until(future))
}

/// Checks this often at once; how often it went well.
async fn herd(world: &World, kid: &str) -> usize {
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (client, token) = (world.client.clone(), world.token(kid));
            tokio::task::spawn_local(async move {
                let expected = crate::ExpectedIdToken::new();
                client.id_token(&token, expected).await.is_ok()
            })
        })
        .collect();
    let mut good = 0;
    for task in tasks {
        good += usize::from(task.await.unwrap());
    }
    good
}

#[test]
fn one_caller_asks_for_the_keys_and_the_others_wait() {
    let world = World::new(true);
    wait(async {
        assert_eq!(herd(&world, "known").await, 50);
        assert_eq!(world.asked(), 1);
        // Nobody asks again so soon, for a key that is not there.
        assert_eq!(herd(&world, "unknown").await, 0);
        assert_eq!(world.asked(), 1);
    });
}

#[test]
fn one_failure_is_that_of_all_who_wait() {
    let world = World::new(false);
    wait(async {
        assert_eq!(herd(&world, "known").await, 0);
        assert_eq!(world.asked(), 1);
    });
}

#[test]
fn a_caller_that_gives_up_harms_nobody() {
    let world = World::new(true);
    wait(async {
        let token = world.token("known");
        let mut first = Box::pin(world.client.id_token(&token, crate::ExpectedIdToken::new()));
        // It has asked, and is dropped while it waits.
        let poll = std::future::poll_fn(|context| {
            std::task::Poll::Ready(first.as_mut().poll(context).is_pending())
        });
        assert!(poll.await);
        drop(first);
        assert_eq!(herd(&world, "known").await, 50);
        assert_eq!(world.asked(), 2);
    });
}

/// The response with an ID token, as a token endpoint sends it to a client.
fn received(client: &Client<Any, Server>, id_token: &Secret) -> Token {
    received_from("/oauth2/token", client, id_token)
}

fn received_from(path: &str, client: &Client<Any, Server>, id_token: &Secret) -> Token {
    let body = json!({"access_token": "a token", "id_token": id_token.expose()});
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).path(path);
    let response = response(200, &body.to_string());
    play(client.settings(), &request, [response])
        .outcome
        .unwrap()
}

fn refusal(client: &Client<Any, Server>, token: &Token) -> String {
    let outcome = client.id_token_by_tls(token, crate::ExpectedIdToken::new());
    outcome.unwrap_err().to_string()
}

#[test]
fn tls_takes_the_place_of_the_signature() {
    let world = World::new(true);
    let id_token = world.token("unknown").id_token.unwrap();
    let token = received(&world.client, &id_token);
    let expected = crate::ExpectedIdToken::new;
    let by_tls = world.client.id_token_by_tls(&token, expected()).unwrap();
    assert_eq!(by_tls.subject(), "subject");
    assert_eq!(world.asked(), 0);
    // Nor is it a way for what must not be.
    let claims = id_token.expose().split('.').nth(1).unwrap();
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let unsigned = Secret::from(format!("{header}.{claims}."));
    let unsigned = received(&world.client, &unsigned);
    assert!(refusal(&world.client, &unsigned).contains("not signed"));
}

#[test]
fn only_what_the_token_endpoint_sent_over_tls_needs_no_signature() {
    let world = World::new(true);
    let elsewhere = world.token("known");
    assert!(refusal(&world.client, &elsewhere).contains("did not come in a response"));
    // Beside what is known of another token.
    let id_token = world.token("unknown").id_token.unwrap();
    let mut mixed = received(&world.client, &id_token);
    mixed.id_token = Some(elsewhere.id_token.unwrap());
    assert!(refusal(&world.client, &mixed).contains("did not come in a response"));

    let other = world.client.clone().issuer("https://other.example");
    let token = received(&other, &id_token);
    assert!(refusal(&world.client, &token).contains("not known to be the token endpoint"));

    let open = world.client.clone().allow_plain_http("op.example").unwrap();
    // A host that may be asked over plain http, and was not.
    let token = received(&open, &id_token);
    assert!(
        open.id_token_by_tls(&token, crate::ExpectedIdToken::new())
            .is_ok()
    );
    let open = open.base_url("http://op.example").unwrap();
    let token = received(&open, &id_token);
    assert!(refusal(&open, &token).contains("plain http"));
}

/// Another server could say that anybody signed in there, and no signature would tell.
#[test]
fn only_the_token_endpoint_of_the_issuer_speaks_for_it() {
    let world = World::new(true);
    let id_token = world.token("unknown").id_token.unwrap();
    let is_believed = |client: &Client<Any, Server>, path: &str| {
        let token = received_from(path, client, &id_token);
        let outcome = client.id_token_by_tls(&token, crate::ExpectedIdToken::new());
        outcome.is_ok()
    };
    // Nobody says where it is.
    let (host, elsewhere) = ("https://op.example/t?p=x", "https://evil.example/token");
    assert!(is_believed(&world.client, host));
    assert!(!is_believed(&world.client, elsewhere));
    let gateway = world
        .client
        .clone()
        .base_url("https://gateway.example")
        .unwrap();
    assert!(is_believed(&gateway, host));
    assert!(!is_believed(&gateway, elsewhere) && !is_believed(&gateway, "/token"));

    let metadata: ServerMetadata = serde_json::from_value(json!({
        "issuer": "https://op.example",
        "token_endpoint": "https://tokens.example/token",
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "mtls_endpoint_aliases": {"token_endpoint": "https://mtls.example/token"},
    }))
    .unwrap();
    let told = world.client.clone().server(&metadata);
    for (path, expected) in [
        ("https://tokens.example/token", true),
        ("https://TOKENS.example/token?p=x", true),
        ("https://mtls.example/token", true),
        ("https://tokens.example/other", false),
        (host, false),
        (elsewhere, false),
    ] {
        assert_eq!(is_believed(&told, path), expected, "{path}");
    }
}

/// Google's token endpoint is on another host than its issuer.
#[test]
fn a_document_may_have_its_token_endpoint_on_another_host() {
    let servers =
        [ServerDescription::new("Main", "https://tokens.example")
            .with_issuer("https://op.example")];
    let description = Description::new("example", "Example").with_servers(&servers);
    let environment = Environment::new(&description, &ServerChoice::named("Main")).unwrap();
    let credentials = Credentials::new("client", "secret");
    let settings = Settings::for_environment(environment, credentials, PlainHttpHosts::default());
    let world = World::new(true);
    let id_token = world.token("unknown").id_token.unwrap();
    let transport = world.client.transport().clone();
    let client: Client<Any, Server> = Client::with_settings(transport, settings.unwrap());
    let problem = |client: &Client<Any, Server>, path: &str| {
        let token = received_from(path, client, &id_token);
        refusal(client, &token)
    };
    // What is looked at afterwards: by default it is RS256.
    let at_home = problem(&client, "/token");
    assert!(at_home.contains("signed by EdDSA"), "{at_home}");
    assert!(problem(&client, "https://evil.example/token").contains("not known to be"));
    let other = client.issuer("https://other.example");
    assert!(problem(&other, "/token").contains("not known to be"));
}

/// A server that does not know DPoP issues tokens that are not bound, to a client with a key, too.
#[cfg(all(feature = "dpop", feature = "testing"))]
#[test]
fn userinfo_is_asked_for_with_the_type_of_the_token() {
    let metadata = json!({
        "issuer": "https://op.example", "userinfo_endpoint": "https://op.example/userinfo",
    });
    let metadata: ServerMetadata = serde_json::from_value(metadata).unwrap();
    let mut token: Token = serde_json::from_value(json!({"access_token": "t0ken"})).unwrap();
    let sent = |has_key: bool, token: crate::UserInfoToken<'_>| {
        let json = "application/json";
        let server = crate::MockTransport::new().respond(200, json, r#"{"sub": "alice"}"#);
        let credentials = Credentials::public("client");
        let client = Client::<Any, _>::with_transport(server, "https://op.example", credentials);
        let mut client = client.unwrap().server(&metadata);
        if has_key {
            client = client.dpop(crate::DpopKey::generate().unwrap());
        }
        wait(client.user_info(token, "alice")).unwrap();
        let sent = client.transport().only_request().unwrap();
        let scheme = sent.header("authorization").unwrap().split(' ').next();
        (scheme.unwrap().to_owned(), sent.header("dpop").is_some())
    };
    let bound = ("DPoP".to_owned(), true);
    let bearer = ("Bearer".to_owned(), false);
    assert_eq!(sent(true, (&token).into()), bearer);
    assert_eq!(sent(true, (&token.access_token).into()), bound);
    "dpop".clone_into(&mut token.metadata.token_type);
    assert_eq!(sent(true, (&token).into()), bound);
    assert_eq!(sent(false, (&token).into()), bearer);
}

#[test]
fn a_response_without_an_id_token_says_what_to_ask_for() {
    let world = World::new(true);
    let mut token = world.token("known");
    token.id_token = None;
    let client = world.client.clone().provider("acme");
    let error = wait(client.id_token(&token, crate::ExpectedIdToken::new())).unwrap_err();
    assert_eq!(error.provider(), Some("acme"));
    assert!(error.to_string().contains("`openid`"), "{error}");
}

#[test]
fn without_an_issuer_an_error_names_what_it_is_needed_for() {
    let mut world = World::new(true);
    let token = world.token("known");
    let credentials = Credentials::public("client");
    let transport = world.client.transport().clone();
    world.client = Client::with_transport(transport, "https://op.example", credentials).unwrap();
    let client = &world.client;
    let id_token = wait(client.id_token(&token, crate::ExpectedIdToken::new()));
    let user_info = wait(client.user_info(&token, "subject"));
    let pending = crate::PendingAuthorization::new("s").with_response_mode("jwt");
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let (header, claims) = (part(r#"{"alg":"RS256"}"#), part(r#"{"state":"s"}"#));
    let url = format!("?response={header}.{claims}.AAAA");
    let redirect = wait(client.redirect(&pending, &url));
    for (error, thing) in [
        (id_token.unwrap_err(), "issuer of the ID token"),
        (user_info.unwrap_err(), "issuer of the userinfo response"),
        (
            redirect.unwrap_err(),
            "issuer of the signed authorization response",
        ),
    ] {
        assert_eq!(error.kind(), crate::ErrorKind::Config, "{error}");
        assert!(error.to_string().contains(thing), "{error}");
    }
}

/// What a web framework asks of a handler that checks what a person came back with.
#[test]
fn a_handler_that_checks_may_move_between_threads() {
    fn is_sent<F: Future + Send>(_handler: F) {}
    async fn handler(client: Client<Any>, token: Token, pending: crate::PendingAuthorization) {
        let url = "https://app.example/callback?code=1".to_owned();
        let _ = client.redirect(&pending, &url).await;
        let _ = client.id_token(&token, &pending).await;
    }
    let _ = |client, token, pending| is_sent(handler(client, token, pending));
}

//! The example `mcp_client`, with an MCP server that takes tokens of oidc-provider.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{Router, get, post};
use serde_json::{Value, json};
use tokensmith_runtime::{
    Any, Client, ClientAuth, Credentials, IntrospectionRequest, TokenRequest,
};
use tokensmith_tests::browser::{Browser, Page};
use tokensmith_tests::example;
use tokensmith_tests::oidc_provider::OidcProvider;
use tokio::runtime::Runtime;

use crate::{
    BY_TOKEN, CLIENT_CREDENTIALS, INTROSPECTION, PROVIDER, RESOURCE, SECRET, TOKEN, client,
};

/// A server that takes only authorization requests that are pushed (RFC 9126).
static PUSHED_ONLY: LazyLock<OidcProvider> = LazyLock::new(|| {
    let client = json!({
        "client_id": "basic",
        "client_secret": SECRET,
        "grant_types": ["client_credentials"],
        "response_types": [],
        "redirect_uris": [],
    });
    OidcProvider::start_with(&json!({"clients": [client], "requirePushed": true}))
});

/// How a server tells of its authorization server.
#[derive(Clone, Copy, PartialEq)]
enum Telling {
    InChallenge,
    AtWellKnownPlace,
    /// Its metadata are another server's.
    Wrongly,
    /// Its metadata are those of the URL that redirects to it.
    ForRedirect,
}

/// An MCP server as far as authorization goes.
struct Server {
    url: String,
    issuer: &'static str,
    /// What it asks the authorization server with.
    client: Client<Any>,
    telling: Telling,
}

impl Server {
    fn start(telling: Telling) -> (String, Runtime) {
        Self::start_at(&PROVIDER, telling)
    }

    fn start_at(provider: &'static OidcProvider, telling: Telling) -> (String, Runtime) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener
            .set_nonblocking(true)
            .expect("a listener for tokio");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let url = format!("{origin}/mcp");
        let credentials = Credentials::new("basic", SECRET);
        let issuer = provider.issuer();
        let client = Client::for_server(issuer, credentials).expect("a client");
        let server = Self {
            url: url.clone(),
            issuer,
            client: client.client_auth(ClientAuth::Basic),
            telling,
        };
        let routes = Router::new()
            .route("/mcp", post(call))
            .route("/metadata", get(metadata))
            // An open redirect to another server, which claims to be at this URL.
            .route("/moved", post(async || Redirect::temporary("/mcp")))
            .route("/.well-known/oauth-protected-resource/mcp", get(metadata))
            .with_state(Arc::new(server));
        let runtime = Runtime::new().expect("a runtime");
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, routes).await
        });
        (url, runtime)
    }

    /// Whether a token was issued for this server, and for this scope.
    async fn accepts(&self, headers: &HeaderMap) -> bool {
        let token = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let Some(token) = token.and_then(|value| value.strip_prefix("Bearer ")) else {
            return false;
        };
        let request = IntrospectionRequest::new(&INTROSPECTION, &BY_TOKEN);
        let request = request.secret_parameter("token", token);
        let token = self.client.send(request).await.expect("a response");
        token.active
            && token.extra.get("aud") == Some(&json!(self.url))
            && token.scopes().eq(["read"])
    }
}

async fn call(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    if server.accepts(&headers).await {
        let result = json!({"jsonrpc": "2.0", "id": 1, "result": {"tools": []}});
        return json_response(&result);
    }
    let origin = server.url.trim_end_matches("/mcp");
    let challenge = match server.telling {
        Telling::AtWellKnownPlace => "Bearer scope=\"read\"".to_owned(),
        _ => format!("Bearer resource_metadata=\"{origin}/metadata\", scope=\"read\""),
    };
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)]).into_response()
}

async fn metadata(State(server): State<Arc<Server>>) -> Response {
    let resource = match server.telling {
        Telling::Wrongly => RESOURCE,
        Telling::ForRedirect => &server.url.replace("/mcp", "/moved"),
        _ => &server.url,
    };
    json_response(&json!({
        "resource": resource,
        "authorization_servers": [server.issuer],
        "scopes_supported": ["read", "write"],
        "bearer_methods_supported": ["header"],
    }))
}

fn json_response(body: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// The example, which ends with the test.
struct Program(Child);

impl Program {
    fn start(url: &str) -> Self {
        let mut command = Command::new(example::path("mcp_client"));
        let command = command
            .arg(url)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(command.spawn().expect("a program"))
    }

    /// Does what the person does whom it sends to the authorization server; what it prints then.
    fn signed_in(&mut self, provider: &OidcProvider) -> String {
        let mut output = BufReader::new(self.0.stdout.take().expect("a piped output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        let url = line.trim_end().strip_prefix("Open ").expect("a URL");
        let back = provider.sign_in(url, "alice");
        let address = back.strip_prefix("http://").expect("plain http");
        let address = address.split('/').next().expect("a host");
        let address: SocketAddr = address.parse().expect("an address");
        let mut browser = Browser::new(address);
        // Somebody else's page sends the browser there before.
        assert!(matches!(
            browser.open("/callback?state=other&code=other"),
            Page::Here(..)
        ));
        assert!(matches!(browser.open(&back), Page::Here(..)));
        let mut text = String::new();
        output.read_to_string(&mut text).expect("text");
        text
    }

    fn error(&mut self) -> String {
        let mut text = String::new();
        let error = self.0.stderr.as_mut().expect("piped errors");
        error.read_to_string(&mut text).expect("text");
        text
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn a_refused_client_gets_a_token_and_the_call_succeeds() {
    for (provider, telling) in [
        (&*PROVIDER, Telling::InChallenge),
        (&*PROVIDER, Telling::AtWellKnownPlace),
        (&*PUSHED_ONLY, Telling::InChallenge),
    ] {
        let (url, _runtime) = Server::start_at(provider, telling);
        let mut program = Program::start(&url);
        let text = program.signed_in(provider);
        assert!(text.contains(r#""tools":[]"#), "{text}{}", program.error());
        assert!(program.0.wait().expect("an end").success());
    }
}

#[test]
fn metadata_of_another_server_are_not_believed() {
    let (url, _runtime) = Server::start(Telling::Wrongly);
    let mut program = Program::start(&url);
    let error = program.error();
    assert!(error.contains("another resource"), "{error}");
    assert!(!program.0.wait().expect("an end").success());
}

/// Whoever is redirected to could ask for a sign-in in the name of the server.
#[test]
fn a_challenge_after_a_redirect_is_not_believed() {
    let (url, _runtime) = Server::start(Telling::ForRedirect);
    let mut program = Program::start(&url.replace("/mcp", "/moved"));
    let error = program.error();
    assert!(error.contains("responds with 307"), "{error}");
    assert!(!program.0.wait().expect("an end").success());
}

/// The test would prove nothing with a server that takes any token.
#[test]
fn the_server_takes_no_token_for_another_one() {
    let (url, _runtime) = Server::start(Telling::InChallenge);
    let status = |resource: &str| {
        let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
        let request = request.scope("read").resource(resource);
        let token = client("basic", ClientAuth::Basic).send(request);
        let token = token.expect("a token").access_token;
        let runtime = Runtime::new().expect("a runtime");
        let call = reqwest::Client::new()
            .post(&url)
            .bearer_auth(token.expose());
        runtime.block_on(call.send()).expect("a response").status()
    };
    assert_eq!(status(RESOURCE), 401);
    assert_eq!(status(&url), 200);
}

//! A web application whose people sign out at the provider, too, in a real browser.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, Html, IntoResponse};
use axum::routing::{Router, get, post};
use serde_json::json;
use tokensmith_runtime::{Any, Client, Credentials, Secret};
use tokensmith_tests::chromium::Chromium;
use tokensmith_tests::oidc_provider::OidcProvider;
use tokensmith_web::{Begun, Callback, DiscoveredSignIn, Error, Keyring, SignIn, signed_out};
use tokio::runtime::Runtime;

use crate::web::finish;
use crate::{SECRET, person};

#[derive(Clone)]
struct Application {
    origin: String,
    sign_in: DiscoveredSignIn,
    /// That of the only session.
    id_token: Arc<Mutex<Option<Secret>>>,
}

async fn begin(State(app): State<Application>, headers: HeaderMap) -> Result<Begun, Error> {
    app.sign_in.begin("/", &headers).await
}

async fn receive(
    State(app): State<Application>,
    callback: Callback,
) -> Result<impl IntoResponse, Error> {
    let signed_in = app.sign_in.finish(&callback).await?;
    *app.id_token.lock().expect("no panic") = signed_in.response.id_token;
    let page = r#"<form method="post" action="/sign-out"><button>Sign out</button></form>"#;
    let cookie = AppendHeaders([(SET_COOKIE, signed_in.set_cookie)]);
    Ok((cookie, Html(page)))
}

async fn sign_out(State(app): State<Application>) -> Result<Begun, Error> {
    let id_token = app.id_token.lock().expect("no panic").take();
    let request = app
        .sign_in
        .metadata()
        .logout_request()?
        .with_id_token_hint(id_token.expect("somebody who is signed in"))
        .with_post_logout_redirect_uri(format!("{}/signed-out", app.origin));
    app.sign_in.sign_out(&request)
}

async fn come_back(callback: Callback) -> Result<impl IntoResponse, Error> {
    Ok((
        AppendHeaders([(SET_COOKIE, signed_out(&callback)?)]),
        "signed out",
    ))
}

fn start() -> (String, OidcProvider, Runtime) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener
        .set_nonblocking(true)
        .expect("a listener for tokio");
    let port = listener.local_addr().expect("an address").port();
    let origin = format!("http://localhost:{port}");
    let mut client = person("leaving", "client_secret_basic");
    client["redirect_uris"] = json!([format!("{origin}/callback")]);
    client["post_logout_redirect_uris"] = json!([format!("{origin}/signed-out")]);
    let provider = OidcProvider::start(&[client], None);
    let issuer = provider.issuer();
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let sign_in = SignIn::new(format!("{origin}/callback"), Keyring::new("1", [1; 32]));
        let credentials = Credentials::new("leaving", SECRET);
        let client = Client::<Any>::for_server(issuer, credentials).expect("a client");
        let sign_in = DiscoveredSignIn::discover(client, issuer, sign_in.expect("a sign-in"));
        let routes = Router::new()
            .route("/", get(begin))
            .route("/callback", get(receive))
            .route("/sign-out", post(sign_out))
            .route("/signed-out", get(come_back))
            .with_state(Application {
                origin: origin.clone(),
                sign_in: sign_in.await.expect("metadata"),
                id_token: Arc::default(),
            });
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        tokio::spawn(async move { axum::serve(listener, routes).await });
    });
    (origin, provider, runtime)
}

#[test]
fn the_browser_is_signed_out_there_and_comes_back_once() {
    let (origin, provider, _runtime) = start();
    let mut browser = Chromium::start();
    browser.open(1, &origin);
    finish(&mut browser, 1, "alice");
    let place = browser.click(1, "button");
    assert!(place.url.starts_with(provider.issuer()), "{place:?}");
    let place = browser.click(1, "button[name=logout]");
    assert!(
        place.url.starts_with(&format!("{origin}/signed-out?")),
        "{place:?}"
    );
    assert_eq!(place.text, "signed out");
    assert!(
        place
            .cookies
            .iter()
            .all(|cookie| !cookie.starts_with("__Host-sign-out")),
        "{place:?}"
    );
    let place = browser.reload(1);
    assert!(place.text.contains("has ended already"), "{place:?}");
    // The provider asks who it is.
    let place = browser.open(1, &origin);
    assert!(place.text.contains("Sign-in"), "{place:?}");
}

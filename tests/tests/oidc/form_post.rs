//! Responses that a page of the provider posts from another site (`response_mode=form_post`).

use std::net::TcpListener;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::{Router, get, post};
use serde_json::json;
use tokensmith_runtime::{Any, Client, Credentials};
use tokensmith_tests::chromium::Chromium;
use tokensmith_tests::oidc_provider::OidcProvider;
use tokensmith_web::{
    Begun, Callback, DiscoveredSignIn, Error, Keyring, MemorySignInStore, SignIn,
};
use tokio::runtime::Runtime;

use crate::web::finish;
use crate::{SECRET, person};

/// An application whose callback takes forms only.
struct Application {
    origin: String,
    _provider: OidcProvider,
    _runtime: Runtime,
}

fn start(set_up: impl FnOnce(SignIn) -> SignIn) -> Application {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener
        .set_nonblocking(true)
        .expect("a listener for tokio");
    let port = listener.local_addr().expect("an address").port();
    let origin = format!("http://localhost:{port}");
    let callback = format!("{origin}/callback");
    let mut client = person("form", "client_secret_basic");
    client["redirect_uris"] = json!([callback]);
    let provider = OidcProvider::start(&[client], None);
    let keyring = Keyring::new("1", [1; 32]);
    let sign_in = set_up(
        SignIn::new(callback, keyring)
            .expect("a sign-in")
            .form_post(),
    );
    let issuer = provider.issuer();
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let credentials = Credentials::new("form", SECRET);
        let client = Client::<Any>::for_server(issuer, credentials).expect("a client");
        let sign_in = DiscoveredSignIn::discover(client, issuer, sign_in).await;
        let sign_in = sign_in
            .expect("metadata")
            .parameter("response_mode", "form_post");
        let routes = Router::new()
            .route("/", get(begin))
            .route("/callback", post(receive))
            .with_state(sign_in);
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        tokio::spawn(async move { axum::serve(listener, routes).await });
    });
    Application {
        origin,
        _provider: provider,
        _runtime: runtime,
    }
}

async fn begin(
    State(sign_in): State<DiscoveredSignIn>,
    headers: HeaderMap,
) -> Result<Begun, Error> {
    sign_in.begin("/", &headers).await
}

/// Stays on the page, so that it can be loaded again.
async fn receive(
    State(sign_in): State<DiscoveredSignIn>,
    callback: Callback,
) -> Result<impl IntoResponse, Error> {
    let signed_in = sign_in.finish(&callback).await?;
    let id_token = signed_in.id_token.as_ref().expect("asked for `openid`");
    let text = format!("signed in: {}", id_token.subject());
    Ok((AppendHeaders([(SET_COOKIE, signed_in.set_cookie)]), text))
}

fn signs_in_once(application: &Application) {
    let mut browser = Chromium::start();
    browser.open(1, &application.origin);
    let place = finish(&mut browser, 1, "alice");
    assert_eq!(place.url, format!("{}/callback", application.origin));
    assert_eq!(place.text, "signed in: alice");
    assert!(
        place
            .cookies
            .iter()
            .all(|cookie| !cookie.starts_with("__Host-sign-in-"))
    );
    // The browser posts the same form again.
    let place = browser.reload(1);
    assert!(place.text.contains("has ended already"), "{place:?}");
}

#[test]
fn the_cookie_comes_along_with_a_form_of_another_site() {
    signs_in_once(&start(|sign_in| sign_in));
}

#[test]
fn so_does_the_one_of_a_sign_in_on_the_server() {
    signs_in_once(&start(|sign_in| {
        sign_in.store(MemorySignInStore::default())
    }));
}

//! A web service that signs people in, calls an API with their tokens and signs them out. Environment variables set it up.

mod failure;
mod provider;
mod session;

use std::env::var;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use axum::{Router, routing};
use tokensmith_cache::{FileStore, Keyring, UserTokens};
use tokensmith_runtime::{Any, Client, Credentials};
use tokio::signal::unix::{SignalKind, signal};

use self::failure::{Failure, failed, no_token};

struct App {
    client: Client<Any>,
    users: UserTokens,
    sign_ins: session::SignIns,
    http: reqwest::Client,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let credentials = Credentials::new(var("CLIENT_ID")?, var("CLIENT_SECRET")?);
    let client = Client::<Any>::for_server(var("ISSUER")?, credentials)?;
    let keyring = Keyring::new("1", var("KEY")?.as_bytes().try_into()?);
    // For the processes of one machine. A fleet uses `PostgresStore`.
    let store = FileStore::new(var("TOKENS")?)?;
    let users = UserTokens::builder(&client, provider::refresh_token)
        .refresh_tokens(store, keyring)
        .revoke(provider::revoke_token)
        .build()?;
    let app = Arc::new(App {
        client,
        users: users.clone(),
        sign_ins: session::SignIns::default(),
        http: reqwest::Client::new(),
    });
    let routes = Router::new()
        .route("/", routing::get(call_api))
        .route("/sign-in", routing::get(sign_in))
        .route("/callback", routing::get(callback))
        .route("/sign-out", routing::post(sign_out));
    let listener = tokio::net::TcpListener::bind(var("LISTEN")?).await?;
    let mut terminated = signal(SignalKind::terminate())?;
    axum::serve(listener, routes.with_state(app))
        .with_graceful_shutdown(async move {
            terminated.recv().await;
        })
        .await?;
    // A refresh in flight and a new refresh token that is not saved yet must not be cut off.
    let left = users.drain(Duration::from_secs(30)).await;
    let incomplete = || format!("not drained: {left:?}").into();
    left.is_complete().then_some(()).ok_or_else(incomplete)
}

async fn sign_in(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Failure> {
    let authorization = app.client.authorization_url(&provider::authorization());
    let authorization = authorization.map_err(failed)?;
    let cookie = app.sign_ins.begin(authorization.pending);
    Ok((cookie, Redirect::to(&authorization.url)))
}

async fn callback(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    OriginalUri(uri): OriginalUri,
) -> Result<impl IntoResponse, Failure> {
    let pending = app.sign_ins.end(&headers)?;
    let redirect = pending.redirect(&uri.to_string()).map_err(failed)?;
    // A new session, which nobody knew before, names the user.
    let session = session::new();
    let request = provider::authorization_code(&redirect, &pending);
    let signed_in = app.users.sign_in_by(&session, &app.client, request);
    signed_in.await.map_err(no_token)?;
    Ok((session::cookie(&session), Redirect::to("/")))
}

async fn call_api(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Failure, Failure> {
    let token = app.users.token(session::of(&headers)?).await;
    let token = token.map_err(no_token)?;
    let request = app.http.get(provider::api());
    let request = request.bearer_auth(token.access_token());
    let response = request.send().await.map_err(failed)?;
    Ok((response.status(), response.text().await.map_err(failed)?))
}

async fn sign_out(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<(), Failure> {
    let left = app.users.sign_out(session::of(&headers)?).await;
    let left = left.map_err(no_token)?;
    let incomplete = || failed(format!("not signed out everywhere: {left:?}"));
    left.is_complete().then_some(()).ok_or_else(incomplete)
}

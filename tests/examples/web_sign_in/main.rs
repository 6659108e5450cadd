//! A web application: people sign in with one of several providers, an API is called with their
//! token, and they sign out. Environment variables set it up.

mod page;

use std::{env::var, error::Error};

use axum::extract::State;
use axum::http::{HeaderMap, header::SET_COOKIE};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect};
use axum::routing::{Router, get, post};
use page::{NotSignedIn, Outcome};
use tokensmith_cache::{SqliteStore, UserTokens};
use tokensmith_runtime::{Client, Credentials};
use tokensmith_web::{Begun, Callback, DiscoveredSignIn, Keyring, SessionCookie, SignIn};
use tokio::net::TcpListener;

/// One provider. Its people have pages below its name.
#[derive(Clone)]
struct Site {
    provider: DiscoveredSignIn,
    users: UserTokens,
    session: SessionCookie,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut routes = Router::new().route("/", get(page::welcome));
    for name in var("PROVIDERS")?.split(' ') {
        routes = routes.nest(&format!("/{name}"), site(name).await?);
    }
    Ok(axum::serve(TcpListener::bind(var("LISTEN")?).await?, routes).await?)
}

async fn site(name: &str) -> Result<Router, Box<dyn Error>> {
    let of = |setting: &str| var(format!("{name}_{setting}"));
    let client = Client::for_server(of("ISSUER")?, Credentials::new(of("ID")?, of("SECRET")?))?;
    let keys = Keyring::new("1", var("KEY")?.as_bytes().try_into()?);
    let sign_in_at = SignIn::new(of("CALLBACK")?, keys.clone())?;
    let provider = DiscoveredSignIn::discover(client, &of("ISSUER")?, sign_in_at).await?;
    // For the processes of one machine. A fleet uses `PostgresStore`.
    let store = SqliteStore::open(var("DATABASE")?)?;
    let users = provider.user_tokens()?.refresh_tokens(store, keys.clone());
    let routes = Router::new()
        .route("/account", get(account))
        .route("/sign-in", get(sign_in))
        .route("/callback", get(callback))
        .route("/sign-out", post(sign_out));
    Ok(routes.with_state(Site {
        users: users.build()?,
        session: SessionCookie::new(name, keys),
        provider,
    }))
}

async fn sign_in(site: State<Site>, headers: HeaderMap) -> Outcome<Begun> {
    Ok(site.provider.begin("/", &headers).await?)
}

async fn callback(site: State<Site>, back: Callback) -> Outcome<impl IntoResponse> {
    let signed_in = site.provider.finish(&back).await?;
    let person = signed_in.id_token.as_ref().ok_or(NotSignedIn)?.subject();
    site.users.sign_in(person, &signed_in.response).await?;
    let cookie = AppendHeaders([(SET_COOKIE, site.session.keep(person)?)]);
    Ok((cookie, signed_in))
}

async fn account(site: State<Site>, headers: HeaderMap) -> Outcome<Html<String>> {
    let person = site.session.read(&headers).ok_or(NotSignedIn)?;
    let token = site.users.token(&person).await?;
    let api = site.provider.metadata().userinfo_endpoint.clone();
    let request = reqwest::Client::new().get(api.ok_or("no API")?);
    let response = request.bearer_auth(token.access_token()).send().await?;
    Ok(page::account(&response.text().await?))
}

async fn sign_out(site: State<Site>, headers: HeaderMap) -> Outcome<impl IntoResponse> {
    let person = site.session.read(&headers).ok_or(NotSignedIn)?;
    if !site.users.sign_out(&person).await?.is_complete() {
        return Err("signed out, but not everywhere".into());
    }
    let cookie = AppendHeaders([(SET_COOKIE, site.session.delete())]);
    Ok((cookie, Redirect::to("/")))
}

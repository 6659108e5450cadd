//! A client of MCP servers that it does not know: from a response with status 401 to a call with a
//! token, as the authorization specification of the Model Context Protocol asks. The argument is
//! the URL of the server.

mod callback;

use std::{env, error::Error};

use callback::Callback;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect;
use tokensmith_runtime::{
    Any, ApplicationType, Client, ClientAuth, ClientMetadata, Credentials, ResourceChallenge,
    Secret, ServerMetadata,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("usage: mcp_client URL")?;
    let mut response = call(&url, None).await?;
    if response.status() == 401 {
        let challenge = ResourceChallenge::read(response.headers());
        let token = authorize(&url, challenge.as_ref()).await?;
        response = call(&url, Some(&token)).await?;
    }
    if !response.status().is_success() {
        return Err(format!("{url} responds with {}", response.status()).into());
    }
    println!("{}", response.text().await?);
    Ok(())
}

/// Redirects are not followed: the server that they lead to would speak for this one.
async fn call(url: &str, token: Option<&Secret>) -> reqwest::Result<reqwest::Response> {
    let client = reqwest::Client::builder().redirect(redirect::Policy::none());
    let request = client
        .build()?
        .post(url)
        .header(ACCEPT, "application/json, text/event-stream")
        .header(CONTENT_TYPE, "application/json")
        .body(r#"{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}"#);
    match token {
        Some(token) => request.bearer_auth(token.expose()).send().await,
        None => request.send().await,
    }
}

async fn authorize(
    url: &str,
    challenge: Option<&ResourceChallenge>,
) -> Result<Secret, Box<dyn Error>> {
    let nobody = Client::<Any>::for_server(url, Credentials::public(""))?;
    let resource = nobody.protected_resource(url, challenge).await?;
    let issuer = resource.authorization_servers.first();
    let server = nobody
        .discover(issuer.ok_or("no server issues tokens")?)
        .await?;
    if !server.supports_s256() {
        return Err("the authorization server does not say that it supports PKCE".into());
    }
    let callback = Callback::listen().await?;
    let client = register(&nobody, &server, callback.redirect_uri()).await?;

    let request = server
        .authorization_request()?
        .parameter("redirect_uri", callback.redirect_uri())
        .resource(&resource.resource);
    let scopes = resource.scopes(challenge).iter();
    let request = scopes.fold(request, |request, scope| request.scope(scope));
    let authorization = client.authorize(&request).await?;
    println!("Open {}", authorization.url);

    let redirect = callback.wait(&authorization.pending).await?;
    let verifier = authorization.pending.code_verifier();
    let request = server.code_request(&redirect.code, callback.redirect_uri(), verifier)?;
    let token = client.send(request.resource(&resource.resource)).await?;
    Ok(token.access_token)
}

/// A client that has registered itself. A program that runs again keeps it, with the issuer.
async fn register(
    nobody: &Client<Any>,
    server: &ServerMetadata,
    redirect_uri: &str,
) -> Result<Client<Any>, Box<dyn Error>> {
    let metadata = ClientMetadata::new([redirect_uri])
        .with_name("Example of an MCP client")
        .with_application_type(ApplicationType::Native)
        .with_client_auth(ClientAuth::None);
    let registered = nobody.send(server.registration_request(metadata)?).await?;
    let client = Client::for_server(&*server.issuer, registered.credentials())?;
    Ok(client.server(server).client_auth(registered.client_auth()))
}

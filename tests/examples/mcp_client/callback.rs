//! Where the browser comes back to: a loopback port (RFC 8252 section 7.3).

use std::error::Error;

use axum::extract::OriginalUri;
use axum::routing::{Router, get};
use tokensmith_runtime::{PendingAuthorization, Redirect, RedirectProblem};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

pub(crate) struct Callback {
    redirect_uri: String,
    returns: Mutex<mpsc::Receiver<String>>,
}

impl Callback {
    pub(crate) async fn listen() -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let redirect_uri = format!("http://{}/callback", listener.local_addr()?);
        let (sender, returns) = mpsc::channel(1);
        let take = async move |OriginalUri(url): OriginalUri| {
            drop(sender.send(url.to_string()).await);
            "You can close this page."
        };
        let routes = Router::new().route("/callback", get(take));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self {
            redirect_uri,
            returns: Mutex::new(returns),
        })
    }

    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the response to this authorization. Any page may send a browser here with another.
    pub(crate) async fn wait(
        &self,
        pending: &PendingAuthorization,
    ) -> Result<Redirect, Box<dyn Error>> {
        let mut returns = self.returns.lock().await;
        while let Some(url) = returns.recv().await {
            match pending.redirect(&url) {
                Err(error) if error.redirect_problem() == Some(RedirectProblem::OtherState) => {}
                outcome => return Ok(outcome?),
            }
        }
        Err("the browser does not come back".into())
    }
}

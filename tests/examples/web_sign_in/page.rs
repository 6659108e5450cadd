//! What people see.

use std::error::Error;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

pub(crate) async fn welcome() -> Html<String> {
    let providers = std::env::var("PROVIDERS").unwrap_or_default();
    let links = providers.split(' ').map(|name| {
        format!(
            r#"<p><a id="sign-in-{name}" href="/{name}/sign-in">Sign in with {name}</a>
            <a id="account-{name}" href="/{name}/account">Account at {name}</a>"#
        )
    });
    let links: String = links.collect();
    Html(format!("<title>Welcome</title><h1>Welcome</h1>{links}"))
}

pub(crate) fn account(json: &str) -> Html<String> {
    let text = json.replace('&', "&amp;").replace('<', "&lt;");
    Html(format!(
        r#"<title>Account</title><pre>{text}</pre>
        <form method="post" action="sign-out"><button>Sign out</button></form>"#
    ))
}

pub(crate) type Outcome<T> = Result<T, Failure>;

#[derive(Debug)]
pub(crate) struct NotSignedIn;

impl std::fmt::Display for NotSignedIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("nobody is signed in")
    }
}

impl Error for NotSignedIn {}

/// An error of any kind; what is wrong with a sign-in is said to the person.
pub(crate) struct Failure(Box<dyn Error + Send + Sync>);

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if self.0.is::<NotSignedIn>() {
            return Redirect::to("/").into_response();
        }
        eprintln!("{}", self.0);
        match self.0.downcast::<tokensmith_web::Error>() {
            Ok(error) => error.into_response(),
            Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "That did not work.").into_response(),
        }
    }
}

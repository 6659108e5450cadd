//! What is likely to be the cause of a failure, and what to try.

use std::error::Error as _;

use tokensmith_runtime::{
    Error, ErrorCode, ErrorKind, RedirectProblem, TransportError, TransportErrorKind,
};

use super::RequestFailure;
use super::context::Task;

/// The likely cause in a sentence, and steps to take.
#[derive(Debug, Default)]
pub(super) struct Advice {
    pub(super) likely: Option<String>,
    pub(super) tries: Vec<String>,
}

impl Advice {
    fn new(likely: &str) -> Self {
        Self {
            likely: Some(likely.to_owned()),
            tries: Vec::new(),
        }
    }

    fn attempt(mut self, step: impl Into<String>) -> Self {
        self.tries.push(step.into());
        self
    }

    fn attempt_if_some(self, step: Option<String>) -> Self {
        match step {
            Some(step) => self.attempt(step),
            None => self,
        }
    }
}

/// Returns what is likely and what to try. It says nothing that contradicts the error.
pub(super) fn of(failure: &RequestFailure<'_>) -> Advice {
    let error = failure.error;
    if let Some(problem) = error.redirect_problem() {
        return back(failure, problem);
    }
    let advice = match error.kind() {
        ErrorKind::Config => Advice::default(),
        ErrorKind::Request => request(failure),
        ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Tls => transport(failure),
        ErrorKind::Redirect => redirect(failure),
        ErrorKind::TooLarge | ErrorKind::Malformed => malformed(failure),
        ErrorKind::RateLimited => {
            Advice::new("too many requests were sent with these credentials, or from this address.")
                .attempt("wait, and send the request again")
        }
        ErrorKind::Server => server(error),
        _ => refused(failure),
    };
    let shows_more = !failure.context.is_verbose && error.status().is_some();
    advice.attempt_if_some(
        shows_more.then(|| "-v shows the request and the response, without secrets".to_owned()),
    )
}

/// The browser came back without a code that can be used.
fn back(failure: &RequestFailure<'_>, problem: RedirectProblem) -> Advice {
    let advice = match (problem, failure.error.code()) {
        (RedirectProblem::Refused, Some(ErrorCode::AccessDenied)) => {
            Advice::new("you refused, or the provider does not let you sign in to this client.")
        }
        (RedirectProblem::Refused, _) => Advice::new(
            "the client may not ask for what the sign-in page was asked for.",
        )
        .attempt("look at --scope and --param, and at the provider's settings of the client"),
        (RedirectProblem::OtherSignature, _) => {
            Advice::new("somebody else has sent the browser back, or the client secret is wrong.")
                .attempt(
                    "compare TOKENSMITH_CLIENT_SECRET with the provider's settings of the client",
                )
        }
        (RedirectProblem::NoSignature, _) => Advice::new(
            "somebody else has sent the browser back, or it was a mock that does not know the client.",
        )
        .attempt("for a mock, post the client to /.mock/clients first"),
        (RedirectProblem::OtherIssuer | RedirectProblem::NoIssuer, _) => Advice::new(
            "another server has sent the browser back, or the provider's metadata are wrong.",
        ),
        _ => Advice::default(),
    };
    advice.attempt("sign in again")
}

/// The request was wrong before it was sent.
fn request(failure: &RequestFailure<'_>) -> Advice {
    let options = match &failure.context.task {
        Task::SignIn => Some(
            "give parameters of the sign-in page with --param NAME=VALUE, and those of the token \
             request with --token-param NAME=VALUE"
                .to_owned(),
        ),
        Task::Request => Some(
            "give parameters with --param NAME=VALUE, and secret ones with --secret-param \
             NAME=ENV_NAME"
                .to_owned(),
        ),
        Task::Kept { keep_again } => Some(format!(
            "keep the tokens anew, with other options: {keep_again}"
        )),
        Task::UserInfo => None,
    };
    Advice::default()
        .attempt_if_some(options)
        .attempt_if_some(page(failure, "lists the parameters"))
}

fn page(failure: &RequestFailure<'_>, what: &str) -> Option<String> {
    let page = failure.context.page.as_ref()?;
    Some(format!("{page} {what}"))
}

/// There is no response.
fn transport(failure: &RequestFailure<'_>) -> Advice {
    let error = failure.error;
    let source = error.source();
    let kind = source.and_then(|source| source.downcast_ref::<TransportError>());
    match kind.map(TransportError::kind) {
        Some(TransportErrorKind::Resolve) => Advice::new(
            "the host name has a typing error, or this machine reaches no name server.",
        )
        .attempt(match failure.context.task {
            Task::Request | Task::SignIn => {
                "look at the host name, and at --server and --server-variable if they are given"
            }
            Task::Kept { .. } | Task::UserInfo => "look at the host name",
        }),
        Some(TransportErrorKind::Connect) => {
            Advice::new("nothing listens there, or a firewall or a proxy is in between.")
                .attempt("look at the host and the port")
                .attempt("set HTTPS_PROXY if this network needs a proxy")
        }
        Some(TransportErrorKind::Tls) if error.reason().to_string().contains("corrupt message") => {
            Advice::new("the server does not speak TLS at this port.")
                .attempt("look at the port, and at whether the URL has to begin with http://")
        }
        Some(TransportErrorKind::Tls) => Advice::new(
            "the server's certificate is not trusted here, is for another name, or has expired; \
             a proxy that opens connections has the same effect.",
        )
        .attempt("add the authority's certificate to those of the operating system")
        .attempt("look at the clock of this machine"),
        Some(TransportErrorKind::Timeout) if error.may_have_been_sent() => {
            Advice::new("the server is slow, or the connection is.")
        }
        Some(TransportErrorKind::Timeout) => {
            Advice::new("a firewall drops the packets, or a proxy is needed.")
                .attempt("set HTTPS_PROXY if this network needs a proxy")
        }
        _ => Advice::default(),
    }
    .attempt_if_some(
        error
            .is_retryable()
            .then(|| "send the request again".to_owned()),
    )
}

fn redirect(failure: &RequestFailure<'_>) -> Advice {
    let target = failure.error.redirect_target();
    let likely = match target {
        Some(target) if target.to_ascii_lowercase().contains("login") => {
            "the URL leads to a page for people to sign in, not to a token endpoint."
        }
        _ => "the endpoint has moved, or the URL lacks a slash or has one too many.",
    };
    let use_url = match &failure.context.task {
        Task::Request | Task::SignIn => "use its URL with --server or --token-url".to_owned(),
        Task::Kept { keep_again } => {
            format!("keep the tokens anew, with its URL: {keep_again}")
        }
        Task::UserInfo => "use its URL with --issuer".to_owned(),
    };
    Advice::new(likely).attempt(format!(
        "a redirect is never followed, since it would take the credentials there: if the target is \
         the provider's, {use_url}"
    ))
}

/// A success without a usable token.
fn malformed(failure: &RequestFailure<'_>) -> Advice {
    let reason = failure.error.reason().to_string();
    let likely = if reason.contains("HTML") {
        "something in between responds in the provider's place (a proxy, a firewall or a sign-in page of \
         the network), or the URL is that of a web page."
    } else if failure.context.page.is_some() {
        "the server is not the provider's, or its responses differ from the document."
    } else {
        "the URL is not that of a token endpoint, or the token is elsewhere in the response."
    };
    let advice = Advice::new(likely).attempt("look at the URL");
    match (&failure.context.page, &failure.context.task) {
        (None, Task::Request) => {
            advice.attempt("--access-token POINTER says where the token is in the response")
        }
        _ => advice,
    }
}

fn server(error: &Error) -> Advice {
    let advice = Advice::new("the provider has a problem of its own.");
    match error.is_retryable() {
        true => advice.attempt("send the request again in a while"),
        false => advice.attempt("look at the provider's status page"),
    }
}

/// The provider refused.
fn refused(failure: &RequestFailure<'_>) -> Advice {
    match failure.code() {
        Some(ErrorCode::InvalidClient) => invalid_client(failure),
        Some(ErrorCode::InvalidGrant) => Advice::new(
            "the code, the refresh token, the assertion or the password is wrong, has expired, was \
             used before, or was issued to another client.",
        )
        .attempt(match failure.context.keep_again() {
            Some(command) => format!("sign in again: {command}"),
            None => "get a new one: most can be used once".to_owned(),
        }),
        Some(ErrorCode::UnauthorizedClient) => {
            Advice::new("the client is not allowed to use this grant.")
                .attempt("allow the grant in the provider's settings of the client")
                .attempt_if_some(page(failure, "lists the grants"))
        }
        Some(ErrorCode::UnsupportedGrantType) => Advice::new("the server does not know the grant.")
            .attempt_if_some(
                is_request(failure).then(|| "choose another one with --grant".to_owned()),
            )
            .attempt_if_some(page(failure, "lists the grants")),
        Some(ErrorCode::InvalidScope | ErrorCode::InsufficientScope) => Advice::new(
            "a scope has a typing error, or the client may not ask for it.",
        )
        .attempt("look at --scope, and allow the scopes in the provider's settings of the client")
        .attempt_if_some(page(failure, "lists the scopes that the document knows")),
        Some(ErrorCode::InvalidRequest) => {
            Advice::new("a parameter is missing, is given twice, or has a wrong value.")
                .attempt_if_some(dry_run(failure))
                .attempt_if_some(page(failure, "lists the parameters"))
        }
        _ if failure.error.status() == Some(401) => invalid_client(failure),
        _ if failure.error.status() == Some(404) => {
            Advice::new("there is nothing at this URL.").attempt("look at the host and the path")
        }
        _ => Advice::default().attempt_if_some(dry_run(failure)),
    }
}

/// Advice for commands that can print the request instead of sending it.
fn dry_run(failure: &RequestFailure<'_>) -> Option<String> {
    is_request(failure).then(|| "--dry-run prints the request".to_owned())
}

/// Whether the options of the command describe the request.
fn is_request(failure: &RequestFailure<'_>) -> bool {
    matches!(failure.context.task, Task::Request)
}

fn invalid_client(failure: &RequestFailure<'_>) -> Advice {
    let advice = Advice::new(
        "the client id or the secret is wrong, or belongs to another server of the provider.",
    );
    match &failure.context.task {
        Task::Kept { keep_again } => {
            return advice.attempt(format!(
                "keep the tokens anew, with the right secret: {keep_again}"
            ));
        }
        Task::UserInfo => {
            return Advice::new("the access token is wrong, has expired, or was revoked.")
                .attempt("look at TOKENSMITH_TOKEN and at --issuer");
        }
        Task::Request | Task::SignIn => {}
    }
    let servers = &failure.context.servers;
    let elsewhere = (servers.len() > 1).then(|| {
        let shown = servers.iter().take(6).map(String::as_str);
        let shown: Vec<&str> = shown.collect();
        format!(
            "use the server that the client belongs to, with --server: {}",
            shown.join(", ")
        )
    });
    let once = failure.error.previous().is_none();
    advice
        .attempt("look at TOKENSMITH_CLIENT_ID and TOKENSMITH_CLIENT_SECRET")
        .attempt_if_some(elsewhere)
        .attempt_if_some(once.then(|| {
            "--client-auth basic and --client-auth body send the secret in another place".to_owned()
        }))
}

//! A person signs in with the browser of this machine, and comes back with a code.

use std::time::Duration;

use tokensmith_codegen::diagnostic::output::print_error;
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::protocol::PushedAuthorizationRequest;
use tokensmith_runtime::{
    Any, Authorization, BlockingTransport, PendingAuthorization, Redirect, Request as _,
    TokenRequest,
};

use super::SignedIn;
use super::listener::Listener;
use crate::args::{LoginArgs, pairs};
use crate::exchange::Wire;
use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::server::{Server, Way, with_parameters};
use crate::{credentials, exchange, server};

/// How long the browser may be away unless the caller says otherwise.
const TIMEOUT: Duration = Duration::from_secs(300);

/// Exchanges the code that the browser comes back with.
pub(super) fn sign_in(
    server: &Server,
    token_request: TokenRequest<'_>,
    args: &LoginArgs,
) -> Result<SignedIn, Failure> {
    // What makes no sense is said before the person is asked for anything.
    let request = server.authorization_request()?;
    let parameters = pairs("--param", &args.param)?;
    let is_signed = |(name, mode): &(&str, &str)| *name == "response_mode" && mode.ends_with("jwt");
    if parameters.iter().any(is_signed) {
        return Err(Failure::Usage(
            "`login` does not read signed responses: leave out the parameter `response_mode`"
                .to_owned(),
        ));
    }
    let token_parameters = pairs("--token-param", &args.token_param)?;
    let show = args.show();
    let mut secrets = Secrets::new(&show);
    let named = token_parameters.iter().map(|(name, _)| *name);
    secrets.describe(token_request.endpoint(), token_request.operation(), named);
    let identity = server::identity(server, Way::Browser, &args.client, &mut secrets)?;
    let mut settings = server::settings(server, &args.source, &args.client, &identity)?;
    for (name, value) in pairs("--header", &args.header)? {
        settings.set_header(name, value)?;
    }

    let listener = Listener::bind(args.browser.redirect_uri.as_deref())?;
    let redirect_uri = listener.redirect_uri();
    let mut request = request.parameter("redirect_uri", redirect_uri.as_str());
    for scope in &args.scope {
        request = request.scope(scope);
    }
    let client = exchange::client(
        settings,
        credentials::transport(&args.client)?,
        &show,
        &secrets,
    );
    let authorization = authorize(server, &client, &with_parameters(request, parameters))?;
    let pending = authorization.pending.clone();
    show_sign_in(&listener, &authorization, args.browser.no_browser);
    let timeout = args.browser.timeout.unwrap_or(TIMEOUT);
    let redirect = listener.wait(authorization, timeout)?;

    let settings = server.at_redirect(client.settings().clone(), &redirect)?;
    let request = with_code(token_request, &redirect, &pending, &redirect_uri);
    let request = with_parameters(request, token_parameters);
    let client: Client<Any, Wire> = Client::with_settings(client.transport().clone(), settings);
    let token = client.send(request).map_err(exchange::failure)?;
    let subject = super::checked_subject(server, &client, &token, &pending)?;
    Ok(SignedIn {
        token,
        identity,
        subject,
        redirect_variables: server.variables(&redirect),
    })
}

/// Makes the URL for the browser, and pushes the request where the server has an endpoint for it.
fn authorize<T: BlockingTransport>(
    server: &Server,
    client: &Client<Any, T>,
    request: &TokenRequest<'_>,
) -> Result<Authorization, Failure> {
    let Some(endpoint) = server.pushed_authorization_endpoint() else {
        return client.authorize(request).map_err(exchange::failure);
    };
    let pushed = PushedAuthorizationRequest::at(endpoint, None, client.settings(), request)?;
    let response = client.send(&pushed).map_err(exchange::failure)?;
    Ok(pushed.into_authorization(&response)?)
}

/// Opens the browser, or says where to go.
fn show_sign_in(listener: &Listener, authorization: &Authorization, is_printed: bool) {
    let url = &authorization.url;
    let host = authorization.pending.authorization_host();
    let opened = !is_printed && open::that_detached(listener.link()).is_ok();
    match (opened, is_printed) {
        (true, _) => print_error(format!(
            "The browser opens {} to sign in. If it does not, end this and use --no-browser.",
            host.unwrap_or("the provider")
        )),
        (false, true) => print_error(format!("Sign in at:\n{url}")),
        (false, false) => {
            print_error(format!("No browser could be opened. Sign in at:\n{url}"));
        }
    }
}

/// The request with the code, and what proves that it was meant for this client. Of what RFC 6749
/// has or has not beside the code, a document that lists the parameters knows better.
fn with_code<'a>(
    request: TokenRequest<'a>,
    redirect: &Redirect,
    pending: &PendingAuthorization,
    redirect_uri: &str,
) -> TokenRequest<'a> {
    let declared = request.operation().parameters();
    let declares = |name: &str| declared.iter().any(|parameter| parameter.name() == name);
    let takes_uri = !declares("code") || declares("redirect_uri");
    let takes_state = declares("state");
    let mut request = request.secret_parameter("code", &redirect.code);
    if takes_uri {
        let uri = pending.redirect_uri().unwrap_or(redirect_uri);
        request = request.parameter("redirect_uri", uri);
    }
    if takes_state {
        request = request.secret_parameter("state", pending.state());
    }
    match pending.code_verifier() {
        Some(verifier) => request.secret_parameter("code_verifier", verifier),
        None => request,
    }
}

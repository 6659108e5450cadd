//! `tokensmith login`: a person signs in with a browser.

mod listener;
mod page;
mod redirect_uri;
mod server;
mod visit;

use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output::print_error;
use tokensmith_codegen::model::FirstServer;
use tokensmith_description::Shelves;
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::protocol::{Settings, authorize};
use tokensmith_runtime::{
    Authorization, Description, PendingAuthorization, Redirect, Request as _, Token, TokenRequest,
    TokenUse,
};

use crate::args::{LoginArgs, Output, pairs};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Header;
use crate::secrets::Secrets;
use crate::{credentials, document, exchange, notice, output, select, token};
use listener::Listener;
use server::Server;

/// Signs a person in and prints the token, or says why there is none.
pub(crate) fn run(args: &LoginArgs) -> Result<ExitCode, Failure> {
    let output = Output::or_usual(args.output);
    let outcome = get(args).and_then(|(token, token_use)| {
        let header = Header::of(&args.header_form, &token, token_use.lend());
        output::print_token(&token, output, &header)
    });
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.report(output.form())),
    }
}

/// A token, and where the document says that requests carry it.
type Got = (Token, TokenUse<String>);

fn get(args: &LoginArgs) -> Result<Got, Failure> {
    let source = &args.source;
    let known_by_url = match (&args.issuer, &args.authorization_url, &source.token_url) {
        (Some(issuer), _, _) => Some(Server::discover(issuer, args)),
        (None, Some(authorization), Some(token)) => Some(Server::at(authorization, token)),
        (None, None, Some(_)) => {
            return Err(Failure::Usage(
                "--token-url needs --authorization-url: the page where people sign in".to_owned(),
            ));
        }
        (None, _, None) => None,
    };
    if let Some(server) = known_by_url {
        let context = || Context::default().of_login().shown(args.verbose);
        let signed_in = server.and_then(|server| sign_in(&server, args));
        return signed_in.map_err(|failure| failure.with_context(&context()));
    }
    if let Some(file) = &source.spec {
        let reading = document::load("document", file, source.overlay.as_deref())?;
        let name = document::shown(file);
        notice::warnings(&name, &reading.diagnostics);
        let model = document::model(reading)?;
        let shelves = Shelves::default();
        let description = model.describe(&shelves);
        let signed_in = described(&description, args, Some(model.first_server.as_ref()));
        let context = || {
            Context::of_model(&model, &description, &name)
                .of_login()
                .shown(args.verbose)
        };
        return signed_in.map_err(|failure| failure.with_context(&context()));
    }
    let name = source.provider.as_deref();
    let mut entries = PROVIDERS.iter();
    match entries.find(|entry| Some(entry.description.name()) == name) {
        Some(entry) => described(entry.description, args, None).map_err(|failure| {
            failure.with_context(&Context::of_entry(entry).of_login().shown(args.verbose))
        }),
        None => Err(Failure::Usage("no provider is given".to_owned())),
    }
}

/// Signs in with a provider by its document. Of one that is read now, `first_server` is the server
/// that it names first, if it names one.
fn described(
    description: &Description<'_>,
    args: &LoginArgs,
    first_server: Option<Option<&FirstServer>>,
) -> Result<Got, Failure> {
    let source = &args.source;
    let variables = pairs("--server-variable", &source.server_variable)?;
    let target = select::target(description, source.server.as_deref(), &variables)?;
    let path = source.path.as_deref();
    if let Some(first) = first_server {
        let (endpoint, _) = select::operation(description, Some(server::CODE_GRANT), path)?;
        let path = path.or(endpoint.paths().first().copied());
        if let Some(url) = target.url_of(endpoint, path.unwrap_or_default()) {
            let first = first.map(|first| first.url_with(&variables));
            notice::destination(&url, first.as_deref());
        }
    }
    let server = Server::Described {
        description,
        target,
        path,
    };
    sign_in(&server, args)
}

fn sign_in(server: &Server<'_>, args: &LoginArgs) -> Result<Got, Failure> {
    // What makes no sense is said before the person is asked for anything.
    let authorization_request = server.authorization_request()?;
    let token_request = server.token_request()?;
    token::refuse_secret_in_url(token_request.endpoint(), &args.client)?;
    token::refuse_header_of_query(token_request.endpoint(), args.output, &args.header_form)?;
    let parameters = pairs("--param", &args.param)?;
    let token_parameters = pairs("--token-param", &args.token_param)?;
    let show = args.show();
    let mut secrets = Secrets::new(&show);
    let named = token_parameters.iter().map(|(name, _)| *name);
    secrets.describe(token_request.endpoint(), token_request.operation(), named);
    let settings = settings(server, args, &mut secrets)?;

    let listener = Listener::bind(args.browser.redirect_uri.as_deref())?;
    let redirect_uri = listener.redirect_uri();
    let mut request = authorization_request.parameter("redirect_uri", redirect_uri.as_str());
    for scope in &args.scope {
        request = request.scope(scope);
    }
    for (name, value) in parameters {
        request = request.parameter(name, value);
    }
    let authorization = authorize(&settings, &request)?;
    let pending = authorization.pending.clone();
    show_sign_in(&listener, &authorization, args.browser.no_browser);
    let redirect = listener.wait(authorization, args.browser.timeout)?;

    let settings = server.at_redirect(settings, &redirect)?;
    let mut request = with_code(token_request, &redirect, &pending, &redirect_uri);
    for (name, value) in token_parameters {
        request = request.parameter(name, value);
    }
    let transport = credentials::transport(&args.client)?;
    let client = exchange::client(settings, transport, &show, &secrets);
    let token = client.send(request).map_err(exchange::failure)?;
    if server.has_known_issuer() && token.id_token.is_some() {
        client.id_token(&token, &pending)?;
    }
    Ok((token, server.token_use()?))
}

fn settings(
    server: &Server<'_>,
    args: &LoginArgs,
    secrets: &mut Secrets,
) -> Result<Settings, Failure> {
    let auth = match args.client.client_auth {
        Some(auth) => auth,
        None => server.client_auth()?,
    };
    let credentials = credentials::credentials(auth, &args.client, secrets)?;
    let mut settings = server.settings(credentials, &args.source)?;
    credentials::apply(&args.client, &mut settings)?;
    for (name, value) in pairs("--header", &args.header)? {
        settings.set_header(name, value)?;
    }
    Ok(settings)
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

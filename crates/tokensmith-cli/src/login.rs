//! `tokensmith login`: a person signs in with a browser.

mod by_browser;
mod by_device;
mod listener;
mod page;
mod redirect_uri;
mod server;
mod visit;

use std::process::ExitCode;

use tokensmith_codegen::model::FirstServer;
use tokensmith_description::Shelves;
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{Description, GenericRequest, Request as _, Token, TokenUse};

use crate::args::{LoginArgs, Output, pairs};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Header;
use crate::secrets::Secrets;
use crate::{credentials, document, notice, output, select, token};
use server::{Server, Way};

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
        (Some(issuer), _, _) => Some(Server::discover(issuer, way(args), args)),
        (None, Some(authorization), Some(token)) => Some(Server::at(authorization, token)),
        (None, None, Some(_)) if args.browser.device => {
            return Err(Failure::Usage(
                "--device needs a provider, --spec or --issuer: --token-url does not say where the code \
                 comes from"
                    .to_owned(),
            ));
        }
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
        let (endpoint, _) = way(args).operation(description, path)?;
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
        way: way(args),
    };
    sign_in(&server, args)
}

fn sign_in(server: &Server<'_>, args: &LoginArgs) -> Result<Got, Failure> {
    let token_request = server.token_request()?;
    let endpoint = token_request.endpoint();
    token::refuse_secret_in_url(endpoint, &args.client)?;
    token::refuse_header_of_query(endpoint, args.output, &args.header_form)?;
    let token = match way(args) {
        Way::Browser => by_browser::sign_in(server, token_request, args)?,
        Way::Device => by_device::sign_in(server, token_request, args)?,
    };
    Ok((token, server.token_use()?))
}

fn way(args: &LoginArgs) -> Way {
    match args.browser.device {
        true => Way::Device,
        false => Way::Browser,
    }
}

/// The request with the parameters that the caller gives.
fn with_parameters<'a, R>(
    request: GenericRequest<'a, R>,
    parameters: Vec<(&str, &str)>,
) -> GenericRequest<'a, R> {
    let parameters = parameters.into_iter();
    parameters.fold(request, |request, (name, value)| {
        request.parameter(name, value)
    })
}

/// The settings of a client of the server, with the credentials and options of the caller.
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

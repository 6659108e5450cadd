//! `tokensmith login`: a person signs in with a browser.

mod by_browser;
mod by_device;
mod listener;
mod page;
mod redirect_uri;
mod visit;

use std::process::ExitCode;

use tokensmith_runtime::{Request as _, Token, TokenUse};

use crate::args::{LoginArgs, Output};
use crate::failure::Failure;
use crate::output::Header;
use crate::server::{Server, Wanted, Way};
use crate::{output, token};

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
    if args.source.token_url.is_some() && args.browser.device {
        return Err(Failure::Usage(
            "--device needs a provider, --spec or --issuer: --token-url does not say where the code comes \
             from"
                .to_owned(),
        ));
    }
    if args.source.token_url.is_some() && args.authorization_url.is_none() {
        return Err(Failure::Usage(
            "--token-url needs --authorization-url: the page where people sign in".to_owned(),
        ));
    }
    let wanted = Wanted {
        source: &args.source,
        issuer: args.issuer.as_deref(),
        authorization_url: args.authorization_url.as_deref(),
        client: &args.client,
        show: &args.show(),
        way: match args.browser.device {
            true => Way::Device,
            false => Way::Browser,
        },
    };
    wanted.with_server(|server| sign_in(server, args))
}

fn sign_in(server: &Server<'_>, args: &LoginArgs) -> Result<Got, Failure> {
    let token_request = server.token_request()?;
    let endpoint = token_request.endpoint();
    token::refuse_secret_in_url(endpoint, &args.client)?;
    token::refuse_header_of_query(endpoint, args.output, &args.header_form)?;
    let token = match args.browser.device {
        false => by_browser::sign_in(server, token_request, args)?,
        true => by_device::sign_in(server, token_request, args)?,
    };
    Ok((token, server.token_use()?))
}

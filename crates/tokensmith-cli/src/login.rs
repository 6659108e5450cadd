//! `tokensmith login`: a person signs in with a browser.

mod by_browser;
mod by_device;
mod listener;
mod page;
mod redirect_uri;
mod visit;

use std::process::ExitCode;

use tokensmith_runtime::{Any, ExpectedIdToken, Request as _, Token, blocking};

use crate::args::{GrantArgs, LoginArgs, Output, RequestArgs};
use crate::credentials::ClientIdentity;
use crate::exchange::Wire;
use crate::failure::Failure;
use crate::kept::{Keeper, Obtained};
use crate::output::Header;
use crate::server::{Server, Wanted, Way, select};
use crate::{output, request};

/// Signs a person in and prints the token, or says why there is none.
pub(crate) fn run(args: &LoginArgs) -> Result<ExitCode, Failure> {
    let output = Output::or_usual(args.output);
    match get(args, output) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.report(output.form())),
    }
}

/// What came of a sign-in.
struct SignedIn {
    token: Token,
    /// Who has asked.
    identity: ClientIdentity,
    /// Whom the ID token is about, if one came and was checked.
    subject: Option<String>,
    /// What the redirect says of the server's URL, as `--server-variable` has it.
    redirect_variables: Vec<String>,
}

/// Checks the ID token, if one came and it is known who issues them, and returns whom it is about.
fn checked_subject(
    server: &Server,
    client: &blocking::Client<Any, Wire>,
    token: &Token,
    expected: impl Into<ExpectedIdToken>,
) -> Result<Option<String>, Failure> {
    if server.issuer().is_none() || token.id_token.is_none() {
        return Ok(None);
    }
    let id_token = client.id_token(token, expected)?;
    Ok(Some(id_token.subject().to_owned()))
}

fn get(args: &LoginArgs, output: Output) -> Result<(), Failure> {
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
    let way = match args.browser.device {
        true => Way::Device,
        false => Way::Browser,
    };
    let wanted = Wanted {
        source: &args.source,
        issuer: args.issuer.as_deref(),
        authorization_url: args.authorization_url.as_deref(),
        client: &args.client,
        show: &args.show(),
        way,
    };
    wanted.with_server(|server| sign_in(server, way, args, output))
}

fn sign_in(server: &Server, way: Way, args: &LoginArgs, output: Output) -> Result<(), Failure> {
    let token_request = server.token_request(way)?;
    let endpoint = token_request.endpoint();
    let grant = grant(args, select::grant_type(token_request.operation()));
    request::refuse_secret_in_url(endpoint, &args.client)?;
    request::refuse_header_of_query(endpoint.token_use(), args.output, &args.header_form)?;
    let name = args.keep.keep.as_deref();
    let keeper = Keeper::begin(name, &grant, args.issuer.as_deref(), server.known())?;
    let signed_in = match args.browser.device {
        false => by_browser::sign_in(server, token_request, args)?,
        true => by_device::sign_in(server, token_request, args)?,
    };
    let token = &signed_in.token;
    if let Some(keeper) = keeper {
        let obtained = Obtained {
            subject: signed_in.subject,
            metadata: server.metadata(),
            redirect_variables: signed_in.redirect_variables,
            ..Obtained::new(token, &signed_in.identity)
        };
        if keeper.keep(obtained, args.output, &args.show())? {
            return Ok(());
        }
    }
    let token_use = server.token_use(way)?;
    let header = Header::of(&args.header_form, token, token_use.lend());
    output::print_token(token, output, &header)
}

/// What is kept of the arguments, to refresh the token by.
fn grant(args: &LoginArgs, grant_type: Option<&str>) -> GrantArgs {
    GrantArgs {
        source: args.source.clone(),
        client: args.client.clone(),
        grant: grant_type.map(str::to_owned),
        request: RequestArgs {
            header: args.header.clone(),
            ..RequestArgs::default()
        },
        scope_separator: None,
        access_token: None,
    }
}

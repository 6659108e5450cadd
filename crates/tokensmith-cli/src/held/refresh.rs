//! `tokensmith refresh`: the next token by a refresh token (RFC 6749 section 6).

use std::process::ExitCode;

use tokensmith_runtime::{Request as _, Token, TokenUse};

use crate::args::{Output, RefreshArgs, pairs};
use crate::failure::Failure;
use crate::output::Header;
use crate::request::{refuse_header_of_query, refuse_secret_in_url};
use crate::secrets::Secrets;
use crate::server::{Server, Wanted, Way, with_parameters};
use crate::{credentials, exchange, output, server};

/// Gets the next token and prints it, or says why there is none.
pub(crate) fn run(args: &RefreshArgs) -> Result<ExitCode, Failure> {
    let output = Output::or_usual(args.output);
    let held = &args.held;
    let wanted = Wanted {
        source: &held.source,
        issuer: held.issuer.as_deref(),
        authorization_url: None,
        client: &held.client,
        show: &held.show,
        way: Way::Refresh,
    };
    let got = wanted.with_server(|server| get(server, args));
    let outcome = got.and_then(|got| match got {
        Some((token, token_use)) => {
            let header = Header::of(&args.header_form, &token, token_use.lend());
            output::print_token(&token, output, &header)
        }
        None => Ok(()),
    });
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.report(output.form())),
    }
}

fn get(server: &Server, args: &RefreshArgs) -> Result<Option<(Token, TokenUse<String>)>, Failure> {
    let held = &args.held;
    let mut request = server.token_request(Way::Refresh)?;
    refuse_secret_in_url(request.endpoint(), &held.client)?;
    refuse_header_of_query(
        request.endpoint().token_use(),
        args.output,
        &args.header_form,
    )?;
    let parameters = pairs("--param", &held.param)?;
    let mut secrets = Secrets::new(&held.show);
    let named = parameters.iter().map(|(name, _)| *name);
    secrets.describe(request.endpoint(), request.operation(), named);
    let identity = server::identity(server, Way::Refresh, &held.client, &mut secrets)?;
    let settings = server::settings(server, &held.source, &held.client, &identity)?;
    for scope in &args.scope {
        request = request.scope(scope);
    }
    let refresh_token = credentials::token(credentials::REFRESH_TOKEN, &mut secrets)?;
    let request = request.secret_parameter("refresh_token", refresh_token);
    let request = with_parameters(request, parameters);
    let transport = || credentials::transport(&held.client);
    let token = exchange::send(settings, request, transport, &held.show, &secrets)?;
    let token_use = server.token_use(Way::Refresh)?;
    Ok(token.map(|token| (token, token_use)))
}

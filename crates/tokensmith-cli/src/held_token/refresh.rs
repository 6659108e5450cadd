//! `tokensmith refresh`: the next token by a refresh token (RFC 6749 section 6).

use std::process::ExitCode;

use tokensmith_runtime::{Request as _, Token, TokenUse};

use super::{Prepared, wanted};
use crate::args::{Output, RefreshArgs};
use crate::failure::Failure;
use crate::output::Header;
use crate::request::refuse_header_of_query;
use crate::server::{Server, Way};
use crate::{credentials, output};

/// Gets the next token and prints it, or says why there is none.
pub(crate) fn run(args: &RefreshArgs) -> Result<ExitCode, Failure> {
    let output = Output::or_usual(args.output);
    let got = wanted(&args.held, Way::Refresh).with_server(|server| get(server, args));
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
    let token_use = request.endpoint().token_use().to_owned();
    refuse_header_of_query(token_use.lend(), args.output, &args.header_form)?;
    let mut prepared = Prepared::new(server, Way::Refresh, held, &request)?;
    for scope in &args.scope {
        request = request.scope(scope);
    }
    let refresh_token = prepared.token(credentials::REFRESH_TOKEN)?;
    let request = request.secret_parameter("refresh_token", refresh_token);
    let token = prepared.send(request, held)?;
    Ok(token.map(|token| (token, token_use)))
}

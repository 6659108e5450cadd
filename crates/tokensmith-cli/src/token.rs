//! `tokensmith token`: one way to a token for built-in providers, documents and bare URLs.

use std::process::ExitCode;

use crate::args::{Output, TokenArgs, pairs};
use crate::credentials::ClientIdentity;
use crate::failure::Failure;
use crate::failure::context::Context;
use crate::kept::{Keeper, Obtained};
use crate::output::Header;
use crate::request::{self, Found, refuse_header_of_query, refuse_secret_in_url};
use crate::secrets::Secrets;
use crate::{connector, credentials, exchange, kept, output};

/// Gets a token and prints it, or says why there is none.
pub(crate) fn run(args: &TokenArgs) -> Result<ExitCode, Failure> {
    let output = Output::or_usual(args.output);
    let outcome = match (&args.connector, &args.kept) {
        (Some(file), _) => connector::run(file, args)
            .map_err(|failure| failure.with_context(&Context::default().shown(args.show.verbose))),
        (None, Some(name)) => kept::token(name, args, output),
        (None, None) => get(args, output),
    };
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.report(output.form())),
    }
}

fn get(args: &TokenArgs, output: Output) -> Result<(), Failure> {
    let found = request::find(&args.grant)?;
    let done = send(&found, args, output);
    done.map_err(|failure| failure.with_context(&found.context().shown(args.show.verbose)))
}

fn send(found: &Found, args: &TokenArgs, output: Output) -> Result<(), Failure> {
    let Found {
        endpoint,
        operation,
        ..
    } = *found;
    let (grant, client) = (&args.grant, &args.grant.client);
    refuse_secret_in_url(endpoint, client)?;
    refuse_header_of_query(endpoint.token_use(), args.output, &args.header)?;
    let keeper = Keeper::begin(args.keep.keep.as_deref(), grant, None, found.known)?;
    let mut secrets = Secrets::new(&args.show);
    let given = pairs("--param", &grant.request.param)?;
    secrets.describe(endpoint, operation, given.iter().map(|(name, _)| *name));
    let mut request = found.request(grant)?;
    let mut secret_parameters = Vec::new();
    for (name, variable) in pairs("--secret-param", &grant.request.secret_param)? {
        let value = credentials::secret(name, variable, &mut secrets)?;
        request = request.secret_parameter(name, value.clone());
        secret_parameters.push((name.to_owned(), value));
    }
    let auth = client.client_auth.unwrap_or(endpoint.client_auth());
    let identity = ClientIdentity::read(auth, client, &mut secrets)?;
    let settings = found.settings(grant, &identity)?;
    if args.show.curl {
        credentials::note_encoding(auth);
    }
    let transport = || credentials::transport(client);
    let token = exchange::send(settings, request, transport, &args.show, &secrets)?;
    let Some(token) = token else {
        return Ok(());
    };
    let is_printed = match keeper {
        Some(keeper) => {
            let repeat = (!operation.is_one_time()).then_some(secret_parameters);
            let obtained = Obtained {
                repeat,
                ..Obtained::new(&token, &identity)
            };
            keeper.keep(obtained, args.output, &args.show)?
        }
        None => false,
    };
    if is_printed {
        return Ok(());
    }
    let header = Header::of(&args.header, &token, endpoint.token_use());
    output::print_token(&token, output, &header)
}

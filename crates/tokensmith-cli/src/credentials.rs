//! Secrets come from the environment or from a prompt, never from an argument.

use std::env::{self, VarError};
use std::io::{self, IsTerminal as _};

use tokensmith_codegen::diagnostic::output;
use tokensmith_runtime::jwt::{Assertion, Key};
use tokensmith_runtime::{
    BlockingHyperTransport, ClientAuth, Credentials, DpopKey, Identity, Secret, Timeouts,
    TlsOptions,
};

use crate::args::TokenArgs;
use crate::failure::Failure;
use crate::private_key;

const CLIENT_ID: &str = "TOKENSMITH_CLIENT_ID";
const CLIENT_SECRET: &str = "TOKENSMITH_CLIENT_SECRET";

/// The client's identifier and what it proves itself with: its private key, or, unless it has a
/// certificate or authenticates with `none`, its secret.
pub(crate) fn credentials(auth: ClientAuth, args: &TokenArgs) -> Result<Credentials, Failure> {
    let id = match variable(CLIENT_ID)? {
        Some(id) => id,
        None => ask(CLIENT_ID, || prompt("Client id: "))?,
    };
    if let Some(file) = &args.client_key {
        let mut key = Key::from_pem(&private_key::read(file)?, args.client_key_algorithm)?;
        if let Some(key_id) = &args.client_key_id {
            key = key.with_id(key_id);
        }
        return Ok(Credentials::with_assertion(id, Assertion::client(key)));
    }
    if matches!(auth, ClientAuth::None | ClientAuth::TlsClientAuth) {
        return Ok(Credentials::public(id));
    }
    Ok(Credentials::new(id, client_secret()?))
}

/// The client's secret.
pub(crate) fn client_secret() -> Result<Secret, Failure> {
    let secret = match variable(CLIENT_SECRET)? {
        Some(secret) => secret,
        None => ask(CLIENT_SECRET, || {
            rpassword::prompt_password("Client secret: ")
        })?,
    };
    Ok(Secret::from(secret))
}

/// The key that tokens are bound to, if one is given.
pub(crate) fn dpop(args: &TokenArgs) -> Result<Option<DpopKey>, Failure> {
    let Some(file) = &args.dpop else {
        return Ok(None);
    };
    let key = Key::from_pem(&private_key::read(file)?, args.dpop_algorithm)?;
    Ok(Some(DpopKey::new(key)?))
}

/// The way to the server, with the client's certificate where it has one.
pub(crate) fn transport(args: &TokenArgs) -> Result<BlockingHyperTransport, Failure> {
    let mut options = TlsOptions::default();
    if let Some(file) = &args.client_certificate {
        let pem = private_key::read(file)?;
        options = options.with_identity(Identity::from_pem(pem.expose(), &pem)?);
    }
    Ok(BlockingHyperTransport::with_tls(
        Timeouts::default(),
        options,
    )?)
}

/// What an environment variable holds, for a parameter. The error does not show the variable's
/// name, in case that somebody gave the secret itself.
pub(crate) fn secret(parameter: &str, name: &str) -> Result<Secret, Failure> {
    let value = variable_value(name).map_err(|_| {
        Failure::Failed(format!(
            "the environment variable of the secret parameter `{parameter}` is not UTF-8"
        ))
    })?;
    value.map(Secret::from).ok_or_else(|| {
        Failure::Failed(format!(
            "the environment variable of the secret parameter `{parameter}` is not set"
        ))
    })
}

fn variable(name: &str) -> Result<Option<String>, Failure> {
    variable_value(name)
        .map_err(|()| Failure::Failed(format!("the environment variable {name} is not UTF-8")))
}

fn variable_value(name: &str) -> Result<Option<String>, ()> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(()),
    }
}

/// Asks whoever sits at the terminal, if there is somebody.
fn ask(name: &str, prompt: impl FnOnce() -> io::Result<String>) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        let message = format!(
            "the environment variable {name} is not set, and there is no terminal to ask on"
        );
        return Err(Failure::Failed(message));
    }
    prompt().map_err(|error| {
        Failure::Failed(format!(
            "{name} is not set, and asking for it failed: {error}"
        ))
    })
}

/// On standard error: standard output is for the token.
fn prompt(text: &str) -> io::Result<String> {
    output::prompt(text)?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

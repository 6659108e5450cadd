//! Secrets come from the environment or from a prompt, never from an argument.

pub(crate) mod private_key;

use std::env::{self, VarError};
use std::io::{self, IsTerminal as _};

use tokensmith_codegen::diagnostic::output::{self, print_error};
use tokensmith_runtime::jwt::{Assertion, Key};
use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{
    BlockingHyperTransport, ClientAuth, Credentials, DpopKey, Identity, Secret, Timeouts,
    TlsOptions,
};

use crate::args::ClientArgs;
use crate::failure::Failure;
use crate::secrets::Secrets;

const CLIENT_ID: &str = "TOKENSMITH_CLIENT_ID";
pub(crate) const CLIENT_SECRET: &str = "TOKENSMITH_CLIENT_SECRET";

/// The variable of the refresh token that `refresh` sends.
pub(crate) const REFRESH_TOKEN: &str = "TOKENSMITH_REFRESH_TOKEN";

/// The variable of the token that `revoke`, `introspect` and `userinfo` are about.
pub(crate) const TOKEN: &str = "TOKENSMITH_TOKEN";

/// The client's identifier, and its secret if it proves itself with one.
#[derive(Debug, Clone)]
pub(crate) struct ClientIdentity {
    pub(crate) id: String,
    pub(crate) secret: Option<Secret>,
}

impl ClientIdentity {
    /// Reads who the client is. It has a secret unless it has a private key or a certificate, or
    /// authenticates with `none`. Of a request that is only printed, a stand-in takes the place of
    /// the secret.
    pub(crate) fn read(
        auth: ClientAuth,
        args: &ClientArgs,
        secrets: &mut Secrets,
    ) -> Result<Self, Failure> {
        let id = client_id(secrets)?;
        let has_secret = args.client_key.is_none() && !auth.sends_identifier_only();
        let secret = has_secret.then(|| client_secret(secrets)).transpose()?;
        Ok(Self { id, secret })
    }

    /// The identifier with what the client proves itself with.
    pub(crate) fn credentials(&self, args: &ClientArgs) -> Result<Credentials, Failure> {
        if let Some(file) = &args.client_key {
            let mut key = Key::from_pem(&private_key::read(file)?, args.client_key_algorithm)?;
            if let Some(key_id) = &args.client_key_id {
                key = key.with_id(key_id);
            }
            return Ok(Credentials::with_assertion(
                &self.id,
                Assertion::client(key),
            ));
        }
        Ok(match &self.secret {
            Some(secret) => Credentials::new(&self.id, secret.clone()),
            None => Credentials::public(&self.id),
        })
    }
}

fn client_id(secrets: &mut Secrets) -> Result<String, Failure> {
    match variable(CLIENT_ID)? {
        Some(id) if !secrets.hides_client_id() => Ok(id),
        _ if secrets.has_stand_ins() => Ok(secrets.stand_in(CLIENT_ID).expose().to_owned()),
        Some(id) => Ok(id),
        None => ask(CLIENT_ID, || prompt("Client id: ")),
    }
}

/// Says that curl sends other bytes, where the client id or the secret has characters that are
/// encoded in HTTP Basic (RFC 6749 section 2.3.1).
pub(crate) fn note_encoding(auth: ClientAuth) {
    let is_plain = |text: String| {
        let mut bytes = text.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || b"*-._".contains(&byte))
    };
    let mut values = [CLIENT_ID, CLIENT_SECRET]
        .map(env::var)
        .into_iter()
        .flatten();
    let is_encoded = matches!(auth, ClientAuth::Auto | ClientAuth::Basic);
    if is_encoded && !values.all(is_plain) {
        print_error(
            "note: the client id or the secret has characters that are form-encoded in HTTP Basic \
             (RFC 6749 section 2.3.1); curl sends them as they are",
        );
    }
}

/// The client's secret.
pub(crate) fn client_secret(secrets: &mut Secrets) -> Result<Secret, Failure> {
    // Whether there is a secret makes a difference to the request.
    let value = variable(CLIENT_SECRET)?;
    if secrets.has_stand_ins() && value.as_deref() != Some("") {
        return Ok(secrets.stand_in(CLIENT_SECRET));
    }
    let secret = match value {
        Some(secret) => secret,
        None => ask(CLIENT_SECRET, || {
            rpassword::prompt_password("Client secret: ")
        })?,
    };
    let secret = Secret::from(secret);
    secrets.add(CLIENT_SECRET, &secret);
    Ok(secret)
}

/// A token that the caller holds, by the variable that has it.
pub(crate) fn token(name: &'static str, secrets: &mut Secrets) -> Result<Secret, Failure> {
    if secrets.has_stand_ins() {
        return Ok(secrets.stand_in(name));
    }
    let token = match variable(name)? {
        Some(token) => token,
        None => ask(name, || rpassword::prompt_password(format!("{name}: ")))?,
    };
    let token = Secret::from(token);
    secrets.add(name, &token);
    Ok(token)
}

/// Sets how the client authenticates, and the key that its tokens are bound to.
pub(crate) fn apply(args: &ClientArgs, settings: &mut Settings) -> Result<(), Failure> {
    if let Some(client_auth) = args.client_auth {
        settings.set_client_auth(client_auth);
    }
    if let Some(audience) = &args.audience {
        settings.set_audience(audience);
    }
    if let Some(key) = dpop(args)? {
        settings.set_dpop(key);
    }
    Ok(())
}

/// The key that tokens are bound to, if one is given.
pub(crate) fn dpop(args: &ClientArgs) -> Result<Option<DpopKey>, Failure> {
    let Some(file) = &args.dpop else {
        return Ok(None);
    };
    let key = Key::from_pem(&private_key::read(file)?, args.dpop_algorithm)?;
    Ok(Some(DpopKey::new(key)?))
}

/// The way to the server, with the client's certificate where it has one.
pub(crate) fn transport(args: &ClientArgs) -> Result<BlockingHyperTransport, Failure> {
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
pub(crate) fn secret(
    parameter: &str,
    name: &str,
    secrets: &mut Secrets,
) -> Result<Secret, Failure> {
    if secrets.has_stand_ins() && is_variable(name) {
        return Ok(secrets.stand_in(name));
    }
    let failed = |what: &str| {
        Failure::Failed(format!(
            "the environment variable of the secret parameter `{parameter}` is not {what}"
        ))
    };
    let value = variable_value(name).map_err(|()| failed("UTF-8"))?;
    let value = match value {
        Some(value) => value,
        None if io::stdin().is_terminal() => {
            let question = format!("Value of the secret parameter {parameter}: ");
            rpassword::prompt_password(question).map_err(|_| failed("set"))?
        }
        None => return Err(failed("set")),
    };
    let secret = Secret::from(value);
    secrets.add(name, &secret);
    Ok(secret)
}

/// Whether a text may be the name of a variable (POSIX.1-2017 section 8.1). A secret that is given
/// in its place is not printed.
fn is_variable(name: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(is_word) && !name.starts_with(|first: char| first.is_ascii_digit())
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

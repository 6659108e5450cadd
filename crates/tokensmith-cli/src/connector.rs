//! `tokensmith token --connector`: a client that is described by settings in a file.

use std::fs;
use std::path::Path;

use serde_yaml::Value;
use tokensmith_runtime::connector::{Connector, OAuth2};
use tokensmith_runtime::{Secret, Token};

use crate::args::{Output, TokenArgs};
use crate::failure::Failure;
use crate::output::Header;
use crate::secrets::Secrets;
use crate::{credentials, exchange, output};

/// Prints what the settings lead to: a token, or the header that they hold.
pub(crate) fn run(file: &Path, args: &TokenArgs) -> Result<(), Failure> {
    let output = Output::or_usual(args.output);
    let connector = read(file)?;
    let (secret, key, pattern) = match &connector {
        Connector::OAuth2(oauth2) => {
            let Some(token) = get(oauth2, args)? else {
                return Ok(());
            };
            let pattern = oauth2.header_value_pattern.as_deref();
            let header = Header {
                key: &oauth2.header_key,
                pattern: pattern.unwrap_or(output::usual_pattern(&token)),
                setting: pattern.map(|_| "header_value_pattern"),
            };
            return output::print_token(&token, output, &header);
        }
        Connector::Bearer(bearer) => (
            &bearer.token,
            &bearer.header_key,
            &bearer.header_value_pattern,
        ),
        Connector::ApiKey(api) => (&api.key, &api.header_key, &api.header_value_pattern),
        _ => {
            let (_, value) = connector.header(None)?;
            return print_known(output, || {
                output::print_carrier("Authorization", value.to_str().unwrap_or_default())
            });
        }
    };
    print_known(output, || {
        let setting = None;
        output::print_header(
            secret,
            &Header {
                key,
                pattern,
                setting,
            },
        )
    })
}

fn print_known(output: Output, print: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    if output == Output::Header {
        return print();
    }
    Err(Failure::Usage(
        "a connector of this kind asks for no token: print its header with --output header"
            .to_owned(),
    ))
}

fn read(file: &Path) -> Result<Connector, Failure> {
    let failed = |message: String| Failure::Failed(format!("{}: {message}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    let value: Value = serde_yaml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    // What is no name of a setting may be a secret, and the errors of serde quote it.
    let is_name = |key: &Value| {
        let name = key.as_str().unwrap_or_default();
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let has_names = value
        .as_mapping()
        .is_some_and(|settings| settings.keys().all(is_name));
    if !has_names {
        let message =
            "expected lines such as `client_id: abc`: a line is not a setting and its value";
        return Err(failed(message.to_owned()));
    }
    serde_yaml::from_value(value).map_err(|error| failed(error.to_string()))
}

fn get(oauth2: &OAuth2, args: &TokenArgs) -> Result<Option<Token>, Failure> {
    let mut oauth2 = oauth2.clone();
    let mut secrets = Secrets::new(&args.show);
    let auth = oauth2.client_authentication.unwrap_or_default();
    let has_none = auth.sends_identifier_only();
    match oauth2.client_secret.as_ref().map(Secret::expose) {
        Some("") => {}
        None if has_none => {}
        Some(_) if !secrets.has_stand_ins() => {
            let secret = oauth2.client_secret.iter();
            secret.for_each(|secret| secrets.add("TOKENSMITH_CLIENT_SECRET", secret));
        }
        _ => oauth2.client_secret = Some(credentials::client_secret(&mut secrets)?),
    }
    let allowed = args.source.allow_plain_http.iter().cloned();
    oauth2.plain_http_hosts.extend(allowed);
    let mut settings = oauth2.settings()?;
    if let Some(key) = credentials::dpop(&args.client)? {
        settings.set_dpop(key);
    }
    let transport = || credentials::transport(&args.client);
    exchange::send(settings, oauth2.request()?, transport, &args.show, &secrets)
}

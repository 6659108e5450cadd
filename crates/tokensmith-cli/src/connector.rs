//! `tokensmith token --connector`: a client that is described by settings in a file.

use std::fs;
use std::path::Path;

use serde::Deserialize as _;
use serde_yaml::Value;
use tokensmith_codegen::line_of;
use tokensmith_runtime::connector::{Carrier, Connector, OAuth2, SecretSetting, SettingError};
use tokensmith_runtime::{ConnectorMap, Token};

use crate::args::{Output, TokenArgs};
use crate::failure::Failure;
use crate::output::Header;
use crate::secrets::Secrets;
use crate::{credentials, exchange, output};

/// Prints what the settings lead to: a token, or the headers that they hold.
pub(crate) fn run(file: &Path, args: &TokenArgs) -> Result<(), Failure> {
    let output = Output::or_usual(args.output);
    let connector = read(file, args)?;
    if let Connector::OAuth2(oauth2) = &connector {
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
    if output != Output::Header {
        return Err(Failure::Usage(
            "a connector of this kind asks for no token: print its header with --output header"
                .to_owned(),
        ));
    }
    print_headers(&connector)
}

/// Prints the headers that need no token, each in a line.
fn print_headers(connector: &Connector) -> Result<(), Failure> {
    let failed = |message: String| Err(Failure::Failed(message));
    let carriers = connector.carriers(None)?;
    if carriers.is_empty() {
        return failed(
            "the connector has the kind `none`: its requests carry no header".to_owned(),
        );
    }
    let in_query = carriers.iter().find_map(|carrier| match carrier {
        Carrier::Query(name, _) => Some(name),
        _ => None,
    });
    if let Some(name) = in_query {
        return failed(format!(
            "the parameter `{name}` of the URL's query carries the key, not a header"
        ));
    }
    for (index, carrier) in carriers.iter().enumerate() {
        if let Carrier::Header(name, value) = carrier {
            let name = written_name(connector, index).unwrap_or(name.as_str());
            output::print_carrier(name, value.to_str().unwrap_or_default())?;
        }
    }
    Ok(())
}

/// The name of a header as the settings have it: the parsed one is in lower case.
fn written_name(connector: &Connector, index: usize) -> Option<&str> {
    match connector {
        Connector::Bearer(bearer) => Some(&bearer.header_key),
        Connector::Jwt(jwt) => Some(&jwt.header_key),
        Connector::ApiKey(api) => api.keys.get(index)?.header().map(|(name, _)| name),
        Connector::Basic(_) => Some("Authorization"),
        _ => None,
    }
}

/// Reads the connector of a file, or the one of several that `--connector-name` names, with the
/// secrets that it refers to.
fn read(file: &Path, args: &TokenArgs) -> Result<Connector, Failure> {
    let failed = |message: String| Failure::Failed(format!("{}: {message}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    let value: Value = serde_yaml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    // What is no name of a setting may be a secret, and the errors of serde quote it.
    let has_names = value
        .as_mapping()
        .is_some_and(|settings| settings.keys().all(Value::is_string));
    let lines = "expected lines such as `client_id: abc`: a line is not a setting and its value";
    if !has_names {
        return Err(failed(lines.to_owned()));
    }
    let value = serde_json::Value::deserialize(value).map_err(|_| failed(lines.to_owned()))?;
    let placed = |error: SettingError| {
        let line = line_of(&text, &error.pointer());
        failed(
            line.map_or(error.clone(), |line| error.at_line(line))
                .to_string(),
        )
    };
    let name = args.connector_name.as_deref();
    let connectors = match name {
        Some(_) => ConnectorMap::from_value(value).map_err(placed)?,
        None if is_several(&value) => {
            let message = "the file has several connectors: name one with --connector-name";
            return Err(failed(message.to_owned()));
        }
        None => {
            let connector = Connector::from_value(value).map_err(placed)?;
            return ready(connector, file, args).map_err(placed);
        }
    };
    let name = name.unwrap_or_default();
    let Some(connector) = connectors.get(name) else {
        let names: Vec<&str> = connectors.iter().map(|(name, _)| name).collect();
        let names = names.join(", ");
        return Err(failed(format!(
            "there is no connector `{name}`: the file has {names}"
        )));
    };
    let ready = ready(connector.clone(), file, args);
    ready.map_err(|error| placed(error.of_connector(name)))
}

/// Whether each value is settings of its own.
fn is_several(value: &serde_json::Value) -> bool {
    let mut members = value.as_object().into_iter().flatten().peekable();
    members.peek().is_some() && members.all(|(_, value)| value.is_object())
}

/// The connector with its secrets, checked. A client secret that has a stand-in is not read.
fn ready(
    mut connector: Connector,
    file: &Path,
    args: &TokenArgs,
) -> Result<Connector, SettingError> {
    if let (Connector::OAuth2(oauth2), false) = (&mut connector, args.show.sends())
        && let Some(secret @ (SecretSetting::Env(_) | SecretSetting::File(_))) =
            &mut oauth2.client_secret
    {
        *secret = "stand-in".into();
    }
    if let Connector::OAuth2(oauth2) = &mut connector {
        let allowed = args.grant.source.allow_plain_http.iter().cloned();
        oauth2.plain_http_hosts.extend(allowed);
    }
    connector.resolve(file.parent().unwrap_or(Path::new("")))?;
    connector.check()?;
    Ok(connector)
}

fn get(oauth2: &OAuth2, args: &TokenArgs) -> Result<Option<Token>, Failure> {
    let mut oauth2 = oauth2.clone();
    let mut secrets = Secrets::new(&args.show);
    let auth = oauth2.client_authentication.unwrap_or_default();
    let has_none = auth.sends_identifier_only();
    match &oauth2.client_secret {
        Some(SecretSetting::Text(secret)) if secret.is_empty() => {}
        None if has_none => {}
        Some(SecretSetting::Text(secret)) if !secrets.has_stand_ins() => {
            secrets.add("TOKENSMITH_CLIENT_SECRET", secret);
        }
        _ => oauth2.client_secret = Some(credentials::client_secret(&mut secrets)?.into()),
    }
    let mut settings = oauth2.settings()?;
    if let Some(key) = credentials::dpop(&args.grant.client)? {
        settings.set_dpop(key);
    }
    let transport = || credentials::transport(&args.grant.client);
    exchange::send(settings, oauth2.request()?, transport, &args.show, &secrets)
}

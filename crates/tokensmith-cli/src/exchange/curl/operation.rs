//! A token request as a document declares it, with a variable for each value of the caller.

use tokensmith_runtime::{
    BodyFormat, ClientAuth, Endpoint, Location, Operation, Parameter, ParameterKind,
};

use super::{Body, Command};
use crate::exchange::word::Word;

/// Returns the command that sends a token request.
///
/// `None` if the request has no body or a multipart body, if it has a parameter in two places, or if
/// the client authenticates in the query or in a header other than that of HTTP Basic.
pub(crate) fn command(
    url: &str,
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
) -> Option<String> {
    if !endpoint.method().has_body() || !endpoint.copies().is_empty() {
        return None;
    }
    let is_json = match endpoint.formats().first()? {
        BodyFormat::Form => false,
        BodyFormat::Json => true,
        BodyFormat::Multipart => return None,
    };
    let mut request = Request::default();
    if let Some(grant) = operation.grant_type() {
        let grant = Word::text(grant);
        request.add(endpoint.grant_type(), grant, endpoint.grant_location());
    }
    for parameter in operation.parameters().iter().filter(is_sent) {
        request.add_parameter(parameter, is_json);
    }
    request.authenticate(endpoint, operation)?;
    Some(request.write(url, endpoint, is_json))
}

/// Whether the example has a parameter: one that is required, or one that has a default.
fn is_sent(parameter: &&Parameter<'_>) -> bool {
    parameter.is_required() || parameter.default().is_some()
}

/// What a request consists of.
#[derive(Default)]
struct Request {
    /// Options that authenticate the client, ready for the shell.
    authentication: Vec<String>,
    headers: Vec<(String, Word)>,
    query: Vec<(String, Word)>,
    /// The parameters of the body, and whether JSON has the value without quotes.
    body: Vec<(String, Word, bool)>,
}

impl Request {
    fn add(&mut self, name: &str, value: Word, location: Location) {
        let name = name.to_owned();
        match location {
            Location::Body => self.body.push((name, value, false)),
            Location::Query => self.query.push((name, value)),
            Location::Header => self.headers.push((name, value)),
            // The URL has its variable.
            Location::Path => {}
        }
    }

    fn add_parameter(&mut self, parameter: &Parameter<'_>, is_json: bool) {
        let value = match (parameter.default(), parameter.values()) {
            (Some(value), _) | (None, &[value]) => Word::text(value),
            (None, _) => Word::variable(parameter.name()),
        };
        let (name, location) = (parameter.name(), parameter.location());
        if let Some((default, items)) = default_list(parameter) {
            if location == Location::Body && is_json {
                self.body.push((name.to_owned(), Word::text(default), true));
                return;
            }
            let items = match parameter.separator() {
                Some(separator) => vec![items.join(separator)],
                None => items,
            };
            for item in items {
                self.add(name, Word::text(&item), location);
            }
            return;
        }
        if location == Location::Body && is_json {
            let (value, is_bare) = json_value(value, parameter.kind());
            self.body.push((name.to_owned(), value, is_bare));
            return;
        }
        let prefix = Word::text(parameter.prefix());
        self.add(name, prefix.then(value), location);
    }

    /// Adds what authenticates the client. `None` if that is in the query or in another header.
    fn authenticate(&mut self, endpoint: &Endpoint<'_>, operation: &Operation<'_>) -> Option<()> {
        let (id, secret) = (endpoint.client_id(), endpoint.client_secret());
        let before = self.body.len();
        let mut names_client = true;
        match endpoint.client_auth() {
            ClientAuth::Auto | ClientAuth::Basic | ClientAuth::BasicRaw => {
                is_basic(endpoint)?;
                self.user("\"${TOKENSMITH_CLIENT_ID:?}:${TOKENSMITH_CLIENT_SECRET:?}\"");
                names_client = operation.names_client();
            }
            ClientAuth::BasicSecret => {
                is_basic(endpoint)?;
                self.user("\"${TOKENSMITH_CLIENT_SECRET:?}:\"");
                names_client = operation.names_client();
            }
            ClientAuth::Body => {
                self.add(
                    secret,
                    Word::named("TOKENSMITH_CLIENT_SECRET"),
                    Location::Body,
                );
            }
            ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt => {
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                let assertion = Word::variable("CLIENT_ASSERTION");
                self.add("client_assertion_type", Word::text(kind), Location::Body);
                self.add("client_assertion", assertion, Location::Body);
            }
            ClientAuth::AssertionSecret => {
                let assertion = Word::variable("CLIENT_ASSERTION");
                self.add(secret, assertion, Location::Body);
            }
            ClientAuth::TlsClientAuth => {
                let certificate = "--cert \"${CLIENT_CERTIFICATE:?}\"".to_owned();
                self.authentication.push(certificate);
            }
            ClientAuth::None => {}
            ClientAuth::Query | ClientAuth::Header | ClientAuth::Secret => return None,
        }
        if endpoint.client_id_location() != Location::Body {
            return None;
        }
        if names_client && !id.is_empty() {
            let name_and_value = (id.to_owned(), Word::named("TOKENSMITH_CLIENT_ID"), false);
            self.body.insert(before, name_and_value);
        }
        Some(())
    }

    fn user(&mut self, pair: &str) {
        self.authentication.push(format!("--user {pair}"));
    }

    fn write(self, url: &str, endpoint: &Endpoint<'_>, is_json: bool) -> String {
        let accept = ("Accept".to_owned(), Word::text(endpoint.accept()));
        let body = match is_json {
            true => Body::Json {
                media_type: endpoint.json_media_type().to_owned(),
                value: json_object(self.body),
            },
            false => Body::Form(without_marks(self.body)),
        };
        let command = Command {
            method: endpoint.method().as_str().to_owned(),
            url: Word::template(url),
            authentication: self.authentication,
            headers: [accept].into_iter().chain(self.headers).collect(),
            query: self.query,
            body,
        };
        command.write()
    }
}

fn without_marks(body: Vec<(String, Word, bool)>) -> Vec<(String, Word)> {
    let body = body.into_iter();
    body.map(|(name, value, _)| (name, value)).collect()
}

/// Returns `Some` if the scheme of the `Authorization` header is the one that `--user` sends.
fn is_basic(endpoint: &Endpoint<'_>) -> Option<()> {
    endpoint
        .auth_scheme()
        .eq_ignore_ascii_case("Basic")
        .then_some(())
}

/// The default of a list, which is JSON, and its items as texts.
fn default_list<'p>(parameter: &Parameter<'p>) -> Option<(&'p str, Vec<String>)> {
    let kind = parameter.kind();
    let is_list = matches!(kind, ParameterKind::TextList | ParameterKind::JsonList);
    let default = parameter.default().filter(|_| is_list)?;
    let items: Vec<serde_json::Value> = serde_json::from_str(default).ok()?;
    let items = items.iter().map(|item| match item.as_str() {
        Some(text) => text.to_owned(),
        None => item.to_string(),
    });
    Some((default, items.collect()))
}

/// A value in JSON, and whether it stands without quotes.
fn json_value(value: Word, kind: ParameterKind) -> (Word, bool) {
    let list = |inner: Word| Word::text("[").then(inner).then(Word::text("]"));
    match kind {
        ParameterKind::Text => (value, false),
        ParameterKind::TextList => (list(json_text(value)), true),
        ParameterKind::JsonList => (list(value), true),
        _ => (value, true),
    }
}

/// A JSON string. The value of a variable goes in as it is.
fn json_text(value: Word) -> Word {
    let escaped = value.map_text(|text| {
        let mut quoted = serde_json::Value::from(text).to_string();
        quoted.pop();
        quoted.split_off(1)
    });
    Word::text("\"").then(escaped).then(Word::text("\""))
}

fn json_object(body: Vec<(String, Word, bool)>) -> Word {
    let mut object = Word::text("{");
    for (index, (name, value, is_bare)) in body.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        let name = serde_json::Value::from(name);
        let value = if is_bare { value } else { json_text(value) };
        object = object
            .then(Word::text(&format!("{comma}{name}: ")))
            .then(value);
    }
    object.then(Word::text("}"))
}

#[cfg(all(test, unix))]
#[path = "tests.rs"]
mod tests;

//! What is sent: the Basic header, and whole requests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use tokensmith_runtime::{ClientAuth, EndpointKind};
use tokensmith_tests::parameters::{Parameters, form, form_decode};

use crate::Settings;
use crate::wire::{Exchange, Wire, texts};

/// Checks the Basic header of a client.
pub(crate) fn basic(input: &Map<String, Value>, expected: &Map<String, Value>) -> Vec<String> {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let raw = text("encoding").is_some_and(|encoding| encoding.starts_with("raw"));
    let header = |auth| {
        let exchange = Exchange {
            auth,
            // A vector about one value says nothing about the other.
            id: text("client_id")
                .or(text("value"))
                .unwrap_or("x")
                .to_owned(),
            secret: Some(text("client_secret").unwrap_or("x").to_owned()),
            ..Exchange::default()
        };
        let wire = Wire::with_token();
        exchange
            .run::<()>(&wire)
            .map_err(|error| error.to_string())?;
        let request = wire.sent().ok_or("nothing was sent")?;
        let header = request
            .headers()
            .get("authorization")
            .ok_or("there is no authorization")?;
        Ok::<_, String>(
            header
                .to_str()
                .map_err(|error| error.to_string())?
                .to_owned(),
        )
    };
    let chosen = if raw {
        ClientAuth::BasicRaw
    } else {
        ClientAuth::Basic
    };
    let mut differences = Vec::new();
    for (key, value) in expected {
        let auth = match key.as_str() {
            "authorization_correct_raw" => ClientAuth::BasicRaw,
            "authorization_correct_form" => ClientAuth::Basic,
            _ => chosen,
        };
        let header = match header(auth) {
            Ok(header) => header,
            Err(error) => return vec![error],
        };
        let wanted = value.as_str().unwrap_or_default();
        let met = match key.as_str() {
            "authorization" | "authorization_correct" => header == wanted,
            "authorization_correct_raw" | "authorization_correct_form" => header == wanted,
            "authorization_sent_by_source" => header != wanted,
            "credentials_before_base64" => decoded(&header).as_deref() == Some(wanted),
            "encoded" => {
                let credentials = decoded(&header).unwrap_or_default();
                credentials.split(':').next() == Some(wanted)
            }
            _ => return vec![format!("there is no check for {key}")],
        };
        if !met {
            differences.push(format!("{key}: expected {wanted}, sent {header}"));
        }
    }
    differences
}

fn decoded(header: &str) -> Option<String> {
    let bytes = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    String::from_utf8(bytes).ok()
}

/// Id and secret of a Basic header, or the header itself if it holds none: what a server reads.
fn read_credentials(header: &str) -> (String, String) {
    let pair = decoded(header).and_then(|text| {
        let (id, secret) = text.split_once(':')?;
        let decode = |text: &str| form_decode(text).unwrap_or_else(|_| text.to_owned());
        Some((decode(id), decode(secret)))
    });
    pair.unwrap_or_else(|| (header.to_owned(), String::new()))
}

/// Checks a whole request.
pub(crate) fn request(
    input: &Map<String, Value>,
    settings: &Settings,
    expected: &Map<String, Value>,
) -> Vec<String> {
    let exchange = match exchange(input, settings) {
        Ok(exchange) => exchange,
        Err(difference) => return vec![difference],
    };
    let wire = Wire::with_token();
    let outcome = exchange.run::<()>(&wire);
    let sent = wire.sent();
    if expected.contains_key("error_before_send") {
        return match (outcome, sent) {
            (Err(error), None) if !error.may_have_been_sent() => Vec::new(),
            (outcome, sent) => vec![format!("expected an error, sent {sent:?}: {outcome:?}")],
        };
    }
    let Some(sent) = sent else {
        return vec![format!("nothing was sent: {outcome:?}")];
    };
    let mut differences: Vec<_> = expected
        .iter()
        .filter_map(|(key, value)| compare(key, value, &sent))
        .collect();
    differences.extend(outcome.err().map(|error| error.to_string()));
    differences
}

fn exchange(input: &Map<String, Value>, settings: &Settings) -> Result<Exchange, String> {
    let mut exchange = Exchange {
        settings: settings.clone(),
        ..Exchange::default()
    };
    // A vector without authentication is one of a client that has none.
    exchange.auth = ClientAuth::None;
    for (key, value) in input {
        let text = value.as_str().map(str::to_owned);
        match (key.as_str(), text) {
            ("endpoint", Some(text)) => {
                exchange.endpoint = Some(match text.as_str() {
                    "device_authorization" => EndpointKind::DeviceAuthorization,
                    "introspection" => EndpointKind::Introspection,
                    "revocation" => EndpointKind::Revocation,
                    _ => return Err(format!("there is no endpoint {text}")),
                });
            }
            // What is not given is not there.
            ("password", None) if value.is_null() => {}
            ("client_id", Some(text)) => exchange.id = text,
            ("client_secret", text) => exchange.secret = text,
            // The vector's own short name of an extension grant (RFC 8693).
            ("grant", Some(text)) if text == "token-exchange" => {
                exchange.grant = Some(format!("urn:ietf:params:oauth:grant-type:{text}"));
            }
            ("grant", Some(text)) => exchange.grant = Some(text),
            ("auth", Some(text)) => {
                let auth = text.replace('_', "-").parse();
                exchange.auth = auth.map_err(|error| format!("{text}: {error}"))?;
            }
            ("body_encoding", Some(text)) => exchange.json = text == "json",
            ("outbound_url_scheme", Some(text)) => {
                exchange.server = Some(format!("{text}://server.example"));
            }
            ("scopes", None) => {
                for scope in value.as_array().into_iter().flatten() {
                    exchange.scopes.push(scope.as_str().unwrap_or_default());
                }
            }
            ("extra_params", None) => {
                texts(value).for_each(|(name, value)| exchange.extra.push(name, value));
            }
            ("headers", None) => {
                let headers = texts(value).map(|(name, value)| (name.into(), value.into()));
                exchange.headers = headers.collect();
            }
            (_, Some(text)) => exchange.texts.push((key.clone(), text)),
            (_, None) => {
                let list = value
                    .as_array()
                    .ok_or_else(|| format!("there is no way to set {key}"))?;
                let list = list.iter().filter_map(Value::as_str).map(str::to_owned);
                exchange.lists.push((key.clone(), list.collect()));
            }
        }
    }
    if exchange.id.is_empty() && exchange.secret.is_some() {
        exchange.id = "some-client".to_owned();
    }
    Ok(exchange)
}

/// What differs from one entry of an expectation.
fn compare(key: &str, value: &Value, sent: &http::Request<Vec<u8>>) -> Option<String> {
    let header = |name: &str| {
        sent.headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let fields = || form(&sent.body().clone()).map_err(|error| format!("{key}: {error}"));
    let result = match key {
        "method" => equal(sent.method().as_str(), value.as_str().unwrap_or_default()),
        "content_type" => equal(header("content-type").unwrap_or("none"), value.as_str()?),
        "headers" => texts(value).try_for_each(|(name, wanted)| match name {
            "authorization" => equal(
                &read_credentials(header(name).unwrap_or("none")),
                &read_credentials(wanted),
            ),
            _ => equal(header(name).unwrap_or("none"), wanted),
        }),
        "header_prefix" => texts(value).try_for_each(|(name, wanted)| {
            let found = header(name).unwrap_or("none");
            equal(&found.starts_with(wanted), &true)
        }),
        "headers_absent" => strings(value).try_for_each(|name| equal(&header(name), &None)),
        // The order is the source's: compared as a multimap under `body_params`.
        "body" => {
            let wanted = form(value.as_str()?.as_bytes());
            fields().and_then(|found| equal(&sorted(found), &sorted(wanted?)))
        }
        "body_params" => fields().and_then(|found| {
            let wanted = serde_json::from_value::<Parameters>(value.clone());
            equal(
                &sorted(found),
                &sorted(wanted.map_err(|error| error.to_string())?),
            )
        }),
        "body_json" => {
            let found = serde_json::from_slice::<Value>(sent.body());
            found
                .map_err(|error| error.to_string())
                .and_then(|found| equal(&found, value))
        }
        "body_param_equals" => fields().and_then(|found| {
            texts(value).try_for_each(|(name, wanted)| equal(&all(&found, name), &vec![wanted]))
        }),
        "body_param_lists" => fields().and_then(|found| {
            let lists = value.as_object().into_iter().flatten();
            lists.into_iter().try_for_each(|(name, wanted)| {
                equal(&all(&found, name), &strings(wanted).collect::<Vec<_>>())
            })
        }),
        "body_must_contain" => fields().and_then(|found| {
            strings(value).try_for_each(|name| equal(&all(&found, name).len(), &1))
        }),
        "body_must_not_contain" => fields().and_then(|found| {
            strings(value).try_for_each(|name| equal(&all(&found, name).len(), &0))
        }),
        _ => Err("there is no check for it".to_owned()),
    };
    result
        .err()
        .map(|difference| format!("{key}: {difference}"))
}

fn equal<T: PartialEq + std::fmt::Debug + ?Sized>(found: &T, wanted: &T) -> Result<(), String> {
    if found == wanted {
        Ok(())
    } else {
        Err(format!("expected {wanted:?}, sent {found:?}"))
    }
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn sorted(mut fields: Parameters) -> Parameters {
    fields.sort();
    fields
}

fn all<'a>(fields: &'a Parameters, name: &str) -> Vec<&'a str> {
    fields
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .collect()
}

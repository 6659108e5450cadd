//! An example of a request: which operation it is of, and which values it gives.

use serde_json::{Map, Value};

use super::Fault;
use crate::model::example::{CLIENT_ASSERTION, CLIENT_ID, CLIENT_SECRET, Client, RequestExample};
use crate::model::sample;
use crate::model::{
    BodyFormat, ClientAuth, Endpoint, EndpointKind, Location, Operation, Parameter, ParameterKind,
    Scalar, rfc,
};
use crate::openapi::media::Example;

const ASSERTION: &str = "client_assertion";
const ASSERTION_TYPE: &str = "client_assertion_type";
/// RFC 7523, section 2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) fn read(
    example: &Example<'_>,
    format: BodyFormat,
    endpoint: &Endpoint,
) -> Result<RequestExample, Fault> {
    let members = example
        .value
        .as_object()
        .ok_or_else(|| Fault::new("it is not an object"))?;
    // What is null is not sent.
    let members: Map<String, Value> = members
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let at = operation(&members, example.name, endpoint)?;
    let operation = &endpoint.operations[at];
    let mut body = Map::new();
    if let Some(grant) = &operation.grant
        && is_grant_in_body(endpoint)
    {
        body.insert(
            endpoint.attributes.grant_type.0.clone(),
            Value::from(grant.as_str()),
        );
    }
    let client = client(&members, endpoint, operation, &mut body)?;
    let mut parameters = Vec::new();
    for parameter in &operation.parameters {
        if !endpoint.has_in_body(parameter) {
            if parameter.is_argument() && sample::value(parameter).is_none() {
                return Err(Fault::new(format!(
                    "`{}` has to be given beside it, and no value is known that it takes",
                    parameter.wire
                )));
            }
            continue;
        }
        let name = &parameter.wire;
        match (members.get(name), parameter.sent_default()) {
            (Some(value), _) => {
                let (value, sent) = given(parameter, value, format)?;
                body.insert(name.clone(), sent);
                parameters.push((name.clone(), value));
            }
            (None, Some(default)) => {
                let (_, sent) = given(parameter, &Value::from(default), BodyFormat::Form)?;
                body.insert(name.clone(), sent);
            }
            (None, None) if parameter.required => {
                return Err(Fault::new(format!(
                    "it lacks `{name}`, which must be there"
                )));
            }
            (None, None) => {}
        }
    }
    let extra = extra(&members, (endpoint, operation), format, &mut body)?;
    Ok(RequestExample {
        name: example.name.to_owned(),
        operation: at,
        format,
        client,
        parameters,
        extra,
        body,
    })
}

/// What no parameter is declared for, and what that puts into the body.
fn extra(
    members: &Map<String, Value>,
    (endpoint, operation): (&Endpoint, &Operation),
    format: BodyFormat,
    body: &mut Map<String, Value>,
) -> Result<Vec<(String, String)>, Fault> {
    let mut extra = Vec::new();
    for (name, value) in members {
        if is_of_runtime(name, endpoint, operation) || body.contains_key(name) {
            continue;
        }
        let text = match (value, format) {
            (Value::String(text), _) => text.clone(),
            (Value::Number(_) | Value::Bool(_), BodyFormat::Form | BodyFormat::Multipart) => {
                value.to_string()
            }
            _ => return Err(Fault::at(name, format!("`{name}` is declared nowhere"))),
        };
        body.insert(name.clone(), Value::from(text.as_str()));
        extra.push((name.clone(), text));
    }
    Ok(extra)
}

/// Which of the endpoint's operations it is of; `called` is the name of the example.
fn operation(
    members: &Map<String, Value>,
    called: &str,
    endpoint: &Endpoint,
) -> Result<usize, Fault> {
    let name = &endpoint.attributes.grant_type.0;
    let grant = members.get(name).and_then(Value::as_str);
    let found = endpoint
        .operations
        .iter()
        .position(|operation| grant.is_some() && operation.grant.as_deref() == grant);
    match (found, grant, endpoint.operations.as_slice()) {
        (Some(found), _, _) => Ok(found),
        (None, Some(_), [only]) if only.grant.is_none() => Ok(0),
        (None, Some(grant), _) => Err(Fault::at(
            name,
            format!("the endpoint takes no grant `{}`", grant.escape_debug()),
        )),
        (None, None, [_]) => Ok(0),
        (None, None, several) if !is_grant_in_body(endpoint) => {
            // No body has it, and the name of the example may be the grant.
            let called = called.strip_prefix(name.as_str()).unwrap_or(called);
            let is_called = |operation: &Operation| {
                let grant = operation.grant.as_deref();
                grant.is_some_and(|grant| rfc::is_same_grant(called, grant))
            };
            several.iter().position(is_called).ok_or_else(|| {
                Fault::new(format!(
                    "`{name}` is not in the body, and the name of the example is the value of no grant"
                ))
                .help("name the example after its grant:\nexamples: {password: {value: ..}}".to_owned())
            })
        }
        (None, None, _) => Err(Fault::new(format!("it has no `{name}`"))),
    }
}

/// Whether the grant is a member of the body, and not in the URL.
fn is_grant_in_body(endpoint: &Endpoint) -> bool {
    let (name, location) = &endpoint.attributes.grant_type;
    let mut paths = endpoint.paths.iter();
    *location == Location::Body
        && !paths.any(|choice| {
            let query = choice.path.split_once('?').map_or("", |(_, query)| query);
            query
                .split('&')
                .any(|pair| pair.split('=').next() == Some(name))
        })
}

/// Whether the client sends the parameter by itself.
fn is_of_runtime(name: &str, endpoint: &Endpoint, operation: &Operation) -> bool {
    let names = &endpoint.attributes.authentication;
    let is_grant = name == endpoint.attributes.grant_type.0 && operation.grant.is_some();
    is_grant
        || (name == names.client_id
            || name == names.client_secret
            || [ASSERTION, ASSERTION_TYPE].contains(&name))
            && operation
                .parameters
                .iter()
                .all(|parameter| parameter.wire != name)
}

/// Who asks, and what that puts into the body.
fn client(
    members: &Map<String, Value>,
    endpoint: &Endpoint,
    operation: &Operation,
    body: &mut Map<String, Value>,
) -> Result<Client, Fault> {
    let names = &endpoint.attributes.authentication;
    let member = |name: &str| {
        members
            .get(name)
            .filter(|_| is_of_runtime(name, endpoint, operation))
            .map(|value| {
                // Requests have a number as a text, which is told.
                let text = match value {
                    Value::Number(number) => Some(number.to_string()),
                    value => value.as_str().map(str::to_owned),
                };
                text.filter(|text| !text.is_empty())
                    .ok_or_else(|| Fault::at(name, format!("`{name}` is not a string")))
            })
            .transpose()
    };
    let (id, secret) = (member(&names.client_id)?, member(&names.client_secret)?);
    let assertion = member(ASSERTION)?;
    if member(ASSERTION_TYPE)?.is_some_and(|kind| kind != JWT_BEARER) {
        let message = format!("`{ASSERTION_TYPE}` is another than `{JWT_BEARER}`");
        return Err(Fault::at(ASSERTION_TYPE, message));
    }
    let mut put = |name: &str, value: &str| {
        let is_apart = name == names.client_id && names.id_location.is_some();
        if name.is_empty() || is_apart {
            return;
        }
        body.insert(name.to_owned(), Value::from(value));
    };
    let signs = names.method.sends_client_assertion();
    let known = || id.clone().unwrap_or_else(|| CLIENT_ID.to_owned());
    match (secret, assertion) {
        (Some(secret), _) => {
            put(&names.client_id, &known());
            put(&names.client_secret, &secret);
            Ok(Client::Secret {
                id: known(),
                secret,
            })
        }
        (None, assertion) if signs || assertion.is_some() => {
            let assertion = assertion.unwrap_or_else(|| CLIENT_ASSERTION.to_owned());
            put(&names.client_id, &known());
            put(ASSERTION_TYPE, JWT_BEARER);
            put(ASSERTION, &assertion);
            Ok(Client::Assertion {
                id: known(),
                assertion,
            })
        }
        (None, _) => match (id, names.method) {
            (Some(id), _) => {
                put(&names.client_id, &id);
                Ok(Client::Public { id })
            }
            (None, method) if method.sends_identifier_only() => {
                put(&names.client_id, CLIENT_ID);
                Ok(Client::Public {
                    id: CLIENT_ID.to_owned(),
                })
            }
            (None, ClientAuth::Body) => {
                put(&names.client_id, CLIENT_ID);
                put(&names.client_secret, CLIENT_SECRET);
                Ok(Client::Elsewhere)
            }
            (None, _) => {
                // A pushed request has it in any case (RFC 9126, section 2.1).
                let is_pushed = endpoint.kind == EndpointKind::PushedAuthorization;
                if is_pushed || endpoint.is_copied(&names.client_id, Location::Body) {
                    put(&names.client_id, CLIENT_ID);
                }
                Ok(Client::Elsewhere)
            }
        },
    }
}

/// The value as the parameter's type has it, and as it is sent.
pub(super) fn given(
    parameter: &Parameter,
    value: &Value,
    format: BodyFormat,
) -> Result<(Value, Value), Fault> {
    let name = &parameter.wire;
    let wrong = |what: &str| Fault::at(name, format!("`{name}` is {what}"));
    let is_form = format != BodyFormat::Json;
    let text = match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) if is_form => Some(value.to_string()),
        _ => None,
    };
    let same = |value: Value| (value.clone(), value);
    let fitting = |text: &String| {
        if sample::fits(parameter, text) {
            Ok(())
        } else {
            Err(wrong("outside its limits"))
        }
    };
    match &parameter.kind {
        ParameterKind::Text | ParameterKind::Assertion | ParameterKind::Enum(_) => {
            let text = text.ok_or_else(|| wrong("no text"))?;
            fitting(&text)?;
            Ok(same(Value::from(text)))
        }
        ParameterKind::Scopes { list } => match (text, value) {
            (Some(text), _) if *list && !is_form => {
                Ok((Value::from(text.as_str()), Value::from([text])))
            }
            (Some(text), _) => Ok(same(Value::from(text))),
            (None, Value::Array(items)) if *list && items.iter().all(Value::is_string) => {
                Ok(same(value.clone()))
            }
            _ => Err(wrong("no scope")),
        },
        ParameterKind::TextList => match (text, value) {
            (Some(text), _) => Ok(same(Value::from([text]))),
            (None, Value::Array(items)) if items.iter().all(Value::is_string) => {
                Ok(same(value.clone()))
            }
            _ => Err(wrong("no list of texts")),
        },
        ParameterKind::ScalarList { item, .. } => {
            let read = |value: &Value| scalar(*item, value, is_form);
            let items = match value {
                Value::Array(items) => items.iter().map(read).collect(),
                one => read(one).map(|one| vec![one]),
            };
            let items = items.ok_or_else(|| wrong("no such list"))?;
            Ok(same(Value::from(items)))
        }
        ParameterKind::Integer => {
            let number = match value {
                Value::String(text) if is_form => text.parse().ok(),
                other => other.as_i64(),
            };
            let number = number.ok_or_else(|| wrong("no whole number"))?;
            fitting(&number.to_string())?;
            Ok(same(Value::from(number)))
        }
        ParameterKind::Number => {
            let number = match value {
                Value::String(text) if is_form => text.parse().ok(),
                other => other.as_f64(),
            };
            // `inf` reads as a number, and JSON has none of it.
            let number = number.filter(|number: &f64| number.is_finite());
            let number = number.ok_or_else(|| wrong("no number"))?;
            fitting(&number.to_string())?;
            Ok(same(Value::from(number)))
        }
        ParameterKind::Boolean => {
            let boolean = match value {
                Value::String(text) if is_form => text.parse().ok(),
                other => other.as_bool(),
            };
            boolean
                .map(|boolean| same(Value::from(boolean)))
                .ok_or_else(|| wrong("neither true nor false"))
        }
        ParameterKind::Json { .. } => Ok(same(value.clone())),
    }
}

/// An item of a list in its own type; in a form it may be written as a text.
fn scalar(item: Scalar, value: &Value, is_form: bool) -> Option<Value> {
    let text = value.as_str().filter(|_| is_form);
    match item {
        Scalar::Integer => {
            let number = value.as_i64().or_else(|| text?.parse().ok());
            number.map(Value::from)
        }
        Scalar::Number => {
            let number = value.as_f64().or_else(|| text?.parse().ok());
            let number = number.filter(|number: &f64| number.is_finite());
            number.map(Value::from)
        }
        Scalar::Boolean => {
            let boolean = value.as_bool().or_else(|| text?.parse().ok());
            boolean.map(Value::from)
        }
    }
}

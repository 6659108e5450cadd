//! A request without a body, by the examples of its parameters.

use serde_json::{Map, Value};

use super::request::given;
use crate::model::example::{CLIENT_ID, CLIENT_SECRET, Client, RequestExample};
use crate::model::sample;
use crate::model::{BodyFormat, ClientAuth, Endpoint, Location, Operation};

/// The request that has the examples of the parameters of the query; nothing where none has one, or where what is sent does not
/// follow from them.
pub(super) fn of(
    endpoint: &Endpoint,
    (at, operation): (usize, &Operation),
) -> Option<RequestExample> {
    let (grant_type, grant_location) = &endpoint.attributes.grant_type;
    let has_query = endpoint
        .paths
        .iter()
        .any(|choice| choice.path.contains('?'));
    if has_query || !endpoint.attributes.copies.is_empty() {
        return None;
    }
    let mut query = Map::new();
    if let Some(grant) = &operation.grant {
        if !matches!(grant_location, Location::Body | Location::Query) {
            return None;
        }
        query.insert(grant_type.clone(), Value::from(grant.as_str()));
    }
    let client = client(endpoint, &mut query)?;
    let mut parameters = Vec::new();
    for parameter in &operation.parameters {
        let is_in_query = matches!(parameter.location, Location::Body | Location::Query);
        let example = parameter.example.as_deref().filter(|_| is_in_query);
        match (example, parameter.sent_default()) {
            (Some(example), _) => {
                let (value, sent) =
                    given(parameter, &Value::from(example), BodyFormat::Form).ok()?;
                query.insert(parameter.wire.clone(), sent);
                parameters.push((parameter.wire.clone(), value));
            }
            (None, _) if parameter.random_uuid && is_in_query => return None,
            (None, Some(default)) if is_in_query => {
                let (_, sent) = given(parameter, &Value::from(default), BodyFormat::Form).ok()?;
                query.insert(parameter.wire.clone(), sent);
            }
            (None, _) if parameter.is_argument() => {
                let value = sample::value(parameter)?;
                if is_in_query {
                    query.insert(parameter.wire.clone(), value);
                }
            }
            _ => {}
        }
    }
    (!parameters.is_empty()).then(|| RequestExample {
        name: String::new(),
        operation: at,
        format: BodyFormat::Form,
        client,
        parameters,
        extra: Vec::new(),
        body: query,
    })
}

/// Who asks, and what that puts into the query.
fn client(endpoint: &Endpoint, query: &mut Map<String, Value>) -> Option<Client> {
    let authentication = &endpoint.attributes.authentication;
    if authentication.id_location.is_some() {
        return None;
    }
    let mut put = |name: &str, value: &str| {
        if !name.is_empty() {
            query.insert(name.to_owned(), Value::from(value));
        }
    };
    match authentication.method {
        ClientAuth::Auto | ClientAuth::Basic | ClientAuth::BasicRaw | ClientAuth::Header => {
            Some(Client::Elsewhere)
        }
        ClientAuth::Body | ClientAuth::Query => {
            put(&authentication.client_id, CLIENT_ID);
            put(&authentication.client_secret, CLIENT_SECRET);
            Some(Client::Elsewhere)
        }
        ClientAuth::None => {
            put(&authentication.client_id, CLIENT_ID);
            let id = CLIENT_ID.to_owned();
            Some(Client::Public { id })
        }
        _ => None,
    }
}

//! What is encoded is what a decoder of someone else's reads.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value};
use tokensmith_runtime::{
    BodyFormat, ClientAuth, Endpoint, EndpointKind, Location, Operation, Parameter, ParameterKind,
    TokenRequest,
};
use url::Url;

use crate::{sent, settings, text};

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);
static ANY: Operation<'static> = Operation::grant("any");

/// The identifier of a client: without one, no authentication is in the body.
fn named() -> impl Strategy<Value = String> {
    text().prop_filter("none", |id| !id.is_empty())
}

/// Names that the client does not send itself, each with its values.
fn parameters() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    let name = text().prop_filter("the client's own", |name| {
        !name.starts_with("client_") && name != "grant_type"
    });
    btree_map(name, vec(text(), 1..3), 0..6)
}

fn request<'a>(
    endpoint: &'a Endpoint<'a>,
    operation: &'a Operation<'a>,
    parameters: &BTreeMap<String, Vec<String>>,
) -> TokenRequest<'a> {
    let pairs = pairs(parameters).into_iter();
    pairs.fold(
        TokenRequest::new(endpoint, operation),
        |request, (name, value)| request.parameter(name, value),
    )
}

fn pairs(parameters: &BTreeMap<String, Vec<String>>) -> Vec<(String, String)> {
    let pairs = parameters
        .iter()
        .flat_map(|(name, values)| values.iter().map(|value| (name.clone(), value.clone())));
    pairs.collect()
}

fn owned(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The form decoding of RFC 6749 appendix B.
fn form_decoded(text: &str) -> String {
    let text = text.replace('+', "%20");
    percent_decode_str(&text)
        .decode_utf8()
        .unwrap()
        .into_owned()
}

proptest! {
    #[test]
    fn a_form(parameters in parameters(), id in named(), secret in text()) {
        let request = request(&TOKEN, &ANY, &parameters);
        let sent = sent(&settings(&id, &secret, ClientAuth::Body), &request).unwrap();
        let mut expected = vec![owned("grant_type", "any")];
        expected.extend(pairs(&parameters));
        let credentials = [("client_id", id), ("client_secret", secret)];
        let given = credentials.iter().filter(|(_, value)| !value.is_empty());
        expected.extend(given.map(|(name, value)| owned(name, value)));
        let body = String::from_utf8(sent.into_body()).unwrap();
        let read = body.split('&').map(|pair| pair.split_once('=').unwrap());
        let read: Vec<_> = read
            .map(|(name, value)| (form_decoded(name), form_decoded(value)))
            .collect();
        prop_assert_eq!(&read, &expected);
        let url = Url::parse(&format!("https://auth.example.com/?{body}")).unwrap();
        let read: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(&read, &expected);
    }

    #[test]
    fn json(parameters in parameters(), id in named(), secret in text()) {
        let request = request(&TOKEN, &ANY, &parameters);
        let mut settings = settings(&id, &secret, ClientAuth::Body);
        settings.set_format(BodyFormat::Json);
        let sent = sent(&settings, &request).unwrap();
        let mut expected = Map::new();
        expected.insert("grant_type".to_owned(), "any".into());
        for (name, values) in parameters {
            let value = match values.as_slice() {
                [value] => value.as_str().into(),
                values => values.into(),
            };
            expected.insert(name, value);
        }
        for (name, value) in [("client_id", id), ("client_secret", secret)] {
            if !value.is_empty() {
                expected.insert(name.to_owned(), value.into());
            }
        }
        let read: Value = serde_json::from_slice(sent.body()).unwrap();
        prop_assert_eq!(read, Value::Object(expected));
    }

    #[test]
    fn a_query(parameters in parameters()) {
        let declared: Vec<_> = parameters
            .iter()
            .map(|(name, values)| {
                let kind = match values.len() {
                    1 => ParameterKind::Text,
                    _ => ParameterKind::TextList,
                };
                Parameter::new(name).with_kind(kind).with_location(Location::Query)
            })
            .collect();
        let operation = Operation::grant("any").with_parameters(&declared);
        let endpoint = Endpoint::new(EndpointKind::Token, &["/token/?fixed=%2F"]);
        let request = request(&endpoint, &operation, &parameters);
        let sent = sent(&settings("id", "secret", ClientAuth::Basic), &request).unwrap();
        let url = Url::parse(&sent.uri().to_string()).unwrap();
        let mut expected = vec![owned("fixed", "/")];
        expected.extend(pairs(&parameters));
        let read: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(read, expected);
        prop_assert_eq!(url.path(), "/token/");
        prop_assert_eq!(url.host_str(), Some("auth.example.com"));
        prop_assert_eq!(sent.body(), b"grant_type=any");
    }

    #[test]
    fn a_path(value in text()) {
        prop_assume!(!["", ".", ".."].contains(&value.as_str()));
        static DECLARED: [Parameter<'static>; 1] = [Parameter::new("tenant").with_location(Location::Path)];
        static OPERATION: Operation<'static> = Operation::new().with_parameters(&DECLARED);
        static ENDPOINT: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/a/{tenant}/token"]);
        let request = TokenRequest::new(&ENDPOINT, &OPERATION).parameter("tenant", &value);
        let sent = sent(&settings("id", "secret", ClientAuth::Basic), &request).unwrap();
        let url = Url::parse(&sent.uri().to_string()).unwrap();
        let segments: Vec<_> = url.path_segments().unwrap().collect();
        prop_assert_eq!(segments.len(), 3, "{}", url);
        prop_assert_eq!(percent_decode_str(segments[1]).decode_utf8().unwrap(), value);
        prop_assert_eq!((segments[0], segments[2], url.query()), ("a", "token", None));
    }

    #[test]
    fn basic(id in text(), secret in text().prop_filter("none", |secret| !secret.is_empty())) {
        for style in [ClientAuth::Basic, ClientAuth::BasicRaw] {
            let request = TokenRequest::new(&TOKEN, &ANY);
            let sent = sent(&settings(&id, &secret, style), &request);
            // Whoever reads it would take another part for the identifier.
            if style == ClientAuth::BasicRaw && id.contains(':') {
                prop_assert!(sent.is_err());
                continue;
            }
            let sent = sent.unwrap();
            let header = sent.headers()["authorization"].to_str().unwrap();
            let pair = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
            let pair = String::from_utf8(pair).unwrap();
            let (user, password) = pair.split_once(':').unwrap();
            if style == ClientAuth::BasicRaw {
                prop_assert_eq!((user, password), (&*id, &*secret));
            } else {
                prop_assert_eq!((form_decoded(user), form_decoded(password)), (id.clone(), secret.clone()));
            }
            prop_assert_eq!(sent.body(), b"grant_type=any");
        }
    }
}

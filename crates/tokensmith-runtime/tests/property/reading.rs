//! A usable token is read whatever is beside it, and nothing that comes back does harm.

use http::Response;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use tokensmith_runtime::{
    ClientAuth, Endpoint, EndpointKind, Error, Operation, Token, TokenRequest,
};

use crate::{received, settings, text};

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_access_token(&["/access_token", "/data/0/access_token"]);
static ANY: Operation<'static> = Operation::grant("any");

fn read(response: Response<Vec<u8>>) -> Result<Token, Error> {
    let settings = settings("id", "secret", ClientAuth::Basic);
    received(&settings, &TokenRequest::new(&TOKEN, &ANY), response)
}

fn read_body(body: impl Into<Vec<u8>>) -> Result<Token, Error> {
    read(Response::new(body.into()))
}

fn usable() -> impl Strategy<Value = String> {
    text().prop_filter("empty or damaged", |token| {
        !token.is_empty() && !token.contains(char::REPLACEMENT_CHARACTER)
    })
}

/// A name that decides about nothing, as likely as not one that means something.
fn name() -> impl Strategy<Value = String> {
    let known = [
        "expires_in",
        "scope",
        "token_type",
        "refresh_token",
        "id_token",
        "data",
        "error_description",
    ];
    let name = prop_oneof![select(known.to_vec()).prop_map(str::to_owned), text()];
    name.prop_filter("it decides", |name| {
        name != "access_token" && name != "error"
    })
}

fn json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name(), inner), 0..4).prop_map(Value::from_iter),
        ]
    })
}

/// The text of a value, which may be none in JSON.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let odd: Vec<&[u8]> = vec![
        b"1e999",
        b"-1e999",
        b"NaN",
        b"-Infinity",
        b"undefined",
        b"True",
        b"007",
        b"\"\\ud800\"",
        b"\"\\udc00\\ud800\"",
        b"\"\\'\"",
        b"\"\\u12\"",
        b"\"a\tb\r\n\0\"",
        b"\"\xff\xfe\"",
        b"[1,]",
        b"{\"access_token\":1,}",
    ];
    let deep = (1_usize..400).prop_map(|depth| {
        let text = format!("{}{}", "[{\"a\":".repeat(depth), "}]".repeat(depth));
        text.replace(":}", ":1}").into_bytes()
    });
    prop_oneof![
        json().prop_map(|value| value.to_string().into_bytes()),
        select(odd).prop_map(<[u8]>::to_vec),
        deep,
    ]
}

/// An object with a token in it.
fn object(token: &str, members: &[(String, Vec<u8>)], at: usize) -> Vec<u8> {
    let mut parts: Vec<_> = members
        .iter()
        .map(|(name, value)| {
            let name = Value::from(name.as_str());
            [name.to_string().as_bytes(), b" :\n", value].concat()
        })
        .collect();
    let token = format!("\"access_token\":{}", Value::from(token));
    parts.insert(at % (parts.len() + 1), token.into_bytes());
    [b"{", parts.join(&b',').as_slice(), b" }"].concat()
}

/// Pieces that responses are made of, in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&[u8]> = vec![
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b"\"",
        b"\\",
        b"\\u",
        b"\\ud83d",
        b"d800",
        b"1e999",
        b"-",
        b"null",
        b"\"access_token\":",
        b"\"t\"",
        b"\"data\":",
        b"\"error\":",
        b"\"expires_in\":",
        b"access_token=t",
        b"&",
        b"=",
        b"%",
        b"%f",
        b"+",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\n",
        b"Bearer ",
        b"error=",
        b"\"x\"",
        b"[[[[[[[[",
    ];
    let piece = prop_oneof![
        4 => select(known).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..8),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The later parts of a form, in which neither the token nor an error is named.
fn later() -> impl Strategy<Value = Vec<u8>> {
    pieces().prop_filter("it decides", |later| {
        let mut names = form_urlencoded::parse(later).map(|(name, _)| name);
        names.all(|name| name != "access_token" && name != "error")
    })
}

proptest! {
    #[test]
    fn the_token_is_read_whatever_is_beside_it(
        token in usable(),
        members in vec((name(), value()), 0..8),
        at in any::<usize>(),
    ) {
        let body = object(&token, &members, at);
        let read = read_body(body.clone());
        let read = read.map_err(|error| TestCaseError::fail(format!("{error}: {}", body.escape_ascii())))?;
        prop_assert_eq!(read.access_token.expose(), token);
    }

    #[test]
    fn what_breaks_off_holds_no_token(
        token in usable(),
        members in vec((name(), value()), 0..4),
        at in any::<usize>(),
        end in any::<proptest::sample::Index>(),
    ) {
        let mut body = object(&token, &members, at);
        body.truncate(end.index(body.len()));
        prop_assert!(read_body(body).is_err());
    }

    #[test]
    fn a_form_is_read_whatever_comes_later(token in usable(), later in later()) {
        let encoded: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
        let body = [b"access_token=", encoded.as_bytes(), b"&", &later].concat();
        let read = read_body(body).unwrap();
        prop_assert_eq!(read.access_token.expose(), token);
    }

    #[test]
    fn whatever_comes_back_ends_in_a_token_or_an_error(
        status in 100_u16..1000,
        header in pieces(),
        body in pieces(),
    ) {
        let mut response = Response::builder().status(status);
        if let Ok(value) = http::HeaderValue::from_bytes(&header) {
            response = response.header("www-authenticate", value);
        }
        match read(response.body(body).unwrap()) {
            Ok(token) => prop_assert!((200..300).contains(&status) && !token.access_token.is_empty()),
            Err(error) => prop_assert_eq!(error.status(), Some(status)),
        }
    }
}

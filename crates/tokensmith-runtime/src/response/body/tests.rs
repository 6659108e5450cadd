use serde::Deserialize;
use serde_json::{Value, json};

use super::{Body, parse};

fn parsed(body: &[u8]) -> Option<Value> {
    parse(body).ok().map(|parsed| parsed.value)
}

#[test]
fn json_comes_first_whatever_it_is_called() {
    assert_eq!(parsed(b"\xef\xbb\xbf {\"a\": 1} \n"), Some(json!({"a": 1})));
    assert_eq!(parsed(b"\"a=b\""), Some(json!("a=b")));
    assert_eq!(
        parsed(b"{\"a\":\"\xff\",\"b\":1}"),
        Some(json!({"a": "\u{fffd}", "b": 1}))
    );
}

#[test]
fn an_odd_part_costs_no_token() {
    assert_eq!(
        parsed(b"access_token=t&user[id]=1&user%5Bname%5D=x"),
        Some(json!({"access_token": "t", "user[id]": "1", "user[name]": "x"}))
    );
    assert_eq!(
        parsed(b"access_token=t&foo&=&scope=a"),
        Some(json!({"access_token": "t", "foo": "", "": "", "scope": "a"}))
    );
}

#[test]
fn a_form_has_names_that_parameters_could_have() {
    assert_eq!(
        parsed(b"a=1&b.c-d_e=x+y%20z&a=2&&f="),
        Some(json!({"a": "2", "b.c-d_e": "x y z", "f": ""}))
    );
    let no_forms: [&[u8]; 9] = [
        b"",
        b"&",
        b"not_json",
        b"<html lang=en>",
        b"what = this",
        b"=1",
        b"foo&access_token=t",
        b"Sign in & try again: code=4",
        b"https://example.com/?access_token=t",
    ];
    for body in no_forms {
        assert_eq!(parsed(body), None, "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn nothing_that_is_hostile_panics() {
    let deep = "[".repeat(100_000);
    assert_eq!(parsed(deep.as_bytes()), None);
    assert_eq!(
        parsed(b"a=%ff%&b=%"),
        Some(json!({"a": "\u{fffd}%", "b": "%"}))
    );
}

#[test]
fn a_declared_body_is_read_leniently() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Declared {
        scope: Option<String>,
        retries: Option<i64>,
    }
    let body = Body::new(Some(json!({"scope": {"odd": true}, "retries": "3"})));
    let expected = Declared {
        scope: None,
        retries: Some(3),
    };
    assert_eq!(body.read::<Declared>(), Some(expected));
    assert_eq!(Body::new(Some(json!("text"))).read::<Declared>(), None);
    assert_eq!(Body::new(None).read::<Declared>(), None);
}

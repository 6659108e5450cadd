use serde_json::{Value, json};

use super::{COMMA, CONTROL, DEEP, DEPTH, LOST, MORE, NAMED, SCALAR, repair};

/// What a text is repaired to, with the pointer and the message of each oddity.
fn repaired(text: impl AsRef<[u8]>) -> Option<(Value, Vec<(String, &'static str)>)> {
    let (text, oddities) = repair(text.as_ref())?;
    let named = oddities.into_iter().map(|odd| (odd.pointer, odd.message));
    Some((serde_json::from_str(&text).ok()?, named.collect()))
}

#[track_caller]
fn check(text: impl AsRef<[u8]>, value: Value, oddities: &[(&str, &'static str)]) {
    let owned = |(pointer, message): &(&str, &'static str)| ((*pointer).to_owned(), *message);
    let expected = (value, oddities.iter().map(owned).collect());
    let text = text.as_ref();
    assert_eq!(repaired(text), Some(expected), "{}", text.escape_ascii());
}

#[test]
fn a_value_that_is_none_becomes_null_and_is_kept_beside() {
    check(
        r#"{"a": 1e999, "b/~": [1, NaN, -Infinity], "c": {"d": 007, "e": True}, "f": 1e3}"#,
        json!({"a": null, "b/~": [1, null, null], "c": {"d": null, "e": null}, "f": 1e3}),
        &[
            ("/a", SCALAR),
            ("/b~1~0/1", SCALAR),
            ("/b~1~0/2", SCALAR),
            ("/c/d", SCALAR),
            ("/c/e", SCALAR),
        ],
    );
    let (_, oddities) = repair(b"[1e999]").unwrap();
    assert_eq!(oddities[0].set_aside.as_deref(), Some("1e999"));
}

#[test]
fn control_characters_are_taken_as_they_are() {
    check(
        "{\"a\": \"x\ty\r\nz\u{0}\\n\\\\ \\u00e9 \\ud83d\\ude00\", \"b\": \"\\t\"}",
        json!({"a": "x\ty\r\nz\u{0}\n\\ \u{e9} \u{1f600}", "b": "\t"}),
        &[("/a", CONTROL)],
    );
    check("{\"a\tb\": 1}", json!({"a\tb": 1}), &[("/a\tb", CONTROL)]);
}

#[test]
fn what_is_no_text_is_replaced() {
    check(
        r#"{"a": "\ud800", "b": "\udc00x", "c": "\ud800\ud83d\ude00", "d": "\ud800\u0041"}"#,
        json!({"a": "\u{fffd}", "b": "\u{fffd}x", "c": "\u{fffd}\u{1f600}", "d": "\u{fffd}A"}),
        &[("/a", LOST), ("/b", LOST), ("/c", LOST), ("/d", LOST)],
    );
    check(
        r#"{"a": "don\'t", "b": "\u12", "c": "\u+123", "d": "\"\/\b\f\n\r\t\x"}"#,
        json!({
            "a": "don\u{fffd}t", "b": "\u{fffd}12", "c": "\u{fffd}+123",
            "d": "\"/\u{8}\u{c}\n\r\t\u{fffd}",
        }),
        &[("/a", LOST), ("/b", LOST), ("/c", LOST), ("/d", LOST)],
    );
    check(
        b"{\"a\": \"\xe9\t\", \"\xff\": \"\\\xff\"}",
        json!({"a": "\u{fffd}\t", "\u{fffd}": "\u{fffd}"}),
        &[("/a", LOST), ("/\u{fffd}", LOST), ("/\u{fffd}", LOST)],
    );
}

#[test]
fn a_comma_too_many_is_dropped() {
    check(
        "{\"a\": [1, 2,], \"b\": {\"c\": 1 , } , }",
        json!({"a": [1, 2], "b": {"c": 1}}),
        &[("/a", COMMA), ("/b", COMMA), ("", COMMA)],
    );
}

#[test]
fn what_is_too_deep_is_cut_where_it_is() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let text = format!(r#"{{"a": {}, "b": 1e999}}"#, nested(DEPTH - 1));
    let (_, oddities) = repaired(&text).unwrap();
    assert_eq!(oddities, [("/b".to_owned(), SCALAR)]);

    let text = format!(r#"{{"a": {}, "b": 1}}"#, nested(DEPTH));
    assert!(serde_json::from_str::<Value>(&text).is_err());
    let (value, oddities) = repaired(&text).unwrap();
    let pointer = format!("/a{}", "/0".repeat(DEPTH - 1));
    assert_eq!(value.pointer(&pointer), Some(&Value::Null));
    assert_eq!(value["b"], 1);
    assert_eq!(oddities, [(pointer, DEEP)]);

    // Brackets in a string are none.
    let deep = |levels: usize| format!(r#"{}"[\"{{"{}"#, "[".repeat(levels), "]".repeat(levels));
    let (text, oddities) = repair(format!(r#"{{"a": {}}}"#, deep(200)).as_bytes()).unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_ok());
    let expected = deep(200 - (DEPTH - 1));
    assert_eq!(oddities[0].set_aside.as_ref(), Some(&expected));
}

#[test]
fn what_is_named_is_bounded() {
    let text = format!(
        r#"{{"{}": [{}1]}}"#,
        "n".repeat(1000),
        "NaN,".repeat(50_000)
    );
    let (value, oddities) = repair(text.as_bytes()).unwrap();
    assert!(serde_json::from_str::<Value>(&value).is_ok());
    assert_eq!(oddities.len(), NAMED + 1);
    let last = oddities.last().unwrap();
    assert_eq!((last.pointer.as_str(), last.message), ("", MORE));
}

#[test]
fn what_is_not_json_is_not_made_into_it() {
    let refused = [
        "",
        "x",
        "NaN",
        "\"\t\"",
        "a=b&c=d",
        "<html>",
        "{",
        "{\"a\": \"",
        "{\"a\": \"\\",
        "{\"a\": 1]",
        "{a: 1}",
        "{'a': 1}",
        "{\"a\": 'b'}",
        "{\"a\" 1}",
        "{\"a\": 1 2}",
        "{\"a\": tr ue}",
        "{\"a\": \"b\" \"c\"}",
        "{\"a\": 1,, }",
        "{\"a\": ,}",
        "{,}",
        "[,]",
        "[1] [2]",
        "{\"a\": 1}}",
        "{\"a\": 1} x",
        "{\"a\": 1} // x",
        "]]",
        "[\u{0}]",
    ];
    for text in refused {
        assert_eq!(repaired(text), None, "{}", text.escape_default());
    }
    assert_eq!(repaired("[".repeat(1 << 20)), None);
    assert_eq!(repaired("[{\"\":".repeat(1 << 17)), None);
}
